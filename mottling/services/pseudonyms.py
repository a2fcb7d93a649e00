"""Pseudonyms of patients for training sets: the same in every set; only the key leads back to a number."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from mottling.errors import StoreRefused

__all__ = ["Pseudonyms"]

_FILE = "pseudonyms.key"
_KEY_BYTES = 32


class Pseudonyms:
    """Gives each patient a name that says nothing, by a key that stays in the data folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def of(self, patient: str) -> str:
        """Give a patient's pseudonym.

        Raises:
            StoreRefused: The key cannot be read or written.
        """
        return "p-" + hmac.new(self._key(), patient.encode(), hashlib.sha256).hexdigest()[:20]

    def _key(self) -> bytes:
        """Read the key; the first to ask draws it."""
        try:
            self._draw_once()
            key = self._path.read_bytes()
        except OSError as error:
            raise StoreRefused(
                f"{self._path} cannot be used: {error.strerror}", remedy="Check the rights of the data folder"
            ) from error
        if len(key) != _KEY_BYTES:
            raise StoreRefused(
                f"{self._path} holds {len(key)} bytes where {_KEY_BYTES} are needed",
                remedy="Restore it from a backup: with another key patients would get other pseudonyms",
            )
        return key

    def _draw_once(self) -> None:
        if self._path.exists():
            return
        # Written aside and linked, so that nobody reads half a key and the first one stays.
        aside = self._path.with_name(f"{_FILE}.{secrets.token_hex(4)}")
        try:
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
            self._path.hardlink_to(aside)
        except FileExistsError:
            return
        finally:
            aside.unlink(missing_ok=True)
