"""Retrains: `python -m training.retrain SET --set RENDERED --out RUN --models DIR --name NAME`.

SET is a frozen set of adjudicated photographs (`mottling freeze`). From the model in use it trains on with
them and with rendered photographs, exports, calibrates and evaluates on the validation split, writes card
and report, and compares with the model in use. What comes out is a challenger in the registry; nothing is
released: that is `mottling models release NAME`. A call that was cut off goes on where its run ended.

With --head-only nothing but the last layer and the rules of scoring are trained, on SET alone: minutes on one
core, and no rendered photographs are needed (`training.tune_head`).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mottling.errors import MottlingError, TrainingRefused
from mottling.registry import Registry
from training import calibrate, card, evaluate, export, report, train, tune_head
from training.compare import compare, tell
from training.provenance import command_line, data_hash
from training.running.distributed import is_of_several
from training.running.history import read_history

__all__ = ["RetrainingOrder", "main", "retrain"]

_SETTINGS = Path("configs/train/retrain.toml")
_COMPARISON = "comparison.json"
_REPORT = "report.html"


@dataclass(frozen=True)
class RetrainingOrder:
    """What to train on with, and where."""

    adjudicated: Path
    rendered: tuple[Path, ...]
    out: Path
    models: Path
    name: str
    settings: Path = _SETTINGS
    real: Path | None = None
    share: float = 0.5
    """Of the validation patients that calibrate; the others measure."""
    workers: int = 2
    head_only: bool = False
    """Whether the last layer alone is trained, on adjudicated photographs alone."""


def retrain(order: RetrainingOrder) -> str:
    """Run the whole chain; gives what the comparison found, for a person.

    Raises:
        TrainingRefused: A step was refused; it has said why.
        ModelRefused: No model is in use, or the name is taken.
    """
    active = Registry.open(order.models).active()
    models = ["--models", str(order.models)]
    measured = [*models, "--set", str(order.adjudicated), "--workers", str(order.workers)]
    real = [] if order.real is None else ["--real", str(order.real)]
    if order.head_only:
        _train_head(order, active.name)
    else:
        _train(order, active.name, measured)
    _run(evaluate.main, ["--model", order.name, *measured])
    _run(card.main, [order.name, *models, *real])
    shown = [*models, "--set", str(order.adjudicated)]
    _run(report.main, [order.name, str(order.out / _REPORT), *shown])
    comparison = compare(
        (active.name, order.name),
        models=order.models,
        sets=[order.adjudicated],
        command=command_line("training.compare", [active.name, order.name, *measured]),
        workers=order.workers,
    )
    home = Registry.open(order.models).find(order.name).folder
    (home / _COMPARISON).write_text(comparison.model_dump_json(indent=1) + "\n", "utf-8")
    return tell(comparison)


def _train(order: RetrainingOrder, active: str, measured: Sequence[str]) -> None:
    """Train the whole network, export it, unless a call that was cut off did, and calibrate it."""
    models = ["--models", str(order.models)]
    rendered = [part for folder in order.rendered for part in ("--set", str(folder))]
    extra = ["--extra", str(order.adjudicated), "--out", str(order.out), "--start-from-model", active]
    real = [] if order.real is None else ["--real", str(order.real)]
    _run(train.main, [str(order.settings), *rendered, *extra, *real, *models])
    if not _is_half_made(order):
        _run(export.main, [str(order.out / "last.pt"), "--name", order.name, *models])
    _run(calibrate.main, ["--model", order.name, "--share", str(order.share), *measured])


def _train_head(order: RetrainingOrder, active: str) -> None:
    """Train the last layer and fit the rules, unless a call that was cut off did."""
    models = ["--models", str(order.models), "--workers", str(order.workers)]
    extra = ["--extra", str(order.adjudicated), "--start-from-model", active, "--kept", str(order.out)]
    if not _is_half_made(order):
        _run(tune_head.main, [*extra, "--name", order.name, *models])


def _is_half_made(order: RetrainingOrder) -> bool:
    """Say whether the challenger came of this very set, in a call that was cut off before it was compared."""
    made = [model for model in Registry.open(order.models).models() if model.name == order.name]
    if not made or (made[0].folder / _COMPARISON).exists():
        return False
    history = read_history(made[0].folder)
    return history is not None and data_hash(order.adjudicated) in [one.sha256 for one in history.data]


def _run(command: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> None:
    """Run one command of the chain as somebody would type it."""
    if command(arguments) != 0:
        raise TrainingRefused(
            f"{command.__module__} was refused, and said why above", remedy="Put it right and call again"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and retrain."""
    given = _parser().parse_args(arguments)
    order = RetrainingOrder(
        adjudicated=given.adjudicated,
        rendered=tuple(given.set),
        out=given.out,
        models=given.models,
        name=given.name,
        settings=given.settings,
        real=given.real,
        share=given.share,
        workers=given.workers,
        head_only=given.head_only,
    )
    try:
        if not given.set and not given.head_only:
            raise TrainingRefused(
                "A retraining of the whole network mixes in rendered photographs, and none are given",
                remedy="Name them with --set, or train the last layer alone with --head-only",
            )
        if is_of_several(os.environ):
            raise TrainingRefused(
                "Only training is spread over processes; the rest of a retraining is for one",
                remedy="Let torchrun run training.train with the same --out, then call this without torchrun",
            )
        print(retrain(order))
    except MottlingError as error:
        print(error)
        return 1
    print(f"{order.name} is a challenger. To release it: mottling models release {order.name}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.retrain", description=__doc__)
    parser.add_argument("adjudicated", type=Path, metavar="SET", help="frozen set of adjudicated photographs")
    parser.add_argument(
        "--set", type=Path, action="append", default=[], help="rendered photographs; repeatable"
    )
    parser.add_argument("--head-only", action="store_true", help="train the last layer and the rules alone")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    parser.add_argument("--name", required=True, help="of the challenger")
    parser.add_argument("--settings", type=Path, default=_SETTINGS, help="configs/train/*.toml")
    parser.add_argument("--real", type=Path, help="openly licensed real photographs")
    parser.add_argument("--share", type=float, default=0.5, help="of validation patients that calibrate")
    parser.add_argument("--workers", type=int, default=2)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
