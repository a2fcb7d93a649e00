"""Cells as a network would show them, in which one number of 64 tells mottled skin from clean."""

from __future__ import annotations

import numpy as np

from mottling.scale import LegReading, Status, Zone
from training.last_layer.head_cells import Cells

_OF_EACH = 60
_TELLS = 7


def draw_cells(score: int, *, rng: np.random.Generator, drawn: bool = True, group: str = "") -> Cells:
    """Draw two legs of five zones, mottled up to the score on the first."""
    zone = np.tile(np.repeat([int(zone) for zone in list(Zone)[1:]], _OF_EACH), 2).astype(np.uint8)
    leg = np.repeat([0, 1], len(zone) // 2).astype(np.uint8)
    mottled = ((leg == 0) & (zone <= score)).astype(np.uint8)
    filtered = rng.normal(0, 0.3, (len(zone), 64))
    filtered[:, _TELLS] += 3.0 * mottled
    return Cells(
        filtered.astype(np.float16),
        zone,
        leg,
        mottled if drawn else np.full_like(mottled, 255),
        LegReading(Status.SCORED, score),
        0.99,
        group,
    )
