"""Keys in files that only their owner may read: drawn once, through to the disk before anybody uses them."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from mottling.errors import StoreRefused

__all__ = ["KEY_BYTES", "KeyFile", "reach_the_disk", "write_once"]

KEY_BYTES = 32
_OWNER_ONLY = 0o600


class KeyFile:
    """A key of 32 random bytes."""

    def __init__(self, path: Path, *, without_it: str) -> None:
        """Name the file; nothing is read or drawn yet.

        Args:
            path: Where the key stands.
            without_it: What would go wrong with another key in its place.
        """
        self._path = path
        self._without_it = without_it

    def read(self) -> bytes | None:
        """Read the key; None when there is none yet.

        Raises:
            StoreRefused: It cannot be read, or is no whole key.
        """
        try:
            key = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error) from error
        if len(key) != KEY_BYTES:
            raise StoreRefused(
                f"{self._path} holds {len(key)} bytes where {KEY_BYTES} are needed",
                remedy=f"Restore it from a backup: {self._without_it}",
            )
        return key

    def read_or_draw(self) -> bytes:
        """Read the key; the first to ask draws it.

        Raises:
            StoreRefused: It cannot be read or written, or is no whole key.
        """
        key = self.read()
        if key is not None:
            return key
        try:
            write_once(self._path, secrets.token_bytes(KEY_BYTES))
        except OSError as error:
            raise self._unusable(error) from error
        key = self.read()
        assert key is not None, "it was written above, by us or by who came first"
        return key

    def _unusable(self, error: OSError) -> StoreRefused:
        return StoreRefused(
            f"{self._path} cannot be used: {error.strerror}", remedy="Check the rights of the data folder"
        )


def write_once(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, unless it is there: whole, and through to the disk."""
    # Written aside and linked, so that nobody reads half a key and the first one stays.
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(aside)
    except FileExistsError:
        return
    finally:
        aside.unlink(missing_ok=True)
        reach_the_disk(path.parent)


def reach_the_disk(*paths: Path) -> None:
    """Wait until files and folders stand on the disk itself."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
