"""Bends hips, knees and feet, by linear blend skinning."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from training.synthetic.body import RestBody
from training.synthetic.scene_records import Pose

__all__ = ["pose_body"]

Float = NDArray[np.floating[Any]]
_REST_ABDUCTION_DEG = 8.0


def pose_body(body: RestBody, pose: Pose) -> tuple[Float, Float]:
    """Move the points (V, 3) and the joints (2, 3, 3)."""
    moves = [np.eye(4)] + [m for leg in (0, 1) for m in _leg(body.joints[leg], pose, leg)]
    weights = np.concatenate([1 - body.weights.sum(1, keepdims=True), body.weights], 1)
    blended = np.tensordot(weights, np.stack(moves), 1)
    points = np.einsum("vij,vj->vi", blended[:, :3, :3], body.vertices) + blended[:, :3, 3]
    joints = np.stack([[_apply(moves[1 + 3 * g + j], body.joints[g][j]) for j in (0, 1, 2)] for g in (0, 1)])
    return points, joints


def _leg(joints: Float, pose: Pose, leg: int) -> list[Float]:
    out = -1.0 if leg == 0 else 1.0
    flexion = pose.knee_flexion_deg[leg]
    follows = 0.1 * flexion if pose.standing else 0.52 * flexion
    hip_flexion = follows if pose.hip_flexion_deg is None else pose.hip_flexion_deg[leg]
    hip = Rotation.from_euler(
        "yxz",
        [
            out * pose.rotation_deg[leg],
            -hip_flexion,
            out * (pose.abduction_deg[leg] - _REST_ABDUCTION_DEG),
        ],
        degrees=True,
    )
    thigh = _about(joints[0], hip)
    shin = thigh @ _about(joints[1], Rotation.from_euler("x", flexion, degrees=True))
    foot = shin @ _about(joints[2], Rotation.from_euler("x", pose.foot_deg[leg], degrees=True))
    return [thigh, shin, foot]


def _about(centre: Float, rotation: Rotation) -> Float:
    move = np.eye(4)
    move[:3, :3] = rotation.as_matrix()
    move[:3, 3] = centre - move[:3, :3] @ centre
    return move


def _apply(move: Float, point: Float) -> Float:
    return move[:3, :3] @ point + move[:3, 3]
