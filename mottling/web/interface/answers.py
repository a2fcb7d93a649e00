"""What an operation answers: frozen, with no field that the description does not name."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from mottling.exports.outcome_table import PatientOutcome
from mottling.scale import Status
from mottling.services.interface import PhotoState
from mottling.services.views import VisitState
from mottling.trial.charter import Endpoint
from mottling.trial.outcome import Bound, Missing

__all__ = [
    "OutcomesAnswer",
    "PhotoAnswer",
    "PhotoStatusAnswer",
    "ProblemAnswer",
    "VisitStatusAnswer",
    "VisitsAnswer",
]

Score = Annotated[int, Field(ge=0, le=5)]


class _Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class ProblemAnswer(_Answer):
    """Why nothing was done, and what to do."""

    message: str
    remedy: str


class PhotoAnswer(_Answer):
    """A photograph that is stored, with its own score locked."""

    photo_id: str
    sha256: str
    """Of the bytes sent, which are the bytes stored."""
    outside_window: bool
    """Taken before the visit's window opened or after it closed."""


class PhotoStatusAnswer(_Answer):
    """What became of a photograph; no score is in it."""

    photo_id: str
    patient: str
    visit: str
    sha256: str
    received_at: datetime
    taken_at: datetime
    outside_window: bool
    state: PhotoState


class VisitStatusAnswer(_Answer):
    """What became of a visit; no score is in it."""

    patient: str
    visit: str
    state: VisitState
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    photo_id: str | None
    reason: str | None
    """Why it was not done: a code of the trial file."""


class VisitsAnswer(_Answer):
    """Every visit of every patient whom the token is for, by number, then in the trial file's order."""

    visits: tuple[VisitStatusAnswer, ...]


class CountedPhotograph(_Answer):
    """The photograph that counts: the last one of the visit."""

    sha256: str
    taken_at: datetime
    hours_after_randomisation: float
    outside_window: bool


class CountedReading(_Answer):
    """The answer that the trial file names as the endpoint."""

    source: Endpoint
    record_id: str
    """The reading's; the photograph's where it is an answer of the ward."""
    by: str
    at: datetime


class ModelReading(_Answer):
    """Which model read the photograph and what it said: no part of the value."""

    name: str
    sha256: str
    status: Status
    score: Score | None


class OutcomeAnswer(_Answer):
    """The outcome of a patient: a value with all that it goes back to, or the reason why there is none."""

    site: str
    patient: str
    visit: str
    randomised_at: datetime
    value: Score | None
    """Empty exactly when `missing` says why; nothing is imputed."""
    bound: Bound | None
    missing: Missing | None
    detail: str | None
    """Behind `missing`: a code of the trial file."""
    photographs: int
    """Of the visit; the last one counts."""
    photograph: CountedPhotograph | None
    reading: CountedReading | None
    model: ModelReading | None

    @classmethod
    def of(cls, row: PatientOutcome) -> Self:
        """Arrange a row of the outcome's table."""
        return cls(
            site=row.site,
            patient=row.patient,
            visit=row.visit,
            randomised_at=row.randomised_at,
            value=row.value,
            bound=row.bound,
            missing=row.missing,
            detail=row.detail,
            photographs=row.photographs,
            photograph=_photograph(row),
            reading=_reading(row),
            model=_model(row),
        )


class OutcomesAnswer(_Answer):
    """The outcome of every patient whom the token is for, by site and number."""

    trial: str
    at: datetime
    """When it stood so."""
    sha256: str
    """Of the same rows as `mottling outcome --csv` writes them; the audit trail names it."""
    outcomes: tuple[OutcomeAnswer, ...]


def _photograph(row: PatientOutcome) -> CountedPhotograph | None:
    if (
        row.photo_sha256 is None
        or row.photo_at is None
        or row.hours_after_randomisation is None
        or row.outside_window is None
    ):
        return None
    return CountedPhotograph(
        sha256=row.photo_sha256,
        taken_at=row.photo_at,
        hours_after_randomisation=row.hours_after_randomisation,
        outside_window=row.outside_window,
    )


def _reading(row: PatientOutcome) -> CountedReading | None:
    if row.source is None or row.record_id is None or row.answered_by is None or row.answered_at is None:
        return None
    return CountedReading(source=row.source, record_id=row.record_id, by=row.answered_by, at=row.answered_at)


def _model(row: PatientOutcome) -> ModelReading | None:
    if row.model is None or row.model_sha256 is None or row.model_status is None:
        return None
    return ModelReading(
        name=row.model, sha256=row.model_sha256, status=row.model_status, score=row.model_score
    )
