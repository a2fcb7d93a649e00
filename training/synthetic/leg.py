"""Where a point of the rest body lies on the leg, and the zone of the scale it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mottling.scale import COIN_DIAMETER_MM, Zone
from training.synthetic.body import RestBody
from training.synthetic.scene_records import NARROWEST_CUT

__all__ = ["LegPlace", "crotch_mm", "is_private", "locate"]

Float = NDArray[np.floating[Any]]
_FEMUR_MM = 420.0
"""Length of a femur for which the distances below are meant."""
_PATELLA_ABOVE_JOINT_MM = 12.0
_EDGE_ABOVE_CENTRE_MM = 24.0
_KNEE_BLEND_MM = 30.0
"""The two bones meet at an angle; coordinates turn from one to the other over about this length."""
_TUBERCLE_SIDE_MM = 22.0
_ASIS_OUT_MM = 20.0
_ASIS_UP_MM = 80.0


@dataclass(frozen=True)
class LegPlace:
    """Leg coordinates of N points, all (N,)."""

    leg: NDArray[np.uint8]
    axial_mm: Float
    around_deg: Float
    half_width_mm: Float
    zone: NDArray[np.uint8]


def locate(body: RestBody, points: Float) -> LegPlace:
    """Give leg, coordinates and zone of points (N, 3) of the rest body."""
    left = points[:, 0] > 0
    sides = [_side(body.joints[g], points, outward=(-1.0, 1.0)[g]) for g in (0, 1)]
    chosen = [np.where(left, b, a) for a, b in zip(*sides, strict=True)]
    axial, around, radius, zone = chosen
    return LegPlace(np.where(left, 2, 1).astype(np.uint8), axial, around, radius, zone.astype(np.uint8))


def _side(joints: Float, points: Float, *, outward: float) -> tuple[Float, Float, Float, Float]:
    hip, knee, ankle = joints
    femur = float(np.linalg.norm(hip - knee))
    scale = femur / _FEMUR_MM
    thigh, shin = (hip - knee) / femur, (knee - ankle) / np.linalg.norm(knee - ankle)
    from_knee = points - knee
    up, down = from_knee @ thigh, from_knee @ shin
    upper = 1 / (1 + np.exp(-np.clip((up + down) / _KNEE_BLEND_MM, -30, 30)))
    along = upper * up + (1 - upper) * down
    bone = upper[:, None] * thigh + (1 - upper[:, None]) * shin
    across = from_knee - along[:, None] * bone
    radius = np.linalg.norm(across, axis=1)
    around = np.degrees(np.arctan2(across[:, 0] * outward, across[:, 2]))
    axial = along - _PATELLA_ABOVE_JOINT_MM * scale
    groin = _groin_height(points, hip, outward=outward)
    edge = _EDGE_ABOVE_CENTRE_MM * scale
    # The fold is oblique, and so is what lies half-way to it: lower on the inside of the thigh.
    fold = (groin - knee[1]) / thigh[1] - _PATELLA_ABOVE_JOINT_MM * scale
    middle = (edge + fold) / 2
    zone = np.where(axial < edge, Zone.KNEE, np.where(axial < middle, Zone.LOWER_THIGH, Zone.UPPER_THIGH))
    zone = np.where(points[:, 1] > groin, Zone.BEYOND_GROIN, zone)
    coin = (np.hypot(axial, across[:, 0]) < COIN_DIAMETER_MM / 2) & (np.abs(around) < 60)
    return axial, around, radius, np.where(coin, Zone.COIN, zone)


def _groin_height(points: Float, hip: Float, *, outward: float) -> Float:
    """Height of the fold: from the pubic tubercle up to the ASIS in front; the gluteal fold behind."""
    out = points[:, 0] * outward
    asis = hip[0] * outward + _ASIS_OUT_MM
    share = np.clip((out - _TUBERCLE_SIDE_MM) / (asis - _TUBERCLE_SIDE_MM), 0, 1)
    front = hip[1] - 5 + share * (_ASIS_UP_MM + 5)
    behind = np.clip((hip[2] - points[:, 2]) / 60, 0, 1)
    return np.asarray(front * (1 - behind) + (hip[1] - 45) * behind)


def crotch_mm(body: RestBody) -> float:
    """Height of the lowest point between the legs."""
    middle = body.vertices[np.abs(body.vertices[:, 0]) < 8]
    return float(middle[:, 1].min())


def is_private(body: RestBody, points: Float, *, cut: float = NARROWEST_CUT) -> NDArray[np.bool_]:
    """Say which points of the rest body underwear must cover.

    Args:
        body: At rest.
        points: (N, 3).
        cut: By how much it widens on each side for each millimetre above the crotch.
    """
    crotch = crotch_mm(body)
    above = points[:, 1] - crotch
    half = 42 + cut * np.clip(above, 0, None)
    near = (np.abs(points[:, 0]) < half) & (above > -25) & (points[:, 1] < body.joints[0, 0, 1] + 40)
    return np.asarray(near)
