"""What somebody who watches the server is told: whether it can work, and figures, none of a patient."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from mottling.store.standing import Standing
from mottling.store.store import Store

__all__ = ["Standing", "Watch", "Watched"]


@dataclass(frozen=True)
class Watched:
    """How the store of a server stands."""

    records: Standing
    free_bytes: int
    """Of the disk of the data folder."""


class Watch:
    """Looks whether the records and the disk answer; tells nothing of a patient."""

    def __init__(self, store: Store, data: Path) -> None:
        self._store = store
        self._data = data

    def look(self) -> Watched:
        """Ask the records and the disk.

        Raises:
            StoreRefused: The records cannot be read, or their database does not answer.
        """
        return Watched(self._store.standing(), shutil.disk_usage(self._data).free)
