"""Enrolment: patients of a file or of a form, with all that the trial file asks of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from mottling.services.accounts import User
from mottling.services.enrolment import EnrolmentFile, OnRecord, compare, read_enrolment
from mottling.services.enrolment_lines import EnrolmentLine, EnrolmentRules, checked
from mottling.services.office_views import EnrolmentReport
from mottling.services.one_patient import OnePatient, written_line
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.charter import Charter
from mottling.trial.eligibility import EligibilityValue
from mottling.trial.office_records import SkinTone
from mottling.trial.records import Initials, Patient

__all__ = ["Enrolling"]


class Enrolling:
    """Who may enrol does it here, whichever way the patients come."""

    def __init__(self, store: Store, charter: Charter) -> None:
        self._store = store
        self._charter = charter

    def check(self, user: User, data: bytes, *, at: datetime) -> EnrolmentReport:
        """Say what an enrolment file would do, and store nothing.

        Raises:
            RecordRefused: A column looks like the treatment arm, or a column is missing or unknown.
        """
        return compare(self._read(user, data, at=at), self._known())

    def enrol(self, user: User, data: bytes, *, at: datetime) -> EnrolmentReport:
        """Enrol the patients of a CSV file: all of them, or none when a line has a problem.

        Columns: `patient`, `site`, `randomised_at` (ISO 8601 with offset), and if wanted `initials`,
        `skin_tone` (Monk scale) and the eligibility items of the trial file; or those of a REDCap export, as
        the trial file names them.

        Raises:
            RecordRefused: A column looks like the treatment arm, or a column is missing or unknown.
            Conflict: Somebody else enrolled one of the patients meanwhile; nobody of this file was.
        """
        return self._take(user, self._read(user, data, at=at), at=at)

    def enrol_one(self, user: User, person: OnePatient, *, at: datetime) -> EnrolmentReport:
        """Enrol one patient of a form, by the rules of a file; the same form again changes nothing.

        Raises:
            RecordRefused: It names an item that the trial file does not know.
            Conflict: Somebody else enrolled the patient meanwhile.
        """
        rules = self._rules(user)
        found = checked(written_line(person, rules), rules, at=at)
        file = EnrolmentFile((found,), ()) if isinstance(found, EnrolmentLine) else EnrolmentFile((), found)
        return self._take(user, file, at=at)

    def _read(self, user: User, data: bytes, *, at: datetime) -> EnrolmentFile:
        return read_enrolment(data, self._rules(user), at=at)

    def _rules(self, user: User) -> EnrolmentRules:
        """Say what holds for a user: who belongs to a site enrols there and nowhere else."""
        require(user.role, Act.ENROL)
        return EnrolmentRules.of(self._charter, site=user.site)

    def _known(self) -> OnRecord:
        values = {place: one.value for place, one in self._store.eligibility.last().items()}
        former = self._store.changes.look().former
        now = {was: patient for patient, numbers in former.items() for was in numbers if was != patient}
        return OnRecord(self._store.ward.patients(), self._store.office.tones(), values, now)

    def _take(self, user: User, file: EnrolmentFile, *, at: datetime) -> EnrolmentReport:
        known = self._known()
        report = compare(file, known)
        if report.problems:
            return report
        new = [line for line in file.lines if line.patient in report.new]
        self._store.ward.enrol(
            [
                Patient(
                    by=user.name, at=at, patient=one.patient, site=one.site, randomised_at=one.randomised_at
                )
                for one in new
            ],
            [
                Initials(by=user.name, at=at, patient=one.patient, initials=one.initials)
                for one in new
                if one.initials
            ],
            tones=[
                SkinTone(by=user.name, at=at, patient=one.patient, tone=int(one.skin_tone))
                for one in file.lines
                if one.skin_tone
            ],
            values=[
                value for line in file.lines for value in _first_values(line, known, by=user.name, at=at)
            ],
        )
        return replace(report, stored=True)


def _first_values(
    line: EnrolmentLine, known: OnRecord, *, by: str, at: datetime
) -> Iterator[EligibilityValue]:
    for code, value in line.items.items():
        if (line.patient, code) not in known.values:
            yield EligibilityValue(
                by=by, at=at, patient=line.patient, item=code, value=value, version=1, because=None
            )
