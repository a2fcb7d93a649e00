"""Values by their rank. NumPy's own percentile would load a package at the first score of a process."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["percentile"]


def percentile(values: NDArray[np.floating[Any]], percent: float) -> float:
    """Give the value that `percent` of all values do not exceed, between two neighbours by their distance.

    Args:
        values: Of any shape, at least one.
        percent: 0-100.
    """
    place = percent / 100 * (values.size - 1)
    below, above = math.floor(place), math.ceil(place)
    ordered = np.partition(values, (below, above), axis=None)
    low, high = float(ordered[below]), float(ordered[above])
    return low + (high - low) * (place - below)
