"""Brings photographs to the network's size and range, and its maps back onto the photograph.

Training and runtime share this file: what the network learned on is what it is shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mottling.arrays import MottlingMap, Point, Rgb8

__all__ = ["MEAN", "MULTIPLE", "SCALE", "STRIDE", "Box", "Fitted", "Frame", "Normalised", "fit", "normalise"]

# As the encoder's ImageNet weights were trained (efficientnet-lite0).
MEAN = 127
SCALE = 128

# The network halves the picture five times, and predicts its maps at a quarter of the side.
MULTIPLE = 32
STRIDE = 4

# (3, H, W) float32, about -1 to 1.
Normalised = NDArray[np.float32]


@dataclass(frozen=True)
class Box:
    """A part of a picture; the edges of pixels, so that the whole picture is (0, 0, width, height)."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """In pixels."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Frame:
    """Where the network's picture lies in the photograph: scaled, then padded below and to the right."""

    box: Box
    """The part of the photograph that is shown."""
    width: int
    """Of the scaled part, in pixels of the network's picture, padding left out."""
    height: int

    @property
    def padded_width(self) -> int:
        """Of the network's picture, a multiple of 32."""
        return _next_multiple(self.width)

    @property
    def padded_height(self) -> int:
        """Of the network's picture, a multiple of 32."""
        return _next_multiple(self.height)

    def cell_to_photo(self, column: float, row: float) -> Point:
        """Give the place in the photograph of a place in the network's maps: 0, 0 is its first cell."""
        x, y = self.cells_to_photo(np.array([column, row])).tolist()
        return Point(x, y)

    def cells_to_photo(self, cells: NDArray[np.floating]) -> NDArray[np.floating]:
        """Give the places (..., 2) in the photograph, as it was decoded, of places in the network's maps.

        Args:
            cells: Each (column, row) from the centre of the first cell, to the right and down; between cells
                and beyond the last one as well.

        Returns:
            Each (x, y) in pixels from the centre of the photograph's first pixel.
        """
        shown, box = np.array([self.width, self.height]), self.box
        extent, corner = np.array([box.width, box.height]), np.array([box.left, box.top])
        places: NDArray[np.floating] = (cells + 0.5) * STRIDE / shown * extent + corner - 0.5
        return places

    def unpad(self, network_map: NDArray[np.float32], *, width: int, height: int) -> NDArray[np.float32]:
        """Bring a map (h, w) of the network to any size over the same part of the photograph.

        The outer edges of the part fall on the outer edges of the result, not the centres of its first and
        last pixels; between cells the value changes evenly.
        """
        shown = (0.0, 0.0, self.width / STRIDE, self.height / STRIDE)
        # A last cell that was cut off is taken to be as the one before it.
        picture = Image.fromarray(np.pad(self.whole_cells(network_map), ((0, 1), (0, 1)), mode="edge"))
        return np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR, box=shown))

    def whole_cells(self, mottling: MottlingMap) -> MottlingMap:
        """Cut the padding off a map (..., h, w); a cell stays when half of it or more is photograph.

        The network reads a cell by what fills it: one that is nearly all padding says nothing of the skin.
        """
        rows, columns = (max(1, (px + STRIDE // 2) // STRIDE) for px in (self.height, self.width))
        return mottling[..., :rows, :columns]


@dataclass(frozen=True)
class Fitted:
    """A photograph, or part of one, at the network's size."""

    pixels: Rgb8
    """Height and width are multiples of 32; padding is black, as in training."""
    frame: Frame


def fit(photo: Rgb8, *, long_side_px: int, box: Box | None = None) -> Fitted:
    """Scale a photograph, or part of it, to a long side, and pad it to multiples of 32.

    Args:
        photo: Of any size; a small one is enlarged, so that legs look as large as in training.
        long_side_px: Of the result, before padding.
        box: The part to show; None for the whole.
    """
    shown = box or Box(0.0, 0.0, float(photo.shape[1]), float(photo.shape[0]))
    ratio = long_side_px / max(shown.width, shown.height)
    frame = Frame(shown, max(1, round(shown.width * ratio)), max(1, round(shown.height * ratio)))
    scaled = Image.fromarray(photo).resize(
        (frame.width, frame.height),
        Image.Resampling.BILINEAR,
        box=(shown.left, shown.top, shown.right, shown.bottom),
    )
    pixels = np.zeros((frame.padded_height, frame.padded_width, 3), np.uint8)
    pixels[: frame.height, : frame.width] = np.asarray(scaled)
    return Fitted(pixels, frame)


def normalise(photo: Rgb8) -> Normalised:
    """Bring a photograph (H, W, 3) to the network's range and order of axes."""
    planes = np.ascontiguousarray(photo.transpose(2, 0, 1), dtype=np.float32)
    planes -= MEAN
    planes /= SCALE
    return planes


def _next_multiple(px: int) -> int:
    return math.ceil(px / MULTIPLE) * MULTIPLE
