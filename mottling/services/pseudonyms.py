"""Pseudonyms of patients for training sets: the same in every set; only the key leads back to a number."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from mottling.store.key_files import KeyFile

__all__ = ["Pseudonyms"]

_FILE = "pseudonyms.key"


class Pseudonyms:
    """Gives each patient a name that says nothing, by a key that stays in the data folder."""

    def __init__(self, folder: Path) -> None:
        self._key = KeyFile(folder / _FILE, without_it="with another key patients would get other pseudonyms")

    def of(self, patient: str) -> str:
        """Give a patient's pseudonym.

        Raises:
            StoreRefused: The key cannot be read or written.
        """
        key = self._key.read_or_draw()
        return "p-" + hmac.new(key, patient.encode(), hashlib.sha256).hexdigest()[:20]
