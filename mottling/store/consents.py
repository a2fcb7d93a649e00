"""The book of consents: whether a patient's photographs may train models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mottling.store.arrivals import existing_patient
from mottling.store.ledger import Ledger
from mottling.trial.consents import RetrainingConsent

__all__ = ["ConsentBook"]


class ConsentBook:
    """What patients, or those who speak for them, have said; the last word counts."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def note(self, consents: Sequence[RetrainingConsent]) -> None:
        """Record what was said: all of it, or nothing.

        Raises:
            RecordRefused: There is no such patient.
        """
        with self._ledger.writing() as pen:
            for consent in consents:
                existing_patient(pen, consent.patient)
                pen.add(consent)

    def all(self) -> tuple[RetrainingConsent, ...]:
        """List everything that was said, the earliest first."""
        with self._ledger.reading() as page:
            return page.all(RetrainingConsent)

    def last(self) -> Mapping[str, RetrainingConsent]:
        """Give the last word by patient; who has said nothing is not in it."""
        return {consent.patient: consent for consent in self.all()}
