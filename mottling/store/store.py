"""The store: opens the folder of a trial and hands out its books.

mottling.sqlite   every record, chained
records.url       names the database of PostgreSQL where the records are instead
photos/           each sealed with the key of its patient, named by the sha256 of the bytes as they came
overlays/         what was shown with a model's proposal, likewise
photos.url        names the bucket where photographs and overlays are instead
keys/             a key for each patient, wrapped by the server's key
head.key          signs the end of the chain
server.lock       held by the one server that serves this folder, or by each where records are in PostgreSQL
sign-in.lock      held while a password or PIN is tried: one at a time, in whichever server
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from mottling.errors import StoreRefused
from mottling.store.album import Album
from mottling.store.backup import BackedUp, Originals, back_up, back_up_keys
from mottling.store.board import VisitBoard
from mottling.store.bucket import Bucket, photographs_at
from mottling.store.change_book import ChangeBook
from mottling.store.committee import CommitteeBook
from mottling.store.consents import ConsentBook
from mottling.store.database import Database
from mottling.store.eligibility import EligibilityBook
from mottling.store.head import HeadKey, SignedHead
from mottling.store.invitations import InvitationBook
from mottling.store.keyring import KeyRing
from mottling.store.ledger import Ledger
from mottling.store.lock import WAIT_S, ServerLock, Turn
from mottling.store.migrate import is_up_to_date, migrate
from mottling.store.models import ModelBook
from mottling.store.office import OfficeBook
from mottling.store.queries import QueryBook
from mottling.store.shadows import ShadowBook
from mottling.store.standing import Standing, standing
from mottling.store.tokens import TokenBook
from mottling.store.users import UserBook
from mottling.store.vault import Vault
from mottling.store.verify import Findings, Progress, chain_end, verify_ledger
from mottling.store.ward import WardBook
from mottling.store.whereabouts import database_of, holds_records, records_at

__all__ = ["Store"]


class Store:
    """Every record of a trial. Made by `Store.open`; usable from several threads."""

    def __init__(
        self, folder: Path, *, lock: ServerLock, database: Database, bucket: Bucket | None = None
    ) -> None:
        self._lock = lock
        self._ledger = Ledger(database)
        self._folder = folder
        self._keys = KeyRing(folder / "keys")
        self._photos = Album(folder / "photos", self._keys, bucket)
        self._overlays = Album(folder / "overlays", self._keys, bucket)
        self.head_key = HeadKey(folder)
        self.sign_in_turn = Turn(folder / "sign-in.lock")
        self.vault = Vault(self._ledger, self._keys, photos=self._photos, overlays=self._overlays)
        self.users = UserBook(self._ledger)
        self.invitations = InvitationBook(self._ledger)
        self.tokens = TokenBook(self._ledger)
        self.ward = WardBook(self._ledger, photos=self._photos, overlays=self._overlays)
        self.committee = CommitteeBook(self._ledger)
        self.office = OfficeBook(self._ledger)
        self.consents = ConsentBook(self._ledger)
        self.eligibility = EligibilityBook(self._ledger)
        self.changes = ChangeBook(self._ledger)
        self.models = ModelBook(self._ledger)
        self.shadows = ShadowBook(self._ledger)
        self.board = VisitBoard(self._ledger)
        self.queries = QueryBook(self._ledger)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        serving: bool = False,
        must_exist: bool = False,
        photos: str | None = None,
        records: str | None = None,
    ) -> Self:
        """Open a store; an empty folder gets one, an older one is brought up to date.

        Args:
            folder: The data folder.
            serving: Whether this is a server: one alone serves records in a file; commands open beside it.
            must_exist: Whether a folder without a store is refused.
            photos: The URL of a bucket for photographs and overlays; None: where they are noted to be.
            records: The URL of a database for the records; None: where they are noted to be.

        Raises:
            StoreBusy: Another server serves this folder alone, or an older store is being served.
            SchemaTooNew: A later version wrote it.
            StoreRefused: The folder cannot be used, holds no store though it must, or has it elsewhere.
        """
        lock = _lock_of(folder, must_exist=must_exist)
        try:
            is_alone = records_at(folder, records) is None
            if serving and is_alone:
                lock.take()
            where = photographs_at(folder, photos)
            bucket = None if where is None else Bucket(where)
            store = cls(folder, lock=lock, database=database_of(folder, records), bucket=bucket)
        except BaseException:
            lock.close()
            raise
        try:
            store._begin(shares=serving and not is_alone)
        except BaseException:
            store.close()
            raise
        return store

    def leave_out_erased(self) -> None:
        """Leave out what was said of erased photographs, as the trial file asks for.

        Said once, before anything is read. The rows stay as they are: nobody is shown them.
        """
        self._ledger.leaves_out_erased = True

    def _begin(self, *, shares: bool) -> None:
        """Bring an older store up to date, and do what was left half done.

        Args:
            shares: Whether other servers serve it too.
        """
        self._bring_up_to_date(wait_s=WAIT_S if shares else 0.0)
        if shares:
            self._lock.share()
            # A later version may have come between; from here on none can.
            self._bring_up_to_date(wait_s=0.0)
        self.vault.finish()

    def _bring_up_to_date(self, *, wait_s: float) -> None:
        with self._ledger.reading() as page:
            if is_up_to_date(page.connection):
                return
        with self._lock.held(wait_s=wait_s), self._ledger.writing() as pen:
            migrate(pen.connection)

    def verify(self, *, progress: Progress | None = None) -> Findings:
        """Compute the whole chain anew, and the sha256 of every photograph.

        Args:
            progress: Told now and then how many rows and files were checked, and how many there are.
        """
        with self._ledger.reading() as page:
            return verify_ledger(page, photos=self._photos, overlays=self._overlays, progress=progress)

    def standing(self) -> Standing:
        """Say how many records there are, and when the last one and the last backup were made."""
        with self._ledger.reading() as page:
            return standing(page)

    def head(self, *, at: datetime) -> SignedHead:
        """Sign the end of the chain as it is now; the first time draws the key.

        Raises:
            StoreRefused: The key cannot be read or written.
        """
        with self._ledger.reading() as page:
            end = chain_end(page)
        return self.head_key.sign(end, at=at)

    def back_up(self, out: Path, *, models: Path, at: datetime, progress: Progress | None = None) -> BackedUp:
        """Bring a backup up to date, while others write.

        Args:
            out: The folder of the backup.
            models: The folder of the models.
            at: Now.
            progress: Told now and then how many rows and pictures were looked at, and how many there are.

        Raises:
            ChainBroken: The records are not what was written, or do not go on from those of the last backup.
            StoreRefused: The backup cannot be written.
        """
        originals = Originals(
            self._folder, self._ledger, models, photos=self._photos, overlays=self._overlays
        )
        return back_up(originals, out, at=at, progress=progress)

    def back_up_keys(self, out: Path, *, at: datetime) -> int:
        """Bring a copy of the keys up to date; gives how many there are.

        Raises:
            StoreRefused: The copy cannot be written.
        """
        return back_up_keys(self._folder, self._keys, out, at=at)

    def close(self) -> None:
        """Let go of the store."""
        self._ledger.close()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _lock_of(folder: Path, *, must_exist: bool) -> ServerLock:
    if must_exist and not holds_records(folder):
        raise StoreRefused(f"{folder} holds no records", remedy="Name the data folder of a trial with --data")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return ServerLock(folder / "server.lock")
    except OSError as error:
        raise StoreRefused(
            f"The data folder {folder} cannot be used: {error.strerror}",
            remedy="Name another folder, or correct the rights on this one",
        ) from error
