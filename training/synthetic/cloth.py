"""Sheet and gown: heights over the bed that hang on what lies below, with folds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from training.synthetic.geometry import Part
from training.synthetic.parameters import Cloth
from training.synthetic.rays import RayScene

__all__ = ["Mesh", "drape_gown", "hem_height", "lay_sheet"]

Float = NDArray[np.floating[Any]]
_GAP_MM = 6.0
_STEP_MM = 10.0
_ABOVE_MM = 2000.0


@dataclass(frozen=True)
class Mesh:
    """Triangles of one part."""

    vertices: Float
    faces: NDArray[np.int64]
    part: Part


def hem_height(cloth: Cloth, x_mm: Float, *, knee_y: float, hip_y: float) -> Float:
    """Where along the bed the gown ends, for each place across it."""
    hem = knee_y + cloth.hem * (hip_y - knee_y) + cloth.hem_slope * x_mm
    if cloth.cover_second_leg:
        hem = hem - 700 / (1 + np.exp(-x_mm / 12))
    rng = np.random.default_rng(cloth.seed)
    waves = (rng.normal(0, 9) * np.sin(x_mm / rng.uniform(30, 110) + rng.uniform(0, 6)) for _ in range(4))
    return np.asarray(hem + sum(waves))


def drape_gown(cloth: Cloth, body: RayScene, *, knee_y: float, hip_y: float, top_y: float) -> Mesh:
    """Hang the gown over the body from its hem to the chest, the hem rolled."""
    x = np.arange(-460.0, 461.0, _STEP_MM)
    rows = int((top_y - hip_y + 1100) / _STEP_MM)
    hem = hem_height(cloth, x, knee_y=knee_y, hip_y=hip_y)
    y = hem[None, :] + np.linspace(0, 1, rows)[:, None] * (top_y + 60 - hem)[None, :]
    grid_x = np.broadcast_to(x, y.shape)
    under = _heights(body, grid_x, y)
    hung = ndimage.gaussian_filter(ndimage.grey_dilation(under, size=(3, 5)), (2, 3))
    hung = np.maximum(hung, under) + _GAP_MM
    folds = _folds(cloth.seed, grid_x, y, cloth.fold_length_mm)
    roll = 7 * np.exp(-(((y - hem - 9) / 8) ** 2))
    z = hung + cloth.fold_mm * np.clip(folds + 0.4, 0, None) + roll
    z[0] = under[0] + 1
    return _grid(grid_x, y, z, Part.GOWN)


def lay_sheet(cloth: Cloth, height: float) -> Mesh:
    """Lay a creased sheet on the mattress."""
    x, y = np.meshgrid(np.arange(-480.0, 481.0, 12.0), np.arange(-1050.0, 1000.0, 12.0))
    z = height - 4 + cloth.sheet_mm * _folds(cloth.seed + 1, x, y, 130)
    edge = np.clip((np.abs(x) - 440) / 40, 0, 1)
    return _grid(x, y, z - 250 * edge**2, Part.SHEET)


def _heights(body: RayScene, x: Float, y: Float) -> Float:
    start = np.stack([x.ravel(), y.ravel(), np.full(x.size, _ABOVE_MM)], 1)
    hits = body.meet(start, np.tile([0.0, 0.0, -1.0], (x.size, 1)))
    return np.where(hits.face >= 0, _ABOVE_MM - hits.distance_mm, -300.0).reshape(x.shape)


def _folds(seed: int, x: Float, y: Float, length: float) -> Float:
    """Long ridges, sharper above than below, in a few directions."""
    rng = np.random.default_rng(seed)
    total = np.zeros(x.shape)
    for _ in range(7):
        turn, size = rng.uniform(0, np.pi), length * rng.uniform(0.4, 1.6)
        across, along = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        bend = 0.25 * np.sin(along / (1.7 * size) + rng.uniform(0, 6))
        mask = np.clip(np.sin(along / (2.5 * size) + rng.uniform(0, 6)) + 0.2, 0, 1)
        total += rng.uniform(0.2, 1) * mask * (1 - 2 * np.abs(np.sin(across / size * 2 + bend * 4)) ** 0.8)
    return total / 2.5


def _grid(x: Float, y: Float, z: Float, part: Part) -> Mesh:
    number = np.arange(x.size).reshape(x.shape)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]
    faces = np.concatenate([np.stack(t, -1).reshape(-1, 3) for t in ((a, b, d), (a, d, c))])
    return Mesh(np.stack([x, y, z], -1).reshape(-1, 3), faces, part)
