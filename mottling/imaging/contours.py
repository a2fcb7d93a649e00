"""Follows the borders of zones and of mottling between the cells of the network's maps.

A border is a few hundred short lines. To find them the maps need not be enlarged to the size of a picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mottling.imaging.looks import OneLook
from mottling.imaging.spread import zones_of_legs
from mottling.scale import Zone

__all__ = ["Borders", "Lines", "borders_of", "zero_lines"]

# (N, 2, 2) float: short straight lines, of each its two ends, (x, y).
Lines = NDArray[np.floating]

_EVEN = 0.5

# The corners of a square between four cells, (row, column), in a round, and its centre; the four triangles
# that they make; and the rounds from each of three.
_PLACES = np.array([(0, 0), (0, 1), (1, 1), (1, 0), (0.5, 0.5)])
_TRIANGLES = np.array([(0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4)])
_FROM_EACH = np.array([(0, 1, 2), (1, 2, 0), (2, 0, 1)])


@dataclass(frozen=True)
class Borders:
    """What is drawn of one look, in pixels of the picture."""

    zones: Lines
    """Between zones, and around the skin of the legs; each line may be there twice."""
    mottling: Lines


def borders_of(one: OneLook, *, mottled_from: float, scale: float) -> Borders:
    """Find the borders of what was scored.

    Args:
        one: The look that was scored.
        mottled_from: A place is mottled from this probability on.
        scale: Pixels of the picture for each pixel of the photograph as it was decoded.
    """
    # A cell more on each side, like the one beside it: a border goes on to the edge of the picture.
    probabilities = np.pad(zones_of_legs(one), ((0, 0), (1, 1), (1, 1)), mode="edge")
    mottling = np.pad(one.look.mottling, 1, mode="edge")
    skin = _EVEN - probabilities[Zone.NOT_SKIN]
    zones = np.concatenate([zero_lines(np.minimum(lead, skin)) for lead in _leads(probabilities[1:])])
    mottled = zero_lines(np.minimum(mottling - mottled_from, skin))
    in_photo = (one.fitted.frame.cells_to_photo(lines - 1) for lines in (zones, mottled))
    return Borders(*((lines + 0.5) * scale - 0.5 for lines in in_photo))


def zero_lines(values: NDArray[np.floating]) -> Lines:
    """Follow where a map (H, W) passes from below 0 to 0 or more, in cells.

    A square between four cells is cut into the four triangles that meet in its centre, which is worth the
    mean of its corners: through a triangle a line goes once or not at all.
    """
    inside = values >= 0
    first = inside[:-1, :-1]
    mixed = (first != inside[:-1, 1:]) | (first != inside[1:, :-1]) | (first != inside[1:, 1:])
    squares = np.argwhere(mixed)
    corners = np.stack([values[tuple((squares + step).T)] for step in _PLACES[:4].astype(int)], axis=1)
    worth = np.concatenate([corners, corners.mean(axis=1, keepdims=True)], axis=1)[:, _TRIANGLES]
    worth = worth.reshape(-1, 3)
    at = (squares[:, None, None] + _PLACES[_TRIANGLES]).reshape(-1, 3, 2)
    within = worth >= 0
    crossed = within.any(axis=1) & ~within.all(axis=1)
    at, worth, within = at[crossed], worth[crossed], within[crossed]
    # One corner is inside, or one is not: the line cuts both sides that meet in that one.
    alone = np.argmax(within == (within.sum(axis=1) == 1)[:, None], axis=1)
    at = np.take_along_axis(at, _FROM_EACH[alone][..., None], axis=1)
    worth = np.take_along_axis(worth, _FROM_EACH[alone], axis=1)
    share = worth[:, :1] / (worth[:, :1] - worth[:, 1:])
    ends = at[:, :1] + share[..., None] * (at[:, 1:] - at[:, :1])
    lines: Lines = ends[..., ::-1]
    return lines


def _leads(zones: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how much each zone (5, H, W) is likelier than all others; below 0 where another is likelier."""
    second, first = np.partition(zones, (-2, -1), axis=0)[-2:]
    leads: NDArray[np.float32] = zones - np.where(zones == first, second, first)
    return leads
