"""Evaluates a model: `python -m training.evaluate --model NAME --models DIR --set DIR [--set DIR]`.

Each photograph goes the whole way that `mottling score` goes. Each set is reported on its own; photographs
that the model was calibrated on, and others of the same view or person, are left out. Writes evaluation.json
beside the model, or where --out says. With --base the rules of scoring are those before calibration.
Next: `python -m training.card`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from mottling.assessment import ModelName
from mottling.errors import MottlingError, TrainingRefused
from mottling.imaging.contract import ScoringRules
from mottling.registry import Model, Registry
from mottling.scale import Status
from training.measuring.evaluation import Evaluation, SetReport
from training.measuring.failures import reliability_of, worst_failures
from training.measuring.figures import (
    MEANINGS,
    all_figures,
    figures_by_light,
    figures_by_score,
    figures_by_tone,
    figures_by_view,
    table_of,
)
from training.measuring.one_photograph import measure_ruined, measure_some
from training.measuring.outcomes import Outcomes
from training.measuring.ruined import RUINED_EVERY
from training.measuring.truths import hash_of, read_truths
from training.network.onnx_file import contract_of, with_contract
from training.provenance import command_line, made_by
from training.rules.calibration import Calibration, read_calibration, without
from training.spread import spread

__all__ = ["EvaluationOrder", "evaluate", "main"]

_EVALUATION = "evaluation.json"
_SEED = 1


@dataclass(frozen=True)
class EvaluationOrder:
    """What to evaluate, and on what."""

    model: str
    models: Path
    sets: tuple[tuple[Path, ...], ...]
    """Several folders of one set are measured together."""
    calibrated: bool = True
    """False: with the rules of scoring as they were before calibration."""
    workers: int = 2


def evaluate(order: EvaluationOrder, *, command: str) -> Evaluation:
    """Measure a model on each set.

    Args:
        order: What to evaluate.
        command: As it was typed, for the record.

    Raises:
        ModelRefused: There is no such model, or its file was altered.
        TrainingRefused: A set holds nothing to measure on.
    """
    model = Registry.open(order.models).find(order.model)
    data = model.load()
    if not order.calibrated:
        contract = contract_of(data)
        data = with_contract(data, replace(contract, scoring=ScoringRules()))
    calibration = read_calibration(model.folder)
    return Evaluation(
        command=command,
        made_by=made_by(),
        model=ModelName(name=model.name, sha256=model.sha256),
        calibrated=order.calibrated and calibration is not None,
        sets=tuple(
            _report(folders, data, model, calibration=calibration, workers=order.workers)
            for folders in order.sets
        ),
    )


def _report(
    folders: Sequence[Path], data: bytes, model: Model, *, calibration: Calibration | None, workers: int
) -> SetReport:
    name = "+".join(folder.name for folder in folders)
    everything = tuple(photo for folder in folders for photo in read_truths(folder))
    photos = without(everything, calibration)
    if not photos:
        raise TrainingRefused(
            f"The model was calibrated on all of {name}", remedy="Calibrate on a smaller --share of it"
        )
    measured = spread(partial(measure_some, data, model.name), photos, workers=workers, unit="photo")
    to_ruin = [photo for photo in photos if photo.reading.status is Status.SCORED][::RUINED_EVERY]
    ruining = partial(measure_ruined, data, model.name)
    ruined = spread(ruining, to_ruin, workers=workers, unit="ruined photo")
    rows = Outcomes.of([*measured, *ruined])
    rng = np.random.default_rng(_SEED)
    return SetReport(
        name=name,
        sha256=hash_of(photos),
        photographs=len(photos),
        groups=len({photo.cluster for photo in photos}),
        left_out=len(everything) - len(photos),
        figures=all_figures(rows, rng=rng),
        by_tone=figures_by_tone(rows, rng=rng),
        by_score=figures_by_score(rows, rng=rng),
        by_view=figures_by_view(rows, rng=rng),
        by_light=figures_by_light(rows, rng=rng),
        table=table_of(rows),
        reliability=reliability_of(measured),
        failures=worst_failures(photos, measured),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and evaluate."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--model", required=True, help="name of a model in the registry")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    parser.add_argument(
        "--set",
        type=Path,
        nargs="+",
        action="append",
        required=True,
        help="photographs with their truth, in one folder or several that are measured together; repeatable",
    )
    parser.add_argument("--out", type=Path, help="file of the record; beside the model when not given")
    parser.add_argument("--base", action="store_true", help="with the rules before calibration")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    order = EvaluationOrder(
        given.model,
        given.models,
        tuple(map(tuple, given.set)),
        calibrated=not given.base,
        workers=given.workers,
    )
    command = command_line("training.evaluate", sys.argv[1:] if arguments is None else arguments)
    try:
        evaluation = evaluate(order, command=command)
    except MottlingError as error:
        print(error)
        return 1
    evaluation.write(given.models / given.model / _EVALUATION if given.out is None else given.out)
    _print(evaluation)
    return 0


def _print(evaluation: Evaluation) -> None:
    for report in evaluation.sets:
        print(f"\n{report.name}: {report.photographs} photographs, {report.left_out} left out")
        for name, figure in report.figures.items():
            if figure.value is not None:
                interval = f"{figure.low:.3f} to {figure.high:.3f}"
                print(f"  {name:20} {figure.value:6.3f}  ({interval}; n = {figure.count})  {MEANINGS[name]}")


if __name__ == "__main__":
    raise SystemExit(main())
