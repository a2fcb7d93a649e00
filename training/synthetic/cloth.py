"""Sheet and gown: heights over the bed that hang on what lies below, with folds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from training.synthetic.geometry import Part
from training.synthetic.relief import Relief, grid_places
from training.synthetic.scene_records import Cloth

__all__ = ["Gown", "Mesh", "drape_gown", "hem_height", "lay_sheet"]

Float = NDArray[np.floating[Any]]
_GAP_MM = 6.0
_STEP_MM = 10.0
_BED_END_MM = 1000.0
_BLANKET_SHARE = 0.4
_NOWHERE_MM = -300.0
_FLAP_HALF_MM = (40.0, 95.0)
_FLAP_EDGE_MM = 5.0


@dataclass(frozen=True)
class Mesh:
    """Triangles of one part."""

    vertices: Float
    faces: NDArray[np.int64]
    part: Part
    surface_mm: Float = field(default_factory=lambda: np.zeros((0, 2)))
    """(V, 2): coordinates on the thing itself; of nothing but arms, the others use those of the bed."""

    @classmethod
    def of_grid(cls, x: Float, y: Float, z: Float, part: Part) -> Mesh:
        """Put two triangles between any four neighbours of a grid."""
        number = np.arange(x.size).reshape(x.shape)
        a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]
        faces = np.concatenate([np.stack(t, -1).reshape(-1, 3) for t in ((a, b, d), (a, d, c))])
        return cls(np.stack([x, y, z], -1).reshape(-1, 3), faces, part)


@dataclass(frozen=True)
class Gown:
    """A gown or a blanket as it lies."""

    x: Float
    """(columns,)"""
    hem: Float
    """(columns,): where it ends."""
    height: Float
    """(rows, columns): rows go from the hem to the head of the bed in equal steps."""

    @property
    def mesh(self) -> Mesh:
        """Its triangles."""
        rows = np.linspace(0, 1, len(self.height))[:, None]
        y = self.hem + rows * (_BED_END_MM - self.hem)
        return Mesh.of_grid(np.broadcast_to(self.x, y.shape), y, self.height, Part.GOWN)

    def on_bed(self) -> Float:
        """Heights on the grid of a relief, nan beside the gown."""
        x, y = grid_places()
        hem = np.interp(x, self.x, self.hem)
        row = (y - hem) / (_BED_END_MM - hem) * (len(self.height) - 1)
        column = (x - self.x[0]) / _STEP_MM
        return np.asarray(ndimage.map_coordinates(self.height, [row, column], order=1, cval=np.nan))


def hem_height(cloth: Cloth, x_mm: Float, *, knee_y: float, hip_y: float) -> Float:
    """Where along the bed the gown ends, for each place across it."""
    hem = knee_y + cloth.hem * (hip_y - knee_y) + cloth.hem_slope * x_mm
    if cloth.cover_second_leg:
        hem = hem - 700 / (1 + np.exp(-x_mm / 12))
    if cloth.flap:
        hangs_mm = (cloth.hem - 1 + cloth.flap) * (hip_y - knee_y)
        half_mm = np.random.default_rng((cloth.seed, 31)).uniform(*_FLAP_HALF_MM)
        hem = hem - hangs_mm * _flap_share(np.abs(x_mm) - half_mm, flare_mm=cloth.flare_mm)
    rng = np.random.default_rng(cloth.seed)
    waves = (rng.normal(0, 9) * np.sin(x_mm / rng.uniform(30, 110) + rng.uniform(0, 6)) for _ in range(4))
    return np.asarray(hem + sum(waves))


def _flap_share(beyond_mm: Float, *, flare_mm: float) -> Float:
    """How far the cloth hangs there, 0-1: all of it up to its half width, then less and less."""
    if flare_mm <= _FLAP_EDGE_MM:
        return np.asarray(1 / (1 + np.exp(beyond_mm / _FLAP_EDGE_MM)))
    return np.asarray(np.clip(1 - beyond_mm / flare_mm, 0, 1))


def drape_gown(cloth: Cloth, relief: Relief, points: Float, *, knee_y: float, hip_y: float) -> Gown:
    """Hang the gown over the body from its hem to the head of the bed, the hem rolled.

    Args:
        cloth: Where it ends and how it folds.
        relief: Of body and bed.
        points: (V, 3) of the body, which the gown is wider than.
        knee_y: Height of the knees along the bed.
        hip_y: And of the hips.
    """
    rng = np.random.default_rng((cloth.seed, 74))
    x = _columns(rng, cloth, points, knee_y=knee_y, hip_y=hip_y)
    hem = hem_height(cloth, x, knee_y=knee_y, hip_y=hip_y)
    rows = int((_BED_END_MM - hem.min()) / _STEP_MM)
    y = hem + np.linspace(0, 1, rows)[:, None] * (_BED_END_MM - hem)
    grid_x = np.broadcast_to(x, y.shape)
    under = _with_chest(relief, points).at(grid_x, y)
    wide = ndimage.grey_dilation(under, size=(3, 3))
    hung = ndimage.gaussian_filter(_taut(wide, bend_mm=rng.uniform(45, 190)), (1.5, 1.5))
    hung = np.maximum(hung, wide) + _GAP_MM
    folds = _folds(cloth.seed, grid_x, y, cloth.fold_length_mm)
    roll = 7 * np.exp(-(((y - hem - 9) / 8) ** 2))
    z = hung + cloth.fold_mm * np.clip(folds + 0.4, 0, None) + roll
    z[0] = np.maximum(under[0] + 1, hung[0] - 9)
    z[:, [0, -1]] = under[:, [0, -1]] + 1
    return Gown(x, hem, z)


def _columns(rng: np.random.Generator, cloth: Cloth, points: Float, *, knee_y: float, hip_y: float) -> Float:
    """A blanket is as wide as the bed; a gown ends a little beside what it covers."""
    if rng.random() < _BLANKET_SHARE or cloth.cover_second_leg:
        return np.arange(-480.0, 481.0, _STEP_MM)
    lowest = hem_height(cloth, np.arange(-400.0, 401.0, 50), knee_y=knee_y, hip_y=hip_y).min()
    covered = points[points[:, 1] > min(lowest, hip_y) - 40, 0]
    west, east = covered.min() - rng.uniform(30, 130), covered.max() + rng.uniform(30, 130)
    return np.arange(max(west, -480.0), min(east, 480.0) + _STEP_MM, _STEP_MM)


def _with_chest(relief: Relief, points: Float) -> Relief:
    """The body ends at the chest: under cloth, it goes on towards the head."""
    x, y = grid_places()
    top = float(points[:, 1].max())
    last = relief.at(x, np.full(x.shape, top - 25))
    return relief.under(np.where(y > top - 25, last, np.nan))


def _taut(under: Float, *, bend_mm: float) -> Float:
    """What a cloth that bends no tighter than a radius lies on: it spans small gaps and sags in wide ones."""
    for axis in (0, 1):
        lifted = under
        for steps in range(1, 33):
            drop = (steps * _STEP_MM) ** 2 / (2 * bend_mm)
            lifted = np.maximum(
                lifted, np.maximum(_moved(under, steps, axis), _moved(under, -steps, axis)) - drop
            )
        under = lifted
    return under


def _moved(values: Float, steps: int, axis: int) -> Float:
    moved = np.roll(values, steps, axis)
    edge = [slice(None), slice(None)]
    edge[axis] = slice(None, steps) if steps > 0 else slice(steps, None)
    moved[tuple(edge)] = _NOWHERE_MM
    return moved


def lay_sheet(cloth: Cloth, height: float) -> Mesh:
    """Lay a creased sheet on the mattress."""
    x, y = np.meshgrid(np.arange(-480.0, 481.0, 12.0), np.arange(-1050.0, 1000.0, 12.0))
    z = height - 4 + cloth.sheet_mm * _folds(cloth.seed + 1, x, y, 130)
    edge = np.clip((np.abs(x) - 440) / 40, 0, 1)
    return Mesh.of_grid(x, y, z - 250 * edge**2, Part.SHEET)


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
