"""The agreement report as a PDF: the same words, tables and charts as its HTML, on A4 pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mottling.agreement.blocks import Block, Cell, Drawing, Row, Table, Words, blocks_of
from mottling.agreement.drawn import PT_PER_PX, draw
from mottling.agreement.sheets import HEIGHT_PT, WIDTH_PT, Look, Sheets, width_of
from mottling.agreement.tagging import Element

__all__ = ["report_pdf"]

_MARGIN_PT, _FOOT_PT = 45.0, 26.0
_BREADTH_PT = WIDTH_PT - 2 * _MARGIN_PT
_BOTTOM_PT = HEIGHT_PT - _MARGIN_PT - _FOOT_PT
_LINE = 1.35
_FAINT, _RULE, _WARNING = "5a6673", "d5dbe1", "a4460b"
_BETWEEN_PT, _LEAST_PT = 11.0, 6.0
_ROW_PT = 3.0


@dataclass(frozen=True)
class _Style:
    """How words are set."""

    look: Look
    above_pt: float = 4.0
    below_pt: float = 3.0
    indent_pt: float = 0.0


_PLAIN = _Style(Look(size_pt=9.5))
_STYLES = {
    "h1": _Style(Look(size_pt=20, is_bold=True), 0, 4),
    "h2": _Style(Look(size_pt=14, is_bold=True), 22, 4),
    "h3": _Style(Look(size_pt=10.5, is_bold=True), 12, 4),
    "li": replace(_PLAIN, indent_pt=12, above_pt=1.5),
    "lead": _Style(Look(size_pt=12)),
    "faint": _Style(Look(size_pt=9.5, ink=_FAINT)),
    "note": _Style(Look(size_pt=8.5, ink=_FAINT)),
    "nothing": _Style(Look(size_pt=9.5, ink=_FAINT)),
    "warning": _Style(Look(size_pt=9.5), 8, 8, 10),
}
_CELLS = Look(size_pt=8.5)
_TAGS = {"h1": "H1", "h2": "H2", "h3": "H3"}


def report_pdf(html: str, *, title: str, language: str, made_at: datetime) -> bytes:
    """Print a report.

    Args:
        html: As `report_html` writes it.
        title: Of the file, and at the foot of each page.
        language: `fr` or `en`.
        made_at: When it was made; the same report of the same moment gives the same bytes.
    """
    sheets = Sheets(title=title, language=language, made=f"{made_at.astimezone(UTC):%Y%m%d%H%M%S}")
    printer = _Printer(sheets)
    for together in _kept_together(blocks_of(html)):
        printer.put(together)
    look = Look(size_pt=8, ink=_FAINT)
    for page in range(sheets.pages):
        number = f"{page + 1} / {sheets.pages}"
        y = HEIGHT_PT - _FOOT_PT
        with sheets.unread(page=page):
            sheets.text(_MARGIN_PT, y, title, look, page=page)
            sheets.text(WIDTH_PT - _MARGIN_PT - width_of(number, look), y, number, look, page=page)
    return sheets.data()


def _kept_together(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Give headings with what they stand over, and a section's first sentences with its chart or table."""
    waiting: list[Block] = []
    for block in blocks:
        waiting.append(block)
        tags = [one.tag for one in waiting if isinstance(one, Words)]
        if len(tags) < len(waiting) or tags not in (["h2"], ["h3"], ["h2", "p"]):
            yield waiting
            waiting = []
    if waiting:
        yield waiting


