"""The report's drawings: small functions that write SVG, in black, grey and one blue, as a journal prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from mottling.agreement.intervals import Estimate

__all__ = ["Bar", "Box", "Line", "Point", "boxes", "dots", "forest", "heat_table", "lines"]

_CELL = 46
_ROW = 24
_WIDTH = 640
_NAMES = 150
_FIGURES = 170


@dataclass(frozen=True)
class Bar:
    """One line of a forest plot."""

    name: str
    note: str
    """Such as how many photographs."""
    estimate: Estimate
    shown: str
    """The value with its interval, as it is written."""
    is_total: bool = False


@dataclass(frozen=True)
class Point:
    """One month of a line."""

    name: str
    estimate: Estimate


@dataclass(frozen=True)
class Line:
    """What is followed over months, and between which values it lies."""

    points: Sequence[Point]
    low: float
    high: float


@dataclass(frozen=True)
class Box:
    """The spread of one reader's times."""

    name: str
    note: str
    quantiles: tuple[float, float, float, float, float]
    """Shortest, lower quartile, median, upper quartile, longest."""


@dataclass(frozen=True)
class _Axis:
    """Where values lie across a drawing."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)


def heat_table(table: NDArray[np.int64], *, title: str, row: str, column: str) -> Markup:
    """Draw a table of counts; the darker a cell, the greater its share of the row.

    Args:
        table: (6, 6) counts.
        title: What is read out for the drawing.
        row: Who scored down the left side.
        column: Who scored along the top.
    """
    scores = range(len(table))
    left, top = 70, 56
    whole = left + _CELL * (len(table) + 1)
    parts = [_text(left + _CELL * len(table) / 2, 14, column, "middle", "name")]
    parts.append(_turned(14, top + _CELL * len(table) / 2, row))
    for score in scores:
        parts.append(_text(left + _CELL * (score + 0.5), top - 8, str(score), "middle", "score"))
        parts.append(_text(left - 10, top + _CELL * (score + 0.5) + 5, str(score), "end", "score"))
        parts.append(_sum(whole - _CELL / 2, top + _CELL * (score + 0.5) + 5, table[score].sum()))
        parts.append(
            _sum(left + _CELL * (score + 0.5), top + _CELL * (len(table) + 0.5), table[:, score].sum())
        )
        parts += [_cell(table, score, other, left=left, top=top) for other in scores]
    return _svg(whole, top + _CELL * len(table) + 34, title, parts)


def _cell(table: NDArray[np.int64], row: int, column: int, *, left: float, top: float) -> str:
    count = int(table[row, column])
    share = count / table[row].sum() if count else 0.0
    x, y = left + _CELL * column, top + _CELL * row
    edge = "same" if row == column else "other"
    ink = "light" if share > 0.55 else "dark"  # noqa: PLR2004 # white is read on this blue, black is not
    return (
        f'<rect class="{edge}" x="{x + 1:g}" y="{y + 1:g}" width="{_CELL - 2}" height="{_CELL - 2}"'
        f' fill="#1d4f91" fill-opacity="{share:.3f}"/>'
        + (_text(x + _CELL / 2, y + _CELL / 2 + 5, str(count), "middle", ink) if count else "")
    )


def _sum(x: float, y: float, count: int) -> str:
    return _text(x, y, str(count), "middle", "faint")


def forest(bars: Sequence[Bar], *, title: str, low: float, high: float) -> Markup:
    """Draw one value with its interval a line, such as one a centre.

    Args:
        bars: From top to bottom.
        title: What is read out for the drawing.
        low: Left end of the axis.
        high: Right end of the axis.
    """
    axis = _Axis(low, high, _NAMES + 70, _WIDTH - _FIGURES)
    parts = _grid(axis, bottom=_ROW * len(bars) + 8)
    for place, bar in enumerate(bars):
        y = _ROW * place + 16
        parts.append(_text(0, y + 4, bar.name, "start", "total" if bar.is_total else "name"))
        parts.append(_text(_NAMES + 55, y + 4, bar.note, "end", "faint"))
        parts.append(_text(_WIDTH, y + 4, bar.shown, "end", "name"))
        parts += _whisker(bar.estimate, axis, y, is_total=bar.is_total)
    return _svg(_WIDTH, _ROW * len(bars) + 30, title, parts)


def _whisker(estimate: Estimate, axis: _Axis, y: float, *, is_total: bool) -> list[str]:
    parts = []
    if estimate.low is not None and estimate.high is not None:
        ends = axis.at(estimate.low), axis.at(estimate.high)
        parts.append(f'<line class="whisker" x1="{ends[0]:.1f}" y1="{y}" x2="{ends[1]:.1f}" y2="{y}"/>')
    if estimate.value is not None:
        x, half = axis.at(estimate.value), 6 if is_total else 4
        corners = f"{x:.1f},{y - half} {x + half:.1f},{y} {x:.1f},{y + half} {x - half:.1f},{y}"
        square = f'<rect class="value" x="{x - half:.1f}" y="{y - half}" width="8" height="8"/>'
        parts.append(f'<polygon class="value" points="{corners}"/>' if is_total else square)
    return parts


def _grid(axis: _Axis, *, bottom: float) -> list[str]:
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        value = axis.low + share * (axis.high - axis.low)
        x = axis.at(value)
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="4" x2="{x:.1f}" y2="{bottom}"/>')
        parts.append(_text(x, bottom + 16, f"{value:g}", "middle", "faint"))
    return parts


def lines(line: Line, *, title: str) -> Markup:
    """Draw a value over months, with its intervals."""
    height, left = 150, 46
    across = (_WIDTH - left - 20) / max(len(line.points), 1)
    up = _Axis(line.low, line.high, height, 12)
    parts = []
    for share in (0.0, 0.5, 1.0):
        value = line.low + share * (line.high - line.low)
        y = up.at(value)
        parts.append(f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{_WIDTH}" y2="{y:.1f}"/>')
        parts.append(_text(left - 8, y + 4, f"{value:g}", "end", "faint"))
    path = []
    for place, point in enumerate(line.points):
        x = left + across * (place + 0.5)
        parts.append(_text(x, height + 18, point.name, "middle", "faint"))
        if point.estimate.value is None:
            continue
        if point.estimate.low is not None and point.estimate.high is not None:
            ends = up.at(point.estimate.low), up.at(point.estimate.high)
            parts.append(
                f'<line class="whisker" x1="{x:.1f}" y1="{ends[0]:.1f}" x2="{x:.1f}" y2="{ends[1]:.1f}"/>'
            )
        y = up.at(point.estimate.value)
        path.append(f"{x:.1f},{y:.1f}")
        parts.append(f'<circle class="value" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
    parts.insert(0, f'<polyline class="path" points="{" ".join(path)}"/>')
    return _svg(_WIDTH, height + 26, title, parts)


def boxes(readers: Sequence[Box], *, title: str, unit: str) -> Markup:
    """Draw the spread of times, one box a reader: quartiles, median, shortest and longest."""
    longest = max((box.quantiles[4] for box in readers), default=1.0)
    axis = _Axis(0.0, max(longest, 1.0), _NAMES + 70, _WIDTH - _FIGURES)
    parts = []
    for place, box in enumerate(readers):
        y = _ROW * place + 16
        low, first, median, third, high = (axis.at(value) for value in box.quantiles)
        parts.append(_text(0, y + 4, box.name, "start", "name"))
        parts.append(_text(_NAMES + 55, y + 4, box.note, "end", "faint"))
        parts.append(f'<line class="whisker" x1="{low:.1f}" y1="{y}" x2="{high:.1f}" y2="{y}"/>')
        parts.append(
            f'<rect class="box" x="{first:.1f}" y="{y - 7}" width="{max(third - first, 1):.1f}" height="14"/>'
        )
        parts.append(f'<line class="median" x1="{median:.1f}" y1="{y - 7}" x2="{median:.1f}" y2="{y + 7}"/>')
        parts.append(_text(_WIDTH, y + 4, f"{box.quantiles[2]:.0f} {unit}", "end", "name"))
    return _svg(_WIDTH, _ROW * len(readers) + 12, title, parts)


def dots(points: Sequence[tuple[float, float]], *, title: str, across: str, up: str) -> Markup:
    """Draw shares against probabilities, with the line on which both are the same."""
    side, left, top = 220, 56, 12
    parts = [
        f'<rect class="frame" x="{left}" y="{top}" width="{side}" height="{side}"/>',
        f'<line class="grid" x1="{left}" y1="{top + side}" x2="{left + side}" y2="{top}"/>',
        _text(left + side / 2, top + side + 36, across, "middle", "name"),
        _turned(14, top + side / 2, up),
    ]
    for value in (0.0, 0.5, 1.0):
        parts.append(_text(left + side * value, top + side + 16, f"{value:g}", "middle", "faint"))
        parts.append(_text(left - 8, top + side * (1 - value) + 4, f"{value:g}", "end", "faint"))
    for x, y in points:
        parts.append(
            f'<circle class="value" cx="{left + side * x:.1f}" cy="{top + side * (1 - y):.1f}" r="4"/>'
        )
    return _svg(left + side + 20, top + side + 48, title, parts)


def _text(x: float, y: float, text: str, anchor: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'


def _turned(x: float, y: float, text: str) -> str:
    return (
        f'<text class="name" transform="translate({x:g} {y:g}) rotate(-90)" text-anchor="middle">'
        f"{escape(text)}</text>"
    )


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> Markup:
    drawn = "".join(parts)
    return Markup(  # noqa: S704 # every text in it is escaped where it is written
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img" aria-label="{escape(title)}">'
        f"{drawn}</svg>"
    )
