"""How well scores agree, each figure with an interval over patients.

Quadratic kappa flatters: with the real mix of scores, one answer in four wrong by one still gives about 0.92.
Exact agreement, linear kappa, the mean error and recall by score therefore always stand beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from mottling.scale import SCORES

__all__ = ["Clustered", "Figure", "Scores", "agreement", "auc", "kappa", "share_above_zero", "with_interval"]

Ints = NDArray[np.int64]
Floats = Sequence[float] | NDArray[np.float64]

_RESAMPLES = 400
_INTERVAL = (2.5, 97.5)


@dataclass(frozen=True)
class Figure:
    """A figure, its 95 % interval and how many photographs it rests on; None: not estimable."""

    value: float | None
    low: float | None
    high: float | None
    count: int


class Clustered(Protocol):
    """Rows of which some belong together: those of one view, or of one person."""

    @property
    def cluster(self) -> Ints:
        """For each row, the number of its group."""

    def take(self, chosen: NDArray[Any]) -> Self:
        """Keep some of the rows, by mask or index."""


_Rows = TypeVar("_Rows", bound=Clustered)


@dataclass(frozen=True)
class Scores:
    """Scores of the same photographs: the truth, ours, and whose picture each is."""

    truth: Ints
    ours: Ints
    cluster: Ints
    """Photographs of one view or person share a number: they do not count as independent."""

    def __post_init__(self) -> None:
        assert self.truth.shape == self.ours.shape == self.cluster.shape

    def take(self, chosen: NDArray[Any]) -> Scores:
        """Keep some of the photographs, by mask or index."""
        return Scores(self.truth[chosen], self.ours[chosen], self.cluster[chosen])


def agreement(scores: Scores, *, rng: np.random.Generator) -> dict[str, Figure]:
    """Every figure of agreement between our scores and the truth."""
    figures: dict[str, Callable[[Scores], float]] = {
        "quadratic_kappa": lambda s: kappa(s.truth, s.ours, power=2),
        "linear_kappa": lambda s: kappa(s.truth, s.ours, power=1),
        "exact": lambda s: float((s.truth == s.ours).mean()),
        "within_one": lambda s: float((abs(s.truth - s.ours) <= 1).mean()),
        "mean_absolute_error": lambda s: float(abs(s.truth - s.ours).mean()),
    }
    found = {name: with_interval(scores, figure, rng=rng) for name, figure in figures.items()}
    for score in SCORES:
        of_score = scores.take(scores.truth == score)
        found[f"recall_{score}"] = with_interval(of_score, figures["exact"], rng=rng)
    return found


def share_above_zero(scores: Scores, *, rng: np.random.Generator) -> Figure:
    """Part of the photographs that we score above 0."""
    return with_interval(scores, lambda s: float((s.ours > 0).mean()), rng=rng)


def auc(positive: Floats, negative: Floats) -> float | None:
    """Chance that a positive stands above a negative, ties counting half; None when either is missing."""
    if len(positive) == 0 or len(negative) == 0:
        return None
    below = np.sort(np.asarray(negative))
    lower = np.searchsorted(below, positive, side="left")
    not_higher = np.searchsorted(below, positive, side="right")
    return float((lower + not_higher).mean() / (2 * len(below)))


def with_interval(rows: _Rows, figure: Callable[[_Rows], float], *, rng: np.random.Generator) -> Figure:
    """Compute a figure and the spread it has when whole clusters are drawn again with replacement."""
    count = len(rows.cluster)
    if count == 0:
        return Figure(None, None, None, 0)
    value = figure(rows)
    names, members = np.unique(rows.cluster, return_inverse=True)
    groups = [np.flatnonzero(members == index) for index in range(len(names))]
    drawn = [
        figure(rows.take(np.concatenate([groups[i] for i in rng.integers(len(groups), size=len(groups))])))
        for _ in range(_RESAMPLES)
    ]
    finite = np.array(drawn)[np.isfinite(drawn)]
    if not np.isfinite(value) or len(finite) == 0:
        return Figure(None, None, None, count)
    low, high = np.percentile(finite, _INTERVAL)
    return Figure(round(value, 4), round(float(low), 4), round(float(high), 4), count)


def kappa(truth: Ints, ours: Ints, *, power: int) -> float:
    """Cohen's kappa: agreement beyond chance, disagreement weighed by its distance to a power.

    Args:
        truth: Scores, 0-5.
        ours: Of the same photographs.
        power: 1 for linear weights, 2 for quadratic ones.

    Returns:
        Not a number when the truth is one score only: agreement beyond chance has no meaning there.
    """
    if len(np.unique(truth)) < 2:
        return float("nan")
    kinds = len(SCORES)
    table = np.bincount(truth * kinds + ours, minlength=kinds * kinds).reshape(kinds, kinds)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / max(len(truth), 1)
    rows, columns = np.indices(table.shape)
    weight = np.abs(rows - columns) ** power
    by_chance = float((weight * expected).sum())
    return 1 - float((weight * table).sum()) / by_chance if by_chance > 0 else float("nan")
