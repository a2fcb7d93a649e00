"""Replays what a trial's patients teach the head: `python -m training.head_curve SET SET --out DIR`.

Each SET is a site: rendered photographs that the model has not met; a view is a patient, and those that
calibrated the model are left out. Some patients are kept apart to measure on. Of the others the first 20, 50
and so on up to 1,000 are read, by readers who err, and teach the rules of scoring (`training.rules.replay`)
or the mottling head and the rules (`training.last_layer.head`). What was looked at and what was fitted is
kept in DIR: a call that was cut off goes on there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from mottling.errors import MottlingError, TrainingRefused
from mottling.imaging.contract import ScoringRules
from mottling.registry import Model, Registry
from mottling.scale import Status
from training.curves.curve_points import KeptPoints, Point, Tested, scores_of, shares_of
from training.curves.page import SIZES, add_options, write_page
from training.last_layer.head import Head, HeadSettings, learn_head, seen_by
from training.last_layer.head_cells import Cells, keep_cells
from training.measuring.truths import TruePhoto, read_truths
from training.network.onnx_file import contract_of
from training.provenance import command_line
from training.rules.calibration import read_calibration, without
from training.rules.fitting import Observed
from training.rules.replay import RULES_ALONE, Learnt, confusion, learn, read_with_noise
from training.running.checkpoint import WEIGHTS, load_weights

__all__ = ["HeadCurveOrder", "main", "replay"]


@dataclass(frozen=True)
class HeadCurveOrder:
    """What to replay."""

    sites: tuple[Path, ...]
    out: Path
    models: Path
    model: str | None = None
    """None for the one in use."""
    sizes: tuple[int, ...] = SIZES
    tested: int = 200
    """Patients to measure on, the same for every size and draw."""
    draws: int = 4
    seed: int = 1
    workers: int = 1


@dataclass(frozen=True)
class _Trial:
    """What every draw shares."""

    head: Head
    rules: ScoringRules
    others: tuple[Cells, ...]
    """Patients to read."""
    scored: tuple[Cells, ...]
    """Patients kept apart whose score is no lower bound."""
    chances: NDArray[np.float64]
    """Of each reading, (truth, read)."""


def replay(order: HeadCurveOrder) -> tuple[Tested, tuple[Point, ...]]:
    """Teach the model with growing numbers of patients; what is kept already is not fitted again.

    Raises:
        ModelRefused: There is no such model, or its file was altered.
        TrainingRefused: Its weights are missing, or the sites are too small.
    """
    registry = Registry.open(order.models)
    model = registry.active() if order.model is None else registry.find(order.model)
    rules = contract_of(model.load()).scoring
    order.out.mkdir(parents=True, exist_ok=True)
    kept = order.out / f"{model.sha256[:12]}.cells"
    cells = keep_cells(_patients(order, model), model.folder, kept=kept, workers=order.workers)
    if len(cells) < order.tested + order.sizes[0]:
        raise TrainingRefused(
            f"The sites hold {len(cells)} patients with a score that the model has not met; {order.tested} "
            "are kept apart",
            remedy="Render more views, or keep fewer apart",
        )
    shuffled = [cells[place] for place in np.random.default_rng(order.seed).permutation(len(cells))]
    apart, others = shuffled[: order.tested], tuple(shuffled[order.tested :])
    head = Head(load_weights(model.folder / WEIGHTS))
    scored = tuple(one for one in apart if one.truth.status is Status.SCORED)
    before = [seen_by(head, one, rules=rules) for one in scored]
    tested = Tested(np.array([one.truth.score for one in scored]), scores_of(before, rules))
    chances = confusion(shares_of([seen_by(head, one, rules=rules) for one in others]))
    points = KeptPoints(order.out / f"{model.sha256[:12]}.{order.seed}.{order.tested}.points.jsonl")
    return tested, tuple(_points(order, _Trial(head, rules, others, scored, chances), points))


def _patients(order: HeadCurveOrder, model: Model) -> list[TruePhoto]:
    """Take one photograph a patient, by site."""
    calibration = read_calibration(model.folder)
    photos: dict[str, TruePhoto] = {}
    for site in order.sites:
        for photo in without(read_truths(site), calibration):
            if photo.reading.score is not None:
                photos.setdefault(photo.cluster, photo)
    return list(photos.values())


def _points(order: HeadCurveOrder, trial: _Trial, points: KeptPoints) -> Iterator[Point]:
    for draw in range(order.draws):
        rng = np.random.default_rng((order.seed, draw))
        drawn = [trial.others[place] for place in rng.permutation(len(trial.others))]
        seen = [seen_by(trial.head, one, rules=trial.rules) for one in drawn]
        noisy = read_with_noise(seen, trial.chances, rng=rng)
        read = [(one, replace(cells, truth=one.truth)) for one, cells in zip(noisy, drawn, strict=True)]
        for size in [size for size in order.sizes if size <= len(read)]:
            for learnt in Learnt:
                point = points.find(learnt, size, draw)
                if point is None:
                    ours = _taught(trial, read[:size], learnt, seed=draw)
                    point = Point(learnt=learnt, patients=size, draw=draw, ours=ours)
                    points.keep(point)
                yield point


def _taught(
    trial: _Trial, read: Sequence[tuple[Observed, Cells]], learnt: Learnt, *, seed: int
) -> tuple[int, ...]:
    """Give the scores of those kept apart, after so many patients were read."""
    head = trial.head
    if learnt in RULES_ALONE:
        rules = learn([one for one, _ in read], learnt, start=trial.rules)
    else:
        settings = HeadSettings() if learnt is Learnt.HEAD_MASKS else HeadSettings(drawn=0.0)
        head, rules = learn_head(
            head, [cells for _, cells in read], rules=trial.rules, settings=settings, seed=seed
        )
    seen = [seen_by(head, one, rules=rules) for one in trial.scored]
    return tuple(scores_of(seen, rules).tolist())


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, replay and print the tables."""
    given = _parser().parse_args(arguments)
    order = HeadCurveOrder(
        sites=tuple(given.photographs),
        out=given.out,
        models=given.models,
        model=given.model,
        sizes=tuple(sorted(given.sizes)),
        tested=given.tested,
        draws=given.draws,
        seed=given.seed,
        workers=given.workers,
    )
    torch.set_num_threads(1)  # the head is small: threads would wait for each other
    try:
        tested, points = replay(order)
    except MottlingError as error:
        print(error)
        return 1
    command = command_line("training.head_curve", sys.argv[1:] if arguments is None else arguments)
    print(write_page(tested, points, out=order.out, sizes=order.sizes, seed=order.seed, command=command))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.head_curve", description=__doc__)
    parser.add_argument(
        "photographs", type=Path, nargs="+", metavar="SET", help="rendered, never met by the model"
    )
    add_options(parser, tested=HeadCurveOrder.tested, draws=HeadCurveOrder.draws)
    parser.add_argument("--workers", type=int, default=1, help="that look at photographs")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
