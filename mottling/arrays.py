"""The named array types: shape, dtype and range are said here, once.

Arrays are indexed [row, column]. Points are (x, y) in pixels from the centre of the top-left pixel.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Embedding", "Mask", "MottlingMap", "Point", "Rgb8", "ZoneMap", "ZoneProbabilities"]

# (H, W, 3) uint8, sRGB, upright.
Rgb8 = NDArray[np.uint8]

# (H, W) uint8, 0-5: `mottling.scale.Zone`.
ZoneMap = NDArray[np.uint8]

# (6, H, W) float32, 0-1, sums to 1 over the first axis.
ZoneProbabilities = NDArray[np.float32]

# (H, W) float32, 0-1: probability that the skin of the leg is mottled there.
MottlingMap = NDArray[np.float32]

# (64,) float32: how the skin of the legs looks to the network, on average over it.
Embedding = NDArray[np.float32]

# (H, W) bool.
Mask = NDArray[np.bool_]


class Point(NamedTuple):
    """A place in a picture, in pixels."""

    x: float
    y: float
