"""How the answers on record become the outcome of a patient: the trial file's table `[outcome]`.

Which visit and which answer it is stand beside the table, as `endpoint_visit` and `endpoint`. What a trial
settles otherwise is a key here; a rule that this version knows one way only has one value, so that the trial
file says it all.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["AtLeast", "OfErased", "OutcomeRules", "OutsideWindow"]

Codes = tuple[Annotated[str, Field(min_length=1)], ...]


class OutsideWindow(StrEnum):
    """What an answer on a photograph from outside the visit's window is."""

    COUNTS = "counts"
    """A value, flagged."""
    MISSING = "missing"
    """No value; the reason says that it was outside."""


class AtLeast(StrEnum):
    """What "at least k" is: the mottling reaches k, and the view ends there."""

    LOWER_BOUND = "lower_bound"
    """The value k, marked as a lower bound."""
    MISSING = "missing"
    """No value; the reason says that there is only a bound."""


class OfErased(StrEnum):
    """What scores are worth, once the photographs that they are of were erased."""

    STAY = "stay"
    """What they were: the outcome is not lost with the photograph."""
    LEFT_OUT = "left_out"
    """Nothing: they are shown nowhere and count nowhere, and the outcome says `erased`."""


class OutcomeRules(BaseModel):
    """The rules by which every patient gets a value or a reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    photographs: Literal["last"] = "last"
    """Of several photographs of the visit, the one that was taken last; the earlier ones stay on record."""
    legs: Literal["worse"] = "worse"
    """One answer a photograph: the worse leg in view."""
    outside_window: OutsideWindow = OutsideWindow.COUNTS
    """What a photograph from outside its window is worth."""
    at_least: AtLeast = AtLeast.LOWER_BOUND
    """What a lower bound is worth."""
    scores_of_erased: OfErased = OfErased.STAY
    """What the scores are worth of a patient whose photographs were erased. No record is deleted."""
    died: Codes = ()
    """Codes of reasons for not done that say that the patient died before the visit."""
    discharged: Codes = ()
    """Codes that say that the patient had left before the visit."""
    withdrawn: Codes = ()
    """Codes that say that consent was withdrawn. Any other reason is plainly not done."""
