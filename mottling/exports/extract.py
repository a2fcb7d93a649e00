"""What every export is made from: the outcome of each visit of each patient, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from mottling.trial.changes import Change
from mottling.trial.charter import Charter
from mottling.trial.committee_records import ConsensusReading
from mottling.trial.eligibility import EligibilityValue
from mottling.trial.outcome import Outcome, PhotoRead
from mottling.trial.records import Answer, FinalRecord, OwnScore, Photo, PhotoSteps, Reading

__all__ = ["AnswerKind", "ExportFile", "Extract", "GivenAnswer", "answers_of", "moment"]


@dataclass(frozen=True)
class Extract:
    """The trial at one moment."""

    charter: Charter
    trial_file_sha256: str
    outcomes: tuple[Outcome, ...]
    """Of every visit of every patient, by site, patient and visit."""
    made_at: datetime
    version: str
    """Of Mottling."""
    changes: tuple[Change, ...] = ()
    """What was recorded of patients after enrolment, the earliest first."""
    after_withdrawal: int = 0
    """Photographs from after a withdrawal: kept, and in no outcome."""
    eligibility: tuple[EligibilityValue, ...] = ()
    """What counts of each eligibility item of each patient of which something was said."""


@dataclass(frozen=True)
class ExportFile:
    """One file that leaves."""

    name: str
    data: bytes
    rows: int
    """Records in it."""


class AnswerKind(StrEnum):
    """Who gave an answer, and when."""

    OWN = "own"
    """The ward, before the model's proposal."""
    FINAL = "final"
    """The ward, after it."""
    COMMITTEE = "committee"
    """A blinded reader."""
    CONSENSUS = "consensus"
    """The committee together, at a meeting about readings that differ."""


@dataclass(frozen=True)
class GivenAnswer:
    """One answer of one person on one photograph."""

    kind: AnswerKind
    place: int
    """Of a committee's reading: the first, second or third of the photograph; else 1."""
    photo: Photo
    taken_at: datetime
    """When the photograph was taken."""
    record_id: str
    """The reading's id, or the photograph's for a ward's answer."""
    answer: Answer
    by: str
    at: datetime
    because: str | None
    """Why it differs from the answer before it."""
    counts: bool
    """Whether it is the answer that the outcome comes from."""
    sat: str | None = None
    """Of a consensus reading: who sat at the meeting, readers by name and then others."""
    comment: str | None = None
    """Of a consensus reading: what was noted."""


def answers_of(outcome: Outcome) -> Iterator[GivenAnswer]:
    """List the answers on a visit's photographs, the earliest photograph first."""
    for photo in sorted(
        outcome.records.photos, key=lambda one: (one.steps.photo.at, one.steps.photo.photo_id)
    ):
        steps = photo.steps
        for said in (steps.own, steps.final):
            if said is not None:
                yield _of_ward(said, steps, outcome)
        ordered = sorted(photo.readings, key=lambda one: (one.at, one.reading_id))
        for place, reading in enumerate(ordered, start=1):
            yield _of_reader(reading, place, steps, outcome)
        if isinstance(photo.verdict, ConsensusReading):
            yield _of_meeting(photo.verdict, photo, outcome)


def _of_ward(said: OwnScore | FinalRecord, steps: PhotoSteps, outcome: Outcome) -> GivenAnswer:
    kind = AnswerKind.OWN if isinstance(said, OwnScore) else AnswerKind.FINAL
    source = outcome.source
    return GivenAnswer(
        kind=kind,
        place=1,
        photo=steps.photo,
        taken_at=steps.taken_at,
        record_id=said.photo_id,
        answer=said.answer,
        by=said.by,
        at=said.at,
        because=said.because if isinstance(said, FinalRecord) else None,
        counts=source is not None and (source.kind.value, source.record_id) == (kind.value, said.photo_id),
    )


def _of_reader(said: Reading, place: int, steps: PhotoSteps, outcome: Outcome) -> GivenAnswer:
    source = outcome.source
    return GivenAnswer(
        kind=AnswerKind.COMMITTEE,
        place=place,
        photo=steps.photo,
        taken_at=steps.taken_at,
        record_id=said.reading_id,
        answer=said.answer,
        by=said.by,
        at=said.at,
        because=None,
        counts=source is not None and source.record_id == said.reading_id,
    )


def _of_meeting(said: ConsensusReading, photo: PhotoRead, outcome: Outcome) -> GivenAnswer:
    source = outcome.source
    return GivenAnswer(
        kind=AnswerKind.CONSENSUS,
        place=1,
        photo=photo.steps.photo,
        taken_at=photo.steps.taken_at,
        record_id=said.reading_id,
        answer=said.answer,
        by=said.by,
        at=said.at,
        because=None,
        counts=source is not None and source.record_id == said.reading_id,
        sat=", ".join([*said.members(), *([said.guests] if said.guests else [])]),
        comment=said.comment,
    )


def moment(at: datetime) -> str:
    """Write a time as every export does: ISO 8601, UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
