"""What tablets keep until the network is back: locked with a key that only its owner's sessions are given."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from mottling.store.key_files import KeyFile

__all__ = ["Tablets"]

_FILE = "tablets.key"


class Tablets:
    """Draws each user's key from one that stays in the data folder.

    A key of the session alone would lose what waits when a session ends; this one opens for the same person
    after the next sign-in, and for nobody else.
    """

    def __init__(self, folder: Path) -> None:
        without_it = "photographs that wait on a tablet could not be read any more"
        self._file = KeyFile(folder / _FILE, without_it=without_it)

    def outbox_key(self, name: str) -> bytes:
        """Give the key of a user, 32 bytes.

        Raises:
            StoreRefused: The server's own key cannot be read or written.
        """
        return hmac.new(self._file.read_or_draw(), f"outbox of {name}".encode(), hashlib.sha256).digest()
