"""Draws the report's charts on a sheet: the few elements of `charts.py`, in the colours of `report.css`."""

from __future__ import annotations

import re
from dataclasses import replace

from mottling.agreement.blocks import Drawing, Shape
from mottling.agreement.sheets import Look, Sheets, width_of

__all__ = ["PT_PER_PX", "draw"]

PT_PER_PX = 0.75
"""A CSS pixel is 1/96 of an inch."""

_INK, _FAINT, _RULE, _BLUE = "16202b", "5a6673", "d5dbe1", "1d4f91"
_TEXT_PX, _SMALL_PX = 13.0, 12.0
_LOOKS = {
    "same": Look(ink=None, line=_INK, line_pt=1.5),
    "other": Look(ink=None, line=_RULE, line_pt=1.0),
    "grid": Look(ink=None, line=_RULE, line_pt=1.0),
    "frame": Look(ink=None, line=_RULE, line_pt=1.0),
    "whisker": Look(ink=None, line=_INK, line_pt=1.5),
    "value": Look(ink=_BLUE),
    "box": Look(ink="c9d8ec", line=_BLUE, line_pt=1.0),
    "median": Look(ink=None, line=_BLUE, line_pt=3.0),
    "path": Look(ink=None, line=_BLUE, line_pt=1.5),
}
_TURNED = re.compile(r"translate\((\S+) (\S+)\) rotate\(-90\)")


def draw(drawing: Drawing, sheets: Sheets, *, left: float, top: float) -> None:
    """Draw a chart with its top left corner at a place of the page.

    Args:
        drawing: The chart.
        sheets: Where it is drawn.
        left: In points.
        top: In points.
    """
    pen = _Pen(sheets, left, top)
    for shape in drawing.shapes:
        if shape.tag == "text":
            pen.text(shape)
        else:
            pen.shape(shape)


class _Pen:
    """Draws in pixels of the chart."""

    def __init__(self, sheets: Sheets, left: float, top: float) -> None:
        self._sheets, self._left, self._top = sheets, left, top

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._left + PT_PER_PX * x, self._top + PT_PER_PX * y

    def text(self, shape: Shape) -> None:
        kind = shape.attributes["class"]
        look = Look(
            ink={"faint": _FAINT, "light": "ffffff"}.get(kind, _INK),
            size_pt=PT_PER_PX * (_SMALL_PX if kind == "faint" else _TEXT_PX),
            is_bold=kind in ("score", "total"),
        )
        before = {"middle": 0.5, "end": 1.0}.get(shape.attributes["text-anchor"], 0.0)
        back = before * width_of(shape.text, look)
        turned = _TURNED.fullmatch(shape.attributes.get("transform", ""))
        if turned is not None:
            x, y = self._at(float(turned[1]), float(turned[2]))
            self._sheets.text(x, y + back, shape.text, look, is_turned=True)
        else:
            x, y = self._at(shape.at("x"), shape.at("y"))
            self._sheets.text(x - back, y, shape.text, look)

    def shape(self, shape: Shape) -> None:
        look = _LOOKS[shape.attributes["class"]]
        look = replace(look, line_pt=PT_PER_PX * look.line_pt)
        if "fill" in shape.attributes:
            filled = float(shape.attributes["fill-opacity"])
            look = replace(look, ink=shape.attributes["fill"].removeprefix("#"), opacity=filled)
        if shape.tag == "circle":
            x, y = self._at(shape.at("cx"), shape.at("cy"))
            self._sheets.circle(x, y, PT_PER_PX * shape.at("r"), look)
            return
        corners = [self._at(x, y) for x, y in _corners(shape)]
        if len(corners) > 1:
            self._sheets.shape(corners, look, is_closed=shape.tag in ("rect", "polygon"))


def _corners(shape: Shape) -> list[tuple[float, float]]:
    if shape.tag == "line":
        return [(shape.at("x1"), shape.at("y1")), (shape.at("x2"), shape.at("y2"))]
    if shape.tag == "rect":
        left, top = shape.at("x"), shape.at("y")
        right, bottom = left + shape.at("width"), top + shape.at("height")
        return [(left, top), (right, top), (right, bottom), (left, bottom)]
    pairs = [pair.split(",") for pair in shape.attributes["points"].split()]
    return [(float(x), float(y)) for x, y in pairs]
