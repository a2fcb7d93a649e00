"""The lock that servers of a data folder hold; the system lets go of it when a server dies.

One server holds it alone where the records are in a file, and several hold it together where they are in
PostgreSQL. Whoever brings the records up to date holds it alone.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from mottling.errors import StoreBusy, StoreRefused

__all__ = ["WAIT_S", "ServerLock", "Turn"]

WAIT_S = 20.0
"""How long one server waits for another that brings the records up to date."""

_PAUSE_S = 0.05


class ServerLock:
    """A lock file, not yet held."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._is_held = False

    def take(self, *, wait_s: float = 0.0) -> None:
        """Hold the lock alone until it is closed.

        Args:
            wait_s: For how long whoever holds it is waited for, in seconds.

        Raises:
            StoreBusy: Another server holds it.
        """
        self._lock(
            fcntl.LOCK_EX,
            wait_s=wait_s,
            refusal=StoreBusy(
                f"Another server serves {self._path.parent}",
                remedy="Stop it first, or name another data folder",
            ),
        )
        self._is_held = True

    def share(self) -> None:
        """Hold the lock together with other servers until it is closed.

        Raises:
            StoreBusy: Somebody holds it alone for long.
        """
        self._lock(
            fcntl.LOCK_SH,
            wait_s=WAIT_S,
            refusal=StoreBusy(
                f"{self._path.parent} is being brought up to date, or served by one that serves it alone",
                remedy="Wait until that is done, or stop that server",
            ),
        )

    def _lock(self, kind: int, *, wait_s: float, refusal: StoreBusy) -> None:
        until = monotonic() + wait_s
        while True:
            try:
                fcntl.flock(self._file, kind | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if monotonic() >= until:
                    raise refusal from error
                sleep(_PAUSE_S)
            else:
                return

    @contextmanager
    def held(self, *, wait_s: float = 0.0) -> Iterator[None]:
        """Hold the lock alone for a while, or go on holding it.

        Args:
            wait_s: For how long whoever holds it is waited for, in seconds.

        Raises:
            StoreBusy: Another server holds it.
        """
        was_held = self._is_held
        if not was_held:
            self.take(wait_s=wait_s)
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


class Turn:
    """What one does at a time, in whatever thread and server of a data folder: a file is locked for it."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is made when it is first needed."""
        self._path = path

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the others, and let them wait.

        Raises:
            StoreRefused: The file cannot be made.
        """
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreRefused(
                f"{self._path} cannot be written: {error.strerror}",
                remedy="Check the disk and the rights on the data folder",
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
