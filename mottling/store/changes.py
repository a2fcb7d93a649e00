"""Reads what has changed about patients: who withdrew, who is at another site, what was corrected."""

from __future__ import annotations

from mottling.store.ledger import Page
from mottling.trial.changes import (
    CORRECTIONS,
    Changes,
    EnrolmentCorrected,
    NumberCorrected,
    Transfer,
    Withdrawal,
    WithdrawalTakenBack,
    in_force,
)
from mottling.trial.office_records import Erasure

__all__ = ["CHANGED", "changes_of", "corrected_after", "left_out_of", "withdrawals_of"]

CHANGED = (Transfer, NumberCorrected, EnrolmentCorrected, Withdrawal, WithdrawalTakenBack, Erasure)
"""The kinds of records from which `changes_of` reads."""


def corrected_after(page: Page, number: int) -> bool:
    """Say whether a number or an enrolment was corrected after a number of the chain.

    What was kept in memory of patients from before is then read anew.
    """
    return any(page.place(kind) > number for kind in CORRECTIONS)


def withdrawals_of(page: Page) -> dict[str, Withdrawal]:
    """Give the withdrawals that hold, by patient."""
    found: dict[str, Withdrawal] = {}
    for word in page.in_order((Withdrawal, WithdrawalTakenBack), after=0):
        if isinstance(word, Withdrawal):
            found[word.patient] = word
        elif isinstance(word, WithdrawalTakenBack):
            found.pop(word.patient, None)
    return found


def left_out_of(page: Page) -> frozenset[str]:
    """Name the patients whose scores are left out, because their photographs were erased.

    This is the one place that says so: whoever reads photographs, or what was said of them, asks here, or
    asks the changes that `changes_of` gives.
    """
    return frozenset(one.patient for one in page.all(Erasure)) if page.leaves_out_erased else frozenset()


def changes_of(page: Page) -> Changes:
    """Say what has changed about whom."""
    transfers: dict[str, tuple[Transfer, ...]] = {}
    for one in page.all(Transfer):
        transfers[one.patient] = in_force((*transfers.get(one.patient, ()), one))
    former: dict[str, tuple[str, ...]] = {}
    for correction in page.all(NumberCorrected):
        former[correction.patient] = (*former.get(correction.patient, ()), correction.was)
    corrected = frozenset(one.patient for one in page.all(EnrolmentCorrected))
    return Changes(withdrawals_of(page), transfers, former, corrected, left_out_of(page))
