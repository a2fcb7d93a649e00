"""One hospital that no model has met: its own phone, its lamps, the skin of its patients, and grey nets.

For the learning curve: what a model loses there, and how many read photographs bring it back. Each trait lies
beyond what training draws, and all pictures share it. Drawn without a look at the score.
"""

from __future__ import annotations

import numpy as np

from training.synthetic.records import Appearance, LightColour, MottlingLook, Phone, SkinLook

__all__ = ["at_the_hospital"]

# Nets whose edges melt away: training draws 0.1 to 0.6.
_SOFTNESS = (0.6, 0.85)
# Grey-blue on every skin; training has that on one light skin in five.
_GREYNESS = (0.5, 0.75)

# Cold lamps of a night ward: training ends at 6,500 K.
_KELVIN = (7500.0, 9500.0)
_GREEN = (0.04, 0.08)

# The phone cools, bleaches and flattens more than any of training's, and packs harder.
_RED_GAIN = (0.88, 0.02)
_BLUE_GAIN = (1.18, 0.02)
_CONTRAST = (0.68, 0.8)
_SATURATION = (0.5, 0.68)
_NOISE = (0.015, 0.028)
_JPEG = (45, 58)

_OLD = (0.6, 1.0)
_UNEVEN = 1.5


def at_the_hospital(appearance: Appearance, rng: np.random.Generator) -> Appearance:
    """Give an appearance of the ward what all pictures of this hospital share."""
    return appearance.model_copy(
        update={
            "skin": _skin(appearance.skin, rng),
            "look": _look(appearance.look, rng),
            "lights": tuple(_lamp(light, rng) for light in appearance.lights),
            "phone": _phone(appearance.phone, rng),
        }
    )


def _skin(skin: SkinLook, rng: np.random.Generator) -> SkinLook:
    """Old skin that has seen much sun."""
    return skin.model_copy(
        update={
            "sun": float(rng.uniform(*_OLD)),
            "freckles": float(rng.uniform(*_OLD)),
            "wrinkles": float(rng.uniform(*_OLD)),
            "unevenness": skin.unevenness * _UNEVEN,
        }
    )


def _look(look: MottlingLook, rng: np.random.Generator) -> MottlingLook:
    greyness = float(rng.uniform(*_GREYNESS))
    return look.model_copy(
        update={
            "softness": float(rng.uniform(*_SOFTNESS)),
            "greyness": greyness,
            "strength": look.strength * (1 - greyness) / (1 - look.greyness),
        }
    )


def _lamp(light: LightColour, rng: np.random.Generator) -> LightColour:
    return light.model_copy(
        update={"kelvin": float(rng.uniform(*_KELVIN)), "green": float(rng.uniform(*_GREEN))}
    )


def _phone(phone: Phone, rng: np.random.Generator) -> Phone:
    return phone.model_copy(
        update={
            "red_gain": float(rng.normal(*_RED_GAIN)),
            "blue_gain": float(rng.normal(*_BLUE_GAIN)),
            "contrast": float(rng.uniform(*_CONTRAST)),
            "saturation": float(rng.uniform(*_SATURATION)),
            "noise": float(rng.uniform(*_NOISE)),
            "jpeg": int(rng.integers(*_JPEG)),
        }
    )
