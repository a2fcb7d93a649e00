"""The archive for the trial master file: all that leaves, in one folder that opens without a server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mottling import __version__
from mottling.exports.archive import MANIFEST, ArchiveOrigin, ArchivePart, archive, zipped
from mottling.registry import Registry
from mottling.services.accounts import User
from mottling.services.agreement import Agreement
from mottling.services.new_folder import new_folder
from mottling.services.office import Office
from mottling.services.office_tables import TABLES, table_csv
from mottling.services.results import ExportKind, Results
from mottling.store.head import SignedHead
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.charter import Charter, Language
from mottling.trial.office_records import ExportRecord

__all__ = ["Archive", "ArchiveRooms", "Archived"]


@dataclass(frozen=True)
class ArchiveRooms:
    """What an archive is put together from."""

    store: Store
    charter: Charter
    office: Office
    results: Results
    agreement: Agreement
    registry: Registry


@dataclass(frozen=True)
class Archived:
    """An archive that was written."""

    files: int
    manifest_sha256: str
    head: SignedHead
    """The chain that holds its hash, signed by this server."""


class Archive:
    """What the office puts into the trial master file. Photographs stay in the store."""

    def __init__(self, rooms: ArchiveRooms) -> None:
        self._rooms = rooms

    def write(self, user: User, folder: Path, *, language: Language, at: datetime) -> Archived:
        """Write the archive into a new folder; the audit trail holds the hash of its manifest first.

        Raises:
            ExportRefused: The folder exists, or cannot be written.
        """
        with new_folder(folder) as making:
            parts = self._parts(user, language=language, at=at)
            _put(making, parts)
            manifest = self._note(user, parts, at=at)
        return Archived(len(parts), manifest, self._rooms.store.head(at=at))

    def packed(self, user: User, *, language: Language, at: datetime) -> bytes:
        """Give the same archive as one ZIP file."""
        parts = self._parts(user, language=language, at=at)
        self._note(user, parts, at=at)
        return zipped(parts, at=at)

    def _parts(self, user: User, *, language: Language, at: datetime) -> tuple[ArchivePart, ...]:
        require(user.role, Act.EXPORT)
        rooms = self._rooms
        end = rooms.store.office.end()
        origin = ArchiveOrigin(
            trial=rooms.charter.trial,
            registration=rooms.charter.registration,
            made_at=at,
            made_by=user.name,
            version=__version__,
            records=end.rows,
            chain_end=end.hash,
            is_closed=rooms.agreement.may_leave(),
        )
        parts = [
            *self._tables(user, at=at),
            *self._formats(user, at=at),
            *self._reports(user, language=language, at=at),
            *self._trial_files(),
            *self._models(),
            *self._snapshots(user),
        ]
        return archive(parts, rooms.results.outcome(user, at=at), origin, language=language)

    def _tables(self, user: User, *, at: datetime) -> Iterator[ArchivePart]:
        for name in TABLES:
            made = table_csv(name, self._rooms.office, self._rooms.results, user=user, at=at)
            yield ArchivePart(f"tables/{name}.csv", made, name)

    def _formats(self, user: User, *, at: datetime) -> Iterator[ArchivePart]:
        for kind in ExportKind:
            for file in self._rooms.results.export(user, kind, at=at):
                yield ArchivePart(f"formats/{kind}/{file.name}", file.data, kind.value)

    def _reports(self, user: User, *, language: Language, at: datetime) -> Iterator[ArchivePart]:
        rooms = self._rooms
        consort = rooms.results.consort_ai(user, language=language, at=at)
        yield ArchivePart(f"reports/{consort.name}", consort.data, "consort-ai")
        if rooms.agreement.may_leave():
            html = rooms.agreement.report(user, language=language, while_open=False, at=at)
            yield ArchivePart("reports/agreement.html", html.encode(), "agreement")

    def _trial_files(self) -> Iterator[ArchivePart]:
        for number, file in enumerate(self._rooms.store.office.trial_files(), start=1):
            yield ArchivePart(
                f"trial-file/{number:02}-{file.at:%Y-%m-%d}.toml", file.text.encode(), "trial-file"
            )

    def _models(self) -> Iterator[ArchivePart]:
        for model in self._rooms.registry.models():
            yield ArchivePart(f"models/{model.name}/card.md", model.card.encode(), "card")
            yield ArchivePart(f"models/{model.name}/evaluation.json", model.evaluation.encode(), "evaluation")

    def _snapshots(self, user: User) -> Iterator[ArchivePart]:
        for one in self._rooms.results.snapshots(user):
            yield ArchivePart(f"snapshots/{one.snapshot:02}.csv", one.table.encode(), "snapshot")

    def _note(self, user: User, parts: Sequence[ArchivePart], *, at: datetime) -> str:
        """Record that it leaves; gives the hash of its manifest."""
        (sha256,) = (one.sha256 for one in parts if one.path == MANIFEST)
        self._rooms.store.office.note_export(
            ExportRecord(by=user.name, at=at, kind="archive", sha256=sha256, rows=len(parts))
        )
        return sha256


def _put(folder: Path, parts: Sequence[ArchivePart]) -> None:
    for one in parts:
        path = folder / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.data)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == one.sha256, "a disk gives what it was given"
