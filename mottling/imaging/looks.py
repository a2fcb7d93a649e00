"""Looks at a photograph as a whole, then closer where the legs fill little of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from mottling.arrays import Mask, Point
from mottling.imaging.contract import Looks
from mottling.imaging.legs import Leg, find_legs
from mottling.imaging.photo import Photo, read_photo
from mottling.imaging.preprocess import STRIDE, Box, Fitted, fit
from mottling.imaging.segmentation import Look, Segmentation

__all__ = ["DECODE_PX", "OneLook", "Seen", "look_at"]

DECODE_PX = 1000
"""Long side to decode to: every fourth pixel of a 12-megapixel JPEG, twice what the network sees first."""

# A leg is at least so many times as long as it is wide: a photograph of a knee alone was not taken from afar.
_WIDTHS_LONG = 5.0

# A second look that enlarges by less shows nothing new.
_LEAST_GAIN = 1.15


@dataclass(frozen=True)
class OneLook:
    """One picture that the network saw."""

    fitted: Fitted
    look: Look
    legs: tuple[Leg, ...]
    """From left to right, in cells of the look's maps."""
    network_ms: float

    @property
    def skin(self) -> Mask:
        """Of all legs, in cells."""
        skin: Mask = np.logical_or.reduce(
            [np.zeros(self.look.mottling.shape, bool), *(leg.mask for leg in self.legs)]
        )
        return skin


@dataclass(frozen=True)
class Seen:
    """What was seen of one photograph."""

    first: OneLook
    """Of the whole."""
    last: OneLook
    """The closest; the first itself when one was enough."""
    leg_px: float
    """Length of the largest leg, in pixels of the full photograph, were it all in view; 0 without legs."""

    @property
    def network_ms(self) -> float:
        """Of all looks together."""
        closer_ms = 0.0 if self.last is self.first else self.last.network_ms
        return self.first.network_ms + closer_ms

    def knee_in_photo(self, leg: Leg, photo: Photo) -> Point | None:
        """Give the centre of a kneecap in pixels of the full, upright photograph."""
        if leg.knee is None:
            return None
        decoded = self.last.fitted.frame.cell_to_photo(leg.knee.x, leg.knee.y)
        scale = photo.full_px_per_px
        return Point((decoded.x + 0.5) * scale - 0.5, (decoded.y + 0.5) * scale - 0.5)


def look_at(data: bytes, photo: Photo, network: Segmentation) -> Seen:
    """Look once or twice.

    Args:
        data: The bytes that `photo` was decoded from, for a part that needs more pixels.
        photo: Decoded to about `DECODE_PX`.
        network: That looks.
    """
    looks = network.contract.looks
    first = _one_look(photo, network, long_side_px=looks.first_px)
    leg_px = _leg_px(first, photo)
    box = _closer_box(first, photo, looks)
    last = first
    if box is not None:
        sharp = _sharp_enough(data, photo, box, looks)
        part = _same_part(box, photo, sharp)
        closer = _one_look(sharp, network, long_side_px=looks.second_px, box=part)
        if closer.legs:
            in_photo = replace(closer.fitted.frame, box=box)
            last = replace(closer, fitted=replace(closer.fitted, frame=in_photo))
    return Seen(first, last, leg_px)


def _one_look(photo: Photo, network: Segmentation, *, long_side_px: int, box: Box | None = None) -> OneLook:
    fitted = fit(photo.pixels, long_side_px=long_side_px, box=box)
    began = perf_counter()
    look = network.look(fitted)
    network_ms = (perf_counter() - began) * 1000
    return OneLook(fitted, look, find_legs(look.zones, rules=network.contract.scoring), network_ms)


def _leg_px(one: OneLook, photo: Photo) -> float:
    """Measure the longest leg, by its width where only a part is in view."""
    lengths = []
    for leg in one.legs:
        side = max(int(np.ptp(axis)) + 1 for axis in np.nonzero(leg.mask))
        lengths.append(max(side, _WIDTHS_LONG * int(leg.mask.sum()) / side))
    frame = one.fitted.frame
    return float(max(lengths, default=0)) * STRIDE * frame.box.width / frame.width * photo.full_px_per_px


def _closer_box(first: OneLook, photo: Photo, looks: Looks) -> Box | None:
    """Frame the legs with a margin; None when the whole picture shows them well enough."""
    if not first.legs:
        return None
    rows, columns = np.nonzero(first.skin)
    frame = first.fitted.frame
    low = frame.cell_to_photo(float(columns.min()) - 0.5, float(rows.min()) - 0.5)
    high = frame.cell_to_photo(float(columns.max()) + 0.5, float(rows.max()) + 0.5)
    height, width = photo.pixels.shape[:2]
    if (high.x - low.x) * (high.y - low.y) >= looks.closer_below * width * height:
        return None
    margin = looks.margin * max(high.x - low.x, high.y - low.y)
    box = Box(
        max(0.0, math.floor(low.x - margin)),
        max(0.0, math.floor(low.y - margin)),
        min(float(width), math.ceil(high.x + margin)),
        min(float(height), math.ceil(high.y + margin)),
    )
    gain = (looks.second_px / max(box.width, box.height)) / (looks.first_px / max(width, height))
    return box if gain >= _LEAST_GAIN else None


def _sharp_enough(data: bytes, photo: Photo, box: Box, looks: Looks) -> Photo:
    """Decode again where the part would have to be enlarged though the file holds more."""
    decoded_px = max(photo.pixels.shape[:2])
    wanted_px = math.ceil(decoded_px * looks.second_px / max(box.width, box.height))
    full_px = max(photo.full_width, photo.full_height)
    if wanted_px <= decoded_px or full_px <= decoded_px:
        return photo
    return read_photo(data, long_side_px=min(wanted_px, full_px))


def _same_part(box: Box, photo: Photo, sharp: Photo) -> Box:
    """Give the same part of the same photograph, decoded to another size.

    Each side has a ratio of its own, for one may be rounded where the other is not; the part ends with the
    picture.
    """
    height, width = sharp.pixels.shape[:2]
    down, across = height / photo.pixels.shape[0], width / photo.pixels.shape[1]
    return Box(
        box.left * across,
        box.top * down,
        min(float(width), box.right * across),
        min(float(height), box.bottom * down),
    )
