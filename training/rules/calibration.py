"""The record of a calibration, `calibration.json`: which photographs chose the rules, and which rules."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mottling.errors import TrainingRefused
from mottling.imaging.contract import MadeBy, ScoringRules
from training.measuring.truths import TruePhoto

__all__ = [
    "CALIBRATION",
    "Calibration",
    "CalibrationSet",
    "hash_of_group",
    "is_for_calibration",
    "read_calibration",
    "without",
]

CALIBRATION = "calibration.json"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CalibrationSet(_Record):
    """The part of a set that was calibrated on."""

    name: str
    groups: tuple[str, ...]
    """Views or persons, by the hash of their names: no figure is taken on these, in whatever set they are."""
    photographs: int


class Calibration(_Record):
    """How the rules of scoring were chosen."""

    format: Literal[1] = 1
    command: str
    made_by: MadeBy
    share: Annotated[float, Field(gt=0, le=1)]
    """Of the views or persons of each set."""
    mottled_labels: tuple[int, int, int, int, int]
    """By zone 1 to 5: legs seen with it mottled."""
    clean_labels: tuple[int, int, int, int, int]
    rules: ScoringRules
    sets: tuple[CalibrationSet, ...]


def is_for_calibration(cluster: str, *, share: float) -> bool:
    """Put a view or a person on one side, by the hash of its name: always the same one."""
    number = int.from_bytes(hashlib.sha256(cluster.encode()).digest()[:8])
    return number < share * 2**64


def without(photos: Sequence[TruePhoto], calibration: Calibration | None) -> tuple[TruePhoto, ...]:
    """Leave out the photographs of views and persons that the model was calibrated on."""
    if calibration is None:
        return tuple(photos)
    used = {group for one in calibration.sets for group in one.groups}
    return tuple(
        photo
        for photo in photos
        if used.isdisjoint({hash_of_group(photo.cluster), hash_of_group(photo.place)})
    )


def hash_of_group(cluster: str) -> str:
    """Name a view or a person without telling the name: a record goes further than a set of photographs."""
    return hashlib.sha256(cluster.encode()).hexdigest()[:16]


def read_calibration(folder: Path) -> Calibration | None:
    """Read how a model was calibrated; None where it was not.

    Raises:
        TrainingRefused: The file is not understood.
    """
    path = folder / CALIBRATION
    if not path.exists():
        return None
    try:
        return Calibration.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise TrainingRefused(f"{path} is not understood", remedy="Calibrate the model again") from error
