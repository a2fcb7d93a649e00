"""Which photographs training would learn most from if somebody looked at them once more, and why.

It goes by what readers differed on and what the model said. So it has no place in a read-out that is open: an
order is a message, and who is given a photograph early would know that the model is in doubt of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mottling.assessment import Assessment
from mottling.scale import MAX_SCORE
from mottling.trial.records import Answer

__all__ = ["ReadPhoto", "Use", "UseReason", "UseWeights", "Used", "by_use"]

Weight = Annotated[float, Field(ge=0, le=100)]


class Use(StrEnum):
    """Why a photograph is of use."""

    DISAGREEMENT = "disagreement"
    """Readers differed on it."""
    FAR_FROM_VERDICT = "far_from_verdict"
    """The model said something else than the verdict."""
    DOUBT = "doubt"
    """The model was unsure."""
    RARE_SCORE = "rare_score"
    """Few photographs have its score."""
    RARE_TONE = "rare_tone"
    """Few photographs show skin of its tone."""


class UseWeights(BaseModel):
    """How much each reason weighs in the order of `mottling first-to-train`: only their proportions count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    disagreement: Weight = 2.0
    """That readers differed: their scores' distance, in fifths of the scale."""
    far_from_verdict: Weight = 2.0
    """That the model said something else than the verdict: the distance, in fifths of the scale."""
    doubt: Weight = 1.0
    """That the model was unsure: what its likeliest score leaves of certainty (0-1)."""
    rare_score: Weight = 1.0
    """That few photographs have this score, beside the most frequent one (0-1)."""
    rare_tone: Weight = 1.0
    """That few photographs show skin of this tone, beside the most frequent one (0-1)."""

    @model_validator(mode="after")
    def _something_weighs(self) -> Self:
        if not any(self.of(use) for use in Use):
            raise ValueError("every weight is 0, so that no photograph would come before another")
        return self

    def of(self, use: Use) -> float:
        """Give the weight of one reason."""
        return float(getattr(self, use.value))


@dataclass(frozen=True)
class ReadPhoto:
    """A photograph that has its verdict, and what was said of it."""

    name: str
    patient: str
    """A pseudonym."""
    verdict: Answer
    readings: tuple[Answer, ...]
    """Of all its readers."""
    assessment: Assessment | None
    """What the model said when the photograph came in."""
    tone: int | None
    """Of the skin, 1 to 10 on the Monk scale; None where nobody recorded it."""


@dataclass(frozen=True)
class UseReason:
    """One reason why a photograph is of use."""

    use: Use
    strength: float
    """Before its weight (0-1)."""


@dataclass(frozen=True)
class Used:
    """A photograph in its place of the order."""

    photo: ReadPhoto
    worth: float
    """The weighted mean of all reasons (0-1)."""
    reasons: tuple[UseReason, ...]
    """Those that hold, the one that adds most first."""


def by_use(photos: Sequence[ReadPhoto], *, weights: UseWeights) -> tuple[Used, ...]:
    """Put photographs in order, the most useful first; equal ones by name.

    Args:
        photos: All that may be looked at once more; what is rare is rare among them.
        weights: Of the trial file.
    """
    rare_score, rare_tone = _rarity(photos, _score), _rarity(photos, _tone_group)
    used = [
        _used(
            photo,
            {
                Use.DISAGREEMENT: _spread(photo.readings),
                Use.FAR_FROM_VERDICT: _distance(photo.assessment, photo.verdict),
                Use.DOUBT: _doubt(photo.assessment),
                Use.RARE_SCORE: rare_score[_score(photo)],
                Use.RARE_TONE: rare_tone[_tone_group(photo)],
            },
            weights,
        )
        for photo in photos
    ]
    return tuple(sorted(used, key=lambda one: (-one.worth, one.photo.name, one.photo.patient)))


def _used(photo: ReadPhoto, strengths: dict[Use, float], weights: UseWeights) -> Used:
    adds = {use: weights.of(use) * strength for use, strength in strengths.items()}
    reasons = sorted((use for use in adds if adds[use] > 0), key=lambda use: -adds[use])
    worth = sum(adds.values()) / sum(weights.of(use) for use in Use)
    return Used(photo, worth, tuple(UseReason(use, strengths[use]) for use in reasons))


def _apart(first: int | None, second: int | None) -> float:
    """Say how far two scores are apart, as a share of the scale; a score and none are as far as can be."""
    if first is None or second is None:
        return float(first is not second)
    return abs(first - second) / MAX_SCORE


def _spread(readings: Sequence[Answer]) -> float:
    return max((_apart(one.score, other.score) for one in readings for other in readings), default=0.0)


def _distance(assessment: Assessment | None, verdict: Answer) -> float:
    return 0.0 if assessment is None else _apart(assessment.score, verdict.score)


def _doubt(assessment: Assessment | None) -> float:
    if assessment is None or assessment.probabilities is None:
        return 0.0
    return 1.0 - max(assessment.probabilities)


def _score(photo: ReadPhoto) -> int | None:
    return photo.verdict.score


def _tone_group(photo: ReadPhoto) -> int | None:
    """Take neighbours on the Monk scale together: 1 and 2, up to 9 and 10."""
    return None if photo.tone is None else (photo.tone + 1) // 2


def _rarity(photos: Sequence[ReadPhoto], kind: Callable[[ReadPhoto], int | None]) -> dict[int | None, float]:
    """Say how rare each kind is beside the most frequent one; of what nobody knows nothing is said."""
    counts = Counter(kind(photo) for photo in photos)
    most = max(counts.values(), default=0)
    return {one: 0.0 if one is None else 1.0 - count / most for one, count in counts.items()}
