"""Paints rendered legs anew each time they are drawn: one geometry carries many nets, extents and colours.

The net of a rendered photograph is baked into it, and a network learns it by heart. Here its clean twin is
painted as real legs are, up to a zone drawn anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Mask
from mottling.scale import COIN_DIAMETER_MM, MAX_SCORE, Zone
from training.painter import Nets, close_to_patch, draw_tint, many_nets, paint
from training.rendered import RenderedPhoto, find_rendered, read_rendered
from training.samples import LabelMap, Sample
from training.truths import Tone, tone_of

__all__ = ["RepaintedSource", "repaint"]

Field = NDArray[np.float32]

_PAINTED_SHARE = 0.55

# The thickest part of a leg in view: between a knee (about 55 mm) and a thigh (about 80 mm).
_HALF_WIDTH_MM = 65.0

# Below this a leg is too small, or too little of it is in view, to carry a net.
_LEAST_HALF_WIDTH_PX = 8.0
_LEAST_ZONE_SHARE = 0.02

# Paint ends this far from a zone above the score, and fades over this much.
_MARGIN_MM, _FADE_MM = 3.0, 12.0
_COIN_FADE_MM = 4.0

_WANDER_MM = 70.0
_KNEECAP_CLEAR_SHARE = 0.3
_KNEECAP_CLEAR_COINS = (1.0, 2.2)
_ONE_PART_SHARE = 0.5


class RepaintedSource:
    """Draws clean rendered photographs of a folder, most of them with new mottling on."""

    def __init__(self, folder: Path, *, nets: Nets | None = None) -> None:
        self._found = find_rendered(folder)
        self._nets = nets or many_nets()

    def draw(self, rng: np.random.Generator) -> Sample:
        """Draw one photograph; the twin is the clean one."""
        files = self._found[int(rng.integers(len(self._found)))]
        read = read_rendered(files, with_twin=True)
        sample = read.clean() if read.twin is not None else read
        quiet = np.zeros_like(sample.mottling)
        clean = Sample(sample.photo, sample.zones, quiet)
        return repaint(clean, _tone(files), self._nets, rng) if rng.random() < _PAINTED_SHARE else clean


def _tone(files: RenderedPhoto) -> Tone:
    return tone_of(int(json.loads(files.record.read_text("utf-8"))["appearance"]["skin"]["tone"]))


@dataclass(frozen=True)
class _Legs:
    zones: LabelMap
    skin: Mask
    mm_per_px: float

    def away_mm(self, others: Mask) -> Field:
        """Distance of every pixel to the others, in millimetres; far where there is none."""
        if not others.any():
            return np.full(others.shape, 1e4, np.float32)
        away = cv2.distanceTransform((~others).astype(np.uint8), cv2.DIST_L2, 3)
        return (away * self.mm_per_px).astype(np.float32)


def repaint(clean: Sample, tone: Tone, nets: Nets, rng: np.random.Generator) -> Sample:
    """Paint new mottling up to a zone drawn anew; unchanged where the legs are too small to carry any."""
    skin = (clean.zones > 0) & (clean.zones <= MAX_SCORE)
    half_width_px = float(cv2.distanceTransform(skin.astype(np.uint8), cv2.DIST_L2, 3).max())
    if half_width_px < _LEAST_HALF_WIDTH_PX:
        return clean
    legs = _Legs(clean.zones, skin, _HALF_WIDTH_MM / half_width_px)
    area = np.bincount(clean.zones[skin], minlength=len(Zone)) / skin.sum()
    possible = [k for k in range(1, len(Zone)) if area[k] >= _LEAST_ZONE_SHARE or (k == 1 and area[1] > 0)]
    if not possible:
        return clean
    score = possible[int(rng.integers(len(possible)))]
    weight = _weight(legs, score, rng)
    amount, cell_px = nets.lay(rng, skin.shape, mm_per_px=legs.mm_per_px)
    if score == Zone.COIN:
        amount = close_to_patch(amount, skin, mm_per_px=legs.mm_per_px, rng=rng)
    drawn = paint(clean.photo, amount * weight, skin, tint=draw_tint(rng, tone), cell_px=cell_px, rng=rng)
    return Sample(drawn.photo, clean.zones, drawn.mottling, twin=clean.photo)


def _weight(legs: _Legs, score: int, rng: np.random.Generator) -> Field:
    """How much of the net is there (H, W): nothing in zones above the score, something in its own."""
    coin = legs.zones == Zone.COIN
    if score == Zone.COIN:
        inside: Field = _rise(legs.away_mm(legs.skin & ~coin) - 1.0, _COIN_FADE_MM) * coin
        return inside
    above = legs.skin & (legs.zones > score)
    weight = _rise(legs.away_mm(above) - _MARGIN_MM, _FADE_MM) * legs.skin
    if rng.random() < _KNEECAP_CLEAR_SHARE:
        clear_mm = COIN_DIAMETER_MM * float(rng.uniform(*_KNEECAP_CLEAR_COINS))
        weight = weight * _rise(legs.away_mm(coin) - clear_mm, _FADE_MM)
    if rng.random() < _ONE_PART_SHARE:
        weight = weight * _rise(_wander(legs, rng) + float(rng.uniform(-0.2, 0.5)), 0.5)
    faded: Field = np.where(weight > 0.02, weight, 0).astype(np.float32)
    return faded


def _rise(inside: Field, fade: float) -> Field:
    part = (inside / fade).clip(0, 1)
    rise: Field = (part * part * (3 - 2 * part)).astype(np.float32)
    return rise


def _wander(legs: _Legs, rng: np.random.Generator) -> Field:
    """Smooth noise, about -1 to 1."""
    height, width = legs.zones.shape
    cell_px = max(4.0, _WANDER_MM / legs.mm_per_px)
    coarse = rng.normal(size=(int(height / cell_px) + 3, int(width / cell_px) + 3)).astype(np.float32)
    wide = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return (wide * 0.6).astype(np.float32)
