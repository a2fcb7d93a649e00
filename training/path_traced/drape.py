"""Cloth: heights over whatever lies below, on a grid that runs from the hem inwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

__all__ = ["HeightMap", "Sheetlike", "drape", "folds", "from_grid"]

Float = NDArray[np.floating[Any]]
_STEP_MM = 7.0
_GAP_MM = 5.0
_BRIDGED_MM = 130.0
_THICK_MM = 5.0
_SPAN_STEPS = 12
_SLOPE = 0.35
_BEND_MM = 60.0


@dataclass(frozen=True)
class Sheetlike:
    """Triangles with the coordinates of their cloth in millimetres."""

    vertices: Float
    faces: NDArray[np.int64]
    cloth_mm: Float = field(default_factory=lambda: np.zeros((0, 2)))
    """(V, 2)"""


@dataclass(frozen=True)
class HeightMap:
    """How high what lies on the bed reaches; [row towards the head, column towards the patient's left]."""

    x0_mm: float
    y0_mm: float
    step_mm: float
    height_mm: Float

    @classmethod
    def of_points(cls, points: Float, *, floor_mm: float, step_mm: float = _STEP_MM) -> HeightMap:
        """Take the highest of all points in each cell, and close the holes between them."""
        x0, y0, x1, y1 = -640.0, -1080.0, 640.0, 1000.0
        columns, rows = int((x1 - x0) / step_mm) + 1, int((y1 - y0) / step_mm) + 1
        heights = np.full((rows, columns), floor_mm)
        column = np.clip(((points[:, 0] - x0) / step_mm).round().astype(int), 0, columns - 1)
        row = np.clip(((points[:, 1] - y0) / step_mm).round().astype(int), 0, rows - 1)
        np.maximum.at(heights, (row, column), points[:, 2])
        heights = ndimage.grey_closing(heights, size=(5, 5))
        return cls(x0, y0, step_mm, _on_to_the_head(heights, points, y0=y0, step_mm=step_mm))

    def at(self, x_mm: Float, y_mm: Float) -> Float:
        """Read the height at places; beyond the map it stays as at its border."""
        where = [(y_mm - self.y0_mm) / self.step_mm, (x_mm - self.x0_mm) / self.step_mm]
        return np.asarray(ndimage.map_coordinates(self.height_mm, where, order=1, mode="nearest"))


def _on_to_the_head(heights: Float, points: Float, *, y0: float, step_mm: float) -> Float:
    """The body ends at the chest: under cloth, it goes on."""
    last = int((points[:, 1].max() - 30 - y0) / step_mm)
    heights[last:] = np.maximum(heights[last:], heights[last - 6 : last].mean(0))
    return heights


def drape(
    below: HeightMap,
    hem: Callable[[Float], Float],
    *,
    until_y_mm: float,
    x_mm: tuple[float, float],
    fold_mm: float,
    rng: np.random.Generator,
) -> Sheetlike:
    """Lay a cloth from its hem to `until_y_mm`, and turn its edge down.

    Args:
        below: What it lies on.
        hem: Where along the bed it ends, for places across.
        until_y_mm: Where it is out of view.
        x_mm: Its borders to the sides.
        fold_mm: How high its folds are.
        rng: Draws the folds.
    """
    x = np.arange(x_mm[0], x_mm[1] + _STEP_MM, _STEP_MM)
    ends = hem(x)
    rows = max(8, int(np.abs(until_y_mm - ends).max() / _STEP_MM))
    share = np.linspace(0, 1, rows)[:, None]
    y = ends + share * (until_y_mm - ends)
    across = np.broadcast_to(x, y.shape)
    under = below.at(across, y)
    reach = round(_BRIDGED_MM / _STEP_MM)
    hung = ndimage.gaussian_filter(ndimage.grey_closing(under, size=(reach // 2, reach)), 2.2)
    hung = np.maximum(hung, ndimage.grey_dilation(under, structure=_sagging()))
    hung = np.maximum(hung, ndimage.gaussian_filter(ndimage.grey_dilation(under, size=(3, 3)), 0.8)) + _GAP_MM
    hung = hung + np.maximum(0, fold_mm * folds(across, y, rng, length_mm=rng.uniform(160, 420)))
    hung[:, [0, -1]] = under[:, [0, -1]] + 1
    edge = np.maximum(hung[:1] - _THICK_MM, under[:1] + 0.5)
    inner = np.maximum(hung[2:3] - _THICK_MM, under[2:3] + 0.5)
    z = np.concatenate([inner, edge, hung])
    y = np.concatenate([y[2:3], y[:1], y])
    return from_grid(np.broadcast_to(x, y.shape), y, z)


def _sagging() -> Float:
    """How far below its rest cloth hangs at each step from it: no steeper than a slope, far enough out."""
    steps = np.arange(-_SPAN_STEPS, _SPAN_STEPS + 1) * _STEP_MM
    away = np.hypot(*np.meshgrid(steps, steps))
    return np.asarray(-_SLOPE * away - away**2 / _BEND_MM)


def from_grid(x: Float, y: Float, z: Float) -> Sheetlike:
    """Put two triangles between any four neighbours; the cloth is cut as it lies."""
    number = np.arange(x.size).reshape(x.shape)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]
    faces = np.concatenate([np.stack(t, -1).reshape(-1, 3) for t in ((a, b, d), (a, d, c))])
    return Sheetlike(np.stack([x, y, z], -1).reshape(-1, 3), faces, np.stack([x, y], -1).reshape(-1, 2))


def folds(x_mm: Float, y_mm: Float, rng: np.random.Generator, *, length_mm: float) -> Float:
    """Creases that run a long way and end somewhere, about -0.5 to 1: ridges of noise that is drawn out."""
    total = np.zeros(x_mm.shape)
    for strength in (1.0, 0.7, 0.45):
        turn = rng.uniform(0, np.pi)
        across = x_mm * np.cos(turn) + y_mm * np.sin(turn)
        along = y_mm * np.cos(turn) - x_mm * np.sin(turn)
        grain = ndimage.gaussian_filter(rng.normal(size=(96, 96)), 1.3, mode="wrap")
        grain /= grain.std()
        wide_mm = length_mm * rng.uniform(0.12, 0.3)
        where = [along / length_mm * 3 % 96, across / wide_mm * 3 % 96]
        field_ = ndimage.map_coordinates(grain, where, order=3, mode="grid-wrap")
        ridge = 1 - np.sqrt(field_**2 + 0.02) * 1.3
        total += strength * np.clip(ridge, -0.25, 1)
    return np.asarray(total / 1.6)
