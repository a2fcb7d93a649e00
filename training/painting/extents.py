"""Where on a leg of a photograph mottling is wanted: up to a zone, off the kneecap, or in patches."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Mask
from mottling.scale import COIN_DIAMETER_MM, MAX_SCORE, Zone
from training.samples import LabelMap

__all__ = ["Legs", "in_patches", "legs_of", "possible_scores", "rise", "up_to"]

Field = NDArray[np.float32]

# The thickest part of a leg in view: between a knee (about 55 mm) and a thigh (about 80 mm).
_HALF_WIDTH_MM = 65.0

# Below this a leg is too small, or too little of it is in view, to carry a net.
_LEAST_HALF_WIDTH_PX = 8.0
_LEAST_ZONE_SHARE = 0.02

# Mottling ends this far from a zone above the score, and fades over this much.
_MARGIN_MM, _FADE_MM = 3.0, 12.0
_COIN_FADE_MM = 4.0

_WANDER_MM = 70.0
_KNEECAP_CLEAR_SHARE = 0.3
_KNEECAP_CLEAR_COINS = (1.0, 2.2)
_ONE_PART_SHARE = 0.5


@dataclass(frozen=True)
class Legs:
    """The legs of one photograph, large enough to carry a net."""

    zones: LabelMap
    skin: Mask
    mm_per_px: float

    def away_mm(self, others: Mask) -> Field:
        """Distance of every pixel to the others, in millimetres; far where there is none."""
        if not others.any():
            return np.full(others.shape, 1e4, np.float32)
        away = cv2.distanceTransform((~others).astype(np.uint8), cv2.DIST_L2, 3)
        return (away * self.mm_per_px).astype(np.float32)


def legs_of(zones: LabelMap) -> Legs | None:
    """Measure the legs by their thickest part; None where they are too small to carry a net."""
    skin = (zones > 0) & (zones <= MAX_SCORE)
    half_width_px = float(cv2.distanceTransform(skin.astype(np.uint8), cv2.DIST_L2, 3).max())
    if half_width_px < _LEAST_HALF_WIDTH_PX:
        return None
    return Legs(zones, skin, _HALF_WIDTH_MM / half_width_px)


def possible_scores(legs: Legs) -> list[int]:
    """List the zones that show enough skin for mottling to end in them."""
    area = np.bincount(legs.zones[legs.skin], minlength=len(Zone)) / legs.skin.sum()
    return [
        zone
        for zone in range(1, len(Zone))
        if area[zone] >= _LEAST_ZONE_SHARE or (zone == Zone.COIN and area[zone] > 0)
    ]


def up_to(legs: Legs, score: int, rng: np.random.Generator) -> Field:
    """How much of a net is there (H, W), 0-1: nothing in zones above the score, something in its own."""
    coin = legs.zones == Zone.COIN
    if score == Zone.COIN:
        inside: Field = rise(legs.away_mm(legs.skin & ~coin) - 1.0, _COIN_FADE_MM) * coin
        return inside
    above = legs.skin & (legs.zones > score)
    weight = rise(legs.away_mm(above) - _MARGIN_MM, _FADE_MM) * legs.skin
    if rng.random() < _KNEECAP_CLEAR_SHARE:
        clear_mm = COIN_DIAMETER_MM * float(rng.uniform(*_KNEECAP_CLEAR_COINS))
        weight = weight * rise(legs.away_mm(coin) - clear_mm, _FADE_MM)
    if rng.random() < _ONE_PART_SHARE:
        weight = weight * in_patches(legs, rng)
    faded: Field = np.where(weight > 0.02, weight, 0).astype(np.float32)
    return faded


def in_patches(legs: Legs, rng: np.random.Generator) -> Field:
    """Large soft patches over about two thirds of a leg, 0-1 (H, W)."""
    return rise(_wander(legs, rng) + float(rng.uniform(-0.2, 0.5)), 0.5)


def rise(inside: Field, fade: float) -> Field:
    """From 0 at 0 to 1 at `fade`, smoothly."""
    part = (inside / fade).clip(0, 1)
    risen: Field = (part * part * (3 - 2 * part)).astype(np.float32)
    return risen


def _wander(legs: Legs, rng: np.random.Generator) -> Field:
    """Smooth noise, about -1 to 1."""
    height, width = legs.zones.shape
    cell_px = max(4.0, _WANDER_MM / legs.mm_per_px)
    coarse = rng.normal(size=(int(height / cell_px) + 3, int(width / cell_px) + 3)).astype(np.float32)
    wide = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return (wide * 0.6).astype(np.float32)
