"""Trains the mottling head alone: `python -m training.tune_head --extra SET --start-from-model OLD ...`.

SET is a frozen set of adjudicated photographs. Its training patients pass once through the network of OLD,
whose last layer is then trained on what was seen; the rules of scoring are fitted to what one half of them
teaches of the other (`training.last_layer.head`). Zones, knees, readability and the reference for distances
stay those of OLD. What comes out is a challenger NEW: minutes on one core, without a GPU. What was seen is
kept in --kept: a call that was cut off does not look again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from msgspec.structs import replace

from mottling.errors import MottlingError
from mottling.imaging.contract import MadeBy, ScoringRules
from mottling.registry import Model, Registry
from mottling.scale import Zone
from mottling.training_set import Split
from training.export import add_exported, refuse_taken
from training.last_layer.head import Head, HeadSettings, learn_head, seen_by
from training.last_layer.head_cells import Cells, keep_cells
from training.measuring.truths import read_frozen
from training.network.onnx_file import Parity, check_parity, contract_of, to_onnx
from training.provenance import command_line, data_hash, made_by
from training.rules.calibration import CALIBRATION, Calibration, CalibrationSet, hash_of_group
from training.running.checkpoint import WEIGHTS, load_weights, round_weights
from training.running.history import History, TrainedOn

__all__ = ["HeadOrder", "main", "tune_head"]

_SEED = 1

# Borders teach where at least so many of the mottled photographs have one; else the scores alone do.
_DRAWN_SHARE = 0.5


@dataclass(frozen=True)
class HeadOrder:
    """What to train on, and from what."""

    adjudicated: Path
    old: str
    name: str
    models: Path
    kept: Path
    workers: int = 2


def tune_head(order: HeadOrder, *, command: str) -> Model:
    """Train the head of a model, and add the result to the registry as a challenger.

    Args:
        order: What to train on, and from what.
        command: As it was typed, for the record.

    Raises:
        ModelRefused: There is no such model, its file was altered, or the registry cannot be written.
        TrainingRefused: The name is taken, the weights are missing, or the set is not what was written.
    """
    registry = Registry.open(order.models)
    refuse_taken(registry, order.name)
    source = registry.find(order.old)
    contract = contract_of(source.load())
    photos = read_frozen(order.adjudicated, Split.TRAIN)
    kept = order.kept / f"{source.sha256[:12]}.cells"
    cells = keep_cells(photos, source.folder, kept=kept, workers=order.workers)
    settings = HeadSettings() if _have_borders(cells) else HeadSettings(drawn=0.0)
    network = load_weights(source.folder / WEIGHTS)
    head, rules = learn_head(Head(network), cells, rules=contract.scoring, settings=settings, seed=_SEED)
    head.put_into(network)
    network = round_weights(network)
    contract = replace(contract, scoring=rules, made_by=made_by())
    onnx = to_onnx(network, contract)
    parity = check_parity(network, onnx)
    history = _history(order, contract.made_by, command, steps=settings.steps(len(cells)), parity=parity)
    model = add_exported(registry, order.name, network, onnx=onnx, history=history).model
    record = _record(order, head, cells, rules=rules, command=command)
    (model.folder / CALIBRATION).write_text(record.model_dump_json(indent=1) + "\n", "utf-8")
    return model


def _have_borders(cells: Sequence[Cells]) -> bool:
    mottled = [one for one in cells if (one.truth.score or 0) > 0]
    drawn = [one for one in mottled if (one.mottled == 1).any()]
    return bool(mottled) and len(drawn) >= _DRAWN_SHARE * len(mottled)


def _history(order: HeadOrder, maker: MadeBy, command: str, *, steps: int, parity: Parity) -> History:
    return History(
        run=order.name,
        seed=_SEED,
        steps=steps,
        phases=(),
        commands=(command,),
        commits=(maker.commit,),
        data=(TrainedOn(name=order.adjudicated.name, sha256=data_hash(order.adjudicated)),),
        photos_per_s=None,
        watched=(),
        parity_difference=parity.difference,
        exported_by=maker,
    )


def _record(
    order: HeadOrder, head: Head, cells: Sequence[Cells], *, rules: ScoringRules, command: str
) -> Calibration:
    """Say on whom the rules were fitted: on those who trained the head, each seen by heads of the others."""
    labels = [label for one in cells for label in seen_by(head, one, rules=rules).labels]
    groups = tuple(sorted({hash_of_group(one.group) for one in cells}))

    def count(*, mottled: bool) -> tuple[int, int, int, int, int]:
        zones = [label.zone for label in labels if label.mottled is mottled]
        one, two, three, four, five = (zones.count(zone) for zone in list(Zone)[1:])
        return (one, two, three, four, five)

    return Calibration(
        command=command,
        made_by=made_by(),
        share=1.0,
        mottled_labels=count(mottled=True),
        clean_labels=count(mottled=False),
        rules=rules,
        sets=(CalibrationSet(name=order.adjudicated.name, groups=groups, photographs=len(cells)),),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m training.tune_head", description=__doc__)
    parser.add_argument("--extra", type=Path, required=True, help="a frozen set of adjudicated photographs")
    parser.add_argument("--start-from-model", required=True, help="name of a model in --models to go on from")
    parser.add_argument("--name", required=True, help="of the challenger")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    parser.add_argument(
        "--kept", type=Path, required=True, help="folder for what was seen; no picture is in it"
    )
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    order = HeadOrder(
        adjudicated=given.extra,
        old=given.start_from_model,
        name=given.name,
        models=given.models,
        kept=given.kept,
        workers=given.workers,
    )
    torch.manual_seed(_SEED)
    try:
        command = command_line("training.tune_head", sys.argv[1:] if arguments is None else arguments)
        model = tune_head(order, command=command)
    except MottlingError as error:
        print(error)
        return 1
    print(f"{model.name}: a challenger, sha256 {model.sha256[:12]}, the head of {order.old} trained anew")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
