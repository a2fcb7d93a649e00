"""Whether the mottling that makes a score only just reaches its zone."""

from __future__ import annotations

from mottling.arrays import Mask, ZoneMap
from mottling.imaging.regions import grow

__all__ = ["only_just_reaches"]

# In cells of the network's maps, three are about 2 cm where legs of 60 cm fill the picture. Of 234 made
# photographs with a score from 2 on, 43 % of the 35 on which all of it lies so near to the zone below were
# read too high, of the others 6 %.
NEAR_CELLS = 3
_FEWEST_CELLS = 3
_ALL_BUT = 0.01


def only_just_reaches(zones: ZoneMap, mottled: Mask, *, score: int) -> bool:
    """Tell whether all the mottling of a leg's highest mottled zone lies beside the zones below it.

    Args:
        zones: (H, W) of one leg; 0 elsewhere.
        mottled: Of the same shape.
        score: Of the leg.
    """
    deciding = mottled & (zones == score)
    below: Mask = (zones > 0) & (zones < score)
    if int(deciding.sum()) < _FEWEST_CELLS or not below.any():
        return False
    away = deciding & ~grow(below, cells=NEAR_CELLS)
    return bool(away.sum() <= _ALL_BUT * deciding.sum())
