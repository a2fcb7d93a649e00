"""What the middle of each pixel shows: skin and its place on the leg, or something else; the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.path_traced.bed import Thing, cover_limit_mm
from training.path_traced.figure import Figure
from training.path_traced.records import Bedding
from training.path_traced.sight import Sight
from training.synthetic.leg import is_private, locate
from training.synthetic.rays import RayScene

__all__ = ["Seen", "in_view", "look_at", "uncovered"]

Float = NDArray[np.floating[Any]]
_UNDER_CLOTH_MM = 40.0


@dataclass(frozen=True)
class Seen:
    """Buffers (H, W); of what is not the body, rest and leg coordinates are 0."""

    body: NDArray[np.bool_]
    """The person, dressed or not."""
    briefs: NDArray[np.bool_]
    skin: NDArray[np.bool_]
    zone: NDArray[np.uint8]
    leg: NDArray[np.uint8]
    axial_mm: NDArray[np.float32]
    around_deg: NDArray[np.float32]
    radius_mm: NDArray[np.float32]
    mm_per_px: float


def uncovered(bedding: Bedding, figure: Figure) -> NDArray[np.int32]:
    """Triangles of the body that are not deep under cloth, where cloth might cut through them."""
    middle = figure.posed[figure.faces].mean(1)
    limit = cover_limit_mm(bedding, middle[:, 0], figure)
    return np.asarray(figure.faces[middle[:, 1] <= limit + _UNDER_CLOTH_MM])


def look_at(figure: Figure, faces: NDArray[np.int32], things: list[Thing], sight: Sight) -> Seen:
    """Shoot one ray through the middle of each pixel."""
    directions = sight.rays()
    shape = directions.shape[:2]
    vertices, triangles = [figure.posed], [faces.astype(np.int64)]
    start = len(figure.posed)
    for thing in things:
        vertices.append(thing.mesh.vertices)
        triangles.append(thing.mesh.faces + start)
        start += len(thing.mesh.vertices)
    hits = RayScene(np.concatenate(vertices), np.concatenate(triangles)).meet(
        np.tile(sight.origin, (shape[0] * shape[1], 1)), directions.reshape(-1, 3)
    )
    body = (hits.face >= 0) & (hits.face < len(faces))
    rest = np.zeros((len(body), 3))
    rest[body] = np.einsum("nk,nkd->nd", hits.weights[body], figure.rest[faces[hits.face[body]]])
    place = locate(figure.body, rest[body])
    briefs = np.zeros(len(body), bool)
    briefs[body] = is_private(figure.body, rest[body], cut=0.45)
    length = np.linalg.norm(directions.reshape(-1, 3), axis=1)
    scale = _mm_per_px(hits.distance_mm / length * (directions.reshape(-1, 3) @ sight.ahead), body, sight)

    def framed(values: NDArray[Any], kind: Any) -> NDArray[Any]:
        full = np.zeros(len(body), kind)
        full[body] = values
        return full.reshape(shape)

    skin = (body & ~briefs).reshape(shape)
    return Seen(
        body.reshape(shape),
        briefs.reshape(shape),
        skin,
        np.where(skin, framed(place.zone, np.uint8), 0).astype(np.uint8),
        np.where(skin, framed(place.leg, np.uint8), 0).astype(np.uint8),
        framed(place.axial_mm, np.float32),
        framed(place.around_deg, np.float32),
        framed(place.half_width_mm, np.float32),
        scale,
    )


def _mm_per_px(depth_mm: Float, body: NDArray[np.bool_], sight: Sight) -> float:
    """Side of a pixel at the legs, seen straight."""
    longest = max(sight.width_px, sight.height_px)
    depth = float(np.median(depth_mm[body])) if body.any() else sight.focus_mm
    return float(2 * depth * np.tan(np.radians(sight.field_deg) / 2) / longest)


def in_view(seen: Seen, share: float) -> bool:
    """Say whether skin takes at least this share of the picture."""
    return bool(seen.skin.mean() >= share)
