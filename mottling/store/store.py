"""The store: opens the folder of a trial and hands out its books.

mottling.sqlite   every record, chained
photos/           the bytes as they came, named by their sha256
overlays/         what was shown with a model's proposal, named by its sha256
server.lock       held by the one server that serves this folder
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from mottling.store.committee import CommitteeBook
from mottling.store.office import OfficeBook
from mottling.store.users import UserBook
from mottling.store.ward import WardBook

__all__ = ["Store"]


class Store:
    """Every record of a trial. Made by `Store.open`; usable from several threads."""

    users: UserBook
    ward: WardBook
    committee: CommitteeBook
    office: OfficeBook

    @classmethod
    def open(cls, folder: Path, *, serving: bool = False, must_exist: bool = False) -> Self:
        """Open a store; an empty folder gets one, an older one is brought up to date.

        Args:
            folder: The data folder.
            serving: Whether this is the server: only one may serve a folder. Commands open beside it.
            must_exist: Whether a folder without a store is refused.

        Raises:
            StoreBusy: Another server serves this folder, or an older store is being served.
            SchemaTooNew: A later version wrote it.
            StoreRefused: The folder cannot be used, or holds no store though one must exist.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the store."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
