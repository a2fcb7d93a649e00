"""The trial office: who has a day-1 photograph and score, and what goes to the statistician."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from mottling.services.accounts import User
from mottling.services.views import Completeness, EnrolmentReport, OutcomeLine

__all__ = ["Office"]


class Office:
    """What the office does."""

    def completeness(self, user: User, *, at: datetime) -> tuple[Completeness, ...]:
        """Count photographs, scores, verdicts and what is missing, by site and visit."""
        raise NotImplementedError

    def outcome(self, user: User, *, at: datetime) -> tuple[OutcomeLine, ...]:
        """Give one line a patient and visit, with bedside record, verdict and outcome."""
        raise NotImplementedError

    def outcome_csv(self, user: User, *, at: datetime) -> bytes:
        """Give the day-1 outcome as a CSV file (UTF-8); the export is recorded in the audit trail."""
        raise NotImplementedError

    def readings_csv(self, user: User, *, at: datetime) -> bytes:
        """Give every reading, bedside and committee, as a CSV file."""
        raise NotImplementedError

    def audit_csv(self, user: User, *, at: datetime) -> bytes:
        """Give the audit trail as a CSV file."""
        raise NotImplementedError

    def dictionary_csv(self) -> bytes:
        """Give the data dictionary of the other files as a CSV file."""
        raise NotImplementedError

    def check_enrolment(self, user: User, data: bytes, *, at: datetime) -> EnrolmentReport:
        """Say what an enrolment file would do, and store nothing."""
        raise NotImplementedError

    def enrol(self, user: User, data: bytes, *, at: datetime) -> EnrolmentReport:
        """Enrol the patients of a CSV file: all of them, or none when a line has a problem.

        Columns: `patient`, `site`, `randomised_at` (ISO 8601 with offset).

        Raises:
            RecordRefused: A column looks like the treatment arm, or a column is missing or unknown.
        """
        raise NotImplementedError

    def freeze(self, user: User, folder: Path, *, at: datetime) -> int:
        """Write the photographs that have a verdict as a training set; gives how many.

        Raises:
            ExportRefused: The folder exists, or there is no verdict yet.
        """
        raise NotImplementedError
