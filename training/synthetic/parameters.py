"""What decides one view: a record of numbers drawn from a seed, with nothing of the score in it."""

from __future__ import annotations

import numpy as np

from training.synthetic.passers_by import get_up
from training.synthetic.ranges import Ranges
from training.synthetic.scene_records import (
    NARROWEST_CUT,
    Body,
    Camera,
    Cloth,
    Framing,
    Knee,
    Light,
    LightKind,
    Pose,
    Scene,
)

__all__ = ["draw_scene"]

_STANDING_SHARE = 0.25
_ON_ONE_LEG_SHARE = 0.5
_BENT_SHARE = 0.2

# Of someone who lies with drawn-up knees, or walks, climbs or cycles.
_MOST_BENT_DEG = 95

# The highest scores need the groin in view: a trial that asks for them lifts the gown.
_LIFTED_ASIDE_SHARE = 0.6
_LIFTED_HEM = (1.2, 1.6)

# Where the gown is lifted up to the hips, a cloth between the legs mostly keeps the patient decent.
_FLAP_SHARE = 0.7

# It mostly tapers, and hides the inside of both thighs at the hem; what stays in view of the hip is a wedge.
_FLARED_SHARE = 0.7
_FLARE_MM = (20, 100)
_WIDEST_CUT = 0.75

# A nurse uncovers the knees before she takes the picture; seldom the gown is left over them.
_KNEES_COVERED_SHARE = 0.06

# Most stand at the foot of the bed or beside it, few at its head.
_ANYWHERE_SHARE = 0.2

# Of the pictures to learn from, as a trial asks for them; the others keep the network from relying on that.
_AS_ASKED_SHARE = 0.6


def draw_scene(rng: np.random.Generator, ranges: Ranges = Ranges.TRAINING) -> Scene:
    """Draw a body, its pose, its cover, the camera and the lights."""
    shifted = ranges is Ranges.SHIFTED
    pose = _draw_pose(rng, shifted=shifted)
    camera = _draw_camera(rng, standing=pose.standing, shifted=shifted)
    scene = Scene(
        body=_draw_body(rng, shifted=shifted),
        pose=pose,
        knee=_draw_knee(rng),
        cloth=_draw_cloth(rng, shifted=shifted),
        camera=camera,
        lights=tuple(_draw_light(rng) for _ in range(int(rng.integers(1, 4)))),
    )
    if ranges is Ranges.PASSERS_BY:
        return get_up(scene, rng)
    asked = ranges in {Ranges.WARD, Ranges.HOSPITAL} or (
        ranges is Ranges.TRAINING and rng.random() < _AS_ASKED_SHARE
    )
    return _as_asked(scene, rng) if asked else scene


def _as_asked(scene: Scene, rng: np.random.Generator) -> Scene:
    """Lay the patient down, lift the gown off the knees, and stand at the foot of the bed."""
    hem = scene.cloth.hem if scene.cloth.lifted_aside else rng.uniform(0.5, 1.15)
    cloth = {"hem": hem, "hem_slope": 0.0, "stocking": 0.0, "cover_second_leg": False}
    camera = {
        "framing": Framing.FULL,
        "azimuth_deg": float(rng.normal(0, 25)),
        "elevation_deg": rng.uniform(35, 75),
        "distance_mm": rng.uniform(700, 1500),
        "roll_deg": float(rng.normal(0, 5)),
        "target": rng.uniform(0.2, 0.6),
    }
    return scene.model_copy(
        update={
            "pose": scene.pose.model_copy(update={"standing": False}),
            "cloth": scene.cloth.model_copy(update=cloth),
            "camera": scene.camera.model_copy(update=camera),
        }
    )


def _draw_body(rng: np.random.Generator, *, shifted: bool) -> Body:
    weight = rng.choice([rng.uniform(0, 0.2), rng.uniform(0.85, 1)]) if shifted else rng.uniform(0.1, 0.95)
    return Body(
        gender=float(rng.random() < 0.5) * 0.8 + rng.uniform(0, 0.2),
        age=rng.uniform(0.67, 1),
        muscle=rng.uniform(0.1, 0.8),
        weight=float(weight),
        height=rng.uniform(0.2, 0.8),
        proportions=rng.uniform(0.2, 1),
        oedema=float(rng.random() < 0.3) * rng.random(),
    )


