"""The colour of skin in CIELAB, clean and mottled, as the engine's base colour (linear sRGB)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.path_traced.chart import AROUND_MM, HIGH_MM, LOW_MM, Chart, cloudy
from training.path_traced.records import Mottle, Skin
from training.path_traced.seen import Seen

__all__ = ["Painted", "paint_skin"]

Field = NDArray[np.float32]

# What mottling does to L*, a* and b* of dark and of light skin (clinical-facts.md, two-layer skin).
_ON_DARK, _ON_LIGHT = np.array([-3.6, -0.2, -4.0]), np.array([-9.0, 1.0, -3.5])
_DARK_L, _LIGHT_L = 33.0, 68.0
_BLANCHED = np.array([3.0, -2.5, 0.5])
_LEAST_L = 12.0
_VEIN_STEP_MM = 0.8
_HAIR_STEP_MM = 0.45
_MOST_HAIRS = 14000
_HAIR_LAB = (14.0, 4.0, 5.0)


@dataclass(frozen=True)
class Painted:
    """Base colours (H, W, 3)."""

    mottled: Field
    clean: Field


def paint_skin(seen: Seen, skin: Skin, mottle: Mottle, amount: Field, pale: Field) -> Painted:
    """Give each pixel of the body its colour.

    Args:
        seen: Leg coordinates.
        skin: The person's.
        mottle: How mottling looks.
        amount: (H, W) of it, 0 to about 1.
        pale: (H, W), 0-1: blanched centres of its cells.
    """
    clean = np.array(skin.lab, np.float32) + _own_unevenness(seen, skin)
    light = np.clip((clean[..., :1] - _DARK_L) / (_LIGHT_L - _DARK_L), 0, 1)
    change = _ON_DARK + (_ON_LIGHT - _ON_DARK) * light
    change = change + np.array([0, 1.5, 1.0]) * mottle.hue * (0.4 + 0.6 * light)
    mottled = clean + mottle.strength * amount[..., None] * change
    mottled = mottled + mottle.blanch * pale[..., None] * _BLANCHED * (0.4 + 0.6 * light)
    return Painted(_linear(mottled), _linear(clean))


def _linear(lab: NDArray[np.floating]) -> Field:
    lab = lab.astype(np.float32)
    lab[..., 0] = np.maximum(lab[..., 0], _LEAST_L)
    return np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2LRGB), 0.004, 0.95)


def _own_unevenness(seen: Seen, skin: Skin) -> Field:
    """What is not mottling: change of L*, a* and b* (H, W, 3)."""
    rng = np.random.default_rng(skin.seed)
    slow, middle, fine = (cloudy(rng, size).on(seen) for size in (150.0, 35.0, 9.0))
    grain = cloudy(rng, 2.6, fall=1.0, step_mm=0.8).on(seen)
    red, redder = cloudy(rng, 110.0).on(seen), cloudy(rng, 14.0).on(seen)
    light = skin.blotch * (0.9 * slow + 0.7 * middle + 0.45 * fine + 0.5 * grain)
    warm = skin.blotch * (0.7 * red + 0.45 * redder)
    yellow = 0.5 * skin.blotch * (slow - red)
    across = np.radians(seen.around_deg) * seen.radius_mm
    knee = np.exp(-((seen.axial_mm / 38) ** 2) - (across / 36) ** 2) * (1 + 0.3 * middle)
    light -= skin.knee_dark * knee
    warm += skin.knee_red * np.clip(knee + 0.2 * fine * knee, 0, 1.5)
    shin = 1 / (1 + np.exp(np.clip((seen.axial_mm + 60) / 60, -30, 30)))
    light -= skin.shin_dark * shin
    yellow += 0.4 * skin.shin_dark * shin
    total = np.stack([light, warm, yellow], -1).astype(np.float32)
    for marks in (_freckles(rng, skin), _veins(rng, skin), _marks(rng, skin)):
        for leg, chart in enumerate(marks, start=1):
            on_leg = seen.leg == leg
            for k in range(3):
                total[..., k] += np.where(on_leg, Chart(chart[..., k].copy(), _VEIN_STEP_MM).on(seen), 0)
    if skin.hair:
        covered = Chart(_hairs(rng, skin.hair), _HAIR_STEP_MM).on(seen)[..., None]
        total = total * (1 - covered) + covered * (np.array(_HAIR_LAB) - np.array(skin.lab))
    return total


def _hairs(rng: np.random.Generator, density: float) -> Field:
    """Short strokes towards the foot, fewer on the kneecap; how much of each place they cover."""
    drawn = np.zeros(Chart.shape(_HAIR_STEP_MM), np.float32)
    count = int(_MOST_HAIRS * density)
    roots = rng.uniform((0, LOW_MM), (AROUND_MM, 450.0), (count, 2))
    on_kneecap = np.hypot(roots[:, 0] - AROUND_MM / 2, roots[:, 1]) < 40
    roots = roots[(rng.random(count) < np.where(roots[:, 1] > 60, 0.4, 1.0)) & ~on_kneecap]
    turn, bend = rng.normal(0, 0.45, len(roots)), rng.normal(0, 0.35, len(roots))
    length = rng.uniform(4, 15, len(roots))
    t = np.linspace(0, 1, 5)
    angle = turn[:, None] + bend[:, None] * t
    steps = length[:, None, None] / 5 * np.stack([np.sin(angle), -np.cos(angle)], -1)
    lines = (roots[:, None] + np.cumsum(steps, 1) - [0, LOW_MM]) / _HAIR_STEP_MM * 16
    for line, dark in zip(lines.astype(np.int32), rng.uniform(0.06, 0.3, len(lines)), strict=True):
        cv2.polylines(drawn, [line[:, None]], isClosed=False, color=float(dark), thickness=1, shift=4)
    return drawn


def _blank() -> NDArray[np.float32]:
    return np.zeros((*Chart.shape(_VEIN_STEP_MM), 3), np.float32)


def _freckles(rng: np.random.Generator, skin: Skin) -> list[Field]:
    """Freckles and a few moles, on both legs."""
    charts = []
    for _ in range(2):
        spots = np.zeros(Chart.shape(_VEIN_STEP_MM), np.float32)
        for _ in range(int(900 * skin.freckles) + int(rng.integers(0, 9))):
            at = int(rng.integers(spots.shape[1])), int(rng.integers(spots.shape[0]))
            radius = max(1, int(rng.gamma(1.5, 0.8) / _VEIN_STEP_MM))
            cv2.circle(spots, at, radius, float(rng.uniform(0.3, 1)), -1)
        soft = np.asarray(cv2.GaussianBlur(spots, (0, 0), 0.9), np.float32)
        charts.append(soft[..., None] * np.array([-9, 2, 3], np.float32))
    return charts


def _veins(rng: np.random.Generator, skin: Skin) -> list[Field]:
    """A few bluish lines that wander down the leg."""
    charts = []
    for _ in range(2):
        lines = np.zeros(Chart.shape(_VEIN_STEP_MM), np.float32)
        for _ in range(int(5 * skin.veins)):
            steps = np.cumsum(rng.normal(0, 3.0, 60)) + rng.uniform(0, AROUND_MM)
            down = rng.uniform(LOW_MM, HIGH_MM) - np.arange(60) * 6.0
            points = np.stack([steps, down - LOW_MM], 1) / _VEIN_STEP_MM * 16
            cv2.polylines(
                lines, [points.astype(np.int32)[:, None]], isClosed=False, color=1.0, thickness=4, shift=4
            )
        soft = np.asarray(cv2.GaussianBlur(lines, (0, 0), 2.2), np.float32)
        charts.append(soft[..., None] * skin.veins * np.array([-3.0, -3.0, -3.5], np.float32))
    return charts


def _marks(rng: np.random.Generator, skin: Skin) -> list[Field]:
    """Bruises and pale or brown scars."""
    charts = [_blank(), _blank()]
    kinds = [np.array([-8, -1, 2])] * skin.bruises + [
        rng.choice([-1, 1]) * np.array([4, -1, -2])
    ] * skin.scars
    for index, change in enumerate(kinds):
        chart = charts[int(rng.integers(2))]
        middle = np.array([rng.uniform(0, AROUND_MM), rng.uniform(-300, 400) - LOW_MM]) / _VEIN_STEP_MM
        size = rng.uniform(8, 22) if index < skin.bruises else rng.uniform(2, 5)
        longer = rng.uniform(1, 1.8) if index < skin.bruises else rng.uniform(2, 8)
        spot = np.zeros(chart.shape[:2], np.float32)
        axes = (round(size / _VEIN_STEP_MM), round(size * longer / _VEIN_STEP_MM))
        centre = (round(float(middle[0])), round(float(middle[1])))
        cv2.ellipse(spot, centre, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
        chart += cv2.GaussianBlur(spot, (0, 0), 0.35 * size / _VEIN_STEP_MM)[..., None] * change
    return charts
