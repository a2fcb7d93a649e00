"""Renders the photographs that are shipped.

`python -m training.demo_photos mottling/demo/photos docs/example.jpg` takes about five minutes on one core.
They show what a ward would send: a lying patient, pale sheets, a gown, no borrowed material. Each wish below
names a score, a tone, a framing and the seed from which a view of that kind is looked for; the seeds were
chosen by looking at what came.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from tqdm import tqdm

from mottling.arrays import Rgb8
from mottling.errors import MottlingError, TrainingRefused
from mottling.scale import Status, Zone
from training.synthetic.appearance import draw_appearance
from training.synthetic.dress import Dressed, dress
from training.synthetic.geometry import Geometry, Part
from training.synthetic.parameters import draw_scene
from training.synthetic.ranges import Ranges
from training.synthetic.records import Appearance, ClothPrint
from training.synthetic.scene import draw_geometry
from training.synthetic.scene_records import Framing, Scene

__all__ = ["main"]

_LONG_SIDE_PX = 1024
_TRIAL_LONG_SIDE_PX = 256
_MOST_TRIES = 400
_LEAST_KNEE_SHARE = 0.01
_JPEG_QUALITIES = (85, 80, 75, 70, 65, 60)
_LARGEST_BYTES = 120_000
_LARGEST_EXAMPLE_BYTES = 160_000
_WHITE = (0.72, 0.74, 0.75)
_WALL = (0.45, 0.46, 0.44)
_GOWNS = ((0.55, 0.65, 0.75), (0.6, 0.72, 0.68), (0.78, 0.8, 0.8), (0.3, 0.42, 0.58))
_DOTS = (0.12, 0.2, 0.42)


@dataclass(frozen=True)
class _Wish:
    """What a photograph must show."""

    score: int
    tone: int
    """Monk 1-10."""
    framing: Framing
    seed: int


_EXAMPLE = _Wish(3, 3, Framing.FULL, 3200)
_WISHES = (
    _Wish(0, 2, Framing.FULL, 205),
    _Wish(0, 5, Framing.KNEES, 330),
    _Wish(0, 9, Framing.FULL, 404),
    _Wish(1, 3, Framing.KNEES, 513),
    _Wish(1, 6, Framing.FULL, 603),
    _Wish(2, 2, Framing.FULL, 703),
    _Wish(2, 7, Framing.FULL, 802),
    _Wish(2, 4, Framing.ONE_LEG, 907),
    _Wish(3, 1, Framing.FULL, 1005),
    _Wish(3, 8, Framing.FULL, 1105),
    _Wish(4, 3, Framing.FULL, 1202),
    _Wish(4, 5, Framing.FULL, 1301),
    _Wish(5, 2, Framing.FULL, 1400),
    _Wish(5, 6, Framing.FULL, 1505),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and render."""
    parser = argparse.ArgumentParser(prog="python -m training.demo_photos", description=__doc__)
    parser.add_argument("out", type=Path, help="folder of the demo's photographs and their manifest.json")
    parser.add_argument("example", type=Path, help="JPEG file of the one that the documents show")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        given.out.mkdir(parents=True, exist_ok=True)
        entries = [
            _ship(wish, given.out / f"{number:02d}.jpg", largest=_LARGEST_BYTES)
            for number, wish in enumerate(tqdm(_WISHES, unit="photo"), start=1)
        ]
        lines = ",\n  ".join(json.dumps(entry) for entry in entries)
        (given.out / "manifest.json").write_text(f"[\n  {lines}\n]\n", "utf-8")
        _ship(_EXAMPLE, given.example, largest=_LARGEST_EXAMPLE_BYTES)
    except MottlingError as error:
        print(error)
        return 1
    return 0


def _ship(wish: _Wish, path: Path, *, largest: int) -> dict[str, Any]:
    """Write one photograph and say of it what the demo's manifest holds."""
    seed, dressed = _find(wish)
    path.write_bytes(_encode(dressed.photo, largest=largest))
    return {"file": path.name, "score": wish.score, "tone": wish.tone, "seed": seed}


def _find(wish: _Wish) -> tuple[int, Dressed]:
    """Look small, from the wish's seed on, for a view that shows what is wished; then render it large."""
    for seed in range(wish.seed, wish.seed + _MOST_TRIES):
        if _shows(wish, *_render(wish, seed, _TRIAL_LONG_SIDE_PX)):
            geometry, dressed = _render(wish, seed, _LONG_SIDE_PX)
            if _shows(wish, geometry, dressed):
                return seed, dressed
    raise TrainingRefused(f"No view shows {wish}", remedy="Name another seed")