def _draw_pose(rng: np.random.Generator, *, shifted: bool) -> Pose:
    standing = bool(rng.random() < _STANDING_SHARE)
    bent = rng.random(2) < (0.4 if shifted else _BENT_SHARE)
    flexion = np.where(bent, rng.uniform(22, _MOST_BENT_DEG, 2), rng.uniform(0, 22, 2))
    if standing:
        flexion = rng.uniform(0, 6, 2)
        if rng.random() < _ON_ONE_LEG_SHARE:
            flexion[int(rng.integers(2))] = rng.uniform(6, _MOST_BENT_DEG)
    widest = 8 if standing else 22
    abduction = rng.uniform(0, widest, 2)
    rotation, foot = rng.uniform(-8, 30, 2), rng.uniform(-5, 35, 2)
    return Pose(
        standing=standing,
        knee_flexion_deg=(float(flexion[0]), float(flexion[1])),
        abduction_deg=(float(abduction[0]), float(abduction[1])),
        rotation_deg=(float(rotation[0]), float(rotation[1])),
        foot_deg=(float(foot[0]), float(foot[1])),
    )


def _draw_knee(rng: np.random.Generator) -> Knee:
    return Knee(
        seed=int(rng.integers(2**31)),
        dome=rng.uniform(0.3, 1.8),
        dimples=rng.uniform(0, 1.8),
        creases=int(rng.integers(0, 7)),
        crease_depth_mm=rng.uniform(0.2, 1.6),
        fold=rng.uniform(0, 1.5),
        wrinkles_mm=float(rng.random() < 0.5) * rng.uniform(0.1, 0.9),
    )


def _draw_cloth(rng: np.random.Generator, *, shifted: bool) -> Cloth:
    lifted = bool(rng.random() < _LIFTED_ASIDE_SHARE)
    lowest, highest = (-0.4, 0.1) if rng.random() < _KNEES_COVERED_SHARE else (0.1, 1.15)
    return Cloth(
        seed=int(rng.integers(2**31)),
        hem=rng.uniform(*_LIFTED_HEM) if lifted else rng.uniform(lowest, highest),
        hem_slope=rng.normal(0, 0.12),
        lifted_aside=lifted,
        fold_mm=rng.uniform(12, 25) if shifted else rng.uniform(2, 16),
        fold_length_mm=rng.uniform(40, 140),
        sheet_mm=rng.uniform(2, 14),
        stocking=float(rng.random() < 0.15) * rng.uniform(0.2, 0.8),
        cover_second_leg=bool(rng.random() < 0.1),
        tube=bool(rng.random() < 0.35),
        rail=bool(rng.random() < 0.3),
        hand=bool(rng.random() < 0.2),
        dressing=bool(rng.random() < 0.15),
        flap=rng.uniform(0.3, 0.9) if lifted and rng.random() < _FLAP_SHARE else 0.0,
        flare_mm=rng.uniform(*_FLARE_MM) if rng.random() < _FLARED_SHARE else 0.0,
        brief_cut=rng.uniform(NARROWEST_CUT, _WIDEST_CUT),
    )


def _draw_camera(rng: np.random.Generator, *, standing: bool, shifted: bool) -> Camera:
    framing = Framing(rng.choice([f.value for f in Framing], p=[0.68, 0.14, 0.12, 0.06]))
    azimuth = float(rng.normal(0, 40)) if standing else _draw_azimuth(rng, shifted=shifted)
    field = float(rng.choice([rng.uniform(32, 40), rng.uniform(75, 85)])) if shifted else rng.uniform(40, 75)
    return Camera(
        framing=framing,
        azimuth_deg=azimuth,
        elevation_deg=rng.uniform(62, 89) if standing else rng.uniform(32, 88),
        distance_mm=rng.uniform(400, 1500),
        field_deg=field,
        roll_deg=rng.normal(0, 8),
        portrait=bool(rng.random() < 0.6),
        target=rng.uniform(0.1, 0.7),
        leg=int(rng.integers(1, 3)),
    )


def _draw_azimuth(rng: np.random.Generator, *, shifted: bool) -> float:
    if rng.random() < _ANYWHERE_SHARE:
        return rng.uniform(-180, 180)
    return rng.uniform(-110, 110) if shifted else float(rng.normal(0, 50))


def _draw_light(rng: np.random.Generator) -> Light:
    kind = LightKind(rng.choice([k.value for k in LightKind], p=[0.45, 0.25, 0.15, 0.15]))
    low, high, radius = {
        LightKind.CEILING: (55, 90, 14),
        LightKind.WINDOW: (10, 35, 20),
        LightKind.BEDSIDE: (15, 50, 5),
        LightKind.FLASH: (45, 90, 1),
    }[kind]
    return Light(
        kind=kind,
        azimuth_deg=rng.uniform(-180, 180),
        elevation_deg=rng.uniform(low, high),
        radius_deg=radius * rng.uniform(0.6, 1.5),
    )
