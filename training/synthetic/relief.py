"""How high all that lies on the bed reaches, on a grid: what cloth, tubes and hands come to rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from training.synthetic.rays import RayScene

__all__ = ["Relief", "feel", "grid_places"]

Float = NDArray[np.floating[Any]]
_STEP_MM = 8.0
_WEST_MM, _EAST_MM = -640.0, 640.0
_FOOT_MM, _HEAD_MM = -1060.0, 1010.0
_ABOVE_MM = 2000.0


@dataclass(frozen=True)
class Relief:
    """Heights in millimetres, [row towards the head, column towards the patient's left]."""

    height_mm: Float

    def at(self, x_mm: Float, y_mm: Float) -> Float:
        """Read the height at places on the bed; beyond the grid it stays as at its border."""
        rows, columns = (y_mm - _FOOT_MM) / _STEP_MM, (x_mm - _WEST_MM) / _STEP_MM
        found = ndimage.map_coordinates(self.height_mm, [rows, columns], order=1, mode="nearest")
        return np.asarray(found)

    def softened(self, radius_mm: float) -> Relief:
        """What a thing too stiff to follow every dip would touch: never below what is there."""
        wide = ndimage.grey_closing(self.height_mm, size=2 * round(radius_mm / _STEP_MM) + 1)
        smooth = ndimage.gaussian_filter(wide, radius_mm / 2 / _STEP_MM)
        return Relief(np.maximum(smooth, self.height_mm))

    def under(self, other: Float) -> Relief:
        """Lay heights of the same grid on top; nan where nothing lies."""
        return Relief(np.fmax(self.height_mm, other))


def feel(body: RayScene, floor_mm: float) -> Relief:
    """Feel the body and the bed from above."""
    x, y = grid_places()
    start = np.stack([x.ravel(), y.ravel(), np.full(x.size, _ABOVE_MM)], 1)
    hits = body.meet(start, np.tile([0.0, 0.0, -1.0], (x.size, 1)))
    felt = np.where(hits.face >= 0, _ABOVE_MM - hits.distance_mm, floor_mm).reshape(x.shape)
    return Relief(np.maximum(felt, floor_mm))


def grid_places() -> tuple[Float, Float]:
    """Where on the bed each height of a relief stands."""
    x, y = np.meshgrid(
        np.arange(_WEST_MM, _EAST_MM + 1, _STEP_MM), np.arange(_FOOT_MM, _HEAD_MM + 1, _STEP_MM)
    )
    return x, y
