"""Intervals that resample patients: photographs of one patient are alike, so they come and go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

from mottling.agreement.coefficients import (
    COEFFICIENTS,
    Coefficient,
    Tables,
    Values,
    mean_absolute_difference,
    mean_difference,
)

__all__ = ["RESAMPLES", "Estimate", "estimates", "seeded"]

RESAMPLES = 2000
"""Enough for the second digit of a 95 % interval (Efron and Tibshirani 1993, chapter 14)."""

_LEVEL = 0.95

# Fewer patients than this say nothing of how patients vary.
_FEWEST_PATIENTS = 5

# A coefficient that fails on more resamples than this has no honest interval.
_MOST_FAILED = 0.05

# Rounding leaves so much where algebra leaves none.
_AT_THE_WALL = 1e-9

_SEED = 20111


@dataclass(frozen=True)
class Estimate:
    """One figure with its 95 % interval."""

    value: float | None
    """None where it is not estimable."""
    low: float | None = None
    """None where the patients are too few, or too alike, for an interval."""
    high: float | None = None


def seeded() -> np.random.Generator:
    """Give the generator of every report, so that the same records give the same intervals."""
    return np.random.default_rng(_SEED)


def estimates(
    by_patient: Tables,
    *,
    rng: np.random.Generator,
    coefficients: Mapping[str, Coefficient] = COEFFICIENTS,
    resamples: int = RESAMPLES,
) -> Mapping[str, Estimate]:
    """Give coefficients with 95 % intervals from a bootstrap over patients.

    An interval reaches as many spreads of the resamples to each side as Student's t says, on a scale on which
    the figure has no wall. Where resamples stand at the wall, for nearly everything agrees, its ends are
    percentiles of the resamples, bias-corrected and accelerated, moved outwards by the same t.

    Args:
        by_patient: (patients, q, q): one table of counts a patient.
        rng: Draws the patients.
        coefficients: Which ones, by name.
        resamples: How many times the patients are drawn.
    """
    total = by_patient.sum(0)
    if len(by_patient) < _FEWEST_PATIENTS:
        return {name: Estimate(_or_none(value_of(total))) for name, value_of in coefficients.items()}
    drawn = _drawn(by_patient, rng=rng, resamples=resamples)
    left_out = total - by_patient
    return {
        name: _estimate(float(value_of(total)), value_of(drawn), value_of(left_out), value_of)
        for name, value_of in coefficients.items()
    }


def _drawn(by_patient: Tables, *, rng: np.random.Generator, resamples: int) -> Tables:
    patients, scores, _ = by_patient.shape
    times = rng.multinomial(patients, np.full(patients, 1 / patients), size=resamples)
    drawn: Tables = (times @ by_patient.reshape(patients, -1)).reshape(resamples, scores, scores)
    return drawn


def _estimate(
    value: float, drawn: NDArray[np.float64], left_out: NDArray[np.float64], value_of: Coefficient
) -> Estimate:
    drawn = drawn[np.isfinite(drawn)] if np.isnan(drawn).mean() <= _MOST_FAILED else drawn[:0]
    if np.isnan(value) or not len(drawn) or np.ptp(drawn) == 0:
        return Estimate(_or_none(value))
    left_out = left_out[np.isfinite(left_out)]
    away = left_out.mean() - left_out
    at, spread = _at_and_spread(value, drawn, value_of)
    if np.isfinite(at) and np.isfinite(spread):
        reach = _reach(away) * spread
        low, high = sorted(_back(at + np.array([-reach, reach]), value_of))
    else:
        low, high = np.quantile(drawn, _percentiles(value, drawn, away))
    return Estimate(value, float(low), float(high))


def _at_and_spread(value: float, drawn: NDArray[np.float64], value_of: Coefficient) -> tuple[float, float]:
    """Give a figure and how its resamples spread, on the scale without a wall; not finite where it fails.

    It fails where the figure, or more than a few of the resamples, stand at the wall.
    """
    at = float(_stretched(np.array([value]), value_of)[0])
    stretched = _stretched(drawn, value_of)
    kept = stretched[np.isfinite(stretched)]
    is_at_the_wall = len(kept) < (1 - _MOST_FAILED) * len(drawn)
    return at, np.inf if is_at_the_wall else float(kept.std(ddof=1))


def _stretched(values: Values, value_of: Coefficient) -> Values:
    """Put a figure on a scale without a wall; at the wall it is infinite.

    Agreement ends at 1 and a distance between scores at 0; the ends of a mean difference are far away.
    """
    if value_of is mean_difference:
        return values
    room = values if value_of is mean_absolute_difference else 1 - values
    is_off = room > _AT_THE_WALL
    return np.where(is_off, np.log(np.where(is_off, room, 1.0)), -np.inf)


def _back(stretched: Values, value_of: Coefficient) -> Values:
    if value_of is mean_difference:
        return stretched
    return np.exp(stretched) if value_of is mean_absolute_difference else 1 - np.exp(stretched)


def _percentiles(value: float, drawn: NDArray[np.float64], away: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say which quantiles of the resamples are the ends (Efron 1987, BCa).

    Resamples that give the very value count half: scores are few, and ties are many.
    """
    below = (np.mean(drawn < value) + np.mean(drawn <= value)) / 2
    half = 1 / (2 * len(drawn))
    bias = ndtri(np.clip(below, half, 1 - half))
    spread = (away**2).sum() ** 1.5
    acceleration = (away**3).sum() / (6 * spread) if spread > 0 else 0.0
    reach = _reach(away)
    moved = bias + np.array([-reach, reach])
    ends: NDArray[np.float64] = ndtr(bias + moved / (1 - acceleration * moved))
    return ends


def _reach(away: NDArray[np.float64]) -> float:
    """Say how many spreads of the resamples an interval reaches to each side: Student's t, and not 1.96.

    A bootstrap takes the spread that it saw for the true one. The degrees of freedom are those of that spread
    (Satterthwaite 1946, by the fourth moment of the jackknife values), at most one less than there are
    patients: where few of them, such as those with high scores, carry a figure, its spread is as unsure as in
    a trial of few. Resamples of n patients spread less than samples do, by the root of (n - 1) / n.

    Args:
        away: By how much the figure changes without each patient, centred.
    """
    patients = len(away)
    square = (away**2).mean()
    excess = (away**4).mean() / square**2 - 1 if square > 0 else 0.0
    freedom = patients - 1.0 if excess <= 0 else min(patients - 1.0, max(1.0, 2 * patients / excess))
    return float(np.sqrt(patients / (patients - 1)) * stdtrit(freedom, (1 + _LEVEL) / 2))


def _or_none(value: float | NDArray[np.float64]) -> float | None:
    return None if np.isnan(value) else float(value)
