"""Finds the legs in the zone map: which skin belongs to which leg, and where their knees are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Mask, Point, ZoneMap, ZoneProbabilities
from mottling.imaging.contract import ScoringRules
from mottling.imaging.regions import Labels, connected, flood, smooth
from mottling.scale import Zone

__all__ = ["Leg", "find_legs", "most_likely_zones"]

_MOST_LEGS = 2
_EVEN = 0.5

# About a third of the coin's radius where a leg fills the picture: smooths noise, keeps the coin.
_KNEE_SIGMA = 1.2

# Two kneecaps are further apart than this many radii of a coin (15 mm), even on legs that touch.
_KNEES_APART = 4.0
_LEAST_APART = 6.0

# A second knee is often further away, turned or half covered, but not fainter than this against the first.
_SECOND_KNEE = 0.35

# How far from skin the peak may lie: a dressing or a tube can cover the knee's very centre.
_BESIDE_SKIN = 3

# How many cells from the thigh a knee's skin is by its edge, and how many such cells are an edge.
_BY_THE_EDGE = 2
_LEAST_EDGE = 3

# A part is another leg when this much of it lies in zones that the first leg has already: no leg has
# two thighs. Below, it is a piece of the same leg, cut off by a tube or a sheet.
_SAME_ZONES = 0.3

# Skin nearer than every n-th cell is near enough to tell to which leg a piece belongs.
_COARSE = 3


@dataclass(frozen=True)
class Leg:
    """One leg in view, in cells of the zone map."""

    zones: ZoneMap
    """0 outside this leg."""
    knee: Point | None
    """Centre of the kneecap, (column, row): where its coin is seen, or else where the thigh begins."""

    @property
    def mask(self) -> Mask:
        """Its visible skin."""
        return self.zones > 0


def find_legs(zones: ZoneProbabilities, *, rules: ScoringRules) -> tuple[Leg, ...]:
    """Find at most two legs, from left to right.

    A leg is what grows together from a knee; two knees on skin that touches are two legs. Skin without a knee
    is a piece of the leg it completes, or a leg of its own.
    """
    best = most_likely_zones(zones)
    skin = best > 0
    min_cells = max(1, int(rules.min_leg_share * skin.size))
    knees = _knees(zones[Zone.COIN], skin, rules=rules)
    masks = _grown(knees, skin)
    large_enough = [(mask, knee) for mask, knee in zip(masks, knees, strict=True) if mask.sum() >= min_cells]
    masks, knees = [mask for mask, _ in large_enough], [knee for _, knee in large_enough]
    claimed = np.logical_or.reduce(masks) if masks else np.zeros_like(skin)
    for part in connected(skin & ~claimed, min_cells=min_cells):
        if not masks or (len(masks) < _MOST_LEGS and _is_another_leg(part, masks[0], best)):
            masks.append(part)
        else:
            nearest = min(range(len(masks)), key=lambda i: _distance(part, masks[i]))
            masks[nearest] = masks[nearest] | part
    zones_of = [np.where(mask, best, 0).astype(np.uint8) for mask in masks]
    found = [
        Leg(leg, knees[i] if i < len(knees) else _below_the_thigh(leg)) for i, leg in enumerate(zones_of)
    ]
    return tuple(sorted(found, key=_across))


def most_likely_zones(zones: Iterable[NDArray[np.float32]]) -> ZoneMap:
    """Give each cell its zone: no skin where that is likelier than all zones together.

    Args:
        zones: The probability (H, W) of each zone, from 0 to 5; large ones one after the other save memory.
    """
    probabilities = iter(zones)
    skin = next(probabilities) < _EVEN
    best, highest = np.zeros(skin.shape, np.uint8), np.zeros(skin.shape, np.float32)
    for zone, probability in zip(list(Zone)[1:], probabilities, strict=True):
        best[probability > highest] = zone
        np.maximum(highest, probability, out=highest)
    best[~skin] = Zone.NOT_SKIN
    return best


def _knees(coin: NDArray[np.float32], skin: Mask, *, rules: ScoringRules) -> list[Point]:
    """Find the peaks of the coin's smoothed probability: the network is seldom sure enough for more."""
    left = smooth(coin, sigma=_KNEE_SIGMA)
    knees: list[Point] = []
    least = rules.min_knee
    while len(knees) < _MOST_LEGS:
        row, column = (int(i) for i in np.unravel_index(int(left.argmax()), left.shape))
        peak = float(left[row, column])
        if peak < least:
            break
        near = _disc(left.shape, row, column, _LEAST_APART)
        radius = np.sqrt(float((coin * near).sum()) / np.pi)
        if (skin & _disc(left.shape, row, column, _BESIDE_SKIN)).any():
            knees.append(_centre(left, row, column))
        least = max(least, _SECOND_KNEE * peak) if len(knees) == 1 else least
        left = np.where(_disc(left.shape, row, column, max(_LEAST_APART, _KNEES_APART * radius)), 0, left)
    return knees


def _centre(peaked: NDArray[np.float32], row: int, column: int) -> Point:
    """Place a peak between cells, by the weight of those around it."""
    top, left = max(row - 1, 0), max(column - 1, 0)
    around = peaked[top : row + 2, left : column + 2]
    rows, columns = np.mgrid[: around.shape[0], : around.shape[1]]
    total = float(around.sum())
    return Point(left + float((columns * around).sum()) / total, top + float((rows * around).sum()) / total)


def _below_the_thigh(zones: ZoneMap) -> Point | None:
    """Place a knee whose coin is not seen, from the side or too small, where knee and thigh meet.

    The superior edge of the kneecap lies 24 mm above its centre, a cell or two in most pictures.
    """
    side = 2 * _BY_THE_EDGE + 1
    thigh = np.pad(zones == Zone.LOWER_THIGH, _BY_THE_EDGE)
    near = np.lib.stride_tricks.sliding_window_view(thigh, (side, side)).any(axis=(2, 3))
    pieces = connected(near & (zones > 0) & (zones <= Zone.KNEE), min_cells=_LEAST_EDGE)
    if not pieces:
        return None
    rows, columns = np.nonzero(pieces[0])
    return Point(float(columns.mean()), float(rows.mean()))


def _disc(shape: tuple[int, ...], row: int, column: int, radius: float) -> Mask:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    inside: Mask = (rows - row) ** 2 + (columns - column) ** 2 <= radius**2
    return inside


def _grown(knees: list[Point], skin: Mask) -> list[Mask]:
    """Grow each leg from its knee; where two touch, the border lies half-way along the skin."""
    seeds: Labels = np.zeros(skin.shape, np.int16)
    for number, knee in enumerate(knees, start=1):
        seeds[skin & _disc(skin.shape, round(knee.y), round(knee.x), _BESIDE_SKIN)] = number
    labels = flood(seeds, within=skin)
    return [labels == number for number in range(1, len(knees) + 1)]


def _is_another_leg(part: Mask, leg: Mask, zones: ZoneMap) -> bool:
    of_part = np.bincount(zones[part], minlength=len(Zone))
    of_leg = np.bincount(zones[leg], minlength=len(Zone))
    return bool(np.minimum(of_part, of_leg).sum() > _SAME_ZONES * of_part.sum())


def _distance(one: Mask, other: Mask) -> float:
    """Give the shortest way between two parts, in cells, roughly."""
    first, second = (np.argwhere(mask)[::_COARSE] for mask in (one, other))
    return float(np.abs(first[:, None] - second[None]).max(axis=2).min())


def _across(leg: Leg) -> float:
    return leg.knee.x if leg.knee is not None else float(np.nonzero(leg.zones)[1].mean())
