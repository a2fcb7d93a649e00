"""Where the camera stands, and where on the picture a point is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.path_traced.figure import Figure
from training.path_traced.records import TracedView

__all__ = ["Sight", "aim"]

Float = NDArray[np.floating[Any]]
_SHORT_SIDE = 3 / 4
_LEAST_DEPTH_MM = 1.0


@dataclass(frozen=True)
class Sight:
    """A pinhole; the engine puts a lens into it that is sharp at the target."""

    origin: Float
    """(3,)"""
    right: Float
    up: Float
    ahead: Float
    width_px: int
    height_px: int
    field_deg: float
    """Of the long side."""
    focus_mm: float

    @property
    def _half(self) -> tuple[float, float]:
        tangent = float(np.tan(np.radians(self.field_deg) / 2))
        longest = max(self.width_px, self.height_px)
        return tangent * self.width_px / longest, tangent * self.height_px / longest

    def rays(self) -> Float:
        """Directions through the middle of each pixel (H, W, 3); not of unit length."""
        half_x, half_y = self._half
        x = ((np.arange(self.width_px) + 0.5) / self.width_px * 2 - 1) * half_x
        y = (1 - (np.arange(self.height_px) + 0.5) / self.height_px * 2) * half_y
        return self.ahead + x[None, :, None] * self.right + y[:, None, None] * self.up

    def place(self, points: Float) -> Float:
        """Where points (N, 3) are seen: (N, 2), 0-1 from the left and from the top."""
        away = points - self.origin
        depth = np.maximum(away @ self.ahead, _LEAST_DEPTH_MM)
        half_x, half_y = self._half
        return np.stack(
            [(away @ self.right / depth / half_x + 1) / 2, (1 - away @ self.up / depth / half_y) / 2], 1
        )


def aim(view: TracedView, figure: Figure, *, long_side_px: int) -> Sight:
    """Hold the phone as the record says."""
    lens = view.lens
    short = round(long_side_px * _SHORT_SIDE)
    width, height = (short, long_side_px) if lens.portrait else (long_side_px, short)
    legs = slice(lens.leg - 1, lens.leg) if lens.leg else slice(0, 2)
    hips, knees = figure.joints[legs, 0].mean(0), figure.joints[legs, 1].mean(0)
    middle = (1 - lens.target) * knees + lens.target * hips
    distance = lens.span_mm / 2 / np.tan(np.radians(lens.field_deg) / 2)
    turn, rise = np.radians([lens.azimuth_deg, lens.elevation_deg])
    back = np.array([np.sin(turn) * np.cos(rise), -np.cos(turn) * np.cos(rise), np.sin(rise)])
    right = np.array([np.cos(turn), np.sin(turn), 0.0])
    up = np.cross(back, right)
    lean = np.radians(lens.roll_deg)
    right, up = np.cos(lean) * right + np.sin(lean) * up, np.cos(lean) * up - np.sin(lean) * right
    return Sight(middle + distance * back, right, up, -back, width, height, lens.field_deg, float(distance))
