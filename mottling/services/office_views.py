"""What the office's pages show: what is complete, what an enrolment file would do, which models there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mottling.listing import Retired
from mottling.services.views import Answer, VisitState

__all__ = [
    "Completeness",
    "EnrolmentFault",
    "EnrolmentProblem",
    "EnrolmentReport",
    "Look",
    "ModelLine",
    "OutcomeLine",
    "SeenLines",
    "Skipped",
    "Standing",
]


@dataclass(frozen=True)
class Completeness:
    """How complete one visit is at one site."""

    site: str
    visit: str
    patients: int
    """Enrolled at the site."""
    with_photo: int
    with_bedside_score: int
    with_verdict: int
    not_assessable: int
    """Verdicts that say not assessable."""
    outside_window: int
    """Photographed outside the visit's window."""
    not_yet: int
    """From here on, each patient is counted once."""
    due: int
    overdue: int
    on_ward: int
    with_readers: int
    in_dispute: int
    complete: int
    not_done: int
    withdrawn: int


class Standing(StrEnum):
    """How far a patient's visit has come, as the office asks for it."""

    ALL = "all"
    OVERDUE = "overdue"
    DUE = "due"
    ON_WARD = "on_ward"
    """Photographed; the ward has not confirmed a score."""
    COMMITTEE = "committee"
    """Confirmed at the bedside; readers of the committee are awaited."""
    DISPUTE = "dispute"
    """The readers differ; the one who decides is awaited, or the committee's meeting."""
    COMPLETE = "complete"
    """The committee has decided."""
    NOT_DONE = "not_done"
    WITHDRAWN = "withdrawn"
    """The patient had withdrawn before the visit's window closed."""
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class OutcomeLine:
    """The outcome of one patient and visit."""

    site: str
    patient: str
    visit: str
    state: VisitState
    standing: Standing
    bedside: Answer | None
    """The final bedside record."""
    verdict: Answer | None
    """The committee's verdict: a reading that was chosen, never an average."""
    outcome: Answer | None
    """The one of the two that the trial file names as the endpoint."""
    outside_window: bool
    not_done_reason: str | None


@dataclass(frozen=True)
class Look:
    """Which lines of the outcome are looked at."""

    site: str
    """Empty is every site."""
    standing: Standing


@dataclass(frozen=True)
class SeenLines:
    """The lines that are looked at, and what else could be."""

    look: Look
    lines: tuple[OutcomeLine, ...]
    """The first ones, where there are very many."""
    count: int
    """How many there are in all."""
    counts: Mapping[Standing, int]
    """Of the site; standings with no line are left out."""
    sites: tuple[str, ...]


class EnrolmentFault(StrEnum):
    """What can be wrong with a line of an enrolment file."""

    CELLS = "cells"
    """Not as many cells as there are columns."""
    PATIENT = "patient"
    """No number of this trial."""
    SITE = "site"
    """No site of this trial."""
    TIME = "time"
    """No time with its offset."""
    LOCAL_TIME = "local_time"
    """No date and time, of which the site's clock says the offset."""
    NEVER_ON_CLOCK = "never_on_clock"
    """The site's clocks were put forward over it."""
    TWICE_ON_CLOCK = "twice_on_clock"
    """The site's clocks showed it twice, when they were put back."""
    FUTURE = "future"
    INITIALS = "initials"
    """Not two or three capital letters."""
    TONE = "tone"
    """No number of the Monk scale."""
    TWICE = "twice"
    """The patient is on an earlier line."""
    CHANGED = "changed"
    """The patient is enrolled with another site or time."""
    FORMER = "former"
    """The patient had this number before it was corrected."""
    ITEM = "item"
    """Of an eligibility item this cannot be said."""
    ITEM_MISSING = "item_missing"
    """Nobody is enrolled without this eligibility item."""
    ITEM_CHANGED = "item_changed"
    """Something else is recorded of this eligibility item."""


@dataclass(frozen=True)
class EnrolmentProblem:
    """One line of an enrolment file that cannot be taken."""

    line: int
    """As an editor counts; the header is line 1."""
    message: str
    fault: EnrolmentFault
    value: str
    """What the line says."""
    item: str = ""
    """Code of the eligibility item that it is about; empty where it is about none."""


@dataclass(frozen=True)
class Skipped:
    """Rows of an export that are about no enrolment: no problem, and no secret."""

    other_rows: int = 0
    """Of another event, or of an instrument that repeats."""
    not_randomised: int = 0
    """Of a record that has no randomisation yet."""


@dataclass(frozen=True)
class EnrolmentReport:
    """What an enrolment file would do, or did: everything or nothing."""

    new: tuple[str, ...]
    """Patient numbers."""
    known: tuple[str, ...]
    """Already enrolled with the same data; left as they are."""
    problems: tuple[EnrolmentProblem, ...]
    stored: bool
    completed: tuple[str, ...] = ()
    """Already enrolled, and the file says something that is not on record yet: skin tone, or an item."""
    skipped: Skipped = Skipped()

    @property
    def brings_something(self) -> bool:
        """Whether there is anything to store."""
        return bool(self.new or self.completed)


@dataclass(frozen=True)
class ModelLine:
    """One model of the registry."""

    name: str
    sha256: str
    active: bool
    released_at: datetime | None
    retired: Retired | None = None
    """When and why its weights were dropped."""
