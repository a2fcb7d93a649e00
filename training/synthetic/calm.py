"""Quiets an appearance: even skin, few marks and soft light, as most skin that is photographed has.

A network that meets every look-alike in every picture learns slowly what mottling is. Drawn without a look at
the score, as everything else of an appearance.
"""

from __future__ import annotations

import numpy as np

from training.synthetic.records import Appearance, BlemishKind, Phone, SkinLook

__all__ = ["calmed"]

# What is left of what calm skin may have in a low degree.
_LEFT = 0.4

_MOST_SHEEN = 0.8
_LEAST_STRENGTH = 2.2
_MOST_CHROMA_PX = 0.7
_MOST_BLUR_PX = 0.5


def calmed(appearance: Appearance, rng: np.random.Generator) -> Appearance:
    """Take away most of what is not mottling, and let mottling be plain to see."""
    look = appearance.look
    strength = max(look.strength, _LEAST_STRENGTH * float(rng.uniform(1, 1.8)))
    return appearance.model_copy(
        update={
            "skin": _calm_skin(appearance.skin),
            "look": look.model_copy(update={"strength": strength}),
            "blemishes": tuple(one for one in appearance.blemishes if one.kind is BlemishKind.MOLE),
            "bars": 0.0,
            "phone": _calm_phone(appearance.phone),
        }
    )


def _calm_skin(skin: SkinLook) -> SkinLook:
    low = ("unevenness", "knee_grey", "shin_dark", "thigh_pale", "veins", "hair", "pores", "wrinkles")
    none = ("pressure_red", "gravity_red", "freckles", "sun", "varicose", "scales")
    update: dict[str, object] = {name: getattr(skin, name) * _LEFT for name in low}
    update |= dict.fromkeys(none, 0.0)
    for name in ("knee_dark", "knee_red"):
        right, left = getattr(skin, name)
        update[name] = (right * _LEFT, left * _LEFT)
    update |= {"sheen": min(skin.sheen, _MOST_SHEEN), "creases": skin.creases // 3}
    return skin.model_copy(update=update | {"sock_line_mm": None, "short_line_mm": None})


def _calm_phone(phone: Phone) -> Phone:
    return phone.model_copy(
        update={
            "chroma_px": min(phone.chroma_px, _MOST_CHROMA_PX),
            "blur_px": min(phone.blur_px, _MOST_BLUR_PX),
            "motion_px": 0.0,
            "glare": phone.glare * _LEFT,
        }
    )
