"""Exports a run as a model: `python -m training.export RUN/last.pt --name NAME --models DIR`.

With `--again MODEL` instead of a run, a model of the registry is exported under a new name from its own
weights: it gets what the contract has learnt to ask since, an embedding for instance, and is calibrated anew.

The averaged weights, rounded to half precision, become one ONNX file with its contract inside. It joins the
registry as a challenger only when every output agrees with the network's on three sizes; weights.pt beside it
is what it was made from, to go on training with. Next: `python -m training.calibrate`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mottling.errors import MottlingError, TrainingRefused
from mottling.imaging.contract import Looks, ModelContract
from mottling.registry import Model, ModelFiles, Registry
from training.network.mottling_network import MottlingNetwork
from training.network.onnx_file import check_parity, contract_of, to_onnx
from training.provenance import made_by
from training.running.checkpoint import (
    WEIGHTS,
    Checkpoint,
    load_averaged,
    load_checkpoint,
    load_weights,
    round_weights,
    save_weights,
)
from training.running.history import HISTORY, History, read_history, tell_history

__all__ = ["Exported", "add_exported", "export", "export_again", "looks_of", "main", "refuse_taken"]

_NOT_YET_MEASURED = """# {name}

A challenger that was exported and not yet measured. Research software for the outcome of a trial, not a
device for treatment; it learned from made photographs.
"""


@dataclass(frozen=True)
class Exported:
    """A challenger in the registry."""

    model: Model
    difference: float
    """Largest, between the file and the network."""


def export(checkpoint: Path, *, name: str, models: Path) -> Exported:
    """Export the averaged weights of a run, and add them to the registry as a challenger.

    Args:
        checkpoint: The run's last.pt.
        name: Of the model.
        models: Folder of the registry; begun where there is none.

    Raises:
        TrainingRefused: The name is taken, the checkpoint cannot be read, or the file answers differently
            from the network.
        ModelRefused: The registry cannot be written.
    """
    registry = Registry.create(models)
    refuse_taken(registry, name)
    state = load_checkpoint(checkpoint)
    network = round_weights(load_averaged(checkpoint))
    maker = made_by()
    onnx = to_onnx(network, ModelContract(looks=looks_of(state), made_by=maker))
    parity = check_parity(network, onnx)
    history = tell_history(state, checkpoint.with_name("log.jsonl"), parity=parity, exported_by=maker)
    return add_exported(registry, name, network, onnx=onnx, history=history)


def export_again(old: str, *, name: str, models: Path) -> Exported:
    """Export the weights of a model anew, with rules of scoring that were never fitted.

    Args:
        old: A model of the registry, with its weights.
        name: Of the new one.
        models: Folder of the registry.

    Raises:
        TrainingRefused: The name is taken, the weights or the history of the old one are missing, or the file
            answers differently from the network.
        ModelRefused: There is no such model, or the registry cannot be written.
    """
    registry = Registry.open(models)
    refuse_taken(registry, name)
    source = registry.find(old)
    looks = contract_of(source.load()).looks
    history = read_history(source.folder)
    if history is None:
        raise TrainingRefused(f"{old} does not say how it was trained", remedy="Export its run instead")
    network = load_weights(source.folder / WEIGHTS)
    maker = made_by()
    onnx = to_onnx(network, ModelContract(looks=looks, made_by=maker))
    parity = check_parity(network, onnx)
    told = history.model_copy(update={"parity_difference": parity.difference, "exported_by": maker})
    return add_exported(registry, name, network, onnx=onnx, history=told)


def refuse_taken(registry: Registry, name: str) -> None:
    """Refuse a name before the work, not after it.

    Raises:
        TrainingRefused: A model has it.
    """
    if any(model.name == name for model in registry.models()):
        raise TrainingRefused(f"There is a model {name!r} already", remedy="Give the new one another name")


def add_exported(
    registry: Registry, name: str, network: MottlingNetwork, *, onnx: bytes, history: History
) -> Exported:
    """Add a network to the registry as a challenger that nobody measured yet.

    Args:
        registry: Gets it.
        name: Of the model.
        network: Rounded; kept beside the file to go on from.
        onnx: The file, which answers as the network does.
        history: How it came to be.

    Raises:
        ModelRefused: The name is taken, or the registry cannot be written.
    """
    card = _NOT_YET_MEASURED.format(name=name)
    model = registry.add(name, ModelFiles(onnx=onnx, card=card, evaluation="{}\n"))
    save_weights(model.folder / WEIGHTS, network)
    (model.folder / HISTORY).write_text(history.model_dump_json(indent=1) + "\n", "utf-8")
    return Exported(model, history.parity_difference or 0.0)


def looks_of(state: Checkpoint) -> Looks:
    """Look at pictures of the size that the network saw last; larger ones it has never learnt to read."""
    size_px = int(state.settings["phases"][-1]["size_px"])
    return Looks(first_px=size_px, second_px=size_px)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("checkpoint", type=Path, nargs="?", help="last.pt of a run")
    source.add_argument("--again", metavar="MODEL", help="a model of the registry, from its own weights")
    parser.add_argument("--name", required=True, help="of the new model")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    given = parser.parse_args(arguments)
    try:
        if given.again is None:
            exported = export(given.checkpoint, name=given.name, models=given.models)
        else:
            exported = export_again(given.again, name=given.name, models=given.models)
    except MottlingError as error:
        print(error)
        return 1
    print(
        f"{exported.model.name}: a challenger, sha256 {exported.model.sha256[:12]}, "
        f"at most {exported.difference:.1e} from the network"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
