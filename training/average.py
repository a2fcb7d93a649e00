"""Averages networks: `python -m training.average FILE.toml PARENT PARENT --set DIR --out RUN`.

A parent is a run's checkpoint or the weights.pt beside a model. Networks that went on from each other lie
close, and their average holds better on pictures that none of them has met (Wortsman 2022, arXiv 2203.05482).
What BatchNorm remembers does not average, so that the layers behind the encoder take their statistics anew
from training pictures (Izmailov 2018, arXiv 1803.05407): from as many batches as FILE.toml says steps, at the
size of its last phase. They change no weight. With one parent, statistics alone are taken.

The folder is that of a run: `training.export` and `training.train --start-from` read its last.pt.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from mottling.errors import MottlingError, TrainingRefused
from training.network.mottling_network import MottlingNetwork
from training.provenance import command_line, data_hash, made_by
from training.running.checkpoint import WEIGHTS, load_averaged, load_checkpoint, load_weights, save_checkpoint
from training.running.config import RunSettings, read_run_settings
from training.running.history import read_history, read_log
from training.running.mirror import LOG
from training.running.mixing import mixed
from training.sources.stream import Stream, StreamSettings, batches

__all__ = ["Parent", "average", "main", "read_parent", "take_statistics"]


@dataclass(frozen=True)
class Parent:
    """A network that is averaged, and where it came from."""

    name: str
    network: MottlingNetwork
    came_from: tuple[dict[str, Any], ...]
    """A line for the log for each command that trained it, in order."""


def read_parent(path: Path) -> Parent:
    """Read a network to average.

    Args:
        path: A checkpoint of a run, or the weights.pt beside a model.

    Raises:
        TrainingRefused: It is neither, or a network from before they looked around, whose part for that was
            never trained.
    """
    if path.name == WEIGHTS:
        network, name, lines = load_weights(path), path.parent.name, _of_model(path.parent)
    else:
        network = load_averaged(path)
        name, lines = str(load_checkpoint(path).settings["name"]), _of_run(path.parent)
    if not bool(network.surroundings.widen.weight.any()):
        raise TrainingRefused(
            f"{name} does not look around yet: its average with another would look around half blindly",
            remedy="Average models that went on from lite6 or a later one",
        )
    return Parent(name, network, lines)


def average(networks: Sequence[MottlingNetwork], *, shares: Sequence[float]) -> MottlingNetwork:
    """Average the weights of networks; their shares need not add up to 1.

    Raises:
        TrainingRefused: There is not one share for each network, or a share is no positive number.
    """
    if len(shares) != len(networks) or not all(math.isfinite(share) and share > 0 for share in shares):
        raise TrainingRefused(
            f"{len(networks)} networks were given the shares {', '.join(map(str, shares)) or 'of none'}",
            remedy="Give one positive --share for each parent, in their order",
        )
    states = [network.state_dict() for network in networks]
    parts = [share / sum(shares) for share in shares]
    between = MottlingNetwork()
    between.load_state_dict({name: _mean([s[name] for s in states], parts) for name in states[0]})
    return between.eval()


def _mean(values: Sequence[Tensor], parts: Sequence[float]) -> Tensor:
    """Counters of batches are no weights: the first one's stay."""
    if not values[0].is_floating_point():
        return values[0]
    return torch.stack([part * value for part, value in zip(parts, values, strict=True)]).sum(dim=0)


@torch.no_grad()
def take_statistics(network: MottlingNetwork, pictures: Iterable[Tensor]) -> None:
    """Give every BatchNorm behind the encoder the mean statistics of batches (N, 3, H, W).

    The encoder keeps ImageNet's, as it does in training.
    """
    inside = set(network.encoder.modules())
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d) and m not in inside]
    momenta = [norm.momentum for norm in norms]
    network.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # each batch counts alike
        norm.train()
    for batch in pictures:
        network(batch.to(memory_format=torch.channels_last))
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    network.eval()


def _of_run(folder: Path) -> tuple[dict[str, Any], ...]:
    return tuple(
        {key: line[key] for key in ("command", "commit", "data") if key in line}
        for line in read_log(folder / LOG)
        if "command" in line
    )


def _of_model(folder: Path) -> tuple[dict[str, Any], ...]:
    history = read_history(folder)
    if history is None:
        return ()
    known: dict[str, Any] = {"data": [(one.name, one.sha256) for one in history.data]}
    known |= {"commit": history.commits[-1]} if history.commits else {}
    return tuple({"command": command, **known} for command in history.commands)


def _batches(settings: RunSettings, given: argparse.Namespace) -> Iterable[Tensor]:
    last = settings.phases[-1]
    sources = mixed(
        settings.mixture,
        rendered=given.set,
        canvases=given.canvases,
        real=given.real,
        adjudicated=[],
    )
    size = StreamSettings(last.size_px, last.batch_size, settings.mixture.twin_share, last.strength)
    stream = Stream(sources, settings=size, seed=settings.seed, start=0)
    drawn = itertools.islice(batches(stream, workers=settings.workers), settings.steps)
    return (batch.photos for batch in tqdm(drawn, total=settings.steps, unit="batch", mininterval=5))


def _write(folder: Path, network: MottlingNetwork, *, settings: RunSettings, lines: Sequence[Any]) -> None:
    nothing = torch.optim.AdamW(network.parameters())
    text = "".join(json.dumps({"step": 0, **line}) + "\n" for line in lines)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LOG).write_text(text, "utf-8")
    save_checkpoint(
        folder / "last.pt",
        network,
        averaged=network,
        optimizer=nothing,
        step=settings.steps,
        settings=settings,
    )


def _average_all(given: argparse.Namespace, arguments: Sequence[str]) -> None:
    if (given.out / "last.pt").exists():
        raise TrainingRefused(f"{given.out} holds a run already", remedy="Give another --out")
    settings = read_run_settings(given.settings)
    parents = [read_parent(path) for path in given.parents]
    shares = given.share or [1.0] * len(parents)
    network = average([parent.network for parent in parents], shares=shares)
    torch.manual_seed(settings.seed)
    take_statistics(network, _batches(settings, given))
    data = [*given.set, *given.canvases, *([] if given.real is None else [given.real])]
    maker = made_by()
    own = {
        "command": command_line("training.average", arguments),
        "package": maker.package,
        "commit": maker.commit,
        "averaged": [parent.name for parent in parents],
        "settings": asdict(settings),
        "data": [(folder.name, data_hash(folder)) for folder in data],
    }
    lines = [line for parent in parents for line in parent.came_from]
    _write(given.out, network, settings=settings, lines=[*lines, own])


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and average."""
    parser = argparse.ArgumentParser(prog="python -m training.average", description=__doc__)
    parser.add_argument("settings", type=Path, help="configs/train/*.toml: its steps are batches looked at")
    parser.add_argument("parents", type=Path, nargs="+", help="last.pt of a run, or a model's weights.pt")
    parser.add_argument(
        "--share", type=float, action="append", help="of a parent, once for each; alike when not given"
    )
    parser.add_argument(
        "--set", type=Path, action="append", required=True, help="rendered photographs; repeatable"
    )
    parser.add_argument(
        "--canvases", type=Path, action="append", default=[], help="clean legs of training.path_traced"
    )
    parser.add_argument("--real", type=Path, help="openly licensed real photographs")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run that it becomes")
    given = parser.parse_args(arguments)
    try:
        _average_all(given, sys.argv[1:] if arguments is None else arguments)
    except MottlingError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
