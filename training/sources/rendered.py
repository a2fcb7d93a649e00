"""Reads the photographs that `python -m training.synthesize` wrote, one sample at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from mottling.arrays import Rgb8
from mottling.errors import TrainingRefused
from training.samples import Sample

__all__ = ["RenderedPhoto", "RenderedSource", "find_rendered", "read_rendered", "refuse_measured"]


@dataclass(frozen=True)
class RenderedPhoto:
    """The files of one rendered photograph."""

    photo: Path
    twin: Path
    maps: Path
    """8-bit PNG: zones in red, mottling (0, 1, 255 unknown) in green, leg in blue."""
    record: Path


def find_rendered(folder: Path) -> tuple[RenderedPhoto, ...]:
    """List the finished photographs of a folder, in the order of their numbers.

    Raises:
        TrainingRefused: There is none.
    """
    found = tuple(
        RenderedPhoto(
            record.with_suffix(".jpg"),
            record.with_suffix(".twin.jpg"),
            record.with_suffix(".maps.png"),
            record,
        )
        for record in sorted(folder.glob("*.json"))
    )
    if not found:
        raise TrainingRefused(
            f"{folder} holds no rendered photograph", remedy="Make some with python -m training.synthesize"
        )
    return found


def read_rendered(files: RenderedPhoto, *, with_twin: bool) -> Sample:
    """Read one photograph with its labels, and its clean twin if asked and there is one."""
    maps = cv2.imread(str(files.maps), cv2.IMREAD_COLOR)
    if maps is None:
        raise TrainingRefused(f"{files.maps} cannot be read", remedy="Make the set again")
    _, mottling, zones = cv2.split(maps)  # OpenCV reads blue first
    twin = _read(files.twin) if with_twin and files.twin.exists() else None
    return Sample(_read(files.photo), zones.astype(np.uint8), mottling.astype(np.uint8), twin)


def _read(path: Path) -> Rgb8:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise TrainingRefused(f"{path} cannot be read", remedy="Make the set again")
    return picture.astype(np.uint8, copy=False)


def refuse_measured(files: RenderedPhoto) -> None:
    """Mottling of another engine measures nothing any more once a network has learned from it.

    Raises:
        TrainingRefused: It is a photograph of a measuring set, and no canvas.
    """
    record = json.loads(files.record.read_text("utf-8"))
    if "engine" in record and not record.get("canvas", False):
        raise TrainingRefused(
            f"{files.record.parent} holds photographs of another engine, which are for measuring only",
            remedy="Train on photographs that python -m training.synthesize made, or on canvases"
            " (python -m training.path_traced --clean)",
        )


class RenderedSource:
    """Draws from a folder that may still be growing."""

    _LOOK_AGAIN_AFTER = 2000

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found = find_rendered(folder)
        refuse_measured(self._found[0])
        self._draws = 0

    def draw(self, rng: np.random.Generator) -> Sample:
        """Draw one photograph, each as likely as the others."""
        self._draws += 1
        if self._draws % self._LOOK_AGAIN_AFTER == 0:
            self._found = find_rendered(self._folder)
        return read_rendered(self._found[int(rng.integers(len(self._found)))], with_twin=True)
