"""Paints mottling for measuring, unlike the painter of training in pattern, colour and placement.

Labyrinths instead of cells, a colour that the skin moves towards instead of light that it absorbs, and
discs of mottled skin instead of bands along the leg.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Mask, Rgb8
from mottling.scale import LegReading, Status, Zone
from training.painting.canvas import Canvas
from training.painting.painter import Nets, close_to_patch
from training.samples import UNKNOWN, LabelMap
from training.synthetic.labels import LEAST_SHARE, outline, visibility
from training.tones import Tone

__all__ = ["SecondPainting", "paint_score"]

Field = NDArray[np.float32]

# CIE Lab: the direction in which mottled skin lies from pale skin; darker and bluer, on light skin redder.
_TOWARDS = {
    Tone.LIGHT: (-0.62, 0.66, -0.42),
    Tone.MEDIUM: (-0.78, 0.4, -0.48),
    Tone.DARK: (-0.8, 0.05, -0.6),
}
_DIRECTION_SPREAD = 0.12
_DIFFERENCE = (9.0, 20.0)

# Finer cells than this are a blur in the photograph.
_LEAST_CELL_PX = 5.0
_MOST_NETS = 12
_BLANCHED_SHARE = 0.25

_FADE_MM = 10.0
_WANDER_CELL_MM, _WANDER_MM = 30.0, 9.0

# From where to where along the leg a disc may reach in each zone, clear of the landmarks' error.
_REACH_MM = {Zone.KNEE: (-300.0, -2.0), Zone.LOWER_THIGH: (48.0, 160.0), Zone.UPPER_THIGH: (225.0, 322.0)}
_RADIUS_MM = (40.0, 110.0)
_COIN_RADIUS_MM = 13.0
_FEWEST_MORE, _MOST_MORE = 1, 5

# Of the zone that makes the score: plainly more than the least that counts, so that two readers would agree.
_LEAST_DRAWN = 2.5 * LEAST_SHARE
_LEAST_OF_COIN = 0.4
_LEAST_ZONE_MM2 = 400.0
_LEAST_COIN_MM2 = 100.0


@dataclass(frozen=True)
class SecondPainting:
    """A painted photograph with its truth."""

    photo: Rgb8
    mottling: LabelMap
    reading: LegReading


@dataclass(frozen=True)
class _Disc:
    x: float
    y: float
    radius_mm: float


def paint_score(canvas: Canvas, score: int, nets: Nets, rng: np.random.Generator) -> SecondPainting | None:
    """Paint one leg so that it has a score; None where it shows no skin for that, or nobody would see it."""
    legs = [leg for leg in (1, 2) if _can_carry(canvas, leg, score)]
    if not legs:
        return None
    leg = legs[int(rng.integers(len(legs)))]
    skin = canvas.skin & (canvas.leg == leg)
    weight = _weight(canvas, skin, _draw_discs(canvas, skin, Zone(score), rng), rng)
    net, cell_px = _lay(nets, canvas, rng)
    if score == Zone.COIN:
        net = close_to_patch(net, skin, mm_per_px=canvas.mm_per_px, rng=rng)
    amount: Field = (net * weight).astype(np.float32)
    photo = _shift(canvas, amount, skin, rng)
    if photo is None:
        return None
    region = outline(amount, skin & (weight > 0), visibility(photo, canvas.photo), cell_px=cell_px)
    unmasked = ~canvas.skin & (canvas.zones == UNKNOWN)
    mottling = np.where(region.ignore | unmasked, UNKNOWN, region.mottled).astype(np.uint8)
    in_zone = skin & (canvas.zones == score)
    least = _LEAST_OF_COIN if score == Zone.COIN else _LEAST_DRAWN
    if int((mottling[in_zone] == 1).sum()) < least * int(in_zone.sum()):
        return None
    return SecondPainting(photo, mottling, LegReading(_status(canvas, leg, score), score))


def _lay(nets: Nets, canvas: Canvas, rng: np.random.Generator) -> tuple[Field, float]:
    """Lay a net that the photograph can show: the first with cells wide enough, or the last tried."""
    for _ in range(_MOST_NETS):
        net, cell_px = nets.lay(rng, canvas.skin.shape, mm_per_px=canvas.mm_per_px)
        if cell_px >= _LEAST_CELL_PX:
            break
    return net, cell_px


def _can_carry(canvas: Canvas, leg: int, score: int) -> bool:
    in_view = float((canvas.skin & (canvas.leg == leg) & (canvas.zones == score)).sum()) * canvas.mm_per_px**2
    return in_view >= (_LEAST_COIN_MM2 if score == Zone.COIN else _LEAST_ZONE_MM2)


def _status(canvas: Canvas, leg: int, score: int) -> Status:
    """Open, where the next zone of the leg is not in view."""
    above = canvas.skin & (canvas.leg == leg) & (canvas.zones == score + 1)
    open_above = float(above.sum()) * canvas.mm_per_px**2 < _LEAST_COIN_MM2
    return Status.AT_LEAST if open_above and score > 1 else Status.SCORED


def _draw_discs(canvas: Canvas, skin: Mask, zone: Zone, rng: np.random.Generator) -> list[_Disc]:
    if zone is Zone.COIN:
        rows, columns = np.nonzero(skin & (canvas.zones == Zone.COIN))
        return [_Disc(float(columns.mean()), float(rows.mean()), _COIN_RADIUS_MM)]
    first = _draw_disc(canvas, skin, zone, rng)
    others = [z for z in _REACH_MM if z <= zone and (skin & (canvas.zones == z)).any()]
    more = (
        _draw_disc(canvas, skin, others[int(rng.integers(len(others)))], rng)
        for _ in range(int(rng.integers(_FEWEST_MORE, _MOST_MORE + 1)))
    )
    return [disc for disc in (first, *more) if disc is not None]


def _draw_disc(canvas: Canvas, skin: Mask, zone: Zone, rng: np.random.Generator) -> _Disc | None:
    low, high = _REACH_MM[zone]
    radius = min(float(rng.uniform(*_RADIUS_MM)), (high - low) / 2)
    inside = skin & (canvas.along_mm > low + radius - 1) & (canvas.along_mm < high - radius + 1)
    places = np.argwhere(inside)
    if len(places) == 0:
        return None
    y, x = places[int(rng.integers(len(places)))]
    return _Disc(float(x), float(y), radius)


def _weight(canvas: Canvas, skin: Mask, discs: list[_Disc], rng: np.random.Generator) -> Field:
    height, width = skin.shape
    cell = _WANDER_CELL_MM / canvas.mm_per_px
    coarse = rng.normal(size=(int(height / cell) + 3, int(width / cell) + 3)).astype(np.float32)
    wander = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * 0.5
    y, x = np.mgrid[:height, :width].astype(np.float32)
    weight = np.zeros(skin.shape, np.float32)
    for disc in discs:
        inside_mm = disc.radius_mm - np.hypot(x - disc.x, y - disc.y) * canvas.mm_per_px
        fade = min(_FADE_MM, disc.radius_mm / 2)
        wandering = min(_WANDER_MM, disc.radius_mm / 4) * wander
        weight = np.maximum(weight, ((inside_mm + wandering) / fade).clip(0, 1))
    shown: Field = np.where(skin, weight, 0).astype(np.float32)
    return shown


def _shift(canvas: Canvas, amount: Field, skin: Mask, rng: np.random.Generator) -> Rgb8 | None:
    """Move the colour of the skin; None where nothing would be seen."""
    darkest = amount > 0.5
    if not darkest.any():
        return None
    towards = np.array(_TOWARDS[canvas.tone]) + rng.normal(0, _DIRECTION_SPREAD, 3)
    towards /= np.linalg.norm(towards)
    asked = float(rng.uniform(*_DIFFERENCE)) / float(amount[darkest].mean())
    soft = cv2.GaussianBlur(skin.astype(np.float32), (0, 0), 1.0) * skin
    quantity = np.where(amount > 0, amount, amount * _BLANCHED_SHARE) * soft
    lab = cv2.cvtColor(canvas.photo.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    # Skin in shadow has less colour to lose.
    lit = (lab[..., :1] / 60).clip(0.4, 1.2)
    moved = (lab + quantity[..., None] * lit * (asked * towards)).astype(np.float32)
    back = cv2.cvtColor(moved, cv2.COLOR_LAB2RGB).clip(0, 1) * 255
    return np.where((quantity != 0)[..., None], back + 0.5, canvas.photo).astype(np.uint8)
