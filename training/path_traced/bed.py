"""The bed and what is on and around it: all that is not skin, as triangles by kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.path_traced.drape import HeightMap, Sheetlike, drape, folds, from_grid
from training.path_traced.figure import Figure
from training.path_traced.records import Bedding, TracedView

__all__ = ["Kind", "Thing", "cover_limit_mm", "make_bed"]

Float = NDArray[np.floating[Any]]
_HALF_BED_MM = 460.0
_FOOT_MM, _HEAD_MM = -1070.0, 990.0
_MATTRESS_MM = 160.0
_FLOOR_BELOW_MM = 700.0
_WALL_AWAY_MM = 1700.0
_BEHIND_STANDING_MM = 350.0
_LEAST_FLARE_MM = 14.0


class Kind(StrEnum):
    """What a thing is made of."""

    GOWN = "gown"
    SHEET = "sheet"
    BLANKET = "blanket"
    PAD = "pad"
    MATTRESS = "mattress"
    TUBE = "tube"
    RAIL = "rail"
    FLOOR = "floor"
    WALL = "wall"


@dataclass(frozen=True)
class Thing:
    """One mesh of one kind."""

    kind: Kind
    mesh: Sheetlike


def cover_limit_mm(bedding: Bedding, x_mm: Float, figure: Figure) -> Float:
    """Where along the bed the gown ends, for places across, but for what hangs down between the thighs."""
    end = figure.knee_y + bedding.hem * (figure.hip_y - figure.knee_y) + bedding.slope * x_mm
    rng = np.random.default_rng((bedding.seed, 1))
    for _ in range(3):
        end = end + rng.normal(0, 6) * np.sin(x_mm / rng.uniform(25, 90) + rng.uniform(0, 6))
    return np.asarray(end)


def _hem(bedding: Bedding, x_mm: Float, figure: Figure) -> Float:
    end = cover_limit_mm(bedding, x_mm, figure)
    if not bedding.apron:
        return end
    hangs_mm = (bedding.hem - 1 + bedding.apron) * (figure.hip_y - figure.knee_y)
    beyond_mm = np.abs(x_mm) - bedding.apron_half_mm
    share = np.clip(1 - beyond_mm / max(bedding.apron_flare_mm, _LEAST_FLARE_MM), 0, 1)
    return np.asarray(end - hangs_mm * share)


def make_bed(view: TracedView, figure: Figure) -> list[Thing]:
    """Lay the sheet, drape gown and blanket, and put floor, walls, rails and a tube around."""
    bedding, standing = view.bedding, view.pose.standing
    rng = np.random.default_rng((bedding.seed, 2))
    floor_mm = float(np.percentile(figure.posed[:, 2], 2)) + 8
    lying_on = floor_mm - (_BEHIND_STANDING_MM if standing else 0)
    below = HeightMap.of_points(figure.posed, floor_mm=lying_on)
    things = _standing_room(figure, lying_on) if standing else _lying_room(view, floor_mm, rng)
    things.append(Thing(Kind.GOWN, _gown(bedding, figure, below, rng)))
    if bedding.foot_cover_mm is not None:
        things.append(Thing(Kind.BLANKET, _foot_cover(bedding, figure, below, rng)))
    if bedding.tube:
        things.append(Thing(Kind.TUBE, _tube(figure, below, rng)))
    return things


def _gown(bedding: Bedding, figure: Figure, below: HeightMap, rng: np.random.Generator) -> Sheetlike:
    above = figure.posed[figure.posed[:, 1] > figure.hip_y - 60, 0]
    beside = rng.uniform(20, 120, 2)
    borders = max(above.min() - beside[0], -_HALF_BED_MM), min(above.max() + beside[1], _HALF_BED_MM)

    def hem(x_mm: Float) -> Float:
        return _hem(bedding, x_mm, figure)

    return drape(below, hem, until_y_mm=_HEAD_MM, x_mm=borders, fold_mm=bedding.fold_mm, rng=rng)


def _foot_cover(bedding: Bedding, figure: Figure, below: HeightMap, rng: np.random.Generator) -> Sheetlike:
    assert bedding.foot_cover_mm is not None
    begins = figure.knee_y - bedding.foot_cover_mm
    slope, wave, phase = rng.normal(0, 0.08), rng.uniform(60, 200), rng.uniform(0, 6)

    def hem(x_mm: Float) -> Float:
        return np.asarray(begins + slope * x_mm + 12 * np.sin(x_mm / wave + phase))

    sides = (-_HALF_BED_MM + rng.uniform(0, 60), _HALF_BED_MM - rng.uniform(0, 60))
    return drape(below, hem, until_y_mm=_FOOT_MM, x_mm=sides, fold_mm=bedding.fold_mm + 3, rng=rng)


def _lying_room(view: TracedView, top_mm: float, rng: np.random.Generator) -> list[Thing]:
    bedding = view.bedding
    things = [Thing(Kind.SHEET, _sheet(bedding, top_mm, rng))]
    box = _box((-_HALF_BED_MM, _FOOT_MM, top_mm - _MATTRESS_MM), (_HALF_BED_MM, _HEAD_MM, top_mm - 14))
    things.append(Thing(Kind.MATTRESS, box))
    if bedding.pad:
        things.append(Thing(Kind.PAD, _pad(top_mm, rng)))
    ground = top_mm - _FLOOR_BELOW_MM
    things.append(Thing(Kind.FLOOR, _plane((-4000, -4000, ground), (8000, 0, 0), (0, 8000, 0))))
    things.append(Thing(Kind.WALL, _plane((-4000, _HEAD_MM + 260, ground), (8000, 0, 0), (0, 0, 2600))))
    side = float(rng.choice([-1, 1]))
    wall = _plane((side * _WALL_AWAY_MM, -4000, ground), (0, 8000, 0), (0, 0, 2600))
    things.append(Thing(Kind.WALL, wall))
    if bedding.rail:
        things.append(Thing(Kind.RAIL, _rail(top_mm, side=-side if rng.random() < 0.5 else side, rng=rng)))
    return things


def _standing_room(figure: Figure, behind_mm: float) -> list[Thing]:
    feet = float(figure.posed[:, 1].min())
    wall = _plane((-3000, feet - 200, behind_mm), (6000, 0, 0), (0, 4000, 0))
    floor = _plane((-3000, feet, behind_mm), (6000, 0, 0), (0, 0, 3000))
    return [Thing(Kind.WALL, wall), Thing(Kind.FLOOR, floor)]


def _sheet(bedding: Bedding, top_mm: float, rng: np.random.Generator) -> Sheetlike:
    x, y = np.meshgrid(np.arange(-_HALF_BED_MM, _HALF_BED_MM + 1, 9.0), np.arange(_FOOT_MM, _HEAD_MM, 9.0))
    z = top_mm - 6 + bedding.crease_mm * np.clip(folds(x, y, rng, length_mm=rng.uniform(250, 700)), -0.3, 1)
    edge = np.clip((np.abs(x) - _HALF_BED_MM + 40) / 40, 0, 1)
    return from_grid(x, y, z - _MATTRESS_MM * edge**2)


def _pad(top_mm: float, rng: np.random.Generator) -> Sheetlike:
    low, high = rng.uniform(-650, -420), rng.uniform(-60, 120)
    x, y = np.meshgrid(np.arange(-360.0, 361, 9), np.arange(low, high, 9))
    z = top_mm - 1 + 3 * np.clip(folds(x, y, rng, length_mm=260), 0, 1)
    return from_grid(x, y, z)


def _tube(figure: Figure, below: HeightMap, rng: np.random.Generator) -> Sheetlike:
    """A soft line from under the gown over a thigh and down beside the leg."""
    leg = int(rng.integers(2))
    out = (-1.0, 1.0)[leg]
    hip, knee = figure.joints[leg, 0], figure.joints[leg, 1]
    stops = np.array(
        [
            [0.1 * hip[0], hip[1] + 120],
            [0.55 * hip[0] + rng.normal(0, 15), hip[1] - rng.uniform(60, 130)],
            [knee[0] + out * rng.uniform(-10, 60), 0.5 * (hip[1] + knee[1]) + rng.normal(0, 40)],
            [knee[0] + out * rng.uniform(90, 150), knee[1] + rng.normal(0, 60)],
            [out * rng.uniform(300, 420), knee[1] - rng.uniform(100, 300)],
            [out * 470, knee[1] - rng.uniform(150, 350)],
        ]
    )
    radius = rng.uniform(2.2, 4.2)
    at = np.linspace(0, len(stops) - 1, 160)
    path = np.stack([_smooth(at, stops[:, k]) for k in (0, 1)], 1)
    height = below.at(path[:, 0], path[:, 1]) + radius
    path = np.concatenate([path, np.maximum(height, np.convolve(height, np.ones(7) / 7, "same"))[:, None]], 1)
    return _pipe(path, radius)


def _smooth(at: Float, stops: Float) -> Float:
    """A curve that is drawn towards the stops (uniform cubic B-spline, its ends held)."""
    held = np.concatenate([[stops[0]] * 2, stops, [stops[-1]] * 2])
    k = np.minimum(at.astype(int), len(stops) - 1)
    t = at - k
    w = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    return np.asarray(sum(w[j] * held[k + 1 + j] for j in range(4)) / 6)


def _pipe(path: Float, radius_mm: float, *, sides: int = 10) -> Sheetlike:
    along = np.gradient(path, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    helper = np.where(np.abs(along[:, 2:]) > 0.9, np.array([[1.0, 0, 0]]), np.array([[0, 0, 1.0]]))
    across = np.cross(along, helper)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    over = np.cross(across, along)
    turn = np.linspace(0, 2 * np.pi, sides + 1)
    ring = path[:, None] + radius_mm * (
        np.cos(turn)[None, :, None] * across[:, None] + np.sin(turn)[None, :, None] * over[:, None]
    )
    return from_grid(ring[..., 0], ring[..., 1], ring[..., 2])


def _rail(top_mm: float, *, side: float, rng: np.random.Generator) -> Sheetlike:
    """Bars along one side of the bed."""
    x, low, high = side * (_HALF_BED_MM + 35), rng.uniform(-700, -500), rng.uniform(50, 300)
    radius, upper = rng.uniform(9, 16), top_mm + rng.uniform(60, 220)
    bars = [
        _pipe(np.linspace([x, low, z], [x, high, z], 24), radius) for z in (upper, upper - 130, upper - 260)
    ]
    ends = [_pipe(np.linspace([x, y, upper], [x, y, top_mm - 300], 24), radius) for y in (low, high)]
    return _joined([*bars, *ends])


def _box(low: tuple[float, float, float], high: tuple[float, float, float]) -> Sheetlike:
    a, b = np.array(low, float), np.array(high, float)
    x, y, z = np.diag(b - a)
    return _joined(
        [_plane(a, x, z), _plane(a, y, z), _plane(a + y, x, z), _plane(a + x, y, z), _plane(a + z, x, y)]
    )


def _plane(corner: Any, first: Any, second: Any) -> Sheetlike:
    corner, first, second = (np.asarray(v, float) for v in (corner, first, second))
    vertices = np.stack([corner, corner + first, corner + first + second, corner + second])
    sizes = np.linalg.norm(first), np.linalg.norm(second)
    cloth = np.array([[0, 0], [sizes[0], 0], sizes, [0, sizes[1]]])
    return Sheetlike(vertices, np.array([[0, 1, 2], [0, 2, 3]]), cloth)


def _joined(meshes: list[Sheetlike]) -> Sheetlike:
    starts = np.cumsum([0] + [len(mesh.vertices) for mesh in meshes])
    return Sheetlike(
        np.concatenate([mesh.vertices for mesh in meshes]),
        np.concatenate([mesh.faces + start for mesh, start in zip(meshes, starts[:-1], strict=True)]),
        np.concatenate([mesh.cloth_mm for mesh in meshes]),
    )
