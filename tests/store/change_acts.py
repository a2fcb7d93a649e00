"""What changes about a patient in these tests: withdrawn, taken back, at another site, called otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta

from mottling.store.store import Store
from mottling.trial.changes import EnrolmentCorrected, Extent, Transfer, Withdrawal, WithdrawalTakenBack
from tests.store.model_acts import NOW

LATER = NOW + timedelta(hours=3)


def withdraw(
    store: Store, patient="01-001", *, since: datetime = NOW, extent: Extent = Extent.VISITS
) -> None:
    store.changes.withdraw(
        Withdrawal(patient=patient, since=since, extent=extent, because="Said so", by="olga", at=LATER)
    )


def take_back_withdrawal(store: Store, patient="01-001") -> None:
    store.changes.take_back(
        WithdrawalTakenBack(patient=patient, because="Another patient", by="olga", at=LATER)
    )


def transfer(store: Store, patient="01-001", *, site="02", since: datetime = NOW) -> None:
    store.changes.transfer(
        Transfer(patient=patient, site=site, since=since, because="Moved", by="olga", at=LATER)
    )


def correct_number(store: Store, patient="01-001", *, becomes="01-010") -> None:
    store.changes.correct_number(patient, becomes, because="Typed wrong", by="olga", at=LATER)


def correct_enrolment(store: Store, patient="01-001", *, site="01", randomised_at: datetime = LATER) -> None:
    store.changes.correct_enrolment(
        EnrolmentCorrected(
            patient=patient, site=site, randomised_at=randomised_at, because="Misread", by="olga", at=LATER
        )
    )


def change_everything(store: Store, patient: str, *, becomes: str) -> None:
    """Record every kind of change of one patient."""
    withdraw(store, patient)
    take_back_withdrawal(store, patient)
    transfer(store, patient)
    correct_number(store, patient, becomes=becomes)
    correct_enrolment(store, patient)
