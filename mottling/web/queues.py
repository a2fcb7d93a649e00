"""Ties the session hashes of Gradio's queue to users: Gradio gives a result to whoever names the hash.

To users and not to sessions, so that a page that was locked goes on when its owner has come back.
"""

from __future__ import annotations

from collections import OrderedDict

__all__ = ["Queues"]

# A page makes one hash each time it is opened; the oldest are let go first.
_KEPT = 20_000


class Queues:
    """Whose each session hash is. The user who names a hash first has it."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()

    def belongs(self, session_hash: str, name: str) -> bool:
        """Say whether a hash is this user's; a new one becomes so."""
        owner = self._owners.setdefault(session_hash, name)
        self._owners.move_to_end(session_hash)
        if len(self._owners) > _KEPT:
            self._owners.popitem(last=False)
        return owner == name
