"""Scores photographs with Ray Data: actors that each hold one assessor, and lines in the order given.

Names go to the actors and lines come back. The photographs themselves never pass through Ray, which writes
what it cannot hold to the disk, unencrypted: each machine reads them from the folder that all see.
"""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mottling import __version__
from mottling.assessment import ModelName
from mottling.commands.score_files import Desk
from mottling.errors import ClusterRefused
from mottling.imaging.assessor import Assessor
from mottling.json_records import to_json
from mottling.registry import Registry

__all__ = ["ScoringActor", "Typed", "score_on_ray"]

# Photographs of one task, a few seconds: as much is scored again at most, for each process, after a stop.
_AT_A_TIME = 8

# What makes a score, besides the network: with other versions the last digits may differ.
_MAKES_A_SCORE = ("numpy", "onnxruntime", "pillow", "pi-heif")

# Column of names and column of lines.
_Names = Mapping[str, NDArray[np.object_]]
_Lines = dict[str, NDArray[np.object_]]


@dataclass(frozen=True)
class Typed:
    """What was typed, and where: all that an actor is told."""

    model: ModelName
    models: Path | None
    """Folder with registry.json, from the root; None for what comes with the Mottling of each machine."""
    folder: Path
    """Names of photographs that do not begin at the root begin here."""
    versions: tuple[str, ...]

    @classmethod
    def here(cls, model: ModelName, models: Path | None) -> Typed:
        """Say what was typed on this machine, where this process stands."""
        return cls(model, None if models is None else models.resolve(), Path.cwd(), _versions())


class ScoringActor:
    """One assessor in a process of its own, loaded once; Ray Data hands it names."""

    def __init__(self, typed: Typed) -> None:
        self._typed = typed
        self._desk: Desk | None = None

    def __call__(self, batch: _Names) -> _Lines:
        """Score the photographs of one batch.

        Raises:
            ClusterRefused: This machine has other versions or another model, or does not see a photograph.
            ModelRefused: It has no such model.
        """
        # Not when the actor is made: what is raised then stops it, and nobody learns why.
        if self._desk is None:
            self._desk = self._begin()
        lines = [self._line(self._desk, str(file)) for file in batch["file"]]
        return {"line": np.array(lines, dtype=object)}

    def _begin(self) -> Desk:
        here, wanted = _versions(), self._typed.model
        if here != self._typed.versions:
            raise ClusterRefused(
                f"{platform.node()} has {', '.join(here)}, and not {', '.join(self._typed.versions)}",
                remedy="Install one requirements.lock on every machine",
            )
        found = Registry.open(self._typed.models).find(wanted.name)
        if found.sha256 != wanted.sha256:
            raise ClusterRefused(
                f"{platform.node()} has another model of the name {wanted.name}",
                remedy="Give --models, a folder that every machine sees",
            )
        return Desk(Assessor.load(found.load(), name=found.name, threads=1))

    def _line(self, desk: Desk, file: str) -> str:
        # A record holds the name as it was given, so the file must be found by that name.
        if not Path(file).is_absolute():
            self._stand_where_it_was_typed()
        if not Path(file).exists():
            raise ClusterRefused(
                f"{platform.node()} does not see {file}",
                remedy="Put the photographs into a folder that every machine sees under the same name",
            )
        return to_json(desk.score(Path(file)))

    def _stand_where_it_was_typed(self) -> None:
        try:
            os.chdir(self._typed.folder)
        except OSError as error:
            raise ClusterRefused(
                f"{platform.node()} does not see {self._typed.folder}",
                remedy="Name the photographs from the root, in a folder that every machine sees",
            ) from error


def score_on_ray(files: Sequence[Path], typed: Typed, *, workers: int | None) -> Iterator[str]:
    """Score photographs on the cluster that is open, and give each line as soon as those before it are done.

    Args:
        files: At least one.
        typed: Which model scores, and where the names of the files begin.
        workers: Photographs at a time; None for one for each processor of the cluster.
    """
    import ray  # noqa: PLC0415 - only who spreads work has it installed
    import ray.data  # noqa: PLC0415

    # It tells of each of its steps, and of an error in two pages before that is raised, and told, here.
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    how = ray.data.DataContext.get_current().copy()
    how.execution_options.preserve_order = True
    how.raise_original_map_exception = True
    how.enable_progress_bars = how.print_on_execution_start = False
    blocks = ceil(len(files) / _AT_A_TIME)
    actors = min(workers or int(ray.cluster_resources().get("CPU", 1)), blocks)
    with ray.data.DataContext.current(how):  # a data set keeps the context that it was made in
        scored = ray.data.from_items(
            [{"file": str(file)} for file in files], override_num_blocks=blocks
        ).map_batches(
            ScoringActor,
            fn_constructor_args=(typed,),
            batch_size=None,
            compute=ray.data.ActorPoolStrategy(size=actors),
            num_cpus=1,
        )
    for row in scored.iter_rows():
        yield row["line"]


def _versions() -> tuple[str, ...]:
    return (f"mottling {__version__}", *(f"{name} {version(name)}" for name in _MAKES_A_SCORE))
