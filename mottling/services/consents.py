"""Consent for retraining: what the office records of it, and whom a training set leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mottling.errors import RecordRefused
from mottling.services.accounts import User
from mottling.services.reasons import reason
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.consents import Choice, RetrainingConsent, may_train
from mottling.trial.model_rules import ConsentRule

__all__ = ["ConsentLine", "ConsentStanding", "Consents", "SeenConsents"]


@dataclass(frozen=True)
class ConsentLine:
    """One patient."""

    patient: str
    choice: Choice | None
    """None when nothing is known."""
    may_train: bool


@dataclass(frozen=True)
class ConsentStanding:
    """What is known of all patients together."""

    given: int
    refused: int
    unknown: int
    is_implied: bool
    """Whether who has said nothing is taken to consent, as the trial file says."""


@dataclass(frozen=True)
class SeenConsents:
    """What a monitor sees of consents."""

    standing: ConsentStanding
    said: tuple[RetrainingConsent, ...]
    """Everything that was said, the latest first: what counts no more, too."""


class Consents:
    """What the office does about consent for retraining."""

    def __init__(self, store: Store, rule: ConsentRule) -> None:
        self._store = store
        self._rule = rule

    def record(
        self, user: User, patients: Sequence[str], choice: Choice, *, because: str = "", at: datetime
    ) -> None:
        """Record what patients, or those who speak for them, have said: of all of them, or of none.

        Args:
            user: Who records it.
            patients: Their numbers.
            choice: What was said.
            because: Such as who said it and where it is signed; may be empty.
            at: Now.

        Raises:
            RecordRefused: There is no such patient, or none was named.
        """
        require(user.role, Act.ENROL)
        if not patients:
            raise RecordRefused("No patient was named", remedy="Give the numbers of one or more patients")
        why = reason(because) if because.strip() else None
        self._store.consents.note(
            [
                RetrainingConsent(by=user.name, at=at, patient=one, choice=choice, because=why)
                for one in dict.fromkeys(patients)
            ]
        )

    def lines(self, user: User) -> tuple[ConsentLine, ...]:
        """Say of each patient what is known."""
        require(user.role, Act.ENROL)
        return self._lines()

    def _lines(self) -> tuple[ConsentLine, ...]:
        said, left_out = self._store.consents.last(), self.left_out()
        return tuple(
            ConsentLine(
                one.patient,
                said[one.patient].choice if one.patient in said else None,
                may_train=one.patient not in left_out,
            )
            for one in self._store.ward.patients()
        )

    def standing(self, user: User) -> ConsentStanding:
        """Count what is known."""
        require(user.role, Act.ENROL)
        return self._standing()

    def seen(self, user: User) -> SeenConsents:
        """Give everything that was said, with its reason, and what it comes to, to a monitor."""
        require(user.role, Act.MONITOR)
        return SeenConsents(self._standing(), tuple(reversed(self._store.consents.all())))

    def _standing(self) -> ConsentStanding:
        choices = [one.choice for one in self._lines()]
        return ConsentStanding(
            given=choices.count(Choice.GIVEN),
            refused=choices.count(Choice.REFUSED),
            unknown=choices.count(None),
            is_implied=self._rule is ConsentRule.IMPLIED,
        )

    def left_out(self) -> frozenset[str]:
        """Name the patients of whom no photograph may be in a training set: nor of who has withdrawn."""
        said = self._store.consents.last()
        patients = (one.patient for one in self._store.ward.patients())
        withdrawn = self._store.changes.look().withdrawals.keys()
        return frozenset(one for one in patients if not may_train(said.get(one), self._rule)) | withdrawn
