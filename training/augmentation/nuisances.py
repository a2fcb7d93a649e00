"""What legs have that is not mottling, painted over a photograph; the labels stay as they are.

A first network called half of the healthy knees mottled: it had only seen smooth ones. Every measure here
is in units of the leg's half width, and every other nuisance sits at the knee. None is stronger than life.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Mask, Point, Rgb8
from mottling.scale import Zone
from training.samples import UNKNOWN, Sample

__all__ = ["add_nuisances"]

Field = NDArray[np.float32]

# (H, W) or (H, W, 3): what each pixel's linear light is multiplied by.
Gain = Field

# Nuisances are drawn on a smaller picture: they are soft, and thousands are drawn in an hour.
_DRAWN_LONG_SIDE_PX = 256

_MIN_HALF_WIDTH_PX = 4.0
_MOST_AT_ONCE = 4
_AT_KNEE_SHARE = 0.5
_GAMMA = 2.2


@dataclass(frozen=True)
class _Leg:
    """Where to paint."""

    skin: Mask
    depth_px: Field
    """(H, W): distance to the edge of the skin."""
    half_width_px: float
    knees: tuple[Point, ...]
    places: NDArray[np.intp]
    """(N, 2): the x and y of every pixel of skin."""


def add_nuisances(sample: Sample, rng: np.random.Generator) -> Sample:
    """Paint a few nuisances over the leg, the same ones on the photograph and its twin.

    Returns the sample unchanged where no leg is known or it is too small to carry any.
    """
    leg = _find_leg(sample)
    if leg is None:
        return sample
    kinds = rng.choice(len(_KINDS), size=int(rng.integers(1, _MOST_AT_ONCE + 1)), replace=False)
    gain = np.ones((*leg.skin.shape, 3), np.float32)
    for kind in kinds:
        drawn = _KINDS[int(kind)](leg, rng)
        gain *= drawn if drawn.ndim == 3 else drawn[..., None]
    factor = _as_factor(gain, leg.skin, shape=sample.zones.shape)
    twin = None if sample.twin is None else _apply(sample.twin, factor)
    return replace(sample, photo=_apply(sample.photo, factor), twin=twin)


def _find_leg(sample: Sample) -> _Leg | None:
    zones = sample.zones
    scale = _DRAWN_LONG_SIDE_PX / max(zones.shape)
    if scale < 1:
        small = cv2.resize(zones, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST)
        zones = small.astype(np.uint8, copy=False)
    skin = (zones != Zone.NOT_SKIN) & (zones != UNKNOWN)
    depth = cv2.distanceTransform(skin.astype(np.uint8), cv2.DIST_L2, 3)
    half_width = float(depth.max())
    if half_width < _MIN_HALF_WIDTH_PX:
        return None
    count, _, _, centres = cv2.connectedComponentsWithStats((zones == Zone.COIN).astype(np.uint8))
    knees = tuple(Point(float(x), float(y)) for x, y in centres[1:count])
    return _Leg(skin, depth, half_width, knees, np.argwhere(skin)[:, ::-1])


def _as_factor(gain: Gain, skin: Mask, *, shape: tuple[int, ...]) -> Field:
    """A gain of linear light on the skin as a factor (H, W, 3) of encoded values."""
    soft = cv2.GaussianBlur(skin.astype(np.float32), (0, 0), 1.0)[..., None]
    factor = (1 + (gain.clip(0, 2) - 1) * soft) ** np.float32(1 / _GAMMA)
    wide: Field = cv2.resize(factor, shape[::-1], interpolation=cv2.INTER_LINEAR).astype(
        np.float32, copy=False
    )
    return wide


def _apply(photo: Rgb8, factor: Field) -> Rgb8:
    return cv2.multiply(photo, factor, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


def _place(leg: _Leg, rng: np.random.Generator) -> Point:
    """At a knee half of the time, else anywhere on the skin."""
    if leg.knees and rng.random() < _AT_KNEE_SHARE:
        knee = leg.knees[int(rng.integers(len(leg.knees)))]
        spread = 0.35 * leg.half_width_px
        return Point(knee.x + rng.normal(0, spread), knee.y + rng.normal(0, spread))
    x, y = leg.places[int(rng.integers(len(leg.places)))]
    return Point(float(x), float(y))


def _noise(leg: _Leg, rng: np.random.Generator, *, cell_half_widths: float) -> Field:
    """Smooth noise with cells of a given size, mean 0, about -1 to 1."""
    height, width = leg.skin.shape
    cell = max(1.5, cell_half_widths * leg.half_width_px)
    coarse = rng.normal(size=(int(height / cell) + 3, int(width / cell) + 3)).astype(np.float32)
    return (cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * 0.6).astype(np.float32)


def _blob(leg: _Leg, rng: np.random.Generator, *, radius_half_widths: tuple[float, float]) -> Field:
    """A soft patch with a ragged border, 0 to 1."""
    centre = _place(leg, rng)
    height, width = leg.skin.shape
    long, short = (rng.uniform(*radius_half_widths) * leg.half_width_px for _ in range(2))
    turn = rng.uniform(0, np.pi)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    dx, dy = x - centre.x, y - centre.y
    along, across = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
    radius = np.sqrt((along / long) ** 2 + (across / short) ** 2)
    ragged = radius + 0.25 * _noise(leg, rng, cell_half_widths=0.3)
    sharpness = rng.uniform(2, 8)
    blob: Field = 1 / (1 + cv2.exp(((ragged - 1).clip(-5, 5) * sharpness).astype(np.float32)))
    return blob.astype(np.float32, copy=False)


def _relief(leg: _Leg, rng: np.random.Generator) -> Gain:
    """Bumps and dents under a light from one side."""
    height = _noise(leg, rng, cell_half_widths=float(rng.uniform(0.15, 0.6)))
    turn = rng.uniform(0, 2 * np.pi)
    slope = np.cos(turn) * cv2.Sobel(height, cv2.CV_32F, 1, 0) + np.sin(turn) * cv2.Sobel(
        height, cv2.CV_32F, 0, 1
    )
    slope /= float(np.abs(slope[leg.skin]).mean()) * 3 + 1e-6
    where = _blob(leg, rng, radius_half_widths=(0.6, 2.0)) if rng.random() < 0.7 else 1.0
    gain: Gain = (1 + float(rng.uniform(0.1, 0.4)) * slope.clip(-1, 1) * where).astype(np.float32)
    return gain


def _creases(leg: _Leg, rng: np.random.Generator) -> Gain:
    """Two to six dark lines across the knee."""
    lines = np.zeros(leg.skin.shape, np.float32)
    centre, turn = _place(leg, rng), rng.uniform(-0.5, 0.5)
    for _ in range(int(rng.integers(2, 7))):
        middle = np.array(centre) + rng.normal(0, 0.35, 2) * leg.half_width_px
        half = np.array([np.cos(turn), np.sin(turn)]) * rng.uniform(0.2, 0.8) * leg.half_width_px
        bend = np.array([-half[1], half[0]]) * rng.uniform(-0.3, 0.3)
        points = np.array([middle - half, middle + bend, middle + half]).round().astype(np.int32)
        cv2.polylines(lines, [points], isClosed=False, color=1.0, thickness=1, lineType=cv2.LINE_AA)
    soft = cv2.GaussianBlur(lines, (0, 0), max(0.6, rng.uniform(0.01, 0.05) * leg.half_width_px))
    gain: Gain = 1 - float(rng.uniform(0.15, 0.45)) * soft / max(float(soft.max()), 1e-6)
    return gain


def _shadow(leg: _Leg, rng: np.random.Generator) -> Gain:
    """The edge of a shadow, straight, soft or hard."""
    height, width = leg.skin.shape
    through, turn = _place(leg, rng), rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    beyond = (x - through.x) * np.cos(turn) + (y - through.y) * np.sin(turn)
    softness = rng.uniform(0.02, 0.5) * leg.half_width_px
    lit = 1 / (1 + np.exp((beyond / softness).clip(-20, 20)))
    gain: Gain = (1 - float(rng.uniform(0.15, 0.6)) * (1 - lit)).astype(np.float32)
    return gain


def _dark_edge(leg: _Leg, rng: np.random.Generator) -> Gain:
    """Skin that turns away from the light."""
    reach = rng.uniform(0.2, 0.8) * leg.half_width_px
    gain: Gain = (1 - float(rng.uniform(0.15, 0.5)) * np.exp(-leg.depth_px / reach)).astype(np.float32)
    return gain


def _shine(leg: _Leg, rng: np.random.Generator) -> Gain:
    """A bright streak of oil or water."""
    gain: Gain = 1 + float(rng.uniform(0.2, 0.9)) * _blob(leg, rng, radius_half_widths=(0.08, 0.5)) ** 2
    return gain


def _gleam(leg: _Leg, rng: np.random.Generator) -> Gain:
    """Sun or a lamp on a knee: a broad, warm, uneven place far brighter than the skin around it."""
    place = _blob(leg, rng, radius_half_widths=(0.3, 1.1))
    uneven = (0.75 + 0.5 * _noise(leg, rng, cell_half_widths=float(rng.uniform(0.08, 0.4)))).clip(0, 1.5)
    hue = np.array([1.0, rng.uniform(0.85, 1.0), rng.uniform(0.6, 1.0)], np.float32)
    gain: Gain = 1 + float(rng.uniform(0.3, 1.0)) * (place * uneven)[..., None] * hue
    return gain.astype(np.float32)


def _dapple(leg: _Leg, rng: np.random.Generator) -> Gain:
    """Shade with holes: leaves, spokes, fingers, the bars of a bed; of no hue, or the blue of the sky."""
    noise = _noise(leg, rng, cell_half_widths=float(rng.uniform(0.3, 1.0)))
    across = rng.uniform(0, 2 * np.pi)
    height, width = leg.skin.shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    wave = (x * np.cos(across) + y * np.sin(across)) * np.pi / (rng.uniform(0.2, 0.8) * leg.half_width_px)
    pattern = noise if rng.random() < 0.6 else np.sin(wave) + 0.3 * noise
    shade = 1 / (1 + np.exp((-rng.uniform(3, 20) * (pattern - rng.uniform(-0.2, 0.4))).clip(-20, 20)))
    where = _blob(leg, rng, radius_half_widths=(0.8, 3.0)) if rng.random() < 0.6 else 1.0
    depth = float(rng.uniform(0.2, 0.6)) * np.array([1.0, 1.0, rng.uniform(0.8, 1.0)], np.float32)
    gain: Gain = (1 - (shade * where)[..., None] * depth).astype(np.float32)
    return gain


def _drops(leg: _Leg, rng: np.random.Generator) -> Gain:
    """Sweat or water: many small lights, each with its shadow below."""
    lights = np.zeros(leg.skin.shape, np.float32)
    count = int(rng.integers(20, 200))
    for x, y in leg.places[rng.integers(len(leg.places), size=count)]:
        radius = max(1, round(rng.uniform(0.005, 0.03) * leg.half_width_px))
        cv2.circle(lights, (int(x), int(y)), radius, float(rng.uniform(0.3, 1)), -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(lights, (0, 0), 0.7).astype(np.float32)
    below = np.roll(soft, max(1, round(0.02 * leg.half_width_px)), axis=0)
    where = _blob(leg, rng, radius_half_widths=(0.5, 2.5)) if rng.random() < 0.7 else 1.0
    strength = float(rng.uniform(0.3, 1.0))
    gain: Gain = (1 + strength * (soft - 0.3 * below) * where).astype(np.float32)
    return gain


def _red_patch(leg: _Leg, rng: np.random.Generator) -> Gain:
    """A pressed, rubbed or warm place."""
    return _tint(_blob(leg, rng, radius_half_widths=(0.3, 1.4)), (0.0, 0.28, 0.24), rng)


def _brown_patch(leg: _Leg, rng: np.random.Generator) -> Gain:
    """Pigment: darker knees above all."""
    return _tint(_blob(leg, rng, radius_half_widths=(0.3, 1.2)), (0.3, 0.42, 0.5), rng)


def _grey_patch(leg: _Leg, rng: np.random.Generator) -> Gain:
    """Rough, dry or dark knee skin without a hue of its own."""
    return _tint(_blob(leg, rng, radius_half_widths=(0.3, 1.0)), (0.36, 0.36, 0.34), rng)


def _slow_blotches(leg: _Leg, rng: np.random.Generator) -> Gain:
    """Unevenness wider than any cell of a mottled net."""
    noise = _noise(leg, rng, cell_half_widths=float(rng.uniform(0.8, 1.8)))
    return _tint((0.5 + 0.5 * noise).clip(0, 1).astype(np.float32), (0.1, 0.22, 0.2), rng)


def _spots(leg: _Leg, rng: np.random.Generator) -> Gain:
    """Freckles, moles, small marks."""
    spots = np.zeros(leg.skin.shape, np.float32)
    for _ in range(int(rng.integers(3, 40))):
        x, y = _place(leg, rng)
        radius = max(1, round(rng.uniform(0.01, 0.06) * leg.half_width_px))
        cv2.circle(spots, (round(x), round(y)), radius, float(rng.uniform(0.3, 1)), -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(spots, (0, 0), 0.8).astype(np.float32)
    return _tint(soft, (0.35, 0.45, 0.5), rng)


def _hairs(leg: _Leg, rng: np.random.Generator) -> Gain:
    """Short strokes that lie one way."""
    hairs = np.zeros(leg.skin.shape, np.float32)
    lie = rng.uniform(0, np.pi)
    count = int(rng.integers(60, 500))
    starts = leg.places[rng.integers(len(leg.places), size=count)]  # (N, 2)
    turns, lengths = lie + rng.normal(0, 0.4, count), rng.uniform(0.05, 0.2, count) * leg.half_width_px
    ends = starts + np.stack([np.cos(turns), np.sin(turns)], axis=1) * lengths[:, None]  # (N, 2)
    strokes = np.stack([starts, ends], axis=1).round().astype(np.int32)  # (N, 2, 2)
    for part, dark in zip(np.array_split(strokes, 3), (0.4, 0.7, 1.0), strict=True):
        cv2.polylines(hairs, list(part), isClosed=False, color=dark, thickness=1, lineType=cv2.LINE_AA)
    return _tint(hairs, (0.45, 0.45, 0.4), rng)


def _tint(where: Field, absorbed: tuple[float, float, float], rng: np.random.Generator) -> Gain:
    """Absorb up to this much red, green and blue light."""
    strength = float(rng.uniform(0.3, 1.0))
    gain: Gain = 1 - where[..., None] * np.array(absorbed, np.float32) * np.float32(strength)
    return gain


_KINDS: tuple[Callable[[_Leg, np.random.Generator], Gain], ...] = (
    _relief,
    _creases,
    _shadow,
    _dark_edge,
    _shine,
    _gleam,
    _dapple,
    _drops,
    _red_patch,
    _brown_patch,
    _grey_patch,
    _slow_blotches,
    _spots,
    _hairs,
)
