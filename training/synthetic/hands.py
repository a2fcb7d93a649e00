"""Lays hands and forearms beside or on the legs: the patient's own, and those of whoever helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.synthetic.arms import Arm, Bend, bend_arm
from training.synthetic.cloth import Mesh
from training.synthetic.geometry import Part
from training.synthetic.relief import Relief

__all__ = ["Lying", "lay_hands"]

Float = NDArray[np.floating[Any]]
_OWN_SHARE = 0.6
_BOTH_SHARE = 0.4
_ON_THIGH_SHARE = 0.45
_PALM_MM = 70.0
"""From the wrist to the middle of the palm."""
_FOREARM_MM = (40.0, 260.0)
_WRIST_BLEND_MM = (-45.0, 25.0)
_STEEPEST_LIFT_DEG = 60.0
_CLEAR_OF_CAMERA_MM = 260.0
_UNDER_COVER_MM = 260.0
_SPREAD_DEG = (9, 5, 0, -5, -10)


@dataclass(frozen=True)
class Lying:
    """What hands are laid on."""

    relief: Relief
    """Of bed, body and gown."""
    joints: Float
    """(2, 3, 3) right and left; hip, knee, ankle."""
    camera: Float
    """(3,)"""
    person: int
    """The patient's arm: 0-3, see `Bend`."""
    standing: bool
    far: bool
    """The whole bed is in view: whoever helps would be seen beside it, so nobody does."""


@dataclass(frozen=True)
class _Place:
    """Where a hand lies: its wrist, which way its fingers point, and how far it is rolled on its side."""

    wrist: Float
    towards_deg: float
    roll_deg: float
    left: bool
    lift_deg: float


def lay_hands(seed: int, on: Lying) -> list[Mesh]:
    """Lay one or two hands; none where it would hide the lens."""
    rng = np.random.default_rng((seed, 73))
    if on.standing:
        return _clear([_hanging(rng, on, side) for side in _sides(rng)], on)
    if on.far or rng.random() < _OWN_SHARE:
        return _clear([_own(rng, on, side) for side in _sides(rng)], on)
    helper = int(rng.integers(4))
    first = int(rng.integers(2))
    for side in (first, 1 - first):
        meshes = _clear([_draped(rng, on, _helping(rng, on, side), helper, part=Part.STAFF_HAND)], on)
        if meshes:
            return meshes
    return []


def _sides(rng: np.random.Generator) -> list[int]:
    """0 the patient's right, 1 the left."""
    first = int(rng.integers(2))
    return [first, 1 - first] if rng.random() < _BOTH_SHARE else [first]


def _clear(meshes: list[Mesh], on: Lying) -> list[Mesh]:
    return [m for m in meshes if np.linalg.norm(m.vertices - on.camera, axis=1).min() > _CLEAR_OF_CAMERA_MM]


def _own(rng: np.random.Generator, on: Lying, side: int) -> Mesh:
    """Beside the thigh, or on it, the elbow by the trunk."""
    out = (-1.0, 1.0)[side]
    hip, knee = on.joints[side, 0], on.joints[side, 1]
    if rng.random() < _ON_THIGH_SHARE:
        palm = hip + (knee - hip) * rng.uniform(0.12, 0.5) + np.array([rng.normal(0, 18), 0, 0])
        elbow = np.array([hip[0] + out * rng.uniform(110, 190), palm[1] + 290])
        roll_deg = rng.normal(0, 6)
    else:
        height = rng.uniform(-0.25, 0.4)
        thigh = hip + (knee - hip) * height
        palm = thigh + np.array([out * (rng.uniform(135, 215) - 60 * max(height, 0)), 0, 0])
        elbow = np.array([palm[0] + out * rng.uniform(-60, 40), palm[1] + 290])
        roll_deg = float(rng.choice([rng.normal(0, 8), rng.uniform(20, 95)]))
    forearm = palm[:2] - elbow
    towards = float(np.degrees(np.arctan2(forearm[1], forearm[0])) + rng.normal(0, 10))
    wrist = palm[:2] - _PALM_MM * _direction(towards)
    place = _Place(wrist, towards, roll_deg, left=side == 1, lift_deg=rng.uniform(0, 6))
    return _draped(rng, on, place, on.person, part=Part.HAND)


def _helping(rng: np.random.Generator, on: Lying, side: int) -> _Place:
    """On a leg, the arm coming in over the edge of the bed."""
    out = (-1.0, 1.0)[side]
    leg = on.joints[side if rng.random() < 0.75 else 1 - side]
    along = rng.uniform(0.15, 1.6)
    palm = leg[0] + (leg[1] - leg[0]) * along if along < 1 else leg[1] + (leg[2] - leg[1]) * (along - 1)
    palm = palm + np.array([out * rng.normal(12, 22), 0, 0])
    towards = (0.0 if out < 0 else 180.0) + rng.normal(0, 32)
    wrist = palm[:2] - _PALM_MM * _direction(towards)
    return _Place(
        wrist, towards, rng.normal(0, 6), left=bool(rng.random() < 0.5), lift_deg=rng.uniform(14, 38)
    )


