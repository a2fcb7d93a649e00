"""What a simulated trial learned from so many patients, kept and told: for the learning curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from mottling.imaging.contract import ScoringRules
from mottling.scale import SCORES
from training.curves.measuring_patients import told_by
from training.measuring.metrics import kappa
from training.rules.fitting import Observed, patient_score
from training.rules.replay import Learnt, confusion

__all__ = [
    "Gain",
    "KeptPoints",
    "Point",
    "Tested",
    "gains_of",
    "scores_of",
    "shares_of",
    "tell",
    "tell_precision",
]

_REFUSED = -1
_RESAMPLES = 1000
_INTERVAL = (2.5, 97.5)


class Point(BaseModel):
    """One draw of so many patients: what the rules that were fitted to them say of those kept apart."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    learnt: Learnt
    patients: int
    draw: int
    ours: tuple[int, ...]
    """The score of each patient kept apart; -1 where there is none."""


@dataclass(frozen=True)
class Gain:
    """How much the rules in use gain, on average over the draws, with 95 % over the patients kept apart."""

    learnt: Learnt
    patients: int
    figures: dict[str, tuple[float, float, float]]
    """By name: the gain, and the interval's lower and upper end."""
    worst: float
    """Gain of exact scores of the worst draw."""


@dataclass(frozen=True)
class Tested:
    """The patients kept apart: what is true of them, and what the rules in use say."""

    truth: NDArray[np.int64]
    before: NDArray[np.int64]


class KeptPoints:
    """Points in a file, a line each: a call that was cut off goes on there."""

    def __init__(self, file: Path) -> None:
        """Read whole lines; one that was cut off is fitted again."""
        lines = file.read_text("utf-8").splitlines(keepends=True) if file.exists() else []
        whole = [Point.model_validate_json(line) for line in lines if line.endswith("\n")]
        self._known = {(point.learnt, point.patients, point.draw): point for point in whole}
        self._file = file
        file.write_text("".join(point.model_dump_json() + "\n" for point in whole), "utf-8")

    def find(self, learnt: Learnt, patients: int, draw: int) -> Point | None:
        """Give what was kept of one draw of so many patients."""
        return self._known.get((learnt, patients, draw))

    def keep(self, point: Point) -> None:
        """Add a point."""
        self._known[point.learnt, point.patients, point.draw] = point
        with self._file.open("a", encoding="utf-8") as file:
            file.write(point.model_dump_json() + "\n")


def shares_of(observed: Sequence[Observed]) -> NDArray[np.float64]:
    """Give how common each true score is."""
    scores = [one.truth.score for one in observed]
    return np.array([scores.count(score) for score in SCORES]) / len(scores)


def scores_of(observed: Sequence[Observed], rules: ScoringRules) -> NDArray[np.int64]:
    """Score each patient; -1 where there is no score."""
    return np.array([_score(one, rules) for one in observed])


def _score(one: Observed, rules: ScoringRules) -> int:
    """Score as the runtime does; what it would refuse as unclear has none."""
    score = patient_score(one, rules=rules).reading.score if one.legs else None
    return _REFUSED if score is None or one.readable < rules.readable_from else score


def gains_of(tested: Tested, points: Sequence[Point], *, seed: int = 1) -> tuple[Gain, ...]:
    """Compare with the rules in use on the same patients, drawn again with replacement for the interval."""
    count = len(tested.truth)
    rng = np.random.default_rng(seed)
    samples = [np.arange(count), *(rng.integers(count, size=count) for _ in range(_RESAMPLES))]
    before = np.array([_figures(tested.truth[rows], tested.before[rows]) for rows in samples])
    names = ["exact", "kappa", "alarms"]
    found = []
    for patients, learnt in sorted({(point.patients, point.learnt) for point in points}):
        ours = [np.array(p.ours) for p in points if (p.patients, p.learnt) == (patients, learnt)]
        after = np.array([[_figures(tested.truth[rows], one[rows]) for rows in samples] for one in ours])
        gain = after.mean(axis=0) - before  # (samples, figures)
        low, high = np.nanpercentile(gain[1:], _INTERVAL, axis=0)
        figures = {n: (float(gain[0, k]), float(low[k]), float(high[k])) for k, n in enumerate(names)}
        found.append(Gain(learnt, patients, figures, float((after[:, 0, 0] - before[0, 0]).min())))
    return tuple(found)


def _figures(truth: NDArray[np.int64], ours: NDArray[np.int64]) -> tuple[float, float, float]:
    """Exact scores of all; quadratic kappa of what has a score; healthy legs that are called mottled."""
    has = ours != _REFUSED
    healthy = truth == 0
    alarms = float((ours[healthy] > 0).mean()) if healthy.any() else float("nan")
    return float((truth == ours).mean()), kappa(truth[has], ours[has], power=2), alarms


def tell(tested: Tested, points: Sequence[Point]) -> Iterator[str]:
    """Say what each number of patients gained, as a table."""
    exact, agreement, alarms = _figures(tested.truth, tested.before)
    yield (
        f"Rules in use, on {len(tested.truth)} patients kept apart, {(tested.truth == 0).sum()} of them "
        f"healthy: exact {exact:.2f}, quadratic kappa {agreement:.2f}, alarms {alarms:.2f}"
    )
    yield ""
    yield "| patients read | what is fitted | exact | quadratic kappa | alarms, healthy | exact, worst draw |"
    yield "|---|---|---|---|---|---|"
    for gain in gains_of(tested, points):
        cells = [f"{value:+.3f} ({low:+.3f} to {high:+.3f})" for value, low, high in gain.figures.values()]
        yield f"| {gain.patients} | {gain.learnt} | {' | '.join(cells)} | {gain.worst:+.3f} |"


def tell_precision(tested: Tested, sizes: Sequence[int], *, seed: int) -> Iterator[str]:
    """Say what the rules in use would look like in trials of so many patients like those kept apart."""
    has = tested.before != _REFUSED
    truth, ours = tested.truth[has], tested.before[has]
    shares = np.bincount(truth, minlength=len(SCORES)) / len(truth)
    yield ""
    yield "| patients to measure on | exact | quadratic kappa | quadratic kappa, against readers who err |"
    yield "|---|---|---|---|"
    for told in told_by((truth, ours), confusion(shares), sizes=sizes, rng=np.random.default_rng(seed)):
        cells = [f"{low:.2f} to {high:.2f}" for low, high in (told.exact, told.kappa, told.kappa_read)]
        yield f"| {told.patients} | {' | '.join(cells)} |"
