"""Writes a small folder of drawn photographs in the shape of the real ones: legs, cloth and skin."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

__all__ = ["Person", "write_people", "write_real_folder"]

HEIGHT, WIDTH = 420, 240
HIP_Y, KNEE_Y, ANKLE_Y = 20, 200, 380
LEFT_X, RIGHT_X = 165, 75  # whoever faces the camera has the left leg on the right
_HALF_WIDTH = 24

_SKIN = {"light": (214, 168, 140), "medium": (160, 112, 80), "dark": (92, 60, 44)}
_LAWN = (60, 140, 70)


@dataclass(frozen=True)
class Person:
    """One row of the manifest."""

    name: str
    tone: str = "light"
    use: str = "train or measure"
    has_mask: bool = True
    bare: str = "yes"
    note: str = ""


def write_people(folder: Path, people: list[Person]) -> Path:
    """Write legs on a lawn, standing and facing the camera; gives the folder back."""
    (folder / "photos").mkdir(parents=True)
    (folder / "masks").mkdir()
    rows = [_write_person(folder, person) for person in people]
    _write_manifest(folder, rows)
    return folder


def write_real_folder(folder: Path, *, people: list[Person], files: int = 24) -> Path:
    """Write legs, and cloth and skin enough for both splits."""
    write_people(folder / "legs", people)
    rng = np.random.default_rng(5)
    (folder / "cloth").mkdir()
    (folder / "skin").mkdir()
    rows = []
    for number in range(files):
        picture = rng.integers(0, 255, (40, 30, 3)).astype(np.uint8)
        cv2.imwrite(str(folder / "cloth" / f"garment_{number}.jpg"), picture)
        tone = ("light", "medium", "dark")[number % 3]
        noisy = np.clip(np.array(_SKIN[tone]) + rng.normal(0, 3, (90, 90, 3)), 0, 255).astype(np.uint8)
        name = f"dermatosis__{number}.jpg"
        cv2.imwrite(str(folder / "skin" / name), noisy[..., ::-1])
        what = "livedo on a shin" if number == 0 else "naevus, close-up"
        rows.append({"file": name, "what": what, "skin_tone": tone, "side_view": "close-up"})
    _write_manifest(folder / "skin", rows)
    return folder


def _write_person(folder: Path, person: Person) -> dict[str, str]:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    for x in (LEFT_X, RIGHT_X):
        mask[HIP_Y + 30 : ANKLE_Y, x - _HALF_WIDTH : x + _HALF_WIDTH] = 255
    photo = np.where(mask[..., None] > 0, _SKIN[person.tone], _LAWN).astype(np.uint8)
    cv2.imwrite(str(folder / "photos" / f"{person.name}.png"), photo[..., ::-1])
    if person.has_mask:
        cv2.imwrite(str(folder / "masks" / f"{person.name}.png"), mask)
    row = {
        "file": f"photos/{person.name}.png",
        "mask": f"masks/{person.name}.png" if person.has_mask else "",
        "person_group": person.name,
        "skin_tone": person.tone,
        "use": person.use,
        "note": person.note,
    }
    for side, x in (("left", LEFT_X), ("right", RIGHT_X)):
        row[f"{side}_bare"] = person.bare
        for joint, y in (("hip", HIP_Y), ("knee", KNEE_Y), ("ankle", ANKLE_Y)):
            row.update(
                {f"{side}_{joint}_x": str(x), f"{side}_{joint}_y": str(y), f"{side}_{joint}_score": "0.99"}
            )
    return row


def _write_manifest(folder: Path, rows: list[dict[str, str]]) -> None:
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
