"""A run as TensorBoard shows it: a mirror of its log.

RUN/log.jsonl stays the truth, and nothing is ever read back from the mirror: it is written anew from the log
each time it is opened, and may be thrown away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import cv2

from mottling.errors import TrainingRefused
from training.running.history import read_log

__all__ = ["LOG", "Mirror"]

LOG = "log.jsonl"

_EVENTS = "events.out.tfevents.*"
_NO_CURVE = ("step", "watch")


class Mirror:
    """One run, as TensorBoard shows it: curves, pictures, and in words how it was begun."""

    def __init__(self, run: Path, *, into: Path) -> None:
        """Write what the run's log says so far; `tell` goes on from there.

        Args:
            run: Folder of the run.
            into: Folder of mirrors; this one is named after the run.

        Raises:
            TrainingRefused: The run has no log, or TensorBoard is not installed.
        """
        if not (run / LOG).exists():
            raise TrainingRefused(f"{run} holds no {LOG}", remedy="Give the folder that training.train wrote")
        lines = read_log(run / LOG)
        self._run = run
        self._writer = _open_writer(into / run.name)
        for line in _standing(lines):
            self.tell(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    def tell(self, line: Mapping[str, Any]) -> None:
        """Mirror one line of the log."""
        step = int(line["step"])
        if "command" in line:
            self._writer.add_text("begun", _in_words(line), step)
        elif "picture" in line:
            self._show(self._run / str(line["picture"]), step)
        else:
            room = f"watch {line['watch']}" if "watch" in line else "training"
            for name, value in line.items():
                if name not in _NO_CURVE:
                    self._writer.add_scalar(f"{room}/{name}", float(value), step)
        self._writer.flush()

    def _show(self, path: Path, step: int) -> None:
        """Show a picture of the run; one that was thrown away since is left out."""
        drawn = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
        if drawn is not None:
            self._writer.add_image(f"seen/{path.stem.split('-', 1)[-1]}", drawn, step, dataformats="HWC")


def _open_writer(folder: Path) -> Any:
    """Open a mirror, in the place of what an earlier one wrote."""
    try:
        from torch.utils.tensorboard import (  # noqa: PLC0415 - only who tracks has it installed
            SummaryWriter,
        )
    except ImportError as error:
        raise TrainingRefused(
            "TensorBoard is not installed", remedy="Run pip install '.[track]', or leave out --track"
        ) from error
    for old in folder.glob(_EVENTS):
        old.unlink()
    return SummaryWriter(log_dir=str(folder))


def _standing(lines: Iterable[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Leave out what was logged past the step at which a run that was cut off began again."""
    standing: list[Mapping[str, Any]] = []
    for line in lines:
        if "command" in line:
            standing = [one for one in standing if one["step"] <= line["step"]]
        standing.append(line)
    return standing


def _in_words(line: Mapping[str, Any]) -> str:
    """Say how a run was begun, in Markdown: command, commit, hash of each folder of data, settings."""
    data = "".join(f"- data `{name}`: {sha256}\n" for name, sha256 in line.get("data", ()))
    settings = json.dumps(line.get("settings", {}), indent=1)
    made = f"mottling {line['package']}, commit {line['commit']}, processes {line.get('processes', 1)}"
    said = f"- `{line['command']}`\n- {made}\n{data}"
    return f"{said}\n```json\n{settings}\n```\n"
