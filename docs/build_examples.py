"""Renders the scale's examples, `mottling/web/static/scale-TONE-SCORE.jpg`: `python -m docs.build_examples`.

One person lies in one pose under one light; only the skin's tone and how far the mottling reaches differ, so
that nothing else tells the scores apart. About a minute on one core; needs the packages of training.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from tqdm import tqdm

from mottling.errors import TrainingRefused
from mottling.scale import SCORES, Status
from mottling.web.scale_examples import TONES, file_name
from training.synthetic.appearance import draw_appearance
from training.synthetic.dress import Dressed, dress
from training.synthetic.geometry import Geometry, Part
from training.synthetic.parameters import draw_scene
from training.synthetic.ranges import Ranges
from training.synthetic.records import (
    Appearance,
    ClothPrint,
    LegMottling,
    LightColour,
    MottlingLook,
    PatternFamily,
    Placement,
    SkinLook,
)
from training.synthetic.scene import draw_geometry
from training.synthetic.scene_records import Framing, Light, LightKind, Scene

__all__ = ["appearance_of", "main", "scene"]

_STATIC = Path(__file__).parents[1] / "mottling" / "web" / "static"
_LONG_SIDE_PX = 400
_QUALITY = 82
# Chosen by looking at what came: an ordinary body, both legs whole, no hand and no tube.
_SEED = 5
_MONK = {"light": 1, "medium": 5, "dark": 8}
_WHITE = (0.72, 0.74, 0.75)
_WALL = (0.45, 0.46, 0.44)
_GOWN = (0.55, 0.65, 0.75)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and render."""
    parser = argparse.ArgumentParser(prog="python -m docs.build_examples", description=__doc__)
    parser.add_argument("--out", type=Path, default=_STATIC)
    parser.add_argument("--long-side-px", type=int, default=_LONG_SIDE_PX)
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    geometry = draw_geometry(scene(), long_side_px=given.long_side_px)
    for tone, score in tqdm([(tone, score) for tone in TONES for score in SCORES], unit="photo"):
        photo = _shown(geometry, tone, score).photo
        written = cv2.cvtColor(photo, cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(given.out / file_name(tone, score)), written, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return 0


def scene() -> Scene:
    """Lay somebody down with both legs bare up to the hips, and look from the foot of the bed."""
    drawn = draw_scene(np.random.default_rng(_SEED), Ranges.WARD)
    cloth = {
        "lifted_aside": True, "hem": 1.35, "hem_slope": 0.0, "flap": 0.0, "stocking": 0.0,
        "tube": False, "rail": False, "hand": False, "dressing": False, "cover_second_leg": False,
    }  # fmt: skip
    camera = {
        "framing": Framing.FULL, "azimuth_deg": 0.0, "elevation_deg": 66.0, "roll_deg": 0.0,
        "portrait": True, "target": 0.3, "distance_mm": 1000.0, "field_deg": 62.0,
    }  # fmt: skip
    pose = {
        "standing": False, "knee_flexion_deg": (6.0, 8.0), "abduction_deg": (9.0, 9.0),
        "rotation_deg": (6.0, 6.0), "foot_deg": (15.0, 15.0),
    }  # fmt: skip
    body = {"gender": 0.5, "age": 0.8, "muscle": 0.45, "weight": 0.5, "oedema": 0.0}
    return drawn.model_copy(
        update={
            "body": drawn.body.model_copy(update=body),
            "cloth": drawn.cloth.model_copy(update=cloth),
            "camera": drawn.camera.model_copy(update=camera),
            "pose": drawn.pose.model_copy(update=pose),
            "lights": (
                Light(kind=LightKind.CEILING, azimuth_deg=-40, elevation_deg=75, radius_deg=16),
                Light(kind=LightKind.WINDOW, azimuth_deg=60, elevation_deg=30, radius_deg=22),
            ),
        }
    )


def _shown(geometry: Geometry, tone: str, score: int) -> Dressed:
    """Dress the view, and make sure that it shows the score that it is the example of."""
    dressed = dress(geometry, appearance_of(tone, score), rng=np.random.default_rng(_SEED))
    if dressed.reading.status is not Status.SCORED or dressed.reading.score != score:
        raise TrainingRefused(
            f"The example of {score} on {tone} skin shows {dressed.reading}", remedy="Choose another seed"
        )
    return dressed


def appearance_of(tone: str, score: int) -> Appearance:
    """Draw the same person in each tone: calm skin, soft light, a plain net."""
    rng = np.random.default_rng(_SEED)
    drawn = draw_appearance(rng, Ranges.WARD)
    while drawn.skin.tone != _MONK[tone]:
        drawn = draw_appearance(rng, Ranges.WARD)
    looks = {Part.SHEET: _WHITE, Part.ROOM: _WALL, Part.GOWN: _GOWN, Part.UNDERWEAR: _WHITE}
    plain = {"print_kind": ClothPrint.PLAIN, "real": False}
    cloths = drawn.cloths | {
        part.name: drawn.cloths[part.name].model_copy(update={**plain, "colour": colour})
        for part, colour in looks.items()
    }
    phone = {
        "exposure": 1.1, "red_gain": 1.0, "blue_gain": 1.0, "motion_px": 0.0, "blur_px": 0.3, "noise": 0.002,
        "chroma_px": 0.3, "glare": 0.0, "vignette": 0.0, "jpeg": 95,
    }  # fmt: skip
    light = LightColour(kelvin=5600, green=0.0, strength=1.0)
    return drawn.model_copy(
        update={
            "skin": _calm(drawn.skin),
            "look": _look(_MONK[tone]),
            "legs": (_mottled(score), _mottled(score)),
            "blemishes": (),
            "lights": tuple(light for _ in drawn.lights),
            "sky": light,
            "bars": 0.0,
            "cloths": cloths,
            "phone": drawn.phone.model_copy(update=phone),
        }
    )


def _calm(skin: SkinLook) -> SkinLook:
    """Leave the skin its tone, and little that could be taken for mottling."""
    none = (
        "pressure_red",
        "gravity_red",
        "freckles",
        "sun",
        "varicose",
        "scales",
        "veins",
        "hair",
        "wrinkles",
    )
    update: dict[str, object] = dict.fromkeys(none, 0.0)
    update |= {"unevenness": 0.2, "knee_dark": (0.15, 0.15), "knee_grey": 0.1, "knee_red": (0.0, 0.0)}
    update |= {"shin_dark": 0.0, "thigh_pale": 0.0, "creases": 0, "sheen": 0.25}
    return skin.model_copy(update=update | {"sock_line_mm": None, "short_line_mm": None})


def _look(monk: int) -> MottlingLook:
    return MottlingLook(
        family=PatternFamily.CELLS,
        cell_mm=26,
        line_mm=6,
        blotch=0.25,
        warp=0.6,
        softness=0.5,
        strength=2.6 * (1 + 0.13 * (monk - 1)),
        blanching=0.25,
        redness=0.03,
    )


def _mottled(score: int) -> LegMottling:
    placement = {0: Placement.NONE, 1: Placement.COIN}.get(score, Placement.OUTWARDS)
    return LegMottling(
        score=score,
        placement=placement,
        reach=0.75,
        low_mm=-150,
        patchiness=0.35,
        side_deg=0,
        side_share=0,
    )


if __name__ == "__main__":
    raise SystemExit(main())
