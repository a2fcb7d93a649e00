"""The results of the trial: the outcome of every patient, as it stands and as it leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from mottling import __version__
from mottling.exports.dataset_json import dataset_json
from mottling.exports.extract import ExportFile, Extract
from mottling.exports.fhir import fhir
from mottling.exports.odm import odm
from mottling.exports.outcome_table import PatientOutcome, outcome_table
from mottling.exports.redcap import redcap
from mottling.exports.tables import table
from mottling.services.accounts import User
from mottling.services.outcomes import records_of
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.charter import CharterFile
from mottling.trial.outcome import visit_outcome
from mottling.trial.records import ExportRecord

__all__ = ["ExportKind", "PatientOutcome", "Results"]


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
        sha256 = hashlib.sha256(data).hexdigest()
        export = ExportRecord(by=user.name, at=at, kind="patient_outcome.csv", sha256=sha256, rows=len(rows))
        self._store.office.note_export(export)
        return data

    def export(self, user: User, kind: ExportKind, *, at: datetime) -> tuple[ExportFile, ...]:
        """Give every visit of every patient in one format; the audit trail records each file first."""
        require(user.role, Act.EXPORT)
        files = _WRITE[kind](self._extract(at=at))
        for file in files:
            sha256 = hashlib.sha256(file.data).hexdigest()
            self._store.office.note_export(
                ExportRecord(by=user.name, at=at, kind=file.name, sha256=sha256, rows=file.rows)
            )
        return files

    def _extract(self, *, at: datetime) -> Extract:
        charter = self._trial.charter
        outcomes = [visit_outcome(one, charter, at=at) for one in records_of(self._store, charter.visits)]
        by_site = sorted(outcomes, key=lambda one: (one.records.patient.site, one.records.patient.patient))
        return Extract(charter, self._trial.sha256, tuple(by_site), at, __version__)

    def _outcome(self, *, at: datetime) -> tuple[PatientOutcome, ...]:
        charter = self._trial.charter
        records = records_of(self._store, [charter.visit(charter.endpoint_visit)])
        outcomes = tuple(visit_outcome(one, charter, at=at) for one in records)
        return outcome_table(outcomes, trial=charter.trial)
