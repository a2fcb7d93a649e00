"""The results of the trial: the outcome of every patient, as it stands and as it leaves."""

from __future__ import annotations

import hashlib
from datetime import datetime

from mottling.exports.outcome_table import PatientOutcome, outcome_table
from mottling.exports.tables import table
from mottling.services.accounts import User
from mottling.services.outcomes import records_of
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.charter import CharterFile
from mottling.trial.outcome import visit_outcome
from mottling.trial.records import ExportRecord

__all__ = ["PatientOutcome", "Results"]


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

    def _outcome(self, *, at: datetime) -> tuple[PatientOutcome, ...]:
        charter = self._trial.charter
        records = records_of(self._store, [charter.visit(charter.endpoint_visit)])
        outcomes = tuple(visit_outcome(one, charter, at=at) for one in records)
        return outcome_table(outcomes, trial=charter.trial)
