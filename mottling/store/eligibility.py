"""The book of eligibility: what was said of each item of a patient, every version of it."""

from __future__ import annotations

from collections.abc import Sequence

from mottling.errors import RecordRefused
from mottling.store.enrolling import Values, add_values, last_values
from mottling.store.ledger import Ledger
from mottling.trial.eligibility import EligibilityValue
from mottling.trial.records import Patient

__all__ = ["EligibilityBook"]


class EligibilityBook:
    """What was measured or asked of patients before they were randomised."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def note(self, values: Sequence[EligibilityValue]) -> None:
        """Record what was said of items: all of it, or nothing.

        Raises:
            RecordRefused: There is no such patient.
            Conflict: Something else was recorded of an item meanwhile.
        """
        with self._ledger.writing() as pen:
            known = {patient.patient for patient in pen.all(Patient)}
            strange = [one.patient for one in values if one.patient not in known]
            if strange:
                raise RecordRefused(
                    f"There is no patient {strange[0]!r}", remedy="Ask the trial office to enrol the patient"
                )
            add_values(pen, values)

    def last(self) -> Values:
        """Give what counts of each item, by patient and item; what was never said is not in it."""
        with self._ledger.reading() as page:
            return last_values(page)

    def all(self) -> tuple[EligibilityValue, ...]:
        """List everything that was said, the earliest first."""
        with self._ledger.reading() as page:
            return page.all(EligibilityValue)
