"""Intervals that resample patients: photographs of one patient are alike, so they come and go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from mottling.agreement.coefficients import COEFFICIENTS, Coefficient, Tables

__all__ = ["RESAMPLES", "Estimate", "estimates", "seeded"]

RESAMPLES = 2000
"""Enough for the second digit of a 95 % interval (Efron and Tibshirani 1993, chapter 14)."""

_LEVEL = 0.95

# Fewer patients than this say nothing of how patients vary.
_FEWEST_PATIENTS = 5

# A coefficient that fails on more resamples than this has no honest interval.
_MOST_FAILED = 0.05

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
    """Give coefficients with intervals from a bootstrap over patients (bias-corrected and accelerated).

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
        name: _estimate(float(value_of(total)), value_of(drawn), value_of(left_out))
        for name, value_of in coefficients.items()
    }


def _drawn(by_patient: Tables, *, rng: np.random.Generator, resamples: int) -> Tables:
    patients, scores, _ = by_patient.shape
    times = rng.multinomial(patients, np.full(patients, 1 / patients), size=resamples)
    drawn: Tables = (times @ by_patient.reshape(patients, -1)).reshape(resamples, scores, scores)
    return drawn


def _estimate(value: float, drawn: NDArray[np.float64], left_out: NDArray[np.float64]) -> Estimate:
    drawn = drawn[np.isfinite(drawn)] if np.isnan(drawn).mean() <= _MOST_FAILED else drawn[:0]
    if np.isnan(value) or not len(drawn) or np.ptp(drawn) == 0:
        return Estimate(_or_none(value))
    low, high = np.quantile(drawn, _ends(value, drawn, left_out[np.isfinite(left_out)]))
    return Estimate(value, float(low), float(high))


def _ends(value: float, drawn: NDArray[np.float64], left_out: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say which quantiles of the resamples are the ends (Efron 1987, BCa).

    Resamples that give the very value count half: scores are few, and ties are many.
    """
    below = (np.mean(drawn < value) + np.mean(drawn <= value)) / 2
    half = 1 / (2 * len(drawn))
    bias = ndtri(np.clip(below, half, 1 - half))
    away = left_out.mean() - left_out
    spread = (away**2).sum() ** 1.5
    acceleration = (away**3).sum() / (6 * spread) if spread > 0 else 0.0
    tail = (1 - _LEVEL) / 2
    moved = bias + ndtri(np.array([tail, 1 - tail]))
    ends: NDArray[np.float64] = ndtr(bias + moved / (1 - acceleration * moved))
    return ends


def _or_none(value: float | NDArray[np.float64]) -> float | None:
    return None if np.isnan(value) else float(value)
