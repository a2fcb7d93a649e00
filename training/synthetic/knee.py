"""The relief of a knee, a height over leg coordinates: it tilts normals, so it is finer than the mesh."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.synthetic.scene_records import Knee

__all__ = ["knee_height"]

Float = NDArray[np.floating[Any]]


def knee_height(knee: Knee, axial_mm: Float, side_mm: Float) -> Float:
    """Height in mm at places given along the leg and, on the front, sideways from the patella centre."""
    rng = np.random.default_rng(knee.seed)
    y, x = axial_mm, side_mm
    height = _patella(knee, x, y, rng)
    height -= knee.dimples * 3.0 * (_bump(x - 27, y + 12, 9, 16) + _bump(x + 27, y + 12, 9, 16))
    height += knee.fold * 2.5 * _bump(x, y + 72, 14, 13) - knee.fold * 1.5 * _bump(x, y + 33, 22, 4)
    for _ in range(knee.creases):
        at, bow, width = rng.uniform(-25, 38), rng.normal(0, 0.006), rng.uniform(1.2, 2.6)
        reach = np.exp(-((x - rng.normal(0, 8)) ** 2) / (2 * rng.uniform(12, 26) ** 2))
        wave = rng.uniform(0.5, 2) * np.sin(x / rng.uniform(5, 12) + rng.uniform(0, 6))
        height -= knee.crease_depth_mm * reach * np.exp(-(((y - at - bow * x**2 - wave) / width) ** 2))
    near = _bump(x, y, 32, 42)
    for _ in range(14 if knee.wrinkles_mm else 0):
        turn, length, phase = rng.normal(np.pi / 2, 0.5), rng.uniform(4, 11), rng.uniform(0, 6.3)
        along = (x * np.cos(turn) + y * np.sin(turn)) / length
        height += 0.35 * knee.wrinkles_mm * near * np.sin(2 * np.pi * along + phase + np.sin(x / 9 + phase))
    return np.asarray(height)


def _patella(knee: Knee, x: Float, y: Float, rng: np.random.Generator) -> Float:
    """The kneecap under skin and fat: a dome whose rim is seldom sharp, and never the same."""
    across, along = x - rng.normal(0, 1.5), y - rng.normal(0, 2)
    radius = np.hypot(across / rng.uniform(18, 25), along / rng.uniform(20, 28))
    softness = rng.uniform(0.16, 0.45)
    lean = 1 + 0.25 * rng.normal() * np.tanh(across / 20) + 0.25 * rng.normal() * np.tanh(along / 20)
    return np.asarray(knee.dome * 4.0 * lean / (1 + np.exp(((radius - 1) / softness).clip(-30, 30))))


def _bump(x: Float, y: Float, width: float, length: float) -> Float:
    return np.exp(-((x / width) ** 2 + (y / length) ** 2) / 2)
