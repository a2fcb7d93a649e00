"""What someone who is up wears, and the poles that pass before the legs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.synthetic.body import RestBody
from training.synthetic.cloth import Mesh
from training.synthetic.geometry import Part
from training.synthetic.leg import locate
from training.synthetic.scene_records import Cloth
from training.synthetic.tubes import sweep

__all__ = ["hold_bars", "put_on_shirt", "under_shorts", "widen_for_shorts"]

Float = NDArray[np.floating[Any]]

# The mesh of the body ends at the chest: a shirt goes on from there.
_SHIRT_FROM_TOP_MM = 130.0
_SHIRT_MM = 620.0
_SHIRT_GAP_MM = 12.0
_ROUND = 40
_ROWS = 24

# How far before the knees a pole passes, towards the camera, and how near to the camera it may come.
_BEFORE_KNEES_MM = (90, 260)
_CLEAR_OF_CAMERA = 0.45


def under_shorts(cloth: Cloth, body: RestBody, rest: Float) -> NDArray[np.bool_]:
    """Say which points of the rest body (N, 3) shorts cover: the hem is a little slanted and wavy."""
    rng = np.random.default_rng((cloth.seed, 41))
    place = locate(body, rest)
    around = np.radians(place.around_deg)
    wave = rng.normal(0, 9) * np.cos(around + rng.uniform(0, 6)) + rng.normal(0, 4) * np.cos(3 * around)
    covered = (place.axial_mm > cloth.shorts_mm + wave) | (rest[:, 1] > body.joints[:, 0, 1].mean())
    return np.asarray(covered)


def widen_for_shorts(cloth: Cloth, body: RestBody, points: Float, normals: Float) -> Float:
    """Lift what shorts cover off the posed skin (V, 3)."""
    covered = under_shorts(cloth, body, body.vertices)
    return np.asarray(points + cloth.loose_mm * normals * covered[:, None])


def put_on_shirt(cloth: Cloth, points: Float) -> Mesh:
    """Close the body where its mesh ends: a tube around the chest, with folds.

    Args:
        cloth: Decides folds and how far the shirt hangs down.
        points: (V, 3) of the posed body.
    """
    rng = np.random.default_rng((cloth.seed, 42))
    top = float(points[:, 1].max())
    ring = points[points[:, 1] > top - _SHIRT_FROM_TOP_MM]
    middle, half = (ring.max(0) + ring.min(0)) / 2, (ring.max(0) - ring.min(0)) / 2 + _SHIRT_GAP_MM
    low = top - _SHIRT_FROM_TOP_MM - rng.uniform(0, 60)
    turn, row = np.meshgrid(np.linspace(0, 2 * np.pi, _ROUND + 1), np.linspace(0, 1, _ROWS))
    folds = 1 + rng.uniform(0, 0.05) * np.sin(rng.integers(3, 9) * turn + rng.uniform(2, 9) * row)
    wide = folds * (1 + 0.15 * row)
    x, z = middle[0] + half[0] * wide * np.cos(turn), middle[2] + half[2] * wide * np.sin(turn)
    return Mesh.of_grid(x, low + row * _SHIRT_MM, z, Part.GOWN)


def hold_bars(cloth: Cloth, joints: Float, camera: Float) -> list[Mesh]:
    """Lay straight poles between the camera and the legs.

    Args:
        cloth: How many, and the seed of where.
        joints: (2, 3, 3) posed.
        camera: (3,) where it is.
    """
    rng = np.random.default_rng((cloth.seed, 43))
    knees = joints[:, 1].mean(0)
    away = float(np.linalg.norm(camera - knees))
    towards = (camera - knees) / away
    bars = []
    for _ in range(cloth.bars):
        before = min(rng.uniform(*_BEFORE_KNEES_MM), (1 - _CLEAR_OF_CAMERA) * away)
        middle = knees + before * towards + rng.normal(0, 150, 3)
        along = np.cross(towards, rng.normal(size=3))
        along = along / np.linalg.norm(along) * rng.uniform(200, 600)
        path = middle + np.linspace(-1, 1, 12)[:, None] * along
        bars.append(sweep(path, float(rng.uniform(6, 24)), Part.RAIL, closed=False))
    return bars
