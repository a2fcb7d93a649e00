"""Draws from a frozen set of photographs that people have scored."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from mottling.errors import TrainingRefused
from mottling.scale import MAX_SCORE, Status
from mottling.training_set import FrozenPhoto, Split, read_training_set
from training.samples import UNKNOWN, LabelMap, Sample

__all__ = ["AdjudicatedSource"]


class AdjudicatedSource:
    """Draws the photographs of the training split, each as likely as the others."""

    def __init__(self, folder: Path) -> None:
        """Read the set and check its files.

        Raises:
            TrainingRefused: The set is not what was written, or none of it is for training.
        """
        self._folder = folder
        self._photos = read_training_set(folder).of(Split.TRAIN)
        if not self._photos:
            raise TrainingRefused(
                f"{folder} holds no photograph for training", remedy="Freeze a set of more patients"
            )

    def draw(self, rng: np.random.Generator) -> Sample:
        """Draw one photograph with the bounds of its score, and the maps that somebody drew."""
        chosen = self._photos[int(rng.integers(len(self._photos)))]
        photo = cv2.imread(str(self._folder / chosen.file), cv2.IMREAD_COLOR_RGB)
        if photo is None:
            raise TrainingRefused(f"{chosen.file} cannot be read as a picture", remedy="Freeze the set again")
        at_least, at_most = _bounds(chosen)
        shape = (photo.shape[0], photo.shape[1])
        return Sample(
            photo.astype(np.uint8, copy=False),
            self._map(chosen.zones, shape),
            self._map(chosen.mottling, shape),
            at_least=at_least,
            at_most=at_most,
            readable=chosen.status is not Status.NOT_ASSESSABLE,
        )

    def _map(self, name: str | None, shape: tuple[int, int]) -> LabelMap:
        if name is None:
            return np.full(shape, UNKNOWN, np.uint8)
        drawn = cv2.imread(str(self._folder / name), cv2.IMREAD_GRAYSCALE)
        if drawn is None or drawn.shape != shape:
            raise TrainingRefused(
                f"{name} is no map of its photograph, which is {shape[1]} x {shape[0]}",
                remedy="Freeze the set again",
            )
        return drawn.astype(np.uint8, copy=False)


def _bounds(photo: FrozenPhoto) -> tuple[int, int]:
    if photo.score is None:
        return 0, MAX_SCORE
    return photo.score, photo.score if photo.status is Status.SCORED else MAX_SCORE
