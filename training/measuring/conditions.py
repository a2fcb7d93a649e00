"""How a photograph was taken, as far as can be read off it: how much of which legs, and how light it is."""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np

from mottling.arrays import Rgb8
from mottling.scale import LegReading, Status
from training.measuring.truths import TrueMaps

__all__ = ["Light", "View", "light_of", "view_of"]

# Median lightness (CIE L*, 0 to 100): made ward photographs lie between 47 and 67, real outdoor ones lower.
_DIM, _BRIGHT = 45.0, 65.0

# Of the photograph: less of a leg than this is a sliver at its edge.
_LEAST_LEG = 0.01


class View(StrEnum):
    """What is in view."""

    BOTH = "both legs"
    ONE = "one leg"
    CUT = "cut or covered"
    """The mottling goes on where the view ends: the truth is a lower bound."""
    UNKNOWN = "unknown"


class Light(StrEnum):
    """How light the photograph is, all of it."""

    DIM = "dim"
    PLAIN = "plain"
    BRIGHT = "bright"


def view_of(truth: LegReading, maps: TrueMaps | None) -> View:
    """Tell what is in view, from what is true of a photograph."""
    if truth.status is Status.AT_LEAST:
        return View.CUT
    if maps is None:
        return View.UNKNOWN
    least = _LEAST_LEG * maps.legs.size
    match sum(int((maps.legs == leg).sum()) >= least for leg in (1, 2)):
        case 2:
            return View.BOTH
        case 1:
            return View.ONE
        case _:
            return View.UNKNOWN


def light_of(photo: Rgb8) -> Light:
    """Tell how light a photograph (H, W, 3) is."""
    lightness = cv2.cvtColor(photo, cv2.COLOR_RGB2LAB)[..., 0] / 2.55  # 8 bits hold 0 to 255
    median = float(np.median(lightness))
    if median < _DIM:
        return Light.DIM
    return Light.BRIGHT if median > _BRIGHT else Light.PLAIN
