"""Draws what the network saw on the photograph, for the eye of a clinician.

The mottling is outlined, not painted over: the skin itself stays to be looked at.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from mottling.arrays import Mask, Point, Rgb8
from mottling.imaging.caption import Caption, with_caption
from mottling.imaging.contours import Borders, Lines

__all__ = ["LONG_SIDE_PX", "Drawing", "draw_overlay", "picture_size"]

LONG_SIDE_PX = 1280
"""The most, caption included."""

Colour = tuple[int, int, int]

# Cyan and yellow lie far from every skin, and from each other also for those who see few colours.
_MOTTLING: Colour = (255, 221, 0)
_ZONE: Colour = (120, 230, 255)
_DARK: Colour = (16, 22, 30)
_LIGHT: Colour = (245, 247, 250)

_JPEG_QUALITY = 88
_KNEE_SHARE = 0.014

# Where smaller photographs are enlarged to, so that lines and words are as fine as on large ones.
_LEAST_LONG_SIDE_PX = 1000

# What a caption of three lines leaves of the height.
_TALLEST_PX = 1110


@dataclass(frozen=True)
class Drawing:
    """What is drawn, in pixels of the photograph that it is drawn on."""

    photo: Rgb8
    borders: Borders
    knees: Sequence[Point]


def draw_overlay(drawing: Drawing, caption: Caption) -> bytes:
    """Draw borders, knees and caption; gives a JPEG, long side ≤ 1280 px, without Exif."""
    marked = drawing.photo.copy()
    long_side_px = max(marked.shape[:2])
    line_px = max(1, round(long_side_px / 640))
    _paint(marked, _drawn(drawing.borders.zones, marked), _ZONE, share=0.75)
    outline = _widened(_drawn(drawing.borders.mottling, marked), line_px)
    _paint(marked, _widened(outline, 1), _DARK, share=0.55)
    _paint(marked, outline, _MOTTLING, share=1.0)
    picture = Image.fromarray(marked)
    for knee in drawing.knees:
        _draw_knee(picture, knee, radius_px=max(5.0, _KNEE_SHARE * long_side_px), line_px=line_px)
    whole = with_caption(picture, caption)
    whole.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    whole.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return out.getvalue()


def picture_size(width: int, height: int) -> tuple[int, int]:
    """Give the size (width, height) of the picture to draw on, with room for its caption below.

    Most photographs were decoded to a size that is kept: to enlarge them would show nothing more.

    Args:
        width: Of the photograph as it was decoded, in pixels.
        height: As well.
    """
    at_most = min(LONG_SIDE_PX / width, _TALLEST_PX / height)
    ratio = min(at_most, max(1.0, _LEAST_LONG_SIDE_PX / max(width, height)))
    return max(1, round(width * ratio)), max(1, round(height * ratio))


def _drawn(lines: Lines, photo: Rgb8) -> Mask:
    """Mark the pixels that lines go through; what lies outside the picture is left out."""
    mask = np.zeros(photo.shape[:2], bool)
    begin, end = lines[:, :1], lines[:, 1:]
    steps = math.ceil(float(np.abs(end - begin).max(initial=0.0))) + 1
    places = (
        (begin + np.linspace(0, 1, steps)[:, None] * (end - begin)).round().astype(np.intp).reshape(-1, 2)
    )
    x, y = places[((places >= 0) & (places < mask.shape[::-1])).all(axis=1)].T
    mask[y, x] = True
    return mask


def _widened(lines: Mask, by_px: int) -> Mask:
    wide = lines.copy()
    for _ in range(by_px):
        grown = wide.copy()
        grown[1:] |= wide[:-1]
        grown[:-1] |= wide[1:]
        grown[:, 1:] |= wide[:, :-1]
        grown[:, :-1] |= wide[:, 1:]
        wide = grown
    return wide


def _paint(photo: Rgb8, where: Mask, colour: Colour, *, share: float) -> None:
    pixels, marked = photo.reshape(-1, 3), np.flatnonzero(where)
    under = pixels[marked].astype(np.float32)
    pixels[marked] = (under * (1 - share) + np.array(colour, np.float32) * share).round().astype(np.uint8)


def _draw_knee(picture: Image.Image, knee: Point, *, radius_px: float, line_px: int) -> None:
    """A small ring and a point: the skin inside stays in view."""
    draw = ImageDraw.Draw(picture)
    for colour, width in ((_DARK, line_px + 2), (_LIGHT, line_px)):
        draw.circle(knee, radius_px, outline=colour, width=width)
        draw.circle(knee, line_px + (1 if colour is _DARK else 0), fill=colour)
