"""What the pages show: frozen records, with words of the trial and without its secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mottling.assessment import Assessment
from mottling.trial.records import Answer

__all__ = [
    "Answer",
    "Completeness",
    "EnrolmentFault",
    "EnrolmentProblem",
    "EnrolmentReport",
    "Framing",
    "InBatch",
    "Look",
    "ModelLine",
    "OutcomeLine",
    "PatientToday",
    "PhotoOnWard",
    "PhotoTaken",
    "Progress",
    "Proposal",
    "SeenLines",
    "Shot",
    "Standing",
    "ToRead",
    "VisitState",
    "VisitToday",
]


class VisitState(StrEnum):
    """Where a visit of a patient stands, in the order in which the ward works."""

    NOT_YET = "not_yet"
    """Its window is not open."""
    DUE = "due"
    """Its window is open and nothing was recorded."""
    OVERDUE = "overdue"
    """Its window has closed and nothing was recorded; a late photograph is flagged, never refused."""
    TO_SCORE = "to_score"
    """A photograph is stored; the own score is not locked."""
    TO_CONFIRM = "to_confirm"
    """The own score is locked; the final record is missing."""
    DONE = "done"
    NOT_DONE = "not_done"
    """Recorded as not done, with its reason."""


@dataclass(frozen=True)
class VisitToday:
    """One visit of one patient, as the ward sees it now."""

    visit: str
    """Code of the visit in the trial file, such as `day1`."""
    state: VisitState
    due_at: datetime
    opens_at: datetime
    closes_at: datetime
    photo_id: str | None
    """The visit's photograph, when one is stored."""
    reason: str | None
    """Why it was not done."""


@dataclass(frozen=True)
class PatientToday:
    """One patient of the ward's site."""

    patient: str
    """The patient's number in the trial."""
    initials: str
    """Empty where the enrolment gave none."""
    randomised_at: datetime
    visits: tuple[VisitToday, ...]


@dataclass(frozen=True)
class Shot:
    """One photograph as the tablet sends it."""

    patient: str
    visit: str
    data: bytes
    """The bytes of the file; they are stored unchanged."""
    key: str
    """Drawn by the tablet, once for a photograph: the same key sent twice is stored once."""
    age_s: float = 0.0
    """How long ago it was taken: it may have waited on the tablet for the network."""


class Framing(StrEnum):
    """How much of the legs a picture shows. Says nothing of mottling, so it may be known before any score."""

    GOOD = "good"
    ENDS_LOW = "ends_low"
    """The fold of the groin is not in view: a high score could not be seen."""
    NO_LEG = "no_leg"
    FAR = "far"
    """The legs are too small in it."""


@dataclass(frozen=True)
class PhotoTaken:
    """A photograph that is stored."""

    photo_id: str
    sha256: str
    """Of the bytes sent, which are the bytes stored."""
    outside_window: bool
    """Taken before the visit's window opened or after it closed."""


@dataclass(frozen=True)
class PhotoOnWard:
    """One photograph and how far its scoring has come."""

    photo_id: str
    patient: str
    initials: str
    visit: str
    taken_at: datetime
    outside_window: bool
    own: Answer | None
    """The own score, once it is locked."""
    proposal_allowed: bool
    """Whether the trial file lets the ward see what the model proposes, once the own score is locked."""
    revealed_at: datetime | None
    final: Answer | None
    """The final bedside record, once it is confirmed."""


@dataclass(frozen=True)
class Proposal:
    """What the model proposes for one photograph, shown after the own score is locked."""

    photo_id: str
    assessment: Assessment
    revealed_at: datetime
    """When this proposal was first shown: a record of its own."""


@dataclass(frozen=True)
class ToRead:
    """One photograph for a reader of the committee: nothing here says whose it is."""

    reading_id: str
    """Random, made for this reader and this photograph only."""


@dataclass(frozen=True)
class InBatch:
    """One reading of a batch that waits for its reader's signature."""

    reading_id: str
    answer: Answer
    """As it stands."""
    is_changed: bool
    """Whether the reader has said it anew since it was locked."""


@dataclass(frozen=True)
class Progress:
    """How far one reader has come. Says nothing of other readers."""

    read: int
    """Photographs that came back count like any other."""
    to_read: int
    """The one that waits among them."""
    read_in_batch: int
    """Locked since the last signature."""
    batch: int
    """Photographs in this batch, read ones too."""

    @property
    def is_to_sign(self) -> bool:
        """Whether a batch is done: nothing else is read before it is signed."""
        return self.read_in_batch > 0 and self.read_in_batch >= self.batch


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
    """The readers differ; the one who decides is awaited."""
    COMPLETE = "complete"
    """The committee has decided."""
    NOT_DONE = "not_done"
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
    FUTURE = "future"
    INITIALS = "initials"
    """Not two or three capital letters."""
    TWICE = "twice"
    """The patient is on an earlier line."""
    CHANGED = "changed"
    """The patient is enrolled with another site or time."""


@dataclass(frozen=True)
class EnrolmentProblem:
    """One line of an enrolment file that cannot be taken."""

    line: int
    """As an editor counts; the header is line 1."""
    message: str
    fault: EnrolmentFault
    value: str
    """What the line says."""


@dataclass(frozen=True)
class EnrolmentReport:
    """What an enrolment file would do, or did: everything or nothing."""

    new: tuple[str, ...]
    """Patient numbers."""
    known: tuple[str, ...]
    """Already enrolled with the same data; left as they are."""
    problems: tuple[EnrolmentProblem, ...]
    stored: bool


@dataclass(frozen=True)
class ModelLine:
    """One model of the registry."""

    name: str
    sha256: str
    active: bool
    released_at: datetime | None
