"""The scale as six drawings: two legs from above the groin to the shins, and how far the mottling reaches.

Own drawings, computed from a few points: lines in the colour of the text, mottling as a dusky net on a tint
(`static/scale.css`, light and dark). Nothing in them has an id, so a page may show them twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import pairwise
from math import cos, fsum, pi, radians, sin, sqrt

import numpy as np

from mottling.scale import SCORES

__all__ = ["drawing"]

Point = tuple[float, float]
Points = tuple[Point, ...]

# In units of the picture, 104 wide from x = 8 and 147 high. The middle of the body is x = 60; one leg is
# given, the other is its mirror.
_CROTCH: Point = (60.0, 44.0)
_OUTER: Points = (
    *((92.0, 1.0), (97.0, 23.0), (96.5, 44.0), (94.0, 62.0), (88.5, 80.0)),
    *((86.5, 91.0), (86.5, 100.0), (89.0, 116.0), (87.5, 131.0), (84.0, 146.0)),
)
_INNER: Points = (
    *(_CROTCH, (62.4, 50.0), (65.0, 62.0), (68.4, 80.0), (69.0, 91.0)),
    *((70.0, 100.0), (67.5, 116.0), (69.5, 131.0), (72.0, 146.0)),
)
_GROIN_FOLD: Points = (_CROTCH, (71.0, 36.0), (84.0, 27.0), (97.0, 20.0))
_KNEECAP = "M71.5 87C71.7 81.4 83.7 81.4 83.9 87C84.1 94 80.7 99 77.7 99.4C74.7 99 71.3 94 71.5 87Z"
_COIN = "M73.2 90.4a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z"
_STRAIGHT_LIMIT_Y = {2: 82.6, 3: 62.0}
"""The superior edge of the kneecap and the middle of the thigh."""
_ABOVE_THE_FOLD = {4: 0.0, 5: 16.0}
"""How far above the groin fold the mottling is drawn."""
_LOWEST_Y = 113.0
_MESH_RADIUS = 4.0
_MARGIN = 1.2
"""What the net keeps from the edge of the leg."""
_SEAM = 0.4
"""By how much the halves overlap in the middle, so that no line shows there."""


def drawing(score: int, title: str) -> str:
    """Draw one score of the scale.

    Args:
        score: 0 to 5.
        title: What it shows, for who cannot see it; empty where words beside it say so.
    """
    spoken = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
    named = f"<title>{escape(title)}</title>" if title else ""
    return f'<svg class="scale-drawing" viewBox="8 0 104 147" {spoken}>{named}{_picture(score)}</svg>'


@cache
def _picture(score: int) -> str:
    assert score in SCORES
    layers = [_both("skin", _polygon(_body()))]
    if score == 1:
        layers.append(_both("coin", _COIN))
    if score > 1:
        layers += [_both("tint", _polygon(_reach(score))), _both("net", _net(score))]
    layers.append(_both("fine", _curve(_GROIN_FOLD) + _KNEECAP))
    layers.append(_both("outline", _curve(_OUTER) + _curve(_INNER)))
    if score in _STRAIGHT_LIMIT_Y:
        layers.append(f'<path class="limit" d="M15 {_STRAIGHT_LIMIT_Y[score]}H105"/>')
    return "".join(layers)


def _both(css: str, path: str) -> str:
    mirror = f'transform="matrix(-1 0 0 1 {2 * _CROTCH[0]:.0f} 0)"'
    return f'<g class="{css}"><path d="{path}"/><path d="{path}" {mirror}/></g>'


def _body() -> Points:
    middle = ((_CROTCH[0] - _SEAM, _CROTCH[1]), (_CROTCH[0] - _SEAM, 0.0), _OUTER[0])
    return middle + _side(_OUTER, 1.0, 146.0) + _side(_INNER, _CROTCH[1], 146.0)[::-1]


def _reach(score: int) -> Points:
    """Outline what is mottled on one leg."""
    top = _top(score)
    below = _side(_INNER, max(top[0][1], _CROTCH[1]), _LOWEST_Y)[::-1]
    if top[0][1] < _CROTCH[1]:
        seam = _CROTCH[0] - _SEAM
        top = ((seam, _CROTCH[1]), (seam, top[0][1]), *top)
    return top + _side(_OUTER, top[-1][1], _LOWEST_Y) + _round_end() + below


def _top(score: int) -> Points:
    """Give the upper edge of the mottling, from the inner to the outer side."""
    if score in _STRAIGHT_LIMIT_Y:
        y = _STRAIGHT_LIMIT_Y[score]
        return ((_x(_INNER, y), y), (_x(_OUTER, y), y))
    raised = [(x, y - _ABOVE_THE_FOLD[score]) for x, y in _dense(_GROIN_FOLD)]
    return tuple((min(x, _x(_OUTER, y)), y) for x, y in raised)


def _round_end() -> Points:
    inner, outer = _x(_INNER, _LOWEST_Y), _x(_OUTER, _LOWEST_Y)
    middle, radius = (inner + outer) / 2, (outer - inner) / 2
    return tuple(
        (middle + radius * cos(pi * step / 8), _LOWEST_Y + 6 * sin(pi * step / 8)) for step in range(1, 8)
    )


def _net(score: int) -> str:
    """Draw a honeycomb with shaken corners and a few open sides, inside the mottled part."""
    top = _top(score)
    sides = [
        side
        for side in _honeycomb()
        if all(_is_inside(corner, top) for corner in side) and _chance(*side[0], 3) > _openness(side[0][1])
    ]
    return "".join(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}" for a, b in sides)


def _honeycomb() -> Iterator[tuple[Point, Point]]:
    width = sqrt(3) * _MESH_RADIUS
    for row in range(26):
        for column in range(7):
            centre = (58.5 + width * (column + row % 2 / 2), 1.5 * _MESH_RADIUS * row)
            corners = [_corner(centre, 60.0 * place + 30.0) for place in range(4)]
            yield from pairwise(corners)  # the other three sides belong to the neighbours


def _corner(centre: Point, angle: float) -> Point:
    x = round(centre[0] + _MESH_RADIUS * cos(radians(angle)), 3)
    y = round(centre[1] + _MESH_RADIUS * sin(radians(angle)), 3)
    return (x + 1.9 * (_chance(x, y, 1) - 0.5), y + 1.9 * (_chance(x, y, 2) - 0.5))


def _chance(x: float, y: float, which: int) -> float:
    """Give a number from 0 to 1 that looks drawn by chance and is the same each time."""
    return sin(12.9898 * round(x, 2) + 78.233 * round(y, 2) + 37.7 * which) * 43758.5453 % 1.0


def _openness(y: float) -> float:
    """Say which share of the net's sides is open: more where the mottling fades out on the shin."""
    return 0.1 + 0.6 * max(0.0, (y - _LOWEST_Y + 10) / 14)


