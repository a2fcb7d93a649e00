"""What the pages show: frozen records, with words of the trial and without its secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mottling.assessment import Assessment
from mottling.store.beside import NOTHING, Beside
from mottling.trial.records import Answer

__all__ = [
    "NOTHING",
    "Answer",
    "Beside",
    "Framing",
    "InBatch",
    "ModelSaid",
    "PatientToday",
    "PhotoOnWard",
    "PhotoTaken",
    "Progress",
    "Proposal",
    "Shot",
    "ToMeetAbout",
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
    WITHDRAWN = "withdrawn"
    """Not to be done: the patient had withdrawn before its window closed."""


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
class ModelSaid:
    """What the model said of a photograph, for a reader who has locked his own answer."""

    reading_id: str
    before: Answer
    """What the reader said before."""
    assessment: Assessment


@dataclass(frozen=True)
class ToMeetAbout:
    """One photograph on which readers differ, for the committee when it meets: nothing says whose it is."""

    reading_id: str
    """Random to look at, and the same for all who sit there."""
    answers: tuple[Answer, ...]
    """What the readers said, by score and not by reader: all of it is signed."""


@dataclass(frozen=True)
class InBatch:
    """One reading of a batch that waits for its reader's signature."""

    reading_id: str
    answer: Answer
    """As it stands."""
    is_changed: bool
    """Whether the reader has said it anew since it was locked."""
    remark: str | None = None
    """What the reader noted beside it."""
    after: Answer | None = None
    """What the reader said once the model was shown, where it was."""
    may_change: bool = True
    """Not when it was said before the model was shown."""


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
    is_closed: bool = False
    """The read-out: nobody reads."""

    @property
    def is_to_sign(self) -> bool:
        """Whether a batch is done: nothing else is read before it is signed."""
        return self.read_in_batch > 0 and self.read_in_batch >= self.batch
