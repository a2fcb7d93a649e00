"""Where a model was far off, and whether its probabilities can be believed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mottling.scale import LegReading, Status
from training.measuring.evaluation import Failure, ReliabilityBin
from training.measuring.outcomes import Outcome
from training.measuring.truths import TruePhoto

__all__ = ["reliability_of", "worst_failures"]

_MOST_FAILURES = 24
_BINS = 8
_FEWEST = 5

# A confident answer where nobody could give one weighs as much as a score that is off by two; a refusal of
# what could be read, as much as one that is off by one and a half.
_ANSWERED_ANYWAY = 2.0
_REFUSED = 1.5


def worst_failures(photos: Sequence[TruePhoto], outcomes: Sequence[Outcome]) -> tuple[Failure, ...]:
    """Give the photographs on which the model was furthest off, the worst first.

    Args:
        photos: As measured.
        outcomes: Of the same photographs, in the same order.
    """
    found = [(_how_far(one.truth, one.ours), photo, one) for photo, one in zip(photos, outcomes, strict=True)]
    wrong = sorted((one for one in found if one[0] > 0), key=lambda one: (-one[0], one[1].photo.name))
    return tuple(
        Failure(photo=photo.photo.name, truth=one.truth, ours=one.ours)
        for _, photo, one in wrong[:_MOST_FAILURES]
    )


def _how_far(truth: LegReading, ours: LegReading) -> float:
    if truth.score is None or ours.score is None:
        if truth.score == ours.score:
            return 0.0
        return _ANSWERED_ANYWAY if truth.score is None else _REFUSED
    if truth.status is Status.AT_LEAST:
        return float(max(0, truth.score - ours.score))
    return float(abs(truth.score - ours.score))


def reliability_of(outcomes: Sequence[Outcome]) -> tuple[ReliabilityBin, ...]:
    """Set the probability of any mottling against how often there was some, in bins of equal counts."""
    sure = [one for one in outcomes if one.truth.score is not None and one.ours.score is not None]
    if len(sure) < _FEWEST:
        return ()
    said = np.array([one.fires for one in sure])
    mottled = np.array([(one.truth.score or 0) > 0 for one in sure], float)
    order = np.argsort(said, kind="stable")
    parts = np.array_split(order, max(1, min(_BINS, len(sure) // _FEWEST)))
    return tuple(
        ReliabilityBin(
            predicted=round(float(said[part].mean()), 4),
            observed=round(float(mottled[part].mean()), 4),
            count=len(part),
        )
        for part in parts
    )
