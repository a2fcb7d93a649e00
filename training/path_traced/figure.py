"""The person as a fine mesh: each vertex at rest, by which the zones are told, and as posed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.path_traced.records import TracedView
from training.synthetic.body import RestBody, shape_body
from training.synthetic.loop import loop_matrix
from training.synthetic.pose import pose_body

__all__ = ["Figure", "stand_figure"]

Float = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Figure:
    """A posed person, in millimetres."""

    body: RestBody
    """As the zones are told by it."""
    rest: Float
    """(V, 3)"""
    posed: Float
    """(V, 3)"""
    faces: NDArray[np.int32]
    joints: Float
    """(2, 3, 3): right and left; hip, knee, ankle; posed."""

    @property
    def knee_y(self) -> float:
        """Where along the bed the knees are."""
        return float(self.joints[:, 1, 1].mean())

    @property
    def hip_y(self) -> float:
        """Where along the bed the hips are."""
        return float(self.joints[:, 0, 1].mean())


def stand_figure(view: TracedView) -> Figure:
    """Shape and pose the person; one more subdivision than training has, as silhouettes are seen closely."""
    body = shape_body(view.body)
    posed, joints = pose_body(body, view.pose)
    refine, faces = _finer(body.faces.tobytes(), len(body.vertices))
    return Figure(body, np.asarray(refine @ body.vertices), np.asarray(refine @ posed), faces, joints)


@lru_cache(maxsize=1)
def _finer(faces: bytes, count: int) -> tuple[Any, NDArray[np.int32]]:
    """All bodies share their triangles."""
    return loop_matrix(np.frombuffer(faces, np.int32).reshape(-1, 3), count)
