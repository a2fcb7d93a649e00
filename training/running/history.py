"""How a model was trained, kept beside it as `training.json`: settings, commands, watched sets, parity."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from mottling.errors import TrainingRefused
from mottling.imaging.contract import MadeBy
from training.network.onnx_file import Parity
from training.running.checkpoint import Checkpoint

__all__ = ["HISTORY", "History", "TrainedOn", "read_history", "read_log", "tell_history"]

HISTORY = "training.json"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PhaseDone(_Record):
    """A stretch of training."""

    steps: int
    size_px: int
    batch_size: int


class Watched(_Record):
    """What a quick look during training last saw; it steers a run and proves nothing."""

    set_name: str
    step: int
    figures: dict[str, float]


class TrainedOn(_Record):
    """A folder that a training was given photographs from."""

    name: str
    sha256: str
    """As `training.provenance.data_hash` gives it."""


class History(_Record):
    """All that is known of a training."""

    format: Literal[1] = 1
    run: str
    seed: int
    steps: int
    phases: tuple[PhaseDone, ...]
    commands: tuple[str, ...]
    """That trained it, in order."""
    commits: tuple[str, ...]
    """Of the code that trained it."""
    averaged: tuple[str, ...] = ()
    """Whose weights it is the average of; its phases are then what statistics were taken from."""
    data: tuple[TrainedOn, ...] = ()
    """What it was trained on; empty for a model whose training did not write it down."""
    photos_per_s: float | None
    """Median; None where nothing was logged."""
    watched: tuple[Watched, ...]
    parity_difference: float | None
    """Largest difference between the ONNX file and the network in torch; None for 8-bit numbers."""
    exported_by: MadeBy


def tell_history(state: Checkpoint, log: Path, *, parity: Parity, exported_by: MadeBy) -> History:
    """Gather what a run left behind.

    Args:
        state: The checkpoint that was exported.
        log: The run's log.jsonl; need not be there.
        parity: As the export measured it.
        exported_by: Version and commit of the export.
    """
    lines = read_log(log)
    speeds = sorted(float(line["photos_per_s"]) for line in lines if "photos_per_s" in line)
    last_watch = {str(line["watch"]): line for line in lines if "watch" in line}
    return History(
        run=state.settings["name"],
        seed=state.settings["seed"],
        steps=state.step,
        phases=tuple(
            PhaseDone(steps=phase["steps"], size_px=phase["size_px"], batch_size=phase["batch_size"])
            for phase in state.settings["phases"]
        ),
        commands=_once([str(line["command"]) for line in lines if "command" in line]),
        commits=_once([str(line["commit"]) for line in lines if "commit" in line]),
        averaged=tuple(str(name) for name in next((x["averaged"] for x in lines if "averaged" in x), ())),
        data=_trained_on(lines),
        photos_per_s=round(speeds[len(speeds) // 2], 1) if speeds else None,
        watched=tuple(_watched(name, line) for name, line in sorted(last_watch.items())),
        parity_difference=parity.difference,
        exported_by=exported_by,
    )


def read_log(log: Path) -> list[dict[str, Any]]:
    """Read what a run logged; nothing where there is no log.

    Raises:
        TrainingRefused: It was cut off.
    """
    if not log.exists():
        return []
    try:
        return [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    except json.JSONDecodeError as error:
        raise TrainingRefused(
            f"{log} is no log of a training: {error}", remedy="Give the folder that training.train wrote"
        ) from error


def _once(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _trained_on(lines: Sequence[dict[str, Any]]) -> tuple[TrainedOn, ...]:
    """Once each: a set that changed while a run was interrupted stands there with both hashes."""
    named = [(str(name), str(sha256)) for line in lines for name, sha256 in line.get("data", ())]
    return tuple(TrainedOn(name=name, sha256=sha256) for name, sha256 in dict.fromkeys(named))


def _watched(name: str, line: dict[str, Any]) -> Watched:
    figures = {key: round(float(value), 4) for key, value in line.items() if key not in ("watch", "step")}
    return Watched(set_name=name, step=line["step"], figures=figures)


def read_history(folder: Path) -> History | None:
    """Read how a model was trained; None where nobody wrote it down.

    Raises:
        TrainingRefused: The file is not understood.
    """
    path = folder / HISTORY
    if not path.exists():
        return None
    try:
        return History.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise TrainingRefused(f"{path} is not understood", remedy="Export the model again") from error