class _Printer:
    """Puts one block under the other, and begins a page where there is no room."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets
        self._root = sheets.structure.root
        self._y = _MARGIN_PT
        self._list: Element | None = None
        """Of which the last block was a line."""

    def put(self, blocks: Sequence[Block]) -> None:
        """Put blocks on one page, if one page is enough for them."""
        self._make_room(sum(map(_height, blocks)))
        for block in blocks:
            if not (isinstance(block, Words) and block.tag == "li"):
                self._list = None
            match block:
                case Words():
                    self._words(block)
                case Drawing():
                    self._drawing(block)
                case Table():
                    self._table(block)

    def _make_room(self, height: float) -> None:
        if self._y + height > _BOTTOM_PT and self._y > _MARGIN_PT:
            self._sheets.turn()
            self._y = _MARGIN_PT

    def _drawing(self, drawing: Drawing) -> None:
        top, height = self._y + 4, PT_PER_PX * drawing.height
        figure = self._root.add("Figure", alternative=drawing.told())
        right = _MARGIN_PT + PT_PER_PX * drawing.width
        figure.box_pt = (_MARGIN_PT, HEIGHT_PT - top - height, right, HEIGHT_PT - top)
        with self._sheets.marked(figure):
            draw(drawing, self._sheets, left=_MARGIN_PT, top=top)
        self._y += _height(drawing)

    def _words(self, words: Words) -> None:
        style = _style(words)
        step = _LINE * style.look.size_pt
        with self._sheets.unread():
            self._adorn(words, style)
        self._y += style.above_pt
        with self._sheets.marked(self._element(words)):
            for line in _lines(words.text, style.look, _BREADTH_PT - 2 * style.indent_pt):
                y = self._y + 0.95 * style.look.size_pt
                self._sheets.text(_MARGIN_PT + style.indent_pt, y, line, style.look)
                self._y += step
        self._y += style.below_pt

    def _element(self, words: Words) -> Element:
        if words.tag != "li":
            return self._root.add(_TAGS.get(words.tag, "P"))
        self._list = self._list or self._root.add("L")
        return self._list.add("LI").add("LBody")

    def _adorn(self, words: Words, style: _Style) -> None:
        """Draw what stands around words: the rule over a section, the box of a warning, a line's dot."""
        top = self._y
        if words.tag == "h2":
            self._rule(top + style.above_pt - 8, "16202b", 1.2)
        if words.kind == "warning":
            right, bottom = WIDTH_PT - _MARGIN_PT, top + _height(words)
            box = [(_MARGIN_PT, top), (right, top), (right, bottom), (_MARGIN_PT, bottom)]
            self._sheets.shape(box, Look(ink="fdf3ea", line=_WARNING, line_pt=0.75))
        if words.tag == "li":
            dot = top + style.above_pt + 0.62 * style.look.size_pt
            self._sheets.circle(_MARGIN_PT + 4, dot, 1.3, Look(ink=style.look.ink))

    def _rule(self, y: float, colour: str, line_pt: float, breadth_pt: float = _BREADTH_PT) -> None:
        ends = [(_MARGIN_PT, y), (_MARGIN_PT + breadth_pt, y)]
        self._sheets.shape(ends, Look(ink=None, line=colour, line_pt=line_pt), is_closed=False)

    def _table(self, table: Table) -> None:
        columns = _columns(table)
        head = [row for row in table.rows if row.part == "thead"]
        element = self._root.add("Table")
        self._y += 4
        for row in table.rows:
            height = columns.height(row)
            if self._y + height > _BOTTOM_PT:
                self._make_room(height)
                for again in head:
                    self._row(again, columns, None)
            self._row(row, columns, element.add("TR"))
        self._y += 6

    def _row(self, row: Row, columns: _Columns, element: Element | None) -> None:
        """Print a row; one without an element is a head that is said again, and is not read out."""
        left = _MARGIN_PT
        if row.part == "tfoot":
            with self._sheets.unread():
                self._rule(self._y, "16202b", 0.75, columns.breadth)
        for place, (cell, width) in enumerate(zip(row.cells, columns.widths, strict=True)):
            look = columns.look(row, cell)
            room = width - _BETWEEN_PT
            with self._as_cell(row, cell, element):
                for number, line in enumerate(_lines(cell.text, look, room)):
                    aside = room - width_of(line, look) if columns.is_right(place) else 0.0
                    y = self._y + _ROW_PT + look.size_pt * (0.95 + _LINE * number)
                    self._sheets.text(left + aside, y, line, look)
            left += width
        self._y += columns.height(row)
        if row.part != "tfoot":
            with self._sheets.unread():
                self._rule(self._y, _RULE, 0.6, columns.breadth)

    def _as_cell(self, row: Row, cell: Cell, element: Element | None) -> AbstractContextManager[None]:
        if element is None:
            return self._sheets.unread()
        if not cell.is_head:
            return self._sheets.marked(element.add("TD"))
        scope = "Column" if row.part == "thead" else "Row"
        return self._sheets.marked(element.add("TH", scope=scope))


@dataclass(frozen=True)
class _Columns:
    """How wide the columns of a table are, and how its cells are set."""

    kind: str
    widths: tuple[float, ...]
    size_pt: float

    @property
    def breadth(self) -> float:
        return sum(self.widths)

    def is_right(self, place: int) -> bool:
        return self.kind == "counts" and place > 0

    def look(self, row: Row, cell: Cell) -> Look:
        look = replace(_CELLS, size_pt=self.size_pt)
        if row.part == "thead":
            return replace(look, ink=_FAINT)
        return replace(look, is_bold=row.part == "tfoot" and cell.is_head)

    def height(self, row: Row) -> float:
        most = max(
            len(_lines(cell.text, self.look(row, cell), width - _BETWEEN_PT))
            for cell, width in zip(row.cells, self.widths, strict=True)
        )
        return most * _LINE * self.size_pt + 2 * _ROW_PT


def _columns(table: Table) -> _Columns:
    """Make columns as wide as their cells; where the page is too narrow, smaller letters, then more lines."""
    wanted = [
        max(width_of(row.cells[place].text, _CELLS) for row in table.rows) + _BETWEEN_PT
        for place in range(len(table.rows[0].cells))
    ]
    size = _CELLS.size_pt
    if sum(wanted) > _BREADTH_PT:
        size = max(_LEAST_PT, size * _BREADTH_PT / sum(wanted))
        smaller = size / _CELLS.size_pt
        wanted = [(width - _BETWEEN_PT) * smaller + _BETWEEN_PT for width in wanted]
    while sum(wanted) > _BREADTH_PT + 0.01:
        widest = max(range(len(wanted)), key=wanted.__getitem__)
        others = sum(wanted) - wanted[widest]
        next_widest = max((width for place, width in enumerate(wanted) if place != widest), default=0.0)
        wanted[widest] = max(
            _BREADTH_PT - others, min(0.9 * wanted[widest], next_widest), 0.8 * wanted[widest]
        )
    return _Columns(table.kind, tuple(width + 0.01 for width in wanted), size)


def _style(words: Words) -> _Style:
    return _STYLES.get(words.kind) or _STYLES.get(words.tag) or _PLAIN


def _height(block: Block) -> float:
    """Measure a block, with the room around it."""
    match block:
        case Words():
            style = _style(block)
            lines = len(_lines(block.text, style.look, _BREADTH_PT - 2 * style.indent_pt))
            return style.above_pt + lines * _LINE * style.look.size_pt + style.below_pt
        case Drawing():
            return PT_PER_PX * block.height + 10
        case Table():
            columns = _columns(block)
            return sum(map(columns.height, block.rows)) + 10


def _lines(text: str, look: Look, room: float) -> list[str]:
    """Break a text into lines; a word that is too long stands alone."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, look) <= room + 0.05:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
