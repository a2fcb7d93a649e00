"""The phone: where it is held and which way each pixel looks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.synthetic.scene_records import Camera, Framing, Scene

__all__ = ["primary_rays"]

Float = NDArray[np.floating[Any]]

# Left and right of two kneecaps together, so that legs lying apart are not a picture of the sheet between.
_BESIDE_KNEES_MM = 220.0


def primary_rays(scene: Scene, joints: Float, *, long_side_px: int) -> tuple[Float, Float]:
    """Give the camera's place (3,) and unit directions (H, W, 3)."""
    camera = scene.camera
    short = round(long_side_px * 3 / 4)
    height, width = (long_side_px, short) if camera.portrait else (short, long_side_px)
    middle, span = _target(camera, joints)
    tangent = np.tan(np.radians(camera.field_deg) / 2)
    distance = max(camera.distance_mm * 0.4, span / 2 / tangent)
    back, across = _facing(camera, upright=scene.upright)
    up = np.cross(back, across)
    lean = np.radians(camera.roll_deg)
    across, up = np.cos(lean) * across + np.sin(lean) * up, np.cos(lean) * up - np.sin(lean) * across
    x = ((np.arange(width) + 0.5) / width * 2 - 1) * tangent * width / long_side_px
    y = (1 - (np.arange(height) + 0.5) / height * 2) * tangent * height / long_side_px
    directions = x[None, :, None] * across + y[:, None, None] * up - back
    return middle + distance * back, directions / np.linalg.norm(directions, axis=-1, keepdims=True)


def _facing(camera: Camera, *, upright: bool) -> tuple[Float, Float]:
    """Which way the camera is from what it looks at, and which way is right in the picture."""
    turn, rise = np.radians([camera.azimuth_deg, camera.elevation_deg])
    if upright:
        back = np.array([np.sin(turn) * np.cos(rise), np.sin(rise), np.cos(turn) * np.cos(rise)])
        return back, np.array([np.cos(turn), 0.0, -np.sin(turn)])
    back = np.array([np.sin(turn) * np.cos(rise), -np.cos(turn) * np.cos(rise), np.sin(rise)])
    return back, np.array([np.cos(turn), np.sin(turn), 0.0])


def _target(camera: Camera, joints: Float) -> tuple[Float, float]:
    knees, hips = joints[:, 1], joints[:, 0]
    legs = slice(camera.leg - 1, camera.leg) if camera.framing is Framing.ONE_LEG else slice(0, 2)
    at = 0.0 if camera.framing is Framing.KNEES else camera.target
    middle = ((1 - at) * knees[legs] + at * hips[legs]).mean(0)
    apart = float(np.linalg.norm(knees[0] - knees[1]))
    closest = max(380.0, apart + _BESIDE_KNEES_MM)
    span = {Framing.FULL: 900, Framing.ONE_LEG: 620, Framing.KNEES: closest, Framing.FAR: 2400}[
        camera.framing
    ]
    return middle, span * (0.8 + camera.distance_mm / 4000)
