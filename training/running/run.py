"""A training that is going on: begun or gone on with, logged, saved, and mirrored if somebody asks for it."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from mottling.errors import TrainingRefused
from training.network.mottling_network import MottlingNetwork
from training.provenance import command_line, data_hash, made_by
from training.running.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from training.running.config import RunSettings
from training.running.distributed import ALONE, Team
from training.running.mirror import LOG, Mirror

__all__ = ["Run", "log", "log_beginning", "mirrored", "open_run", "save"]


@dataclass
class Run:
    """A training that is going on."""

    settings: RunSettings
    network: MottlingNetwork
    spread: nn.Module
    """The network as it is trained: itself, or wrapped so that processes train together."""
    averaged: MottlingNetwork
    optimizer: torch.optim.Optimizer
    device: torch.device
    folder: Path
    team: Team = ALONE
    step: int = 0
    mirror: Mirror | None = None
    """Where each line of the log is shown as well, if anywhere."""


def open_run(
    settings: RunSettings,
    folder: Path,
    *,
    device: torch.device,
    start: MottlingNetwork | None = None,
    team: Team = ALONE,
) -> Run:
    """Begin a run, or go on with the one in the folder.

    Args:
        settings: What to train.
        folder: Of checkpoint and log.
        device: Where to train.
        start: Network that a new run begins with, instead of one with ImageNet's encoder.
        team: The processes that train together.

    Raises:
        TrainingRefused: The folder holds a run of another name, or not every process sees it.
    """
    network = MottlingNetwork() if start is None else start
    last = folder / "last.pt"
    state = load_checkpoint(last) if last.exists() else None
    if state is None and start is None:
        network.encoder.load_imagenet()
    if settings.frozen_blocks:
        network.encoder.freeze(settings.frozen_blocks)
    network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload] # torch's stub
    optimizer = _optimizer(network, settings)
    run = Run(settings, network, network, copy.deepcopy(network), optimizer, device, folder, team)
    if state is not None:
        _go_on(run, state)
    team.check_together(run.step, device=device)
    run.spread = team.spread(network)
    return run


def _go_on(run: Run, state: Checkpoint) -> None:
    if state.settings["name"] != run.settings.name:
        raise TrainingRefused(
            f"{run.folder} holds the run {state.settings['name']!r}, not {run.settings.name!r}",
            remedy="Give another --out",
        )
    run.network.load_state_dict(state.network)
    run.averaged.load_state_dict(state.averaged)
    run.optimizer.load_state_dict(state.optimizer)
    run.step = state.step


def _optimizer(network: MottlingNetwork, settings: RunSettings) -> torch.optim.Optimizer:
    inside = list(network.encoder.parameters())
    ids = {id(parameter) for parameter in inside}
    outside = [parameter for parameter in network.parameters() if id(parameter) not in ids]
    groups = [{"params": inside, "rate": settings.encoder_rate}, {"params": outside, "rate": 1.0}]
    return torch.optim.AdamW(groups, lr=1e-3, weight_decay=settings.weight_decay)


def log_beginning(run: Run, arguments: Sequence[str], *, data: Sequence[Path]) -> None:
    """Log from what a run begins, or goes on: all that is needed to do it again."""
    if not run.team.is_first:
        return
    maker = made_by()
    figures = {
        "command": command_line("training.train", arguments),
        "package": maker.package,
        "commit": maker.commit,
        "processes": run.team.size,
        "settings": asdict(run.settings),
        "data": [(folder.name, data_hash(folder)) for folder in data],
    }
    log(run, figures)


def mirrored(run: Run, into: Path | None) -> contextlib.AbstractContextManager[Mirror | None]:
    """Mirror the run as long as a block lasts, if a folder is given; the first process does."""
    if into is None or not run.team.is_first:
        return contextlib.nullcontext()
    return Mirror(run.folder, into=into)


def log(run: Run, figures: dict[str, Any]) -> None:
    """Add a line to the run's log, with the step at which it stands; only the first process does."""
    if not run.team.is_first:
        return
    line = {"step": run.step, **figures}
    with (run.folder / LOG).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    if run.mirror is not None:
        run.mirror.tell(line)


def save(run: Run) -> None:
    """Keep the run as it stands, to go on with and to export."""
    if not run.team.is_first:
        return
    save_checkpoint(
        run.folder / "last.pt",
        run.network,
        averaged=run.averaged,
        optimizer=run.optimizer,
        step=run.step,
        settings=run.settings,
    )
