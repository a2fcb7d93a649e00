"""Draws what the network saw on the photograph, for the eye of a clinician.

The mottling is outlined, not painted over: the skin itself stays to be looked at.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from mottling.arrays import Mask, MottlingMap, Point, Rgb8, ZoneMap
from mottling.imaging.caption import Caption, with_caption

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

# What a caption of three lines leaves of the height.
_TALLEST_PX = 1110


@dataclass(frozen=True)
class Drawing:
    """What is drawn, all of one size (H, W)."""

    photo: Rgb8
    zones: ZoneMap
    mottling: MottlingMap
    knees: Sequence[Point]
    mottled_from: float
    """A pixel is inside the outline from this probability on."""


def draw_overlay(drawing: Drawing, caption: Caption) -> bytes:
    """Draw outline, zone lines, knees and caption; gives a JPEG, long side ≤ 1280 px, without Exif."""
    marked = drawing.photo.copy()
    height, width = drawing.zones.shape
    line_px = max(1, round(max(height, width) / 640))
    _paint(marked, _zone_lines(drawing.zones), _ZONE, share=0.75)
    inside = (drawing.mottling >= drawing.mottled_from) & (drawing.zones > 0)
    outline = _edge(inside)
    _paint(marked, _widened(outline, line_px + 1), _DARK, share=0.55)
    _paint(marked, _widened(outline, line_px), _MOTTLING, share=1.0)
    picture = Image.fromarray(marked)
    for knee in drawing.knees:
        _draw_knee(picture, knee, radius_px=max(5.0, _KNEE_SHARE * max(height, width)), line_px=line_px)
    whole = with_caption(picture, caption)
    whole.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    whole.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return out.getvalue()


def picture_size(width: int, height: int) -> tuple[int, int]:
    """Give the size (width, height) of the picture to draw on, with room for its caption below."""
    ratio = min(LONG_SIDE_PX / width, _TALLEST_PX / height)
    return max(1, round(width * ratio)), max(1, round(height * ratio))


def _zone_lines(zones: ZoneMap) -> Mask:
    """Lines between zones, and around the skin of the legs."""
    lines = np.zeros(zones.shape, bool)
    lines[:-1] |= zones[:-1] != zones[1:]
    lines[:, :-1] |= zones[:, :-1] != zones[:, 1:]
    return lines


def _edge(inside: Mask) -> Mask:
    """The outermost pixels of a region; where it meets the picture's border there is none."""
    calm = np.pad(inside, 1, mode="edge")
    deep = calm[:-2, 1:-1] & calm[2:, 1:-1] & calm[1:-1, :-2] & calm[1:-1, 2:]
    edge: Mask = inside & ~deep
    return edge


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
    under = photo[where].astype(np.float32)
    photo[where] = (under * (1 - share) + np.array(colour, np.float32) * share).round().astype(np.uint8)


def _draw_knee(picture: Image.Image, knee: Point, *, radius_px: float, line_px: int) -> None:
    """A small ring and a point: the skin inside stays in view."""
    draw = ImageDraw.Draw(picture)
    for colour, width in ((_DARK, line_px + 2), (_LIGHT, line_px)):
        draw.circle(knee, radius_px, outline=colour, width=width)
        draw.circle(knee, line_px + (1 if colour is _DARK else 0), fill=colour)
