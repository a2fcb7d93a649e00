"""Replays what a trial learns from its patients: `python -m training.learning_curve SET --out DIR`.

SET is a rendered set that the model has not met; a view is a patient. Some patients are kept apart to measure
on. Of the others the first 20, 50, 100 and so on are read, by readers who err, and the rules of scoring are
fitted to what they read (`training.replay`); the network stays as it is. Each number of patients is drawn
several times. What was looked at and what was fitted is kept in DIR: a call that was cut off goes on there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from mottling.errors import MottlingError, TrainingRefused
from mottling.imaging.contract import ScoringRules
from mottling.imaging.segmentation import Segmentation
from mottling.registry import Registry
from mottling.scale import SCORES, Status
from training.fitting import Observed, patient_score
from training.kept_observations import observe_once
from training.measuring_patients import told_by
from training.metrics import kappa
from training.provenance import command_line
from training.replay import Learnt, confusion, learn, read_with_noise
from training.truths import read_truths

__all__ = ["CurveOrder", "Gain", "Point", "gains_of", "main", "replay"]

_REFUSED = -1
_RESAMPLES = 1000
_INTERVAL = (2.5, 97.5)


@dataclass(frozen=True)
class CurveOrder:
    """What to replay."""

    photographs: Path
    out: Path
    models: Path
    model: str | None = None
    """None for the one in use."""
    sizes: tuple[int, ...] = (20, 50, 100, 200, 500, 1000)
    """Patients that are read; more than there are is left out."""
    tested: int = 150
    """Patients to measure on, the same for every size and draw."""
    draws: int = 5
    seed: int = 1


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
class _Tested:
    """The patients kept apart: what is true of them, and what the rules in use say."""

    truth: NDArray[np.int64]
    before: NDArray[np.int64]


def replay(order: CurveOrder) -> tuple[_Tested, tuple[Point, ...]]:
    """Fit rules to growing numbers of patients; what is kept already is not fitted again.

    Raises:
        ModelRefused: There is no such model.
        TrainingRefused: The set is too small.
    """
    registry = Registry.open(order.models)
    model = registry.active() if order.model is None else registry.find(order.model)
    network = Segmentation(model.load(), name=model.name)
    order.out.mkdir(parents=True, exist_ok=True)
    first_of = {photo.cluster: photo for photo in reversed(read_truths(order.photographs))}
    photos = tuple(first_of[cluster] for cluster in sorted(first_of))
    observed = observe_once(photos, network, kept=order.out / f"{model.sha256[:12]}.seen.jsonl")
    patients = [one for one in observed if one.truth.score is not None]
    if len(patients) < order.tested + order.sizes[0]:
        raise TrainingRefused(
            f"{order.photographs} holds {len(patients)} patients with a score; {order.tested} are kept apart",
            remedy="Render more views, or keep fewer apart",
        )
    shuffled = np.random.default_rng(order.seed).permutation(len(patients))
    apart = [patients[place] for place in shuffled[: order.tested]]
    others = [patients[place] for place in shuffled[order.tested :]]
    rules = network.contract.scoring
    scored = [one for one in apart if one.truth.status is Status.SCORED]
    tested = _Tested(np.array([one.truth.score for one in scored]), _scores(scored, rules))
    kept = order.out / f"{model.sha256[:12]}.{order.seed}.{order.tested}.points.jsonl"
    return tested, tuple(_points(order, others, scored, rules=rules, kept=kept))


def _points(
    order: CurveOrder,
    others: Sequence[Observed],
    scored: Sequence[Observed],
    *,
    rules: ScoringRules,
    kept: Path,
) -> Iterator[Point]:
    lines = kept.read_text("utf-8").splitlines(keepends=True) if kept.exists() else []
    whole = [Point.model_validate_json(line) for line in lines if line.endswith("\n")]
    known = {(point.learnt, point.patients, point.draw): point for point in whole}
    kept.write_text("".join(point.model_dump_json() + "\n" for point in whole), "utf-8")
    chances = confusion(_shares(others))
    for draw in range(order.draws):
        rng = np.random.default_rng((order.seed, draw))
        drawn = [others[place] for place in rng.permutation(len(others))]
        read = read_with_noise(drawn, chances, rng=rng)
        for size in [size for size in order.sizes if size <= len(others)]:
            for learnt in Learnt:
                point = known.get((learnt, size, draw))
                if point is None:
                    fitted = learn(read[:size], learnt, start=rules)
                    ours = tuple(_scores(scored, fitted).tolist())
                    point = Point(learnt=learnt, patients=size, draw=draw, ours=ours)
                    with kept.open("a", encoding="utf-8") as file:
                        file.write(point.model_dump_json() + "\n")
                yield point


def _shares(observed: Sequence[Observed]) -> NDArray[np.float64]:
    scores = [one.truth.score for one in observed]
    return np.array([scores.count(score) for score in SCORES]) / len(scores)


def _scores(observed: Sequence[Observed], rules: ScoringRules) -> NDArray[np.int64]:
    return np.array([_score(one, rules) for one in observed])


def _score(one: Observed, rules: ScoringRules) -> int:
    """Score as the runtime does; what it would refuse as unclear has none."""
    score = patient_score(one, rules=rules).reading.score if one.legs else None
    return _REFUSED if score is None or one.readable < rules.readable_from else score


def gains_of(tested: _Tested, points: Sequence[Point], *, seed: int = 1) -> tuple[Gain, ...]:
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


def _tell(tested: _Tested, points: Sequence[Point]) -> Iterator[str]:
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


def _tell_precision(tested: _Tested, sizes: Sequence[int], *, seed: int) -> Iterator[str]:
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, replay and print the table."""
    given = _parser().parse_args(arguments)
    order = CurveOrder(
        given.photographs,
        given.out,
        given.models,
        model=given.model,
        sizes=tuple(sorted(given.sizes)),
        tested=given.tested,
        draws=given.draws,
        seed=given.seed,
    )
    try:
        tested, points = replay(order)
    except MottlingError as error:
        print(error)
        return 1
    lines = [*_tell(tested, points), *_tell_precision(tested, order.sizes, seed=order.seed)]
    command = command_line("training.learning_curve", sys.argv[1:] if arguments is None else arguments)
    (order.out / "curve.md").write_text("\n".join([f"`{command}`", "", *lines]) + "\n", "utf-8")
    print("\n".join(lines))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.learning_curve", description=__doc__)
    parser.add_argument("photographs", type=Path, metavar="SET", help="rendered, never met by the model")
    parser.add_argument("--out", type=Path, required=True, help="what is kept, and curve.md")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    parser.add_argument("--model", help="by its name; the one in use when not given")
    parser.add_argument("--sizes", type=int, nargs="+", default=CurveOrder.sizes, help="patients read")
    parser.add_argument("--tested", type=int, default=CurveOrder.tested, help="patients kept apart")
    parser.add_argument("--draws", type=int, default=CurveOrder.draws, help="of each number of patients")
    parser.add_argument("--seed", type=int, default=CurveOrder.seed)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
