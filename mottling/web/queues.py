"""Ties the session hashes of Gradio's queue to sessions: Gradio gives a result to whoever names the hash."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

__all__ = ["Queues"]

# A page makes one hash each time it is opened; the oldest are let go first.
_KEPT = 20_000


class Queues:
    """Whose each session hash is. The session that names a hash first has it."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, bytes] = OrderedDict()

    def belongs(self, session_hash: str, token: str) -> bool:
        """Say whether a hash is this session's; a new one becomes so."""
        digest = hashlib.sha256(token.encode()).digest()
        owner = self._owners.setdefault(session_hash, digest)
        self._owners.move_to_end(session_hash)
        if len(self._owners) > _KEPT:
            self._owners.popitem(last=False)
        return owner == digest
