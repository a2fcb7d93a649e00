"""Where on the legs the mottling lies, as a weight for each pixel; nothing above the zone of its score."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.scale import Zone
from training.path_traced.chart import Chart, cloudy
from training.path_traced.records import LegSpread, Spread
from training.path_traced.seen import Seen

__all__ = ["weigh"]

Field = NDArray[np.float32]
_CLEAR_MM, _FADE_MM = 3.0, 14.0
_COIN_FADE_MM = 4.0
_FAR_PX = 1e4
_HALF_COIN_MM = 15.0


def weigh(seen: Seen, leg: LegSpread, number: int, rng: np.random.Generator) -> Field:
    """Weight 0-1 on one leg (H, W)."""
    here = seen.leg == number
    if leg.score == 0 or not here.any():
        return np.zeros(here.shape, np.float32)
    ragged = cloudy(rng, 70.0).on(seen)
    if leg.spread is Spread.COIN:
        return _coin(seen, here, rng)
    allowed = here & (seen.zone <= leg.score)
    # Where nothing is forbidden, OpenCV's distance is endless.
    clear_px = np.minimum(cv2.distanceTransform((allowed | ~here).astype(np.uint8), cv2.DIST_L2, 5), _FAR_PX)
    weight = _rise(clear_px * seen.mm_per_px, _CLEAR_MM, _CLEAR_MM + _FADE_MM)
    weight = weight * _along(seen, leg, here, ragged)
    patches = cloudy(rng, 110.0, fall=2.2)
    weight = weight * _shape(seen, leg, ragged, patches)
    return np.where(allowed, weight, 0).astype(np.float32)


def _coin(seen: Seen, here: NDArray[np.bool_], rng: np.random.Generator) -> Field:
    """A blot on the kneecap that stays inside the coin but is not as round."""
    lobes, frayed = cloudy(rng, 22.0, fall=2.2).on(seen), cloudy(rng, 7.0).on(seen)
    far = np.hypot(seen.axial_mm, np.radians(seen.around_deg) * seen.radius_mm)
    inside = _rise(_HALF_COIN_MM - 1.5 * np.abs(lobes) - 0.8 * np.abs(frayed) - far, 0.0, _COIN_FADE_MM)
    return np.where(here & (seen.zone == Zone.COIN), inside, 0).astype(np.float32)


def _along(seen: Seen, leg: LegSpread, here: NDArray[np.bool_], ragged: Field) -> Field:
    top = seen.axial_mm[here & (seen.zone == leg.score)]
    axial = seen.axial_mm + 16 * ragged
    low = min(leg.low_mm, -220.0) if leg.spread is Spread.SHIN else leg.low_mm
    weight = _rise(axial, low - 30, low + 30)
    if top.size < 20:
        return weight
    start, end = np.quantile(top, [0.02, 0.98])
    if leg.score == Zone.KNEE:
        start = max(start, -80.0)
    high = start + max(leg.reach * (end - start), 35.0)
    return weight * (1 - _rise(axial, high - 14, high + 20))


def _shape(seen: Seen, leg: LegSpread, ragged: Field, patches: Chart) -> Field:
    match leg.spread:
        case Spread.KNEECAP_SPARED:
            across = np.radians(seen.around_deg) * seen.radius_mm
            return _rise(np.hypot(seen.axial_mm, across) + 6 * ragged, 34, 55)
        case Spread.ISLANDS:
            return _rise(patches.on(seen), 0.0, 0.7)
        case Spread.SHIN:
            return 1 - _rise(seen.axial_mm + 8 * ragged, -85, -45)
        case Spread.ONE_SIDE:
            away = np.abs((seen.around_deg - leg.side_deg + 180) % 360 - 180)
            return 1 - _rise(away + 12 * ragged, 60, 110)
        case _:
            return _rise(patches.on(seen), -1.9, -0.5)


def _rise(values: NDArray[np.floating], low: float, high: float) -> Field:
    t = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
