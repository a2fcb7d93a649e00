"""Writes drawn legs as `training.synthesize` writes rendered ones; the tiny network reads them."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from mottling.scale import LegReading, Status, Zone
from tests.tiny_model import draw_photo, leg_zones

_SKIN = [Zone.COIN, Zone.KNEE, Zone.LOWER_THIGH, Zone.UPPER_THIGH, Zone.BEYOND_GROIN]
_DRESSINGS = 2
_TONES = (2, 5, 9)


def write_drawn_set(folder: Path, *, views: int = 6, height: int = 400) -> Path:
    """Write each view in two dressings, mottled up to the score view % 6; gives the folder back.

    Every fifth view is cut off above its mottling, so that its score is a lower bound.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for view in range(views):
        score, cut = view % 6, view % 5 == 4
        side = height + 8 * (view // 6)  # no two views are the same picture
        zones = leg_zones(side, side * 3 // 4, up_to=Zone(score) if cut and score > 1 else Zone.BEYOND_GROIN)
        status = Status.AT_LEAST if cut and 1 < score < 5 else Status.SCORED
        for dressing in range(_DRESSINGS):
            stem = folder / f"{view:06d}-{dressing}"
            _write_one(stem, zones, LegReading(status, score), tone=_TONES[(view + dressing) % 3])
    return folder


def _write_one(stem: Path, zones: np.ndarray, reading: LegReading, *, tone: int) -> None:
    mottled = _SKIN[: reading.score]
    legs = np.where(zones > 0, 1, 0).astype(np.uint8)
    legs[:, zones.shape[1] // 2 :] *= 2
    marked = np.isin(zones, [int(zone) for zone in mottled]).astype(np.uint8)
    _save(stem.with_suffix(".jpg"), draw_photo(zones, mottled))
    if mottled:
        _save(stem.with_suffix(".twin.jpg"), draw_photo(zones))
    cv2.imwrite(str(stem.with_suffix(".maps.png")), cv2.merge([legs, marked, zones]))
    record = {
        "scene": {"camera": {"framing": "full", "height_px": len(zones)}, "view": stem.name.split("-")[0]},
        "appearance": {"skin": {"tone": tone}},
        "reading": {"status": reading.status, "score": reading.score},
    }
    stem.with_suffix(".json").write_text(json.dumps(record), "utf-8")


def _save(path: Path, photo: np.ndarray) -> None:
    cv2.imwrite(str(path), cv2.cvtColor(photo, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 96])
