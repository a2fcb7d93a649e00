"""Files on a shelf: each is named by the sha256 of its bytes and written once."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore

from mottling.errors import ChainBroken, StoreRefused

__all__ = ["Shelf"]

_LOG = logging.getLogger(__name__)
_NAME = re.compile(r"[0-9a-f]{64}")


class Shelf:
    """A folder of files that are never changed. Made with the folder, which is made when missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = LocalStore(folder, mkdir=True)

    def put(self, data: bytes) -> str:
        """Put bytes on the shelf, through to the disk; gives their sha256. Twice the same is once.

        Raises:
            StoreRefused: The disk is full or cannot be written; the shelf is as it was.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        place = _place(sha256)
        try:
            try:
                self._files.put(place, data, mode="create")
            except AlreadyExistsError:
                self._mend(sha256, data)
            self._reach_the_disk(place)
        except (BaseError, OSError) as error:
            raise StoreRefused(
                f"The photograph could not be stored: {str(error).splitlines()[0]}",
                remedy="Nothing was stored: make room on the server's disk and send it again",
            ) from error
        return sha256

    def _mend(self, sha256: str, data: bytes) -> None:
        """Write a file again that a power cut left torn: its name says what its bytes must be."""
        if self.hash_of(sha256) != sha256:
            _LOG.warning("the torn file %s was written again", sha256)
            self._files.put(_place(sha256), data, mode="overwrite")

    def _reach_the_disk(self, place: str) -> None:
        path = self._folder / place
        for each in (path, path.parent, self._folder):
            handle = os.open(each, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def get(self, sha256: str) -> bytes:
        """Give the bytes.

        Raises:
            ChainBroken: They are missing, or not those that were put here.
        """
        try:
            data = bytes(self._files.get(_place(sha256)).bytes())
        except (BaseError, OSError) as error:
            raise ChainBroken(
                f"The file {sha256} cannot be read",
                remedy="Run `mottling verify` and restore it from a backup",
            ) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ChainBroken(
                f"The file {sha256} is not what was stored",
                remedy="Run `mottling verify` and restore it from a backup",
            )
        return data

    def hash_of(self, sha256: str) -> str | None:
        """Compute anew what a file's bytes hash to; None when it is missing or cannot be read."""
        try:
            return hashlib.sha256(bytes(self._files.get(_place(sha256)).bytes())).hexdigest()
        except (BaseError, OSError):
            return None

    def names(self) -> Iterator[str]:
        """List what stands on the shelf; what a torn write left beside it is not listed."""
        for batch in self._files.list():
            for file in batch:
                name = str(file["path"]).rpartition("/")[2]
                if _NAME.fullmatch(name):
                    yield name


def _place(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"