def _render(wish: _Wish, seed: int, long_side_px: int) -> tuple[Geometry, Dressed]:
    rng = np.random.default_rng(seed)
    scene = _ward(draw_scene(rng), wish, rng)
    appearance = _draw_appearance(wish, rng)
    geometry = draw_geometry(scene, long_side_px=long_side_px)
    return geometry, dress(geometry, appearance, rng=rng)


def _shows(wish: _Wish, geometry: Geometry, dressed: Dressed) -> bool:
    reading = dressed.reading
    if reading.status is not Status.SCORED or reading.score != wish.score:
        return False
    legs = (1, 2) if wish.framing is not Framing.ONE_LEG else (int(np.argmax(_leg_sizes(geometry))) + 1,)
    coins = [((geometry.leg == leg) & (geometry.zone == Zone.COIN)).any() for leg in legs]
    return all(coins) and min(_leg_sizes(geometry)[leg - 1] for leg in legs) > _LEAST_KNEE_SHARE


def _leg_sizes(geometry: Geometry) -> list[float]:
    return [float((geometry.leg == leg).mean()) for leg in (1, 2)]


def _ward(scene: Scene, wish: _Wish, rng: np.random.Generator) -> Scene:
    """Lay the patient on the bed under a gown and hold the phone as a nurse would."""
    lifted = wish.score >= Zone.UPPER_THIGH
    cloth = scene.cloth.model_copy(
        update={
            "stocking": 0.0,
            "cover_second_leg": False,
            "lifted_aside": lifted,
            "hem": rng.uniform(1.2, 1.5) if lifted else rng.uniform(0.65, 0.95),
            "dressing": bool(rng.random() < 0.2),
        }
    )
    camera = scene.camera.model_copy(
        update={
            "framing": wish.framing,
            "azimuth_deg": float(rng.normal(0, 45)),
            "elevation_deg": rng.uniform(42, 72),
            "roll_deg": float(rng.normal(0, 3)),
            "target": rng.uniform(0.3, 0.55) if lifted else rng.uniform(0.1, 0.3),
            "distance_mm": rng.uniform(500, 900),
        }
    )
    pose = scene.pose.model_copy(update={"standing": False})
    return scene.model_copy(update={"cloth": cloth, "camera": camera, "pose": pose})


def _draw_appearance(wish: _Wish, rng: np.random.Generator) -> Appearance:
    while True:
        drawn = draw_appearance(rng, Ranges.TRAINING)
        if drawn.skin.tone == wish.tone and max(leg.score for leg in drawn.legs) == wish.score:
            return _linen(drawn, rng)


def _linen(drawn: Appearance, rng: np.random.Generator) -> Appearance:
    """Give the bed the sheets of a ward, and the phone a steady hand."""
    gown = _GOWNS[int(rng.integers(len(_GOWNS)))]
    looks = {
        Part.SHEET: (_WHITE, ClothPrint.PLAIN),
        Part.ROOM: (_WALL, ClothPrint.PLAIN),
        Part.GOWN: (gown, ClothPrint(rng.choice([ClothPrint.PLAIN, ClothPrint.MOTIFS, ClothPrint.DOTS]))),
        Part.UNDERWEAR: (_WHITE, ClothPrint.PLAIN),
    }
    cloths = drawn.cloths | {
        part.name: drawn.cloths[part.name].model_copy(
            update={"colour": colour, "print_kind": kind, "second": _DOTS, "real": False}
        )
        for part, (colour, kind) in looks.items()
    }
    phone = drawn.phone.model_copy(
        update={"exposure": 1.0, "motion_px": 0.0, "blur_px": 0.4, "noise": 0.003, "jpeg": 95}
    )
    return drawn.model_copy(update={"cloths": cloths, "phone": phone, "bars": 0.0})


def _encode(photo: Rgb8, *, largest: int) -> bytes:
    for quality in _JPEG_QUALITIES:
        done, data = cv2.imencode(
            ".jpg", cv2.cvtColor(photo, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
        )
        if done and data.size <= largest:
            return data.tobytes()
    raise TrainingRefused(
        f"A photograph stays larger than {largest} bytes", remedy="Ask for a smaller long side"
    )


if __name__ == "__main__":
    raise SystemExit(main())
