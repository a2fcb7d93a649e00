"""Gets someone out of bed: a person who stands, walks or sits, as anyone may photograph healthy legs.

The real photographs that there are show such people, and so do those of a first trial of a phone. A network
that knows legs only on sheets loses them behind a pole, beside shorts or from the side.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from training.synthetic.scene_records import Camera, Cloth, Framing, Light, LightKind, Pose, Scene

__all__ = ["get_up"]


class _Doing(StrEnum):
    STANDING = "standing"
    WALKING = "walking"
    SITTING = "sitting"


_DOING_SHARES = {_Doing.STANDING: 0.45, _Doing.WALKING: 0.27, _Doing.SITTING: 0.28}
_FRAMING_SHARES = {Framing.FULL: 0.42, Framing.ONE_LEG: 0.2, Framing.KNEES: 0.18, Framing.FAR: 0.2}

# Shorts end between the kneecap and the groin, mostly in the middle of the thigh.
_SHORTS_MM = (25, 330)
_SHOE, _SOCK = (0.02, 0.07), (0.1, 0.75)
_SOCK_SHARE = 0.3
_BARS_SHARE = 0.35

# The sun is small: what it throws on a leg are hard shadows.
_SUN_SHARE = 0.6
_SUN_RADIUS_DEG = 0.5


def get_up(scene: Scene, rng: np.random.Generator) -> Scene:
    """Put a person on their feet, in clothes of their own, before a camera on the level."""
    return scene.model_copy(
        update={
            "upright": True,
            "pose": _draw_pose(scene.pose, rng),
            "cloth": _draw_clothes(scene.cloth, rng),
            "camera": _draw_camera(scene.camera, rng),
            "lights": _draw_lights(rng),
        }
    )


def _draw_pose(pose: Pose, rng: np.random.Generator) -> Pose:
    doing = _Doing(rng.choice(list(_DOING_SHARES), p=list(_DOING_SHARES.values())))
    hips, knees = {
        _Doing.STANDING: (rng.uniform(-3, 8, 2), rng.uniform(0, 10, 2)),
        _Doing.WALKING: (rng.uniform(-25, 45, 2), rng.uniform(5, 95, 2) * rng.random(2)),
        _Doing.SITTING: (rng.uniform(40, 95, 2), rng.uniform(45, 110, 2)),
    }[doing]
    apart, rotation = rng.uniform(0, 14, 2), rng.uniform(-15, 20, 2)
    return pose.model_copy(
        update={
            "standing": True,
            "hip_flexion_deg": (float(hips[0]), float(hips[1])),
            "knee_flexion_deg": (float(knees[0]), float(knees[1])),
            "abduction_deg": (float(apart[0]), float(apart[1])),
            "rotation_deg": (float(rotation[0]), float(rotation[1])),
        }
    )


def _draw_clothes(cloth: Cloth, rng: np.random.Generator) -> Cloth:
    return cloth.model_copy(
        update={
            "shorts_mm": float(rng.uniform(*_SHORTS_MM)),
            "loose_mm": float(rng.uniform(1, 28)),
            "stocking": float(rng.uniform(*(_SOCK if rng.random() < _SOCK_SHARE else _SHOE))),
            "bars": int(rng.integers(1, 5)) if rng.random() < _BARS_SHARE else 0,
            "hand": False,
            "tube": False,
            "rail": False,
        }
    )


def _draw_camera(camera: Camera, rng: np.random.Generator) -> Camera:
    """Draw a camera about someone; 0 degrees of azimuth is before them, and of elevation on the level."""
    framing = Framing(rng.choice([f.value for f in _FRAMING_SHARES], p=list(_FRAMING_SHARES.values())))
    return camera.model_copy(
        update={
            "framing": framing,
            "azimuth_deg": float(rng.normal(0, 60)),
            "elevation_deg": float(rng.normal(12, 14)),
            "distance_mm": float(rng.uniform(400, 2200)),
            "field_deg": float(rng.uniform(18, 65)),
            "roll_deg": float(rng.normal(0, 5)),
            "target": float(rng.uniform(-0.35, 0.55)),
        }
    )


def _draw_lights(rng: np.random.Generator) -> tuple[Light, ...]:
    """Draw the open sky and mostly the sun, or lamps at a ceiling."""
    lights = [_from_above(rng, (50, 90), 18.0)]
    if rng.random() < _SUN_SHARE:
        lights.append(_from_above(rng, (15, 70), _SUN_RADIUS_DEG))
    return tuple(lights)


def _from_above(rng: np.random.Generator, elevation_deg: tuple[float, float], radius_deg: float) -> Light:
    return Light(
        kind=LightKind.CEILING,
        azimuth_deg=float(rng.uniform(-180, 180)),
        elevation_deg=float(rng.uniform(*elevation_deg)),
        radius_deg=radius_deg,
    )
