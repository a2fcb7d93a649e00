"""Files on a shelf: each has a place, is written once, and through to the disk."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore

from mottling.errors import StoreRefused
from mottling.store.key_files import reach_the_disk

__all__ = ["Shelf"]

_LOG = logging.getLogger(__name__)


class Shelf:
    """A folder of files that are never changed. Made with the folder, which is made when missing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = LocalStore(folder, mkdir=True)

    def put(self, place: str, data: bytes, *, is_sound: Callable[[bytes], bool]) -> None:
        """Put bytes at a place, through to the disk; what stands there already and is sound stays.

        Args:
            place: A name, with its folders before it.
            data: What is put there.
            is_sound: Says of the bytes that stand there whether they are whole: a power cut leaves torn ones.

        Raises:
            StoreRefused: The disk is full or cannot be written; the shelf is as it was.
        """
        try:
            try:
                self._files.put(place, data, mode="create")
            except AlreadyExistsError:
                self._mend(place, data, is_sound)
            path = self.folder / place
            reach_the_disk(path, path.parent, self.folder)
        except (BaseError, OSError) as error:
            raise StoreRefused(
                f"The photograph could not be stored: {str(error).splitlines()[0]}",
                remedy="Nothing was stored: make room on the server's disk and send it again",
            ) from error

    def _mend(self, place: str, data: bytes, is_sound: Callable[[bytes], bool]) -> None:
        found = self.get(place)
        if found is None or not is_sound(found):
            _LOG.warning("the torn file %s was written again", place)
            self._files.put(place, data, mode="overwrite")

    def get(self, place: str) -> bytes | None:
        """Give the bytes at a place; None when they are missing or cannot be read."""
        try:
            return bytes(self._files.get(place).bytes())
        except (BaseError, OSError):
            return None

    def remove(self, place: str) -> None:
        """Take a file away for good; nothing happens when it is not there.

        Raises:
            StoreRefused: The disk cannot be written.
        """
        path = self.folder / place
        try:
            for each in (path, *path.parent.glob(f"{path.name}#*")):  # a torn write leaves NAME#1 beside
                each.unlink(missing_ok=True)
            if path.parent.is_dir():
                reach_the_disk(path.parent)
        except OSError as error:
            raise StoreRefused(
                f"{path} cannot be removed: {error.strerror}",
                remedy="Correct the rights on the data folder and repeat the step",
            ) from error

    def places(self, folder: str = "") -> Iterator[str]:
        """List the places where something stands, of all the shelf or of one folder on it."""
        for batch in self._files.list(folder or None):
            for file in batch:
                yield str(file["path"])

    def has(self, place: str) -> bool:
        """Say whether something stands at a place."""
        return os.path.lexists(self.folder / place)
