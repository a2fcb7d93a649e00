"""The bars at a bed's sides, up or half lowered, and the board at its foot."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.synthetic.cloth import Mesh
from training.synthetic.geometry import Part
from training.synthetic.tubes import sweep

__all__ = ["raise_rails"]

Float = NDArray[np.floating[Any]]
_AWAY_MM = 530.0
_BOTH_SHARE = 0.45
_FOOT_MM = -1110.0

# A phone is not held against a bar: what would come nearer to it is left away.
_CLEAR_OF_CAMERA_MM = 330.0
_CORNER_STEPS = 7


def raise_rails(seed: int, floor_mm: float, camera: Float) -> list[Mesh]:
    """Stand bars at one or both sides of the bed.

    Args:
        seed: Decides sides, height, bars.
        floor_mm: Height of the sheet.
        camera: (3,) where the phone is.
    """
    rng = np.random.default_rng((seed, 72))
    first = rng.choice([-1.0, 1.0])
    sides = [first, -first] if rng.random() < _BOTH_SHARE else [first]
    top = floor_mm + rng.uniform(60, 330)
    low, thick = top - rng.uniform(180, 340), rng.uniform(11, 19)
    foot = rng.uniform(-880, -420)
    head = foot + rng.uniform(700, 1150)
    bars, posts = int(rng.integers(0, 4)), int(rng.integers(0, 7))
    paths = [_frame(side, (foot, head), (low, top)) for side in sides]
    for side in sides:
        paths += [_straight(side, (foot, head), (z, z)) for z in np.linspace(low, top, bars + 2)[1:-1]]
        paths += [_straight(side, (y, y), (low, top)) for y in np.linspace(foot, head, posts + 2)[1:-1]]
    radii = [thick] * len(sides) + [0.7 * thick] * (len(paths) - len(sides))
    clear = [np.linalg.norm(path - camera, axis=1).min() > _CLEAR_OF_CAMERA_MM for path in paths]
    return [
        sweep(path, radius, Part.RAIL, closed=number < len(sides))
        for number, (path, radius) in enumerate(zip(paths, radii, strict=True))
        if clear[number]
    ]


def _frame(side: float, along: tuple[float, float], height: tuple[float, float]) -> Float:
    """A rectangle with round corners, standing at a side."""
    round_mm = 0.35 * (height[1] - height[0])
    corners = []
    for quarter, (y, z) in enumerate(
        [(along[1], height[1]), (along[0], height[1]), (along[0], height[0]), (along[1], height[0])]
    ):
        inwards_y, inwards_z = (-1, 1, 1, -1)[quarter], (-1, -1, 1, 1)[quarter]
        turn = np.linspace(0, np.pi / 2, _CORNER_STEPS) + quarter * np.pi / 2
        corners.append(
            np.stack(
                [
                    y + inwards_y * round_mm + round_mm * np.cos(turn),
                    z + inwards_z * round_mm + round_mm * np.sin(turn),
                ],
                1,
            )
        )
    return _dense(side, np.concatenate([*corners, corners[0][:1]]))[:-1]


def _straight(side: float, along: tuple[float, float], height: tuple[float, float]) -> Float:
    return _dense(side, np.stack([along, height], 1))


def _dense(side: float, outline: Float) -> Float:
    """Put points every few centimetres on an outline (N, 2) of places along the bed and heights."""
    way = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(outline, axis=0), axis=1))])
    at = np.unique(np.concatenate([way, np.linspace(0, way[-1], 2 + int(way[-1] / 60))]))
    y, z = (np.interp(at, way, outline[:, k]) for k in (0, 1))
    return np.column_stack([np.full(len(at), side * _AWAY_MM), y, z])
