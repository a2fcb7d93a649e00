"""The book of changes: who withdrew, moved to another site, or was enrolled with something wrong."""

from __future__ import annotations

from datetime import datetime

from mottling.errors import Conflict
from mottling.store.arrivals import existing_patient, is_taken
from mottling.store.changes import CHANGED, changes_of, withdrawals_of
from mottling.store.ledger import Ledger
from mottling.trial.changes import (
    Change,
    Changes,
    EnrolmentCorrected,
    NumberCorrected,
    Transfer,
    Withdrawal,
    WithdrawalTakenBack,
)

__all__ = ["ChangeBook"]

_KINDS = (Withdrawal, WithdrawalTakenBack, Transfer, NumberCorrected, EnrolmentCorrected)
_LOOK = "Look at what is recorded of this patient"


class ChangeBook:
    """What changes about patients after enrolment; each act names a patient by any number that is known."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._upto = 0
        self._changes = Changes()

    def look(self) -> Changes:
        """Say what has changed about whom."""
        with self._ledger.reading() as page:
            upto = max(page.place(kind) for kind in CHANGED)
            if upto > self._upto:
                self._upto, self._changes = upto, changes_of(page)
            return self._changes

    def all(self) -> tuple[Change, ...]:
        """List every change that was recorded, the earliest first."""
        with self._ledger.reading() as page:
            return tuple(one for one in page.in_order(_KINDS, after=0) if isinstance(one, _KINDS))

    def withdraw(self, withdrawal: Withdrawal) -> None:
        """Record that a patient withdrew; a later word about when and from what counts.

        Raises:
            RecordRefused: There is no such patient.
            Conflict: The same is on record already.
        """
        with self._ledger.writing() as pen:
            existing_patient(pen, withdrawal.patient)
            known = withdrawals_of(pen).get(pen.who.now(withdrawal.patient))
            if known is not None and (known.since, known.extent) == (withdrawal.since, withdrawal.extent):
                raise Conflict("This withdrawal is on record already", remedy="Nothing is left to do")
            pen.add(withdrawal)

    def take_back(self, taken_back: WithdrawalTakenBack) -> None:
        """Record that a withdrawal holds no more.

        Raises:
            RecordRefused: There is no such patient.
            Conflict: No withdrawal holds.
        """
        with self._ledger.writing() as pen:
            existing_patient(pen, taken_back.patient)
            if pen.who.now(taken_back.patient) not in withdrawals_of(pen):
                raise Conflict("This patient has not withdrawn", remedy=_LOOK)
            pen.add(taken_back)

    def transfer(self, transfer: Transfer) -> None:
        """Record that a patient is at another site from a time on.

        Raises:
            RecordRefused: There is no such patient.
            Conflict: The patient is at that site then.
        """
        with self._ledger.writing() as pen:
            patient = existing_patient(pen, transfer.patient)
            changes = changes_of(pen)
            stays = {changes.site_at(patient, transfer.since), changes.site_now(patient)}
            if stays == {transfer.site}:
                raise Conflict(f"The patient is at site {transfer.site} then", remedy=_LOOK)
            pen.add(transfer)

    def correct_number(self, patient: str, becomes: str, *, because: str, by: str, at: datetime) -> str:
        """Record that a patient's number was wrong; gives the number that it was.

        Raises:
            RecordRefused: There is no such patient.
            Conflict: The patient has this number, or another one has it, or ever had it.
        """
        with self._ledger.writing() as pen:
            was = existing_patient(pen, patient).patient
            if was == becomes:
                raise Conflict(f"The patient has the number {becomes} already", remedy=_LOOK)
            if pen.who.now(becomes) != was and is_taken(pen, becomes):
                raise Conflict(
                    f"The number {becomes} is, or was, that of another patient",
                    remedy="Check the number; no number is ever given to two patients",
                )
            pen.add(NumberCorrected(patient=was, was=was, becomes=becomes, because=because, by=by, at=at))
        return was

    def correct_enrolment(self, corrected: EnrolmentCorrected) -> None:
        """Record the site and the time of randomisation that are right.

        Raises:
            RecordRefused: There is no such patient.
            Conflict: They are on record so already.
        """
        with self._ledger.writing() as pen:
            known = existing_patient(pen, corrected.patient)
            if (known.site, known.randomised_at) == (corrected.site, corrected.randomised_at):
                raise Conflict("Site and time are on record so already", remedy="Nothing is left to do")
            pen.add(corrected)