def _draped(rng: np.random.Generator, on: Lying, place: _Place, person: int, *, part: Part) -> Mesh:
    """Let the hand give way to what it lies on, and carry the forearm clear of it."""
    soft = on.relief.softened(36)
    lift_deg = _needed_lift(soft, place)
    arm = bend_arm(_bend(rng, place, person, lift_deg))
    points = _rolled(arm.vertices, place.roll_deg * (-1 if place.left else 1))
    along = _direction(place.towards_deg)
    flat = place.wrist + points[:, :1] * along + points[:, 1:2] * np.array([-along[1], along[0]])
    middle = place.wrist + _PALM_MM * along
    at_palm, at_wrist = (float(soft.at(p[:1], p[1:])[0]) for p in (middle, place.wrist))
    hand = arm.up_the_arm_mm < 0
    beneath = np.clip(soft.at(flat[:, 0], flat[:, 1]), at_palm - 55, at_palm + 25)
    low, high = _WRIST_BLEND_MM
    share = np.clip((arm.up_the_arm_mm - low) / (high - low), 0, 1)
    share = share * share * (3 - 2 * share)
    ground = (1 - share) * beneath + share * np.clip(at_wrist, at_palm - 55, at_palm + 25)
    height = points[:, 2] - np.quantile(points[hand, 2], 0.02) + ground
    if part is Part.HAND:  # the upper arm slips under what covers the trunk
        height -= 70 * np.clip((arm.up_the_arm_mm - _UNDER_COVER_MM) / 80, 0, 1)
    return _mesh(arm, np.column_stack([flat, height]), part)


def _needed_lift(soft: Relief, place: _Place) -> float:
    """Raise the forearm until it clears what lies under it."""
    way = np.linspace(*_FOREARM_MM, 12)
    x, y = (place.wrist[k] - way * _direction(place.towards_deg)[k] for k in (0, 1))
    at_wrist = soft.at(place.wrist[:1], place.wrist[1:])[0]
    steepest = np.degrees(np.arctan(((soft.at(x, y) - at_wrist) / way).max()))
    return float(np.clip(steepest, place.lift_deg, _STEEPEST_LIFT_DEG))


def _bend(rng: np.random.Generator, place: _Place, person: int, lift_deg: float) -> Bend:
    together = rng.uniform(-1, 0.4)
    relaxed = rng.uniform(-9, 9)
    return Bend(
        person=person,
        left=place.left,
        curl_deg=tuple(float(relaxed + one) for one in rng.normal(0, 4, 5)),
        spread_deg=tuple(
            float(together * towards_thumb + shaken)
            for towards_thumb, shaken in zip(_SPREAD_DEG, rng.normal(0, 2, 5), strict=True)
        ),
        wrist_deg=float(rng.normal(0, 9)),
        lift_deg=lift_deg,
        elbow_deg=float(rng.uniform(0, 12)),
    )


def _hanging(rng: np.random.Generator, on: Lying, side: int) -> Mesh:
    """Down beside the thigh of someone who stands, the palm towards it."""
    out = (-1.0, 1.0)[side]
    hip = on.joints[side, 0]
    place = _Place(np.zeros(2), -90.0, 0.0, left=side == 1, lift_deg=0.0)
    arm = bend_arm(_bend(rng, place, on.person, rng.uniform(-3, 6)))
    along = np.array([-out * rng.uniform(-0.05, 0.08), -1.0, rng.uniform(-0.05, 0.12)])
    along /= np.linalg.norm(along)
    turn = np.radians(rng.normal(10, 14))
    up = np.array([out * np.cos(turn), 0.0, np.sin(turn)])
    up -= (up @ along) * along
    up /= np.linalg.norm(up)
    wrist = hip + np.array([out * rng.uniform(110, 145), rng.uniform(-30, 90), rng.uniform(0, 40)])
    frame = np.stack([along, np.cross(up, along), up])
    return _mesh(arm, wrist + arm.vertices @ frame, Part.HAND)


def _mesh(arm: Arm, points: Float, part: Part) -> Mesh:
    surface = np.stack([arm.up_the_arm_mm, arm.around_mm], 1)
    return Mesh(points, arm.faces, part, surface)


def _rolled(points: Float, roll_deg: float) -> Float:
    turn = np.radians(roll_deg)
    y = points[:, 1] * np.cos(turn) - points[:, 2] * np.sin(turn)
    z = points[:, 1] * np.sin(turn) + points[:, 2] * np.cos(turn)
    return np.column_stack([points[:, 0], y, z])


def _direction(angle_deg: float) -> Float:
    return np.array([np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))])
