"""Spreads the network's maps over the whole photograph again, at any size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mottling.arrays import MottlingMap, ZoneMap, ZoneProbabilities
from mottling.imaging.legs import most_likely_zones
from mottling.imaging.looks import OneLook
from mottling.imaging.photo import Photo
from mottling.scale import Zone

__all__ = ["PhotoMaps", "spread_maps", "zones_of_legs"]


@dataclass(frozen=True)
class PhotoMaps:
    """What was scored, over the whole photograph: skin of legs only."""

    zones: ZoneMap
    mottling: MottlingMap
    """0 where no leg is."""


def spread_maps(one: OneLook, photo: Photo, *, width: int, height: int) -> PhotoMaps:
    """Spread the maps of a look at a part over the whole; where the look did not reach there is no skin.

    Args:
        one: The look that was scored.
        photo: That it looked at.
        width: Of the result, in pixels.
        height: As well.
    """
    frame = one.fitted.frame
    across, down = width / photo.pixels.shape[1], height / photo.pixels.shape[0]
    top, left = round(frame.box.top * down), round(frame.box.left * across)
    bottom = max(top + 1, round(frame.box.bottom * down))
    right = max(left + 1, round(frame.box.right * across))
    zones = np.zeros((height, width), np.uint8)
    zones[top:bottom, left:right] = most_likely_zones(
        frame.unpad(zone, width=right - left, height=bottom - top) for zone in zones_of_legs(one)
    )
    mottling = np.zeros((height, width), np.float32)
    mottling[top:bottom, left:right] = frame.unpad(one.look.mottling, width=right - left, height=bottom - top)
    mottling[zones == Zone.NOT_SKIN] = 0.0
    return PhotoMaps(zones, mottling)


def zones_of_legs(one: OneLook) -> ZoneProbabilities:
    """Give the zones that a look saw; what looked like skin and belongs to no leg is called no skin."""
    strays = (most_likely_zones(one.look.zones) > 0) & ~one.skin
    zones = np.where(strays, np.float32(0.0), one.look.zones)
    zones[Zone.NOT_SKIN][strays] = 1.0
    return zones
