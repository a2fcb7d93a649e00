"""Replays what a trial learns from its patients: `python -m training.learning_curve SET --out DIR`.

SET is a rendered set that the model has not met; a view is a patient. Some patients are kept apart to measure
on. Of the others the first 20, 50, 100 and so on are read, by readers who err, and the rules of scoring are
fitted to what they read (`training.rules.replay`); the network stays as it is. Each number of patients is
drawn several times. What was looked at and what was fitted is kept in DIR: a call that was cut off goes on
there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mottling.errors import MottlingError, TrainingRefused
from mottling.imaging.contract import ScoringRules
from mottling.imaging.segmentation import Segmentation
from mottling.registry import Registry
from mottling.scale import Status
from training.curves.curve_points import KeptPoints, Point, Tested, scores_of, shares_of
from training.curves.page import SIZES, add_options, write_page
from training.measuring.truths import read_truths
from training.provenance import command_line
from training.rules.fitting import Observed
from training.rules.kept_observations import observe_once
from training.rules.replay import RULES_ALONE, confusion, learn, read_with_noise

__all__ = ["CurveOrder", "main", "replay"]


@dataclass(frozen=True)
class CurveOrder:
    """What to replay."""

    photographs: Path
    out: Path
    models: Path
    model: str | None = None
    """None for the one in use."""
    sizes: tuple[int, ...] = SIZES
    tested: int = 150
    """Patients to measure on, the same for every size and draw."""
    draws: int = 5
    seed: int = 1


def replay(order: CurveOrder) -> tuple[Tested, tuple[Point, ...]]:
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
    tested = Tested(np.array([one.truth.score for one in scored]), scores_of(scored, rules))
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
    points = KeptPoints(kept)
    chances = confusion(shares_of(others))
    for draw in range(order.draws):
        rng = np.random.default_rng((order.seed, draw))
        drawn = [others[place] for place in rng.permutation(len(others))]
        read = read_with_noise(drawn, chances, rng=rng)
        for size in [size for size in order.sizes if size <= len(others)]:
            for learnt in RULES_ALONE:
                point = points.find(learnt, size, draw)
                if point is None:
                    fitted = learn(read[:size], learnt, start=rules)
                    ours = tuple(scores_of(scored, fitted).tolist())
                    point = Point(learnt=learnt, patients=size, draw=draw, ours=ours)
                    points.keep(point)
                yield point


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
    command = command_line("training.learning_curve", sys.argv[1:] if arguments is None else arguments)
    print(write_page(tested, points, out=order.out, sizes=order.sizes, seed=order.seed, command=command))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.learning_curve", description=__doc__)
    parser.add_argument("photographs", type=Path, metavar="SET", help="rendered, never met by the model")
    add_options(parser, tested=CurveOrder.tested, draws=CurveOrder.draws)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
