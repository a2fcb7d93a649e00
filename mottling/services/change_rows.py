"""The rows of what changed about patients after enrolment, made from the records."""

from __future__ import annotations

from collections.abc import Mapping

from mottling.exports.odm_changes import what_changed
from mottling.exports.rows import ChangeRow
from mottling.store.store import Store
from mottling.trial.changes import (
    Change,
    Changes,
    EnrolmentCorrected,
    NumberCorrected,
    Transfer,
    Withdrawal,
    WithdrawalTakenBack,
)
from mottling.trial.records import Patient

__all__ = ["change_rows"]


def change_rows(store: Store, *, trial: str) -> tuple[ChangeRow, ...]:
    """Make one row a change, the earliest first."""
    patients = {patient.patient: patient for patient in store.ward.patients()}
    holds, said = store.changes.look(), store.changes.all()
    last = {(one.patient, type(one)): one for one in said}
    return tuple(
        _row(one, patients[one.patient], trial=trial, counts=_counts(one, holds, last)) for one in said
    )


def _counts(one: Change, holds: Changes, last: Mapping[tuple[str, type[Change]], Change]) -> bool:
    match one:
        case Withdrawal():
            return holds.withdrawals.get(one.patient) == one
        case WithdrawalTakenBack():
            return one.patient not in holds.withdrawals and last[one.patient, type(one)] is one
        case Transfer():
            return one in holds.transfers.get(one.patient, ())
        case NumberCorrected() | EnrolmentCorrected():
            return last[one.patient, type(one)] is one


def _row(one: Change, patient: Patient, *, trial: str, counts: bool) -> ChangeRow:
    return ChangeRow(
        trial=trial,
        site=patient.site,
        patient=patient.patient,
        change=what_changed(one),
        since=one.since if isinstance(one, Withdrawal | Transfer) else None,
        extent=one.extent.value if isinstance(one, Withdrawal) else None,
        to_site=one.site if isinstance(one, Transfer | EnrolmentCorrected) else None,
        was=one.was if isinstance(one, NumberCorrected) else None,
        becomes=one.becomes if isinstance(one, NumberCorrected) else None,
        randomised_at=one.randomised_at if isinstance(one, EnrolmentCorrected) else None,
        because=one.because,
        counts=counts,
        by=one.by,
        at=one.at,
    )
