"""The truth of a picture, read from what can be seen in it: its mottled region, and the score that makes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Mask, Rgb8, ZoneMap
from mottling.scale import LegReading, Status, Zone, read_leg, worse_leg

__all__ = [
    "DUSKY",
    "LEAST_IN_VIEW",
    "LEAST_SHARE",
    "LEAST_SKIN_PX",
    "MottledRegion",
    "colour_difference",
    "outline",
    "read_picture",
    "visibility",
    "zones_in_view",
]

# Where photograph and twin differ by less, nobody sees the mottling (synthetic-photos.md: about ΔE 4). An
# eye that has got used to dark skin sees less: there mottling takes less than half of the lightness that it
# takes from light skin (-3.6 against -9), and readers still outline it.
_VISIBLE_DIFFERENCE = 4.0
_OF_IT_IN_THE_DARK = 0.55
_DARK_L, _LIGHT_L = 20.0, 55.0

# A zone counts when this share of its skin in view is mottled; what is not plainly more was taken away
# before.
LEAST_SHARE = 0.05

# A zone is in view when it is this share of the leg's skin: nobody reads the sliver that a hem leaves. The
# coin is small by itself.
LEAST_IN_VIEW = 0.01
LEAST_SKIN_PX = 12

# Part of a net's strength from which on skin is mottled.
DUSKY = 0.3
_FAINT = 0.1
_CLOSING_CELLS = 0.3
_EYE_PX = 1.2
_MOST_CLOSING_PX = 7


@dataclass(frozen=True)
class MottledRegion:
    """What a reader would outline, and what nobody can say."""

    mottled: Mask
    ignore: Mask


def outline(
    amount: NDArray[np.float32],
    skin: Mask,
    visible: NDArray[np.float32],
    *,
    cell_px: float,
    strength: float = 1.0,
) -> MottledRegion:
    """Outline the net with the pale skin that it closely encloses.

    Args:
        amount: (H, W) of mottling, 0 on clean skin, about 1 in the net.
        skin: Skin of the leg.
        visible: (H, W) of `visibility` between photograph and twin.
        cell_px: Size of the net's cells.
        strength: Amount of mottling in the middle of the net; its soft border is nobody's to say.
    """
    radius = int(np.clip(round(cell_px * _CLOSING_CELLS), 1, _MOST_CLOSING_PX))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    net = ((amount > DUSKY * max(1.0, strength)) & skin).astype(np.uint8)
    region = (cv2.morphologyEx(net, cv2.MORPH_CLOSE, disc) > 0) & skin & (np.abs(amount) > 0)
    wide = (0, 0), float(radius)
    in_net = cv2.GaussianBlur(net.astype(np.float32), *wide)
    seen = cv2.GaussianBlur(visible * net, *wide) >= np.maximum(in_net, 1e-3)
    faint = skin & (amount > _FAINT) & ~region
    return MottledRegion(region & seen, (region & ~seen) | faint)


def colour_difference(first: Rgb8, second: Rgb8) -> NDArray[np.float32]:
    """ΔE (CIE 1976) at each pixel, smoothed a little: noise and JPEG blocks are no difference."""
    return np.asarray(np.linalg.norm(_smooth_lab(first) - _smooth_lab(second), axis=2), np.float32)


def visibility(mottled: Rgb8, clean: Rgb8) -> NDArray[np.float32]:
    """ΔE at each pixel as a multiple of what can just be seen on skin as light as this: seen from 1 on."""
    there, skin = _smooth_lab(mottled), _smooth_lab(clean)
    light = np.clip((skin[..., 0] - _DARK_L) / (_LIGHT_L - _DARK_L), 0, 1)
    least = _VISIBLE_DIFFERENCE * (_OF_IT_IN_THE_DARK + (1 - _OF_IT_IN_THE_DARK) * light)
    return np.asarray(np.linalg.norm(there - skin, axis=2) / least, np.float32)


def _smooth_lab(photo: Rgb8) -> NDArray[np.float32]:
    smooth = cv2.GaussianBlur(photo.astype(np.float32) / 255, (0, 0), _EYE_PX)
    return np.asarray(cv2.cvtColor(smooth, cv2.COLOR_RGB2LAB), np.float32)


def read_picture(zones: ZoneMap, legs: NDArray[np.uint8], region: MottledRegion) -> LegReading:
    """Score the patient as far as the picture shows.

    Mottling that is there but that nobody sees leaves the score open.
    """
    seen = _read(zones, legs, region.mottled)
    there = _read(zones, legs, region.mottled | region.ignore)
    if seen.score is None or seen.score == there.score:
        return seen
    if seen.score == 0:
        return LegReading(Status.NOT_ASSESSABLE, None)
    return LegReading(Status.AT_LEAST, seen.score)


def _read(zones: ZoneMap, legs: NDArray[np.uint8], mottled: Mask) -> LegReading:
    in_view = [legs == number for number in (1, 2) if ((legs == number) & (zones > 0)).any()]
    return worse_leg(_read_one(zones, leg, mottled) for leg in in_view)


def _read_one(zones: ZoneMap, leg: Mask, mottled: Mask) -> LegReading:
    area = np.bincount(zones[leg], minlength=len(Zone))
    marked = np.bincount(zones[leg & mottled], minlength=len(Zone))
    visible = zones_in_view(area)
    return read_leg(mottled=[z for z in visible if marked[z] >= LEAST_SHARE * area[z]], visible=visible)


def zones_in_view(area: NDArray[np.integer]) -> list[Zone]:
    """Name the zones of which a leg shows enough to be read.

    Args:
        area: Pixels of each zone of one leg, by its number.
    """
    least_px = max(LEAST_SKIN_PX, LEAST_IN_VIEW * int(area[1:].sum()))
    return [z for z in list(Zone)[1:] if area[z] >= (LEAST_SKIN_PX if z is Zone.COIN else least_px)]
