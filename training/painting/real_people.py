"""Who is in the openly licensed photographs of healthy legs, and whom to keep for measuring.

People are split, never pictures, and people of one photograph stand in each other's crops, so that they go
together.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mottling.arrays import Point
from mottling.errors import TrainingRefused
from training.tones import Tone

__all__ = ["LegPhoto", "Limb", "Split", "Toward", "people_of", "read_leg_photos"]

# Measured on besides those whose authors are not known: this many groups of each tone, by lowest hash.
_GROUPS_KEPT = {"light": 1, "medium": 1, "dark": 2}

# Below these scores the detector's landmarks were seen to be off.
_SURE_HIP, _SURE_KNEE, _SURE_ANKLE = 0.8, 0.75, 0.5

# Hips this much of a thigh apart, seen across the thigh, belong to somebody who faces the camera.
_FACING_HIPS = 0.25


class Split(StrEnum):
    """What a real photograph may be used for."""

    TRAIN = "train"
    MEASURE = "measure"


class Toward(StrEnum):
    """Which side of the knees the camera sees."""

    FRONT = "front"
    BACK = "back"
    SIDE = "side"
    """Or nobody can say."""


@dataclass(frozen=True)
class Limb:
    """Landmarks of one leg, in pixels of the photograph."""

    hip: Point
    knee: Point
    ankle: Point
    is_sure: bool
    """Bare, and found by the detector without doubt."""


@dataclass(frozen=True)
class LegPhoto:
    """One row of the manifest."""

    photo: Path
    mask: Path | None
    person: str
    tone: Tone
    limbs: tuple[Limb, ...]
    toward: Toward
    split: Split


def read_leg_photos(folder: Path, *, split: Split) -> tuple[LegPhoto, ...]:
    """List the photographs of `legs/` whose people belong to one split.

    Raises:
        TrainingRefused: The folder has no such manifest.
    """
    try:
        with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise TrainingRefused(
            f"{folder} holds no manifest.csv: {error.strerror}", remedy="Give the folder with legs/ in it"
        ) from error
    measured = _measured_groups(rows)
    photos = [_read_row(folder, row, measured) for row in rows]
    return tuple(photo for photo in photos if photo.split is split)


def people_of(photos: tuple[LegPhoto, ...]) -> dict[str, Tone]:
    """Name the people, each with the tone of the skin."""
    return {photo.person: photo.tone for photo in photos}


def _group(row: dict[str, str]) -> str:
    """The people of one photograph."""
    return re.sub(r"_x\d+$", "", row["person_group"])


def _measured_groups(rows: list[dict[str, str]]) -> set[str]:
    tones: dict[str, Counter[str]] = {}
    measured: set[str] = set()
    for row in rows:
        tones.setdefault(_group(row), Counter())[row["skin_tone"]] += 1
        if row["use"].startswith("measure"):
            measured.add(_group(row))
    for tone, count in _GROUPS_KEPT.items():
        free = [g for g, seen in tones.items() if g not in measured and seen.most_common(1)[0][0] == tone]
        measured.update(sorted(free, key=lambda group: hashlib.sha256(group.encode()).hexdigest())[:count])
    return measured


def _read_row(folder: Path, row: dict[str, str], measured: set[str]) -> LegPhoto:
    limbs = tuple(_read_limb(row, side) for side in ("left", "right"))
    return LegPhoto(
        photo=folder / row["file"],
        mask=folder / row["mask"] if row["mask"] else None,
        person=row["person_group"],
        tone=Tone(row["skin_tone"]),
        limbs=limbs,
        toward=Toward.BACK if "from behind" in row["note"] else _toward(*limbs),
        split=Split.MEASURE if _group(row) in measured else Split.TRAIN,
    )


def _read_limb(row: dict[str, str], side: str) -> Limb:
    hip, knee, ankle = (
        Point(float(row[f"{side}_{joint}_x"]), float(row[f"{side}_{joint}_y"]))
        for joint in ("hip", "knee", "ankle")
    )
    is_sure = (
        row[f"{side}_bare"] == "yes"
        and float(row[f"{side}_hip_score"]) >= _SURE_HIP
        and float(row[f"{side}_knee_score"]) >= _SURE_KNEE
        and float(row[f"{side}_ankle_score"]) >= _SURE_ANKLE
    )
    return Limb(hip, knee, ankle, is_sure)


def _toward(left: Limb, right: Limb) -> Toward:
    """Facing the camera, the left hip is on the right side of the thighs, however the picture is turned."""
    down = (
        (left.knee.x + right.knee.x - left.hip.x - right.hip.x) / 2,
        (left.knee.y + right.knee.y - left.hip.y - right.hip.y) / 2,
    )
    across = (left.hip.x - right.hip.x) * down[1] - (left.hip.y - right.hip.y) * down[0]
    apart = across / max(down[0] ** 2 + down[1] ** 2, 1.0)
    if abs(apart) < _FACING_HIPS or not (left.is_sure and right.is_sure):
        return Toward.SIDE
    return Toward.FRONT if apart > 0 else Toward.BACK
