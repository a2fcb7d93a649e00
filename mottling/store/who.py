"""Who is who: the one place that knows which number a patient has now, and what holds of the enrolment.

Rows name a person by the first number for good, and so do keys and folders. What is read is given the number
that holds now, and what is written may name any number that the person ever had.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy import Connection, null, select, union_all

from mottling.store.rows import Row
from mottling.store.schema import KINDS
from mottling.trial.changes import EnrolmentCorrected, NumberCorrected
from mottling.trial.records import Patient, Record

__all__ = ["WhoIsWho", "names_patient"]

_NUMBERS = KINDS[NumberCorrected].table
_ENROLMENTS = KINDS[EnrolmentCorrected].table

# One question for both, made once: each look at the records begins with it.
_CORRECTED = union_all(
    select(_NUMBERS.c.number, _NUMBERS.c.patient, _NUMBERS.c.becomes, null(), null()),
    select(
        _ENROLMENTS.c.number, _ENROLMENTS.c.patient, null(), _ENROLMENTS.c.site, _ENROLMENTS.c.randomised_at
    ),
).order_by("number")


def names_patient(kind: type[Record]) -> bool:
    """Say whether records of a kind name a patient."""
    return "patient" in KINDS[kind].table.c


@dataclass(frozen=True)
class WhoIsWho:
    """Numbers and enrolments, as they were corrected."""

    _now: Mapping[str, str] = field(default_factory=dict)
    """The number that holds, by the first one."""
    _first: Mapping[str, str] = field(default_factory=dict)
    """The first number, by any that a person was given later."""
    _enrolled: Mapping[str, Row] = field(default_factory=dict)
    """Site and time of randomisation as they were corrected, by the first number."""

    @classmethod
    def read(cls, connection: Connection) -> Self:
        """Read what was corrected, the earliest correction first."""
        now: dict[str, str] = {}
        first: dict[str, str] = {}
        enrolled: dict[str, Row] = {}
        for _, patient, becomes, site, randomised_at in connection.execute(_CORRECTED):
            if becomes is None:
                enrolled[patient] = {"site": site, "randomised_at": randomised_at}
            else:
                now[patient], first[becomes] = becomes, patient
        return cls(now, first, enrolled)

    def first(self, number: str) -> str:
        """Give the first number of whoever has, or once had, this one; itself where nobody was given it."""
        return self._first.get(number, number)

    def now(self, number: str) -> str:
        """Give the number that holds now, by any that the person ever had."""
        first = self.first(number)
        return self._now.get(first, first)

    def was_given_later(self, number: str) -> bool:
        """Say whether a correction gave this number to somebody."""
        return number in self._first

    def as_it_holds(self, kind: type[Record], row: Row) -> Row:
        """Give a row that was read with the number, and the enrolment, that hold now."""
        if not (self._now or self._enrolled) or not names_patient(kind):
            return row
        first = str(row["patient"])
        corrected = self._enrolled.get(first, {}) if kind is Patient else {}
        return {**row, "patient": self._now.get(first, first), **corrected}
