"""How well so many read patients tell how good a model is: from 20 on, and against readers who err."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mottling.scale import SCORES
from training.measuring.metrics import Ints, kappa

__all__ = ["Told", "told_by"]

_TIMES = 1000
_INTERVAL = (2.5, 97.5)


@dataclass(frozen=True)
class Told:
    """In 95 of 100 trials of so many patients, what is measured of the same model lies between these."""

    patients: int
    exact: tuple[float, float]
    kappa: tuple[float, float]
    """Quadratic, against the truth."""
    kappa_read: tuple[float, float]
    """Quadratic, against what readers say who err."""


def told_by(
    scores: tuple[Ints, Ints],
    chances: NDArray[np.float64],
    *,
    sizes: Sequence[int],
    rng: np.random.Generator,
) -> Iterator[Told]:
    """Draw trials from the same patients, with replacement.

    Args:
        scores: What is true, and what the model says, of each patient that it gives a score.
        chances: Of each reading, (truth, read).
        sizes: Patients of a trial.
        rng: Draws patients and readings.
    """
    truth, ours = scores
    for size in sizes:
        found = np.array([_one(truth, ours, chances, size=size, rng=rng) for _ in range(_TIMES)])
        low, high = np.nanpercentile(found, _INTERVAL, axis=0)
        exact, true_kappa, read_kappa = zip(low.tolist(), high.tolist(), strict=True)
        yield Told(size, exact, true_kappa, read_kappa)


def _one(
    truth: Ints, ours: Ints, chances: NDArray[np.float64], *, size: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    drawn = rng.integers(len(truth), size=size)
    true, said = truth[drawn], ours[drawn]
    ends = chances.cumsum(axis=1)
    read = (rng.random(size)[:, None] > ends[true]).sum(axis=1).clip(0, len(SCORES) - 1)
    return float((true == said).mean()), kappa(true, said, power=2), kappa(read, said, power=2)
