"""An arm with its hand, bent at elbow, wrist and fingers, in the hand's own frame.

The frame: from the wrist, x along the hand to the fingers, y across it, z up from the back of the hand;
millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from training.synthetic.loop import loop_matrix

__all__ = ["Arm", "Bend", "bend_arm"]

Float = NDArray[np.floating[Any]]
_ELBOW, _WRIST = 0, 1
_UPPER, _FORE, _HAND = 0, 1, 2
_FINGERS = 5


@dataclass(frozen=True)
class Bend:
    """Angles in degrees; of fingers, thumb first."""

    person: int
    """0-3: a young or old woman, a young or old man."""
    left: bool
    curl_deg: tuple[float, ...]
    """More than at rest, at each of the finger's joints; negative stretches it."""
    spread_deg: tuple[float, ...]
    """Towards the thumb."""
    wrist_deg: float
    """The forearm leans to the thumb's side."""
    lift_deg: float
    """The forearm rises from the wrist."""
    elbow_deg: float
    """The upper arm turns up from the line of the forearm."""


@dataclass(frozen=True)
class Arm:
    """A bent arm."""

    vertices: Float
    faces: NDArray[np.int64]
    up_the_arm_mm: Float
    """(V,): from the wrist, negative in the hand; follows the skin, whatever the bend."""
    around_mm: Float
    """(V,): across the stretched arm."""
    elbow: Float


@dataclass(frozen=True)
class _Basis:
    people: Float
    weights: Float
    joints: Float
    upper_arms: Float
    """Which way each person's upper arm goes from the elbow."""
    faces: NDArray[np.int32]


@lru_cache(maxsize=1)
def _basis() -> _Basis:
    with np.load(Path(__file__).with_name("arm.npz"), allow_pickle=False) as file:
        arrays = {name: file[name].astype(np.float32) for name in ("vertices", "weights", "joints")}
        coarse = file["faces"]
    refine, faces = loop_matrix(coarse, arrays["weights"].shape[0])
    people = np.stack([refine @ one for one in arrays["vertices"]])
    weights = refine @ arrays["weights"]
    upper_arms = people[:, weights[:, _UPPER] > 0.9].mean(1) - arrays["joints"][:, _ELBOW]
    return _Basis(people, weights, arrays["joints"], upper_arms, faces)


def bend_arm(bend: Bend) -> Arm:
    """Bend an arm by linear blend skinning; a left one is the mirror image of a right one."""
    basis = _basis()
    rest, joints = basis.people[bend.person], basis.joints[bend.person]
    moves = np.stack(_moves(joints, basis.upper_arms[bend.person], bend))
    blended = np.tensordot(basis.weights, moves, 1)
    points = np.einsum("vij,vj->vi", blended[:, :3, :3], rest) + blended[:, :3, 3]
    elbow = _applied(moves[_FORE], joints[_ELBOW])
    faces = basis.faces.astype(np.int64)
    if bend.left:
        points, elbow, faces = points * [1, -1, 1], elbow * [1, -1, 1], faces[:, ::-1]
    return Arm(points, faces, -rest[:, 0], rest[:, 1], elbow)


def _moves(joints: Float, upper_arm: Float, bend: Bend) -> list[Float]:
    """One rigid move a bone: upper arm, forearm, hand, then three a finger."""
    back = np.array([-1.0, 0.0, 0.0])
    stretched = _from_to(joints[_ELBOW] - joints[_WRIST], back)
    lean = Rotation.from_euler("zy", [-bend.wrist_deg, bend.lift_deg], degrees=True)
    fore = _about(joints[_WRIST], lean * stretched)
    elbow = Rotation.from_euler("y", bend.elbow_deg, degrees=True) * _from_to(
        stretched.apply(upper_arm), back
    )
    return [
        fore @ _about(joints[_ELBOW], stretched.inv() * elbow * stretched),
        fore,
        np.eye(4),
        *(move for finger in range(_FINGERS) for move in _finger(joints, bend, finger)),
    ]


def _finger(joints: Float, bend: Bend, finger: int) -> list[Float]:
    first = 2 + 4 * finger
    chain = joints[first : first + 4]
    along = (chain[1] - chain[0]) / np.linalg.norm(chain[1] - chain[0])
    hinge = np.cross(np.array([0.0, 0.0, 1.0]), along)
    hinge /= np.linalg.norm(hinge)
    spread = Rotation.from_rotvec(np.radians(bend.spread_deg[finger]) * np.array([0.0, 0.0, 1.0]))
    curl = Rotation.from_rotvec(np.radians(bend.curl_deg[finger]) * hinge)
    move = _about(chain[0], spread * curl)
    moves = [move]
    for joint in chain[1:3]:
        move = move @ _about(joint, curl)
        moves.append(move)
    return moves


def _from_to(one: Float, other: Float) -> Rotation:
    a, b = one / np.linalg.norm(one), other / np.linalg.norm(other)
    axis = np.cross(a, b)
    sine = float(np.linalg.norm(axis))
    return Rotation.from_rotvec(axis / max(sine, 1e-9) * np.arctan2(sine, a @ b))


def _about(centre: Float, rotation: Rotation) -> Float:
    move = np.eye(4)
    move[:3, :3] = rotation.as_matrix()
    move[:3, 3] = centre - move[:3, :3] @ centre
    return move


def _applied(move: Float, point: Float) -> Float:
    return np.asarray(move[:3, :3] @ point + move[:3, 3])
