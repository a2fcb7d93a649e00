"""How far painted mottling reaches on a real leg, kept clear of what the landmarks leave in doubt."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.scale import Zone
from training.painting.canvas import Canvas
from training.synthetic.records import Placement

__all__ = ["Extent", "draw_extent", "weight_of"]

Field = NDArray[np.float32]

# Skin of a zone must be in view by this much for mottling to be painted up to it.
_LEAST_ZONE_MM2 = 400.0
_LEAST_COIN_MM2 = 100.0

# The border of the mottled skin wanders and fades by this much.
_WANDER_MM, _FADE_MM = 12.0, 14.0
_WANDER_CELL_MM = 45.0

# Upper ends that stay in their zone whatever the landmarks' error (the zones begin at 24 and 192 mm).
_UPPER_MM = {Zone.KNEE: (-60.0, 0.0), Zone.LOWER_THIGH: (75.0, 150.0), Zone.UPPER_THIGH: (240.0, 310.0)}

_SHARES = {
    Placement.OUTWARDS: 4.0,
    Placement.KNEECAP_CLEAR: 3.0,
    Placement.LOWER_LEG: 2.0,
    Placement.THIGH: 2.0,
    Placement.COIN: 1.5,
}


@dataclass(frozen=True)
class Extent:
    """Mottled skin of one leg."""

    placement: Placement
    score: int
    """What it makes, where it can be seen."""
    low_mm: float
    high_mm: float
    clear_mm: float = 0.0
    """Around the centre of the knee."""


def draw_extent(rng: np.random.Generator, canvas: Canvas, leg: int) -> Extent | None:
    """Draw an extent that the visible skin of a leg allows; None where nothing can be painted."""
    skin = canvas.skin & (canvas.leg == leg)
    area = np.bincount(canvas.zones[skin], minlength=6)[:6] * canvas.mm_per_px**2
    reachable = [zone for zone in _UPPER_MM if area[zone] >= _LEAST_ZONE_MM2]
    thighs = [zone for zone in reachable if zone is not Zone.KNEE]
    possible = {
        Placement.OUTWARDS: bool(reachable),
        Placement.KNEECAP_CLEAR: bool(reachable),
        Placement.LOWER_LEG: Zone.KNEE in reachable,
        Placement.THIGH: bool(thighs),
        Placement.COIN: bool(area[Zone.COIN] >= _LEAST_COIN_MM2),
    }
    shares = np.array([_SHARES[p] if possible[p] else 0.0 for p in _SHARES])
    if not shares.any():
        return None
    placement = list(_SHARES)[int(rng.choice(len(shares), p=shares / shares.sum()))]
    if placement is Placement.COIN:
        return Extent(placement, 1, low_mm=-15, high_mm=15)
    if placement is Placement.LOWER_LEG:
        high = float(rng.uniform(-150, -60))
        return Extent(placement, 2, low_mm=high - float(rng.uniform(60, 220)), high_mm=high)
    zones = thighs if placement is Placement.THIGH else reachable
    zone = zones[int(rng.integers(len(zones)))]
    high = float(rng.uniform(*_UPPER_MM[zone]))
    if placement is Placement.THIGH:
        return Extent(placement, int(zone), low_mm=float(rng.uniform(55, high - 20)), high_mm=high)
    low = float(rng.uniform(-320, -110))
    if placement is Placement.OUTWARDS:
        return Extent(placement, int(zone), low_mm=low, high_mm=high)
    return Extent(placement, int(zone), low_mm=low, high_mm=high, clear_mm=float(rng.uniform(30, 50)))


def weight_of(extent: Extent, canvas: Canvas, leg: int, rng: np.random.Generator) -> Field:
    """How much of the net is there (H, W), 0 to 1, with a border that wanders and fades."""
    wander: Field = _wander(rng, canvas) * np.float32(_WANDER_MM)
    on_leg = (canvas.leg == leg).astype(np.float32)
    if extent.placement is Placement.COIN:
        coin: Field = on_leg * _rise(extent.high_mm - canvas.knee_mm + 0.2 * wander, 5.0)
        return coin
    along: Field = canvas.along_mm + wander
    weight = on_leg * _rise(extent.high_mm - along, _FADE_MM) * _rise(along - extent.low_mm, 2 * _FADE_MM)
    if extent.clear_mm:
        away: Field = canvas.knee_mm + 0.5 * wander - np.float32(extent.clear_mm)
        weight = weight * _rise(away, _FADE_MM)
    if rng.random() < 0.4:
        weight = weight * _rise(_wander(rng, canvas) + 0.4, 0.6)
    faded: Field = np.where(weight > 0.02, weight, 0).astype(np.float32)
    return faded


def _rise(inside_mm: Field, fade_mm: float) -> Field:
    part = (inside_mm / fade_mm + 0.5).clip(0, 1)
    rise: Field = (part * part * (3 - 2 * part)).astype(np.float32)
    return rise


def _wander(rng: np.random.Generator, canvas: Canvas) -> Field:
    """Smooth noise, about -1 to 1."""
    height, width = canvas.skin.shape
    cell = _WANDER_CELL_MM / canvas.mm_per_px
    coarse = rng.normal(size=(int(height / cell) + 3, int(width / cell) + 3)).astype(np.float32)
    return (cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * 0.5).astype(np.float32)
