"""A run on disk: what is needed to go on, and what is needed to export."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from mottling.errors import TrainingRefused
from training.network.mottling_network import MottlingNetwork
from training.running.config import RunSettings

__all__ = [
    "WEIGHTS",
    "Checkpoint",
    "load_averaged",
    "load_checkpoint",
    "load_weights",
    "round_weights",
    "save_checkpoint",
    "save_weights",
]

WEIGHTS = "weights.pt"
"""Beside a model in the registry: the weights it was exported from, to go on training with."""

_AROUND = "surroundings."


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run after a number of steps."""

    step: int
    network: dict[str, Any]
    averaged: dict[str, Any]
    optimizer: dict[str, Any]
    settings: dict[str, Any]


def save_checkpoint(
    path: Path,
    network: nn.Module,
    *,
    averaged: nn.Module,
    optimizer: torch.optim.Optimizer,
    step: int,
    settings: RunSettings,
) -> None:
    """Write the state whole or not at all: a run cut off in the middle keeps its last one."""
    partial = path.with_suffix(".partial")
    state = Checkpoint(
        step, network.state_dict(), averaged.state_dict(), optimizer.state_dict(), asdict(settings)
    )
    torch.save({name: getattr(state, name) for name in Checkpoint.__dataclass_fields__}, partial)
    partial.replace(path)


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a run's state.

    Raises:
        TrainingRefused: The file is missing, cut off or of another program.
    """
    try:
        return Checkpoint(**torch.load(path, map_location="cpu", weights_only=True))
    except Exception as error:
        raise TrainingRefused(
            f"{path} is no checkpoint of a training run ({type(error).__name__})",
            remedy="Give the last.pt that python -m training.train wrote",
        ) from error


def load_averaged(path: Path) -> MottlingNetwork:
    """Build the network with the averaged weights of a run, ready to look."""
    network = MottlingNetwork()
    _fill(network, load_checkpoint(path).averaged)
    return network.eval()


def round_weights(network: MottlingNetwork) -> MottlingNetwork:
    """Round the filters to half precision, in a copy.

    What is exported and what is kept to go on from are then the same network, in half the space. Norms and
    biases are few and stay whole.
    """
    rounded = MottlingNetwork()
    rounded.load_state_dict({name: _halved(value).float() for name, value in network.state_dict().items()})
    return rounded.eval()


def save_weights(path: Path, network: MottlingNetwork) -> None:
    """Write the weights of a rounded network, whole or not at all."""
    partial = path.with_suffix(".partial")
    torch.save({name: _halved(value) for name, value in network.state_dict().items()}, partial)
    partial.replace(path)


def load_weights(path: Path) -> MottlingNetwork:
    """Build the network with weights that `save_weights` wrote, ready to look.

    Raises:
        TrainingRefused: The file is missing, cut off or of another network.
    """
    network = MottlingNetwork()
    try:
        _fill(network, torch.load(path, map_location="cpu", weights_only=True))
    except Exception as error:
        raise TrainingRefused(
            f"{path} holds no weights of this network ({type(error).__name__})",
            remedy="Give the weights.pt beside a model that training.export wrote",
        ) from error
    return network.eval()


def _fill(network: MottlingNetwork, weights: dict[str, Tensor]) -> None:
    """Take weights over; those from before networks looked around lack that part, which then says nothing."""
    looks_around = any(name.startswith(_AROUND) for name in weights)
    new = {} if looks_around else {n: v for n, v in network.state_dict().items() if n.startswith(_AROUND)}
    network.load_state_dict({**new, **weights})


def _halved(value: Tensor) -> Tensor:
    return value.half() if value.dim() > 1 else value
