"""What is kept of the trial: frozen records, each with who and when. A record is added, never changed.

Each class is one table of the store; its fields are the columns. The store numbers the records in one chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from mottling.assessment import Assessment
from mottling.scale import Status
from mottling.trial.access import Role

__all__ = [
    "Answer",
    "AssessmentRecord",
    "Assignment",
    "FinalRecord",
    "Initials",
    "NewPhoto",
    "NotDone",
    "OwnScore",
    "PasswordSet",
    "Patient",
    "Photo",
    "PhotoSteps",
    "Reading",
    "Record",
    "Reveal",
    "SessionEnded",
    "SessionOpened",
    "SignIn",
    "SignInOutcome",
    "UserAccount",
    "UserAdded",
    "UserDisabled",
    "Verdict",
    "WaitedPhoto",
]


def _in_utc(time: datetime) -> datetime:
    return time.astimezone(UTC)


Utc = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]
PatientInitials = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


@dataclass(frozen=True)
class Answer:
    """What a person says of a photograph: a score, at least a score, or not assessable with its reason."""

    status: Status
    """SCORED, AT_LEAST or NOT_ASSESSABLE; never ERROR."""
    score: int | None
    """0-5; None when not assessable."""
    reason: str | None = None
    """A code of the trial file's reasons; given when, and only when, not assessable."""

    @classmethod
    def scored(cls, score: int) -> Answer:
        """Say that the mottling has this score."""
        return cls(Status.SCORED, score)

    @classmethod
    def at_least(cls, score: int) -> Answer:
        """Say that the mottling reaches this score and that the view ends there."""
        return cls(Status.AT_LEAST, score)

    @classmethod
    def not_assessable(cls, reason: str) -> Answer:
        """Say that the photograph cannot be judged, and why."""
        return cls(Status.NOT_ASSESSABLE, None, reason)


class Record(BaseModel):
    """What every record says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Name
    """Name of the user who did it; `server` or `command` where no person did."""
    at: Utc
    """When, in UTC."""


class Patient(Record):
    """A patient who was enrolled."""

    patient: Code
    """The number in the trial."""
    site: Code
    randomised_at: Utc


class Initials(Record):
    """The initials of a patient, by which the ward tells that the number is the right one."""

    patient: Code
    initials: PatientInitials


class Photo(Record):
    """A photograph whose bytes are stored unchanged; `by` took it, `at` it reached the server."""

    photo_id: Code
    """Random: says nothing of the patient."""
    patient: Code
    visit: Code
    sha256: Sha256
    size_bytes: Annotated[int, Field(gt=0)]
    key: Name
    """Drawn by the tablet, once for a photograph: sent twice, stored once."""
    outside_window: bool


class WaitedPhoto(Record):
    """A photograph that waited on the tablet for the network: when it was taken, long before it came."""

    photo_id: Code
    taken_at: Utc


@dataclass(frozen=True)
class NewPhoto:
    """A photograph on its way into the store."""

    patient: str
    visit: str
    data: bytes
    key: str
    outside_window: bool
    by: str
    at: datetime
    taken_at: datetime | None = None
    """When the tablet took it, if it waited there for the network."""


class OwnScore(Record):
    """What the ward saw before anything of the model was shown."""

    photo_id: Code
    answer: Answer


class AssessmentRecord(Record):
    """What the model in use said of a photograph."""

    photo_id: Code
    assessment: Assessment
    overlay_sha256: Sha256 | None
    """Of the overlay that is shown with it."""


class Reveal(Record):
    """The moment when what the model proposes was first shown; `by` saw it."""

    photo_id: Code


class FinalRecord(Record):
    """The final bedside record."""

    photo_id: Code
    answer: Answer
    because: Sentence | None
    """Why it differs from the own score; None when it is the own score."""


@dataclass(frozen=True)
class PhotoSteps:
    """A photograph and every step that was taken with it on the ward."""

    photo: Photo
    own: OwnScore | None
    assessment: AssessmentRecord | None
    reveal: Reveal | None
    final: FinalRecord | None
    waited: WaitedPhoto | None = None
    """When it was taken, if it waited on the tablet."""
    is_after_withdrawal: bool = False
    """Whether the patient had withdrawn when it was taken: it is kept, and counts nowhere."""
    is_left_out: bool = False
    """Whether it was erased, and what was said of it is left out with it: there are no steps here then."""

    @property
    def taken_at(self) -> datetime:
        """When the photograph was taken; its record's time is when it reached the server."""
        return self.photo.at if self.waited is None else self.waited.taken_at


class NotDone(Record):
    """A visit that was not done. Its outcome stays missing: nothing is imputed."""

    patient: Code
    visit: Code
    reason: Code
    """A code of the trial file."""


class Assignment(Record):
    """A photograph that was given to a reader; `by` is the reader."""

    reading_id: Code
    """Random: for this reader and this photograph only."""
    photo_id: Code


class Reading(Record):
    """What one reader of the committee says of one photograph; `by` is the reader."""

    reading_id: Code
    photo_id: Code
    answer: Answer
    reading_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """How long the photograph was looked at."""


class Verdict(Record):
    """The reading that counts as the committee's; `by` gave the reading that settled it."""

    photo_id: Code
    reading_id: Code
    """The chosen reading: always one that a person gave."""


class UserAdded(Record):
    """A user; the password is a record of its own."""

    name: Name
    role: Role
    site: Code | None


class PasswordSet(Record):
    """A user's password, first or later: only its argon2 hash."""

    name: Name
    password_hash: Name


class UserDisabled(Record):
    """A user who is let in no more."""

    name: Name


@dataclass(frozen=True)
class UserAccount:
    """A user as of now."""

    name: str
    role: Role
    site: str | None
    password_hash: str
    """Of the password that was set last."""
    disabled: bool
    """For good."""
    locked: bool = False
    """Until somebody unlocks it."""

    @property
    def is_let_in(self) -> bool:
        """Whether the password opens anything now."""
        return not (self.disabled or self.locked)


class SignInOutcome(StrEnum):
    """What came of a try to sign in."""

    LET_IN = "let_in"
    REFUSED = "refused"


class SignIn(Record):
    """A try to sign in; `by` is the name that was given."""

    outcome: SignInOutcome


class SessionOpened(Record):
    """A session of the user `by`, open until it expires or is ended."""

    token_hash: Sha256
    """The token itself is in the cookie only."""
    expires_at: Utc


class SessionEnded(Record):
    """A session that was ended before it expired."""

    token_hash: Sha256
