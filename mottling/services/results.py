"""The results of the trial: the outcome of every patient, as it stands, as it is frozen, as it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mottling import __version__
from mottling.errors import ExportRefused, RecordRefused
from mottling.exports.consort_ai import consort_ai
from mottling.exports.dataset_json import dataset_json
from mottling.exports.extract import ExportFile, Extract
from mottling.exports.fhir import fhir
from mottling.exports.odm import odm
from mottling.exports.outcome_table import PatientOutcome, outcome_table
from mottling.exports.redcap import redcap
from mottling.exports.tables import table
from mottling.services.accounts import User
from mottling.services.outcomes import records_of
from mottling.services.readout import is_closed
from mottling.services.snapshots import SnapshotDiff, compare, find, sha256_of
from mottling.store.head import SignedHead
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.charter import CharterFile, Language
from mottling.trial.office_records import ExportRecord, Snapshot
from mottling.trial.outcome import visit_outcome

__all__ = ["ExportKind", "Frozen", "PatientOutcome", "Results"]


class ExportKind(StrEnum):
    """A format in which scores leave; none of them carries a photograph."""

    DATASET_JSON = "dataset-json"
    ODM = "odm"
    REDCAP = "redcap"
    FHIR = "fhir"


_WRITE: Mapping[ExportKind, Callable[[Extract], tuple[ExportFile, ...]]] = {
    ExportKind.DATASET_JSON: dataset_json,
    ExportKind.ODM: odm,
    ExportKind.REDCAP: redcap,
    ExportKind.FHIR: fhir,
}


@dataclass(frozen=True)
class Frozen:
    """A snapshot that was made, and the end of the chain that holds it, signed by this server."""

    snapshot: Snapshot
    head: SignedHead


class Results:
    """What the office gives to the statistician."""

    def __init__(self, store: Store, trial: CharterFile) -> None:
        self._store = store
        self._trial = trial

    def outcome(self, user: User, *, at: datetime) -> tuple[PatientOutcome, ...]:
        """Give the outcome of every patient: one line each, a value or the reason why there is none."""
        require(user.role, Act.SEE_OUTCOME)
        return self._outcome(at=at)

    def outcome_csv(self, user: User, *, at: datetime) -> bytes:
        """Give the outcome of every patient as a CSV file (UTF-8); the audit trail records it.

        The same records give the same bytes.
        """
        require(user.role, Act.EXPORT)
        rows = self._outcome(at=at)
        data = table(PatientOutcome, rows)
        self._note(user, ExportFile("patient_outcome.csv", data, len(rows)), at=at)
        return data

    def freeze(self, user: User, *, because: str | None, at: datetime) -> Frozen:
        """Freeze the outcome of every patient as it stands. A later snapshot supersedes it, and says why.

        Args:
            user: Who signs for it.
            because: Why it takes the place of the snapshot before; None for the first one.
            at: Now.

        Raises:
            RecordRefused: The reason is missing, or there is nothing that it could be the reason for.
            ExportRefused: Nobody is enrolled, or nothing differs from the snapshot before.
            Conflict: Something was recorded meanwhile.
        """
        require(user.role, Act.EXPORT)
        end = self._store.office.end()
        rows = self._outcome(at=at)
        text = table(PatientOutcome, rows).decode()
        last = max(self._store.office.snapshots(), key=lambda one: one.snapshot, default=None)
        _check_freeze(last, text, because, rows=len(rows))
        snapshot = Snapshot(
            by=user.name,
            at=at,
            snapshot=1 if last is None else last.snapshot + 1,
            table=text,
            sha256=sha256_of(text),
            rows=len(rows),
            trial_file_sha256=self._trial.sha256,
            upto=end.rows,
            upto_hash=end.hash,
            supersedes=None if last is None else last.snapshot,
            because=because,
        )
        self._store.office.add_snapshot(snapshot)
        return Frozen(snapshot, self._store.head(at=at))

    def snapshots(self, user: User) -> tuple[Snapshot, ...]:
        """List the snapshots, the earliest first."""
        require(user.role, Act.SEE_OUTCOME)
        return self._store.office.snapshots()

    def diff(self, user: User, before: int, after: int) -> SnapshotDiff:
        """Say what changed from one snapshot to a later one, and why.

        Raises:
            RecordRefused: One of them does not exist, or they are named the wrong way round.
        """
        snapshots = self.snapshots(user)
        return compare(self._store, find(snapshots, before), find(snapshots, after))

    def export(self, user: User, kind: ExportKind, *, at: datetime) -> tuple[ExportFile, ...]:
        """Give every visit of every patient in one format; the audit trail records each file first."""
        require(user.role, Act.EXPORT)
        files = _WRITE[kind](self._extract(at=at))
        for file in files:
            self._note(user, file, at=at)
        return files

    def consort_ai(self, user: User, *, language: Language, at: datetime) -> ExportFile:
        """Give the CONSORT-AI page, filled with this trial's facts; the audit trail records it first."""
        require(user.role, Act.EXPORT)
        page = consort_ai(self._extract(at=at), language=language, is_closed=is_closed(self._store))
        self._note(user, page, at=at)
        return page

    def _note(self, user: User, file: ExportFile, *, at: datetime) -> None:
        self._store.office.note_export(
            ExportRecord.of(file.data, kind=file.name, rows=file.rows, by=user.name, at=at)
        )

    def _extract(self, *, at: datetime) -> Extract:
        charter = self._trial.charter
        outcomes = [visit_outcome(one, charter, at=at) for one in records_of(self._store, charter.visits)]
        changes = self._store.changes.all()
        by_site = sorted(outcomes, key=lambda one: (one.records.patient.site, one.records.patient.patient))
        return Extract(
            charter,
            self._trial.sha256,
            tuple(by_site),
            at,
            __version__,
            changes,
            after_withdrawal=len(self._store.ward.photos_after_withdrawal()),
            eligibility=tuple(self._store.eligibility.last().values()),
        )

    def _outcome(self, *, at: datetime) -> tuple[PatientOutcome, ...]:
        charter = self._trial.charter
        records = records_of(self._store, [charter.visit(charter.endpoint_visit)])
        outcomes = tuple(visit_outcome(one, charter, at=at) for one in records)
        return outcome_table(outcomes, trial=charter.trial)


def _check_freeze(last: Snapshot | None, text: str, because: str | None, *, rows: int) -> None:
    if rows == 0:
        raise ExportRefused("Nobody is enrolled", remedy="Enrol patients first")
    if last is None and because is not None:
        raise RecordRefused(
            "There is no snapshot that this one would supersede",
            remedy="Freeze the first one without a reason",
        )
    if last is not None and last.sha256 == sha256_of(text):
        raise ExportRefused(
            f"Nothing differs from snapshot {last.snapshot}", remedy=f"Use snapshot {last.snapshot}"
        )
    if last is not None and because is None:
        raise RecordRefused(
            f"Snapshot {last.snapshot} stands already", remedy="Say why another one takes its place"
        )
