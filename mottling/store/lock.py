"""The lock that the one server of a data folder holds; the system lets go of it when the server dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mottling.errors import StoreBusy

__all__ = ["ServerLock"]


class ServerLock:
    """A lock file, not yet held."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._is_held = False

    def take(self) -> None:
        """Hold the lock until it is closed.

        Raises:
            StoreBusy: Another server holds it.
        """
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy(
                f"Another server serves {self._path.parent}",
                remedy="Stop it first, or name another data folder",
            ) from error
        self._is_held = True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for a while, or go on holding it.

        Raises:
            StoreBusy: Another server holds it.
        """
        was_held = self._is_held
        if not was_held:
            self.take()
        try:
            yield
        finally:
            if not was_held:
                fcntl.flock(self._file, fcntl.LOCK_UN)
                self._is_held = False

    def close(self) -> None:
        """Let go; twice is once."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
