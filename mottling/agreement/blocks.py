"""What the report's HTML consists of, block by block: for a printer that is no browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

__all__ = ["Block", "Cell", "Drawing", "Row", "Shape", "Table", "Words", "blocks_of"]

_WORDS = ("h1", "h2", "h3", "p", "li", "figcaption")
_SHAPES = ("rect", "line", "polygon", "polyline", "circle", "text")
# What a browser shows on the screen only, and what is no text.
_UNSEEN = ("style", "title")
_ON_SCREEN = "screen"


@dataclass(frozen=True)
class Words:
    """A heading, a paragraph or a line of a list."""

    tag: str
    kind: str
    """Its class in the style sheet."""
    text: str


@dataclass(frozen=True)
class Cell:
    """One cell of a table."""

    text: str
    is_head: bool


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    cells: tuple[Cell, ...]
    part: str
    """`thead`, `tbody` or `tfoot`."""


@dataclass(frozen=True)
class Table:
    """A table."""

    kind: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Shape:
    """One element of a drawing."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""

    def at(self, name: str) -> float:
        """Give a length, in the drawing's own unit."""
        return float(self.attributes[name])


@dataclass(frozen=True)
class Drawing:
    """A chart."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str = ""
    """What is read out for it."""

    def told(self) -> str:
        """Say title and every text in it: what who does not see it is given."""
        texts = "; ".join(shape.text for shape in self.shapes if shape.text)
        return f"{self.title}: {texts}" if texts else self.title


Block = Words | Table | Drawing


def blocks_of(html: str) -> Sequence[Block]:
    """Take a report apart.

    Only what the report's own template and charts write is understood.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.blocks


class _Reader(HTMLParser):
    """Reads from the first element to the last."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._unseen = ""
        self._text: list[str] = []
        self._kind = ""
        self._part = ""
        self._cells: list[Cell] = []
        self._rows: list[Row] = []
        self._shapes: list[Shape] = []
        self._of: Mapping[str, str] = {}
        self._box = (0.0, 0.0)
        self._title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN or of.get("class") == _ON_SCREEN:
            self._unseen = tag
        elif tag in (*_WORDS, "th", "td", "text"):
            self._text = []
            self._of = of
        elif tag == "table":
            self._rows, self._kind = [], of.get("class", "")
        elif tag in ("thead", "tbody", "tfoot"):
            self._part = tag
        elif tag == "tr":
            self._cells = []
        elif tag == "svg":
            _, _, width, height = map(float, of["viewbox"].split())
            self._shapes, self._box, self._title = [], (width, height), of["aria-label"]
        elif tag in _SHAPES:
            self._shapes.append(Shape(tag, of))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        elif tag in ("th", "td"):
            self._cells.append(Cell(self._said(), is_head=tag == "th"))
        elif tag == "tr":
            self._rows.append(Row(tuple(self._cells), self._part))
        elif tag == "table":
            self.blocks.append(Table(self._kind, tuple(self._rows)))
        elif tag == "text":
            self._shapes.append(Shape(tag, self._of, self._said()))
        elif tag == "svg":
            self.blocks.append(Drawing(*self._box, tuple(self._shapes), self._title))
        elif tag in _WORDS and (said := self._said()):
            self.blocks.append(Words(tag, self._of.get("class", ""), said))

    def _said(self) -> str:
        """Give the text, its white space as a browser shows it."""
        said, self._text = "".join(self._text), []
        return " ".join(part for part in said.replace("\n", " ").split(" ") if part)
