"""Catheters, drip lines and cables that lie over legs and sheet."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.interpolate import make_interp_spline

from training.synthetic.cloth import Mesh
from training.synthetic.geometry import Part
from training.synthetic.relief import Relief

__all__ = ["lay_tubes", "sweep"]

Float = NDArray[np.floating[Any]]
_STEP_MM = 5.0
_SIDES = 10
_STIFF_STEPS = 3.0
_CATHETER_SHARE = 0.6
_SECOND_SHARE = 0.35
_TAPED_SHARE = 0.6
_PAST_EDGE_MM = 560.0


def lay_tubes(seed: int, relief: Relief, joints: Float) -> list[Mesh]:
    """Lay one or two tubes; a catheter comes from the groin and is often taped to the thigh.

    Args:
        seed: Decides which, and how they lie.
        relief: Of body and bed, without the gown: tubes run beneath it.
        joints: (2, 3, 3) right and left; hip, knee, ankle.
    """
    rng = np.random.default_rng((seed, 71))
    meshes: list[Mesh] = []
    for _ in range(1 + int(rng.random() < _SECOND_SHARE)):
        catheter = rng.random() < _CATHETER_SHARE
        places = _catheter(rng, joints) if catheter else _line(rng, joints)
        radius_mm = rng.uniform(3.0, 5.5) if catheter else rng.uniform(1.6, 2.8)
        path = _lying(places, relief, radius_mm)
        meshes.append(sweep(path, radius_mm, Part.TUBE))
        if rng.random() < _TAPED_SHARE:
            meshes.append(_tape(rng, path, relief, radius_mm=radius_mm))
    return meshes


def sweep(path: Float, radius_mm: float, part: Part, *, closed: bool = False) -> Mesh:
    """Draw a round bar along a path (N, 3); closed, its end meets its start."""
    after, before = np.roll(path, -1, 0), np.roll(path, 1, 0)
    if not closed:
        after[-1], before[0] = path[-1], path[0]
    along = after - before
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    aside = np.cross(along, _least_along(along))
    aside /= np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), 1e-9)
    up = np.cross(along, aside)
    turn = np.arange(_SIDES) * 2 * np.pi / _SIDES
    ring = np.cos(turn)[:, None] * aside[:, None] + np.sin(turn)[:, None] * up[:, None]  # (N, sides, 3)
    number = np.arange(len(path) * _SIDES).reshape(len(path), _SIDES)
    first, last = (number, np.roll(number, -1, 0)) if closed else (number[:-1], number[1:])
    a, b, c, d = first, np.roll(first, -1, 1), last, np.roll(last, -1, 1)
    faces = np.concatenate([np.stack(t, -1).reshape(-1, 3) for t in ((a, b, d), (a, d, c))])
    return Mesh((path[:, None] + radius_mm * ring).reshape(-1, 3), faces, part)


def _least_along(along: Float) -> Float:
    """One axis for the whole path, the one it follows least: so rings do not twist against each other."""
    axis = np.zeros(3)
    axis[np.abs(along).max(0).argmin()] = 1.0
    return axis


def _catheter(rng: np.random.Generator, joints: Float) -> Float:
    """From the groin over or along one thigh, then over the edge of the bed."""
    leg = int(rng.integers(2))
    out = (-1.0, 1.0)[leg]
    hip, knee, ankle = joints[leg, :, :2]
    groin = np.array([joints[:, 0, 0].mean() + 12 * out, hip[1] - 55.0])
    aside = np.array([out, 0.0])
    if rng.random() < 0.6:
        over = rng.uniform(0.3, 0.85)
        points = [
            groin,
            hip + (knee - hip) * over * 0.55 - aside * 35,
            hip + (knee - hip) * over,
            hip + (knee - hip) * (over + rng.uniform(-0.05, 0.25)) + aside * 130,
        ]
    else:
        points = [
            groin,
            hip + (knee - hip) * 0.5 - aside * 75,
            knee - aside * rng.uniform(60, 100),
            knee + (ankle - knee) * rng.uniform(0.3, 0.7) - aside * rng.uniform(0, 90),
        ]
        out *= rng.choice([-1.0, 1.0])
    end = np.array([out * _PAST_EDGE_MM, points[-1][1] + rng.uniform(-260, 60)])
    middle = (points[-1] + end) / 2 + rng.normal(0, 45, 2)
    shaken = [groin, *(p + rng.normal(0, 14, 2) for p in points[1:]), middle, end]
    return np.stack(shaken)


def _line(rng: np.random.Generator, joints: Float) -> Float:
    """From one side of the bed to the other, or back, in loose bends."""
    knee_y, hip_y = joints[:, 1, 1].mean(), joints[:, 0, 1].mean()
    low, high = knee_y - 250, hip_y + 50
    side = rng.choice([-1.0, 1.0])
    start = np.array([side * _PAST_EDGE_MM, rng.uniform(low, high)])
    bends = int(rng.integers(2, 5))
    across = np.sort(rng.uniform(-380, 380, bends)) * -side
    between = np.stack([across, start[1] + np.cumsum(rng.normal(0, 90, bends))], 1)
    back = rng.random() < 0.3
    end = np.array([(side if back else -side) * _PAST_EDGE_MM, between[-1, 1] + rng.normal(0, 160)])
    return np.stack([start, *between, end])


def _lying(places: Float, relief: Relief, radius_mm: float) -> Float:
    """Bend a line softly through places (N, 2); it lies (M, 3) on what is there, and bridges small dips."""
    way = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(places, axis=0), axis=1))])
    at = np.arange(0, way[-1], _STEP_MM)
    flat = make_interp_spline(way, places, k=min(3, len(places) - 1))(at)
    ground = relief.at(flat[:, 0], flat[:, 1]) + radius_mm
    bridged = ndimage.grey_closing(ground, size=9)
    height = np.maximum(ndimage.gaussian_filter1d(bridged, _STIFF_STEPS), ground - 0.3 * radius_mm)
    over_edge = np.clip((np.abs(flat[:, 0]) - 455) / 60, 0, 1)
    return np.column_stack([flat, height - 160 * over_edge**2])


def _tape(rng: np.random.Generator, path: Float, relief: Relief, *, radius_mm: float) -> Mesh:
    """A strip of tape over a tube, where it lies highest."""
    highest = int(np.argmax(ndimage.gaussian_filter1d(path[:, 2], 6)))
    place = int(np.clip(highest + rng.integers(-8, 9), 2, len(path) - 3))
    along = path[place + 2, :2] - path[place - 2, :2]
    along /= np.linalg.norm(along)
    across = np.array([-along[1], along[0]])
    half_long, half_wide = rng.uniform(24, 45), rng.uniform(9, 16)
    u, v = np.meshgrid(np.linspace(-half_long, half_long, 33), np.linspace(-half_wide, half_wide, 13))
    flat = path[place, :2] + u[..., None] * across + v[..., None] * along
    hump = (2 * radius_mm + 0.8) * np.exp(-((u / (1.5 * radius_mm)) ** 2))
    height = relief.at(flat[..., 0], flat[..., 1]) + np.maximum(hump, 1.2)
    return Mesh.of_grid(flat[..., 0], flat[..., 1], height, Part.DRESSING)
