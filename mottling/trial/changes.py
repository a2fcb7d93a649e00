"""What changes about a patient after enrolment: withdrawal, the site, a wrong number, a wrong enrolment.

Each is a record with its reason, added to what stood; nothing that was written is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mottling.trial.records import Code, Patient, Record, Sentence, Utc
from mottling.trial.visits import Window

__all__ = [
    "CORRECTIONS",
    "Change",
    "Changes",
    "EnrolmentCorrected",
    "Extent",
    "NumberCorrected",
    "Transfer",
    "Withdrawal",
    "WithdrawalTakenBack",
    "in_force",
]


class Extent(StrEnum):
    """What a patient withdraws from."""

    VISITS = "no_more_visits"
    """Nothing more is taken; what was taken before stays and counts."""
    PHOTOGRAPHS = "erase_photographs"
    """The photographs are to be erased too; whether scores stay, the trial file says."""
    TRAINING = "erase_and_never_train"
    """And none of them may ever train a model, whatever is said later."""

    @property
    def erases(self) -> bool:
        """Whether the photographs are to be erased."""
        return self is not Extent.VISITS


class Withdrawal(Record):
    """A patient withdrew; the last word counts, until it is taken back."""

    patient: Code
    since: Utc
    extent: Extent
    because: Sentence

    def ends(self, window: Window) -> bool:
        """Say whether a visit of this window is asked for no more: it had not closed by then."""
        return self.since <= window.closes_at


class WithdrawalTakenBack(Record):
    """A withdrawal no longer holds, such as one that was noted of the wrong patient."""

    patient: Code
    because: Sentence


class Transfer(Record):
    """A patient is at another site from a time on; later words about that time and after take its place."""

    patient: Code
    site: Code
    since: Utc
    because: Sentence


class NumberCorrected(Record):
    """A patient's number was wrong. Records go on naming the person by the first number."""

    patient: Code
    was: Code
    becomes: Code
    because: Sentence


class EnrolmentCorrected(Record):
    """The site or the time of randomisation was wrong: both, as they hold now."""

    patient: Code
    site: Code
    randomised_at: Utc
    because: Sentence


Change = Withdrawal | WithdrawalTakenBack | Transfer | NumberCorrected | EnrolmentCorrected

CORRECTIONS = (NumberCorrected, EnrolmentCorrected)
"""What changes how a patient is called, or what holds of the enrolment, from the beginning on."""


def in_force(transfers: Sequence[Transfer]) -> tuple[Transfer, ...]:
    """Leave out of a patient's transfers, in the order of their making, what later ones took the place of."""
    kept: list[Transfer] = []
    for one in transfers:
        kept = [*(each for each in kept if each.since < one.since), one]
    return tuple(kept)


@dataclass(frozen=True)
class Changes:
    """What has changed about whom, each by number."""

    withdrawals: Mapping[str, Withdrawal] = field(default_factory=dict)
    """Those that hold."""
    transfers: Mapping[str, tuple[Transfer, ...]] = field(default_factory=dict)
    """Those in force, the earliest first."""
    former: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The numbers that a patient had before, the first one first."""
    re_enrolled: frozenset[str] = frozenset()
    """Whose site or time of randomisation was corrected."""
    left_out: frozenset[str] = frozenset()
    """Whose photographs were erased, where the trial file leaves out what was said of them."""

    def is_after_withdrawal(self, patient: str, taken_at: datetime) -> bool:
        """Say whether the patient had withdrawn when a photograph was taken: it counts nowhere."""
        withdrawal = self.withdrawals.get(patient)
        return withdrawal is not None and taken_at >= withdrawal.since

    def is_left_out(self, patient: str) -> bool:
        """Say whether what was said of a patient's photographs is shown nowhere and counts nowhere."""
        return patient in self.left_out

    def to_erase(self) -> frozenset[str]:
        """Name the patients whose photographs are to be erased, or were."""
        return frozenset(patient for patient, one in self.withdrawals.items() if one.extent.erases)

    def site_now(self, patient: Patient) -> str:
        """Say at which site a patient is."""
        moves = self.transfers.get(patient.patient)
        return moves[-1].site if moves else patient.site

    def site_at(self, patient: Patient, at: datetime) -> str:
        """Say at which site a patient was at a time."""
        before = [one.site for one in self.transfers.get(patient.patient, ()) if one.since <= at]
        return before[-1] if before else patient.site

    def first_number(self, number: str) -> str:
        """Give the number by which a person is known for good, whatever it is now."""
        return self.former.get(number, (number,))[0]
