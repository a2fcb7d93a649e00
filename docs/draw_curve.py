"""Draws the learning curve from the table of its page: `python -m docs.build_drawings` writes it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

__all__ = ["CURVE", "curve_svg"]

_PAGE = Path(__file__).parent / "explanation" / "learning-curve.md"
CURVE = _PAGE.with_suffix(".svg")

_SHOWN = ("masks", "head, scores", "head, masks")
_NAMED = {
    "masks": "rules alone, borders drawn",
    "head, scores": "last layer and rules, scores alone",
    "head, masks": "last layer and rules, borders drawn",
}
_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 330, 190, 56, 34, 76
_EDGE, _BESIDE = 12, 5.0
_FINE, _COARSE, _WIDE = 0.05, 0.1, 0.4  # between lines; above so much they lie farther apart
_CURVES = 3  # columns of the table: exact, kappa, alarms
_TITLES = ("exact scores gained", "quadratic kappa gained")
_STYLE = """
svg { color: #24303a; font-family: system-ui, sans-serif; font-size: 11px; }
text { fill: currentColor; } text.title { font-size: 13px; font-weight: 600; }
line.grid { stroke: currentColor; stroke-opacity: 0.15; } line.zero { stroke: currentColor; }
.c0 { stroke: #8a8f98; fill: #8a8f98; }
.c1 { stroke: #b4641a; fill: #b4641a; }
.c2 { stroke: #1d63b8; fill: #1d63b8; }
path { stroke-width: 2; } line.whisker { stroke-width: 1.3; }
@media (prefers-color-scheme: dark) { svg { color: #e6ebef; } }
"""
_NUMBER = re.compile(r"[+-]\d+\.\d+")


@dataclass(frozen=True)
class _Row:
    patients: int
    learnt: str
    figures: tuple[tuple[float, float, float], ...]
    """Exact, kappa, alarms: gain, and the ends of its interval."""


def curve_svg() -> str:
    """Draw what is gained in exact scores and in kappa, with intervals, over the number of patients read."""
    rows = [row for row in _rows(_PAGE.read_text("utf-8")) if row.learnt in _SHOWN]
    width = _LEFT + len(_TITLES) * (_WIDTH + _GAP)
    panels = "\n".join(_drawn(rows, column) for column in range(len(_TITLES)))
    legend = "".join(
        f'<rect class="c{place}" x="{_LEFT + 250 * place}" y="{_TOP + _HEIGHT + 44}" width="14" height="4"/>'
        f'<text x="{_LEFT + 250 * place + 20}" y="{_TOP + _HEIGHT + 50}">{escape(_NAMED[learnt])}</text>'
        for place, learnt in enumerate(_SHOWN)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_TOP + _HEIGHT + 66}" role="img" '
        'aria-label="What is gained over the model in use, by patients read: exact scores and kappa">\n'
        f"<style>{_STYLE}</style>\n{panels}\n{legend}\n</svg>\n"
    )


def _rows(page: str) -> Iterator[_Row]:
    """Read the first table of gains: patients, what is fitted, three figures with their intervals."""
    begun = False
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if "what is fitted" in line:
            begun = True
        elif begun and not line.startswith("|"):
            return
        elif begun and cells[0].replace(",", "").isdigit():
            found = [[float(number) for number in _NUMBER.findall(cell)] for cell in cells[2 : 2 + _CURVES]]
            figures = tuple((one[0], one[1], one[2]) for one in found)
            yield _Row(int(cells[0].replace(",", "")), cells[1], figures)


@dataclass(frozen=True)
class _Panel:
    """Where values lie in one of the two drawings."""

    left: float
    low: float
    high: float
    step: float
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, rows: Sequence[_Row], column: int) -> _Panel:
        ends = [value for row in rows for value in row.figures[column][1:]]
        step = _FINE if max(ends) - min(ends) < _WIDE else _COARSE
        low, high = math.floor(min(ends) / step) * step, math.ceil(max(ends) / step) * step
        sizes = tuple(sorted({row.patients for row in rows}))
        return cls(_LEFT + column * (_WIDTH + _GAP), low, high, step, sizes)

    def x(self, patients: int) -> float:
        span = math.log(self.sizes[-1] / self.sizes[0]) or 1.0
        return self.left + _EDGE + (_WIDTH - 2 * _EDGE) * math.log(patients / self.sizes[0]) / span

    def y(self, value: float) -> float:
        return _TOP + _HEIGHT * (self.high - value) / (self.high - self.low)


def _drawn(rows: Sequence[_Row], column: int) -> str:
    panel = _Panel.of(rows, column)
    curves = (
        _curve(panel, place, [(row.patients, row.figures[column]) for row in rows if row.learnt == learnt])
        for place, learnt in enumerate(_SHOWN)
    )
    title = f'<text class="title" x="{panel.left}" y="{_TOP - 14}">{_TITLES[column]}</text>'
    return title + "".join((*_grid(panel), *curves))


def _grid(panel: _Panel) -> Iterator[str]:
    for number in range(round((panel.high - panel.low) / panel.step) + 1):
        value = panel.low + number * panel.step
        kind, y = "zero" if abs(value) < panel.step / 2 else "grid", panel.y(value)
        yield f'<line class="{kind}" x1="{panel.left}" y1="{y:.1f}" x2="{panel.left + _WIDTH}" y2="{y:.1f}"/>'
        yield f'<text x="{panel.left - 6}" y="{y + 4:.1f}" text-anchor="end">{value:+.2f}</text>'
    for size in panel.sizes:
        yield f'<text x="{panel.x(size):.1f}" y="{_TOP + _HEIGHT + 18}" text-anchor="middle">{size:,}</text>'


def _curve(panel: _Panel, place: int, points: Sequence[tuple[int, tuple[float, float, float]]]) -> str:
    """Draw gains and their intervals, a little beside each other."""
    shift = _BESIDE * (place - 1)
    at = [(panel.x(size) + shift, *map(panel.y, figure)) for size, figure in points]
    path = " L".join(f"{x:.1f},{gain:.1f}" for x, gain, _, _ in at)
    marks = "".join(
        f'<line class="whisker c{place}" x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}"/>'
        f'<circle class="c{place}" cx="{x:.1f}" cy="{gain:.1f}" r="2.6"/>'
        for x, gain, low, high in at
    )
    return f'<path class="c{place}" style="fill:none" d="M{path}"/>{marks}'
