"""A sheet of photographs with their zones and mottling beneath, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from mottling.arrays import Mask, Rgb8, ZoneMap

__all__ = ["contact_sheet"]

# By zone 0-5: none, red, orange, green, blue, violet.
_COLOURS = np.array(
    [[0, 0, 0], [235, 70, 80], [245, 170, 50], [90, 200, 70], [70, 150, 230], [200, 60, 210]], np.uint8
)


def contact_sheet(
    pictures: Sequence[tuple[Rgb8, ZoneMap, Mask]], *, columns: int, cell_px: int = 256
) -> Rgb8:
    """Lay pictures out in rows; below each, its zones in colour with the mottling outlined in white.

    Args:
        pictures: Photograph, zones and mottling of one size each.
        columns: Pictures in a row.
        cell_px: Side of the square that each is fitted into.
    """
    rows = -(-len(pictures) // columns)
    sheet = np.full((rows * 2 * cell_px, columns * cell_px, 3), 24, np.uint8)
    for index, (photo, zones, mottled) in enumerate(pictures):
        top, left = index // columns * 2 * cell_px, index % columns * cell_px
        _place(sheet, photo, top=top, left=left, cell_px=cell_px)
        _place(sheet, _drawn(photo, zones, mottled), top=top + cell_px, left=left, cell_px=cell_px)
    return sheet


def _drawn(photo: Rgb8, zones: ZoneMap, mottled: Mask) -> Rgb8:
    known = np.where(zones < len(_COLOURS), zones, 0)
    drawn = np.where((known > 0)[..., None], photo // 2 + _COLOURS[known] // 2, photo // 4).astype(np.uint8)
    outlines, _ = cv2.findContours(mottled.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(drawn, outlines, -1, (255, 255, 255), 1)
    return drawn


def _place(sheet: Rgb8, picture: Rgb8, *, top: int, left: int, cell_px: int) -> None:
    scale = cell_px / max(picture.shape[:2])
    width, height = (max(1, int(side * scale)) for side in (picture.shape[1], picture.shape[0]))
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    y, x = top + (cell_px - height) // 2, left + (cell_px - width) // 2
    sheet[y : y + height, x : x + width] = small
