"""Whether the model's probabilities mean what they say, and when it says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mottling.agreement.cases import Case
from mottling.agreement.coefficients import exact
from mottling.agreement.intervals import Estimate, estimates, seeded
from mottling.assessment import Assessment
from mottling.scale import SCORES, Status

__all__ = ["AtLeastRate", "Bin", "Calibration", "calibration_of"]

_BINS = 5


@dataclass(frozen=True)
class AtLeastRate:
    """How often the committee says at least a score, and how often the model expected it."""

    score: int
    expected: float
    """Mean probability (0-1)."""
    seen: float
    """Share of the verdicts (0-1)."""
    brier: float


@dataclass(frozen=True)
class Bin:
    """Photographs for which the model was about as sure of its score."""

    photographs: int
    sure: float
    """Mean probability of the score that it proposed (0-1)."""
    right: float
    """Share whose verdict is that score (0-1)."""


@dataclass(frozen=True)
class Calibration:
    """The model's probabilities against the committee's verdicts that are scores."""

    photographs: int
    """With probabilities, and with a verdict that is a score."""
    rates: tuple[AtLeastRate, ...]
    bins: tuple[Bin, ...]
    in_set: Estimate
    """Share of verdicts within the model's prediction set, which is meant to hold 90 %."""
    assessed: int
    abstained: int
    """Photographs that the model called not assessable, or could not read."""
    abstained_where_scored: int
    """Of them, those to which the committee gave a score or at least a score."""


@dataclass(frozen=True)
class _Judged:
    patient: str
    assessment: Assessment
    score: int


def calibration_of(cases: Sequence[Case]) -> Calibration:
    """Compare the model's probabilities with verdicts."""
    said = [case for case in cases if case.assessment is not None]
    abstained = [case for case in said if case.assessment is not None and case.assessment.score is None]
    judged = [one for case in said if (one := _judged(case)) is not None]
    return Calibration(
        photographs=len(judged),
        rates=tuple(_rate(judged, score) for score in SCORES[1:]) if judged else (),
        bins=_bins(judged),
        in_set=_in_set(judged),
        assessed=len(said),
        abstained=len(abstained),
        abstained_where_scored=sum(
            case.verdict is not None and case.verdict.answer.score is not None for case in abstained
        ),
    )


def _judged(case: Case) -> _Judged | None:
    if case.assessment is None or case.assessment.probabilities is None or case.verdict is None:
        return None
    answer = case.verdict.answer
    if answer.status is not Status.SCORED or answer.score is None:
        return None
    return _Judged(case.patient, case.assessment, answer.score)


def _rate(judged: Sequence[_Judged], score: int) -> AtLeastRate:
    expected = np.array([sum((one.assessment.probabilities or ())[score:]) for one in judged])
    seen = np.array([one.score >= score for one in judged], dtype=float)
    brier = float(np.mean((expected - seen) ** 2))
    return AtLeastRate(score, float(expected.mean()), float(seen.mean()), brier)


def _bins(judged: Sequence[_Judged]) -> tuple[Bin, ...]:
    """Sort by how sure the model was, into bins with as many photographs each."""
    sure = [(one.assessment.probabilities or ())[one.assessment.score or 0] for one in judged]
    right = [one.assessment.score == one.score for one in judged]
    order = np.argsort(sure, kind="stable")
    return tuple(
        Bin(len(part), float(np.mean([sure[at] for at in part])), float(np.mean([right[at] for at in part])))
        for part in np.array_split(order, _BINS)
        if len(part)
    )


def _in_set(judged: Sequence[_Judged]) -> Estimate:
    """Count, patient by patient, who is in and who is out: a table whose agreement is the share within."""
    patients = {patient: row for row, patient in enumerate(dict.fromkeys(one.patient for one in judged))}
    tables = np.zeros((len(patients), 2, 2))
    for one in judged:
        tables[patients[one.patient], 0, int(one.score not in one.assessment.prediction_set)] += 1
    return estimates(tables, rng=seeded(), coefficients={"in_set": exact})["in_set"]
