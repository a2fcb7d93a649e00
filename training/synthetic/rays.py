"""Shoots rays at triangles, on one core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh
from numpy.typing import NDArray

__all__ = ["Hits", "RayScene"]

Float = NDArray[np.floating[Any]]
MISS = -1


@dataclass(frozen=True)
class Hits:
    """What N rays met; face is -1 where nothing."""

    face: NDArray[np.int64]
    weights: Float
    """(N, 3): barycentric."""
    distance_mm: Float


class RayScene:
    """Triangles that rays can meet."""

    def __init__(self, vertices: Float, faces: NDArray[Any]) -> None:
        self._scene = rtcore_scene.EmbreeScene()
        self._mesh = TriangleMesh(self._scene, vertices.astype(np.float32), faces.astype(np.int32))

    def meet(self, origins: Float, directions: Float) -> Hits:
        """Find the first triangle of each ray."""
        found = self._scene.run(
            np.ascontiguousarray(origins, np.float32), np.ascontiguousarray(directions, np.float32), output=1
        )
        u, v = found["u"], found["v"]
        return Hits(found["primID"].astype(np.int64), np.stack([1 - u - v, u, v], 1), found["tfar"])

    def blocked(self, origins: Float, directions: Float) -> NDArray[np.bool_]:
        """Say which rays meet anything."""
        hit = self._scene.run(
            np.ascontiguousarray(origins, np.float32),
            np.ascontiguousarray(directions, np.float32),
            query="OCCLUDED",
        )
        return np.asarray(np.asarray(hit) != MISS)
