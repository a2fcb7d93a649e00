"""The mottled border that a reader may mark: checked against photograph and answer, and drawn as a map."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import numpy as np
from PIL import Image, ImageDraw

from mottling.arrays import Mask
from mottling.errors import RecordRefused
from mottling.services.views import Answer
from mottling.trial.markings import Outline
from mottling.trial.records import Reading

__all__ = ["check_outline", "map_png", "marked_by", "mask_of", "size_of"]

_MOTTLED, _CLEAN, _UNKNOWN = 1, 0, 255

# How sure a hand on a tablet is of a border, as a share of the long side: what lies within teaches nobody.
_UNSURE_SHARE = 1 / 250


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Read width and height of a picture, without its pixels."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        return picture.size


def check_outline(outline: Outline, answer: Answer, *, size: tuple[int, int]) -> None:
    """Refuse a border that cannot be of this photograph, or that the answer contradicts.

    Args:
        outline: What was marked.
        answer: What was said with it.
        size: Width and height of the picture that is shown.

    Raises:
        RecordRefused: It is of another picture, or the answer says that nothing is mottled.
    """
    if (outline.width_px, outline.height_px) != size:
        raise RecordRefused(
            f"The border was marked on a picture of {outline.width_px} x {outline.height_px} pixels,"
            f" and this one has {size[0]} x {size[1]}",
            remedy="Load the page again and mark it anew, or lock without a marking",
        )
    if not answer.score:
        raise RecordRefused(
            "A mottled border is marked, and the answer names no mottling",
            remedy="Clear the marking, or give another answer",
        )


def marked_by(
    readings: Iterable[Reading], verdict: Answer, *, outline: Callable[[str], Outline | None]
) -> Outline | None:
    """Choose the border that stands for a photograph.

    Args:
        readings: Of the photograph: the accepted one first. Who said something else than the verdict is not
            asked: the border would be of another score.
        verdict: What counts.
        outline: Gives the border of a reading, by its id.

    Returns:
        None where nobody who said so has marked one.
    """
    found = (outline(one.reading_id) for one in readings if one.answer == verdict)
    return next((one for one in found if one is not None), None)


def map_png(outline: Outline, *, size: tuple[int, int]) -> bytes:
    """Draw a border as a map: 1 mottled, 0 not, 255 along the line, where a hand is not sure.

    Args:
        outline: What was marked.
        size: Width and height of the map, in pixels.
    """
    drawn = _filled(outline, size=size)
    draw = ImageDraw.Draw(drawn)
    unsure_px = max(1, round(2 * _UNSURE_SHARE * max(size)))
    for corners in _corners(outline, size=size):
        draw.line([*corners, *corners[:2]], fill=_UNKNOWN, width=unsure_px, joint="curve")
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()


def mask_of(outline: Outline, *, size: tuple[int, int]) -> Mask:
    """Give the pixels within a border, as it was drawn: a hand's own line, with nothing left open.

    Args:
        outline: What was marked.
        size: Width and height of the picture, in pixels.
    """
    within: Mask = np.asarray(_filled(outline, size=size)) == _MOTTLED
    return within


def _filled(outline: Outline, *, size: tuple[int, int]) -> Image.Image:
    drawn = Image.new("L", size, _CLEAN)
    draw = ImageDraw.Draw(drawn)
    for corners in _corners(outline, size=size):
        draw.polygon(corners, fill=_MOTTLED)
    return drawn


def _corners(outline: Outline, *, size: tuple[int, int]) -> list[list[tuple[float, float]]]:
    across, down = size[0] / outline.width_px, size[1] / outline.height_px
    return [[(x * across, y * down) for x, y in patch.corners] for patch in outline.patches]