def _is_inside(point: Point, top: Points) -> bool:
    x, y = point
    top_y = float(np.interp(x, [one[0] for one in top], [one[1] for one in top]))
    inner = _x(_INNER, y) + _MARGIN if y > _CROTCH[1] - 1 else _CROTCH[0]
    return top_y + _MARGIN <= y <= _LOWEST_Y + 3 and inner <= x <= _x(_OUTER, y) - _MARGIN


def _x(line: Points, y: float) -> float:
    dense = _dense(line)
    return float(np.interp(y, [point[1] for point in dense], [point[0] for point in dense]))


def _side(line: Points, top: float, bottom: float) -> Points:
    """Give the part of a line that lies between two heights."""
    between = tuple(point for point in _dense(line) if top < point[1] < bottom)
    return ((_x(line, top), top), *between, (_x(line, bottom), bottom))


@cache
def _dense(line: Points) -> Points:
    """Put points close together on the curve that `_curve` draws."""
    dense = [line[0]]
    for start, first, second, end in _beziers(line):
        for t in (0.25, 0.5, 0.75, 1.0):
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            four = tuple(zip(weights, (start, first, second, end), strict=True))
            # Not `sum`: from Python 3.12 on it rounds differently.
            dense.append((fsum(w * p[0] for w, p in four), fsum(w * p[1] for w, p in four)))
    return tuple(dense)


def _curve(line: Points) -> str:
    """Draw a smooth curve through the points."""
    drawn = [f"M{line[0][0]} {line[0][1]}"]
    for _, first, second, end in _beziers(line):
        drawn.append("C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in (first, second, end)))
    return "".join(drawn)


def _beziers(line: Points) -> Iterator[tuple[Point, Point, Point, Point]]:
    """Give the Catmull-Rom curve through the points as cubic Béziers."""
    padded = (line[0], *line, line[-1])
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        yield start, first, second, end


def _polygon(points: Points) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"
