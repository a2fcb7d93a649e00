"""Pages of a PDF, written on from the top left, in points, with the letters that Mottling ships."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from xml.sax.saxutils import escape

import pydyf

from mottling.agreement.letters import EM, embedded, letters
from mottling.agreement.tagging import Element, Structure

__all__ = ["HEIGHT_PT", "WIDTH_PT", "Look", "Sheets", "width_of"]

WIDTH_PT, HEIGHT_PT = 595.0, 842.0
"""A4."""

# Of a line around each letter, as a share of its size: the letters come in one weight only.
_BOLD = 0.035
# A circle in four curves: how far their handles reach.
_ROUND = 0.5523
# A minus sign is not among the letters, and a dash of the same width is.
_INSTEAD = str.maketrans(
    {"\N{MINUS SIGN}": "\N{EN DASH}", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "}
)


@dataclass(frozen=True)
class Look:
    """How something is drawn; colours are six hexadecimal digits."""

    ink: str | None = "16202b"
    """Of letters, or what fills a shape."""
    line: str | None = None
    line_pt: float = 0.75
    opacity: float = 1.0
    """Of what fills, over white (0-1)."""
    size_pt: float = 9.0
    is_bold: bool = False


class Sheets:
    """A document that grows page by page."""

    def __init__(self, *, title: str, language: str, made: str) -> None:
        """Begin it; `made` is when, as a PDF says it."""
        self._pdf = pydyf.PDF()
        self._pdf.info["Title"] = pydyf.String(title)
        self._pdf.info["Producer"] = pydyf.String("Mottling")
        self._pdf.info["CreationDate"] = pydyf.String(f"D:{made}Z")
        self._pdf.catalog["Lang"] = pydyf.String(language)
        self._pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        self._pdf.catalog["Metadata"] = self._add(_metadata(title, language)).reference
        self.structure = Structure()
        self._font = self._add(embedded(self._pdf))
        self._pages: list[pydyf.Stream] = []
        self._leaves: list[pydyf.Dictionary] = []
        self.turn()

    def _add(self, made: pydyf.Object) -> pydyf.Object:
        self._pdf.add_object(made)
        return made

    @property
    def pages(self) -> int:
        """How many there are."""
        return len(self._pages)

    def turn(self) -> None:
        """Begin another page."""
        stream = self._add(pydyf.Stream(compress=True))
        page = {
            "Type": "/Page",
            "Parent": self._pdf.pages.reference,
            "MediaBox": pydyf.Array([0, 0, WIDTH_PT, HEIGHT_PT]),
            "Contents": stream.reference,
            "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"L": self._font.reference})}),
            "StructParents": len(self._pages),
        }
        self._leaves.append(pydyf.Dictionary(page))
        self._pdf.add_page(self._leaves[-1])
        self._pages.append(stream)

    def data(self) -> bytes:
        """Give the file, and end it; the same content gives the same bytes."""
        self.structure.write(self._pdf, self._leaves)
        out = io.BytesIO()
        self._pdf.write(out, version=b"1.7", identifier=False)
        return out.getvalue()

    @contextmanager
    def marked(self, element: Element) -> Iterator[None]:
        """Say that what is drawn meanwhile, on the last page, belongs to an element."""
        number = self.structure.mark(element, page=self.pages - 1)
        stream = self._pages[-1]
        stream.begin_marked_content(element.tag, pydyf.Dictionary({"MCID": number}))
        yield
        stream.end_marked_content()

    @contextmanager
    def unread(self, *, page: int = -1) -> Iterator[None]:
        """Say that what is drawn meanwhile is for the eye only: rules, and what is said once more."""
        stream = self._pages[page]
        stream.begin_marked_content("Artifact")
        yield
        stream.end_marked_content()

    def text(
        self, x: float, y: float, text: str, look: Look, *, page: int = -1, is_turned: bool = False
    ) -> None:
        """Write from (x, y), which is on the line that the letters stand on."""
        stream = self._pages[page]
        stream.push_state()
        self._colours(stream, look)
        stream.begin_text()
        stream.set_font_size("L", round(look.size_pt, 2))
        if look.is_bold:
            stream.set_color_rgb(*_rgb(look.ink or "000000"), stroke=True)
            stream.set_line_width(round(_BOLD * look.size_pt, 3))
        stream.set_text_rendering(2 if look.is_bold else 0)
        matrix = (0, 1, -1, 0) if is_turned else (1, 0, 0, 1)
        stream.set_text_matrix(*matrix, *_at(x, y))
        known = letters().glyphs
        glyphs = "".join(f"{known.get(ord(sign), 0):04x}" for sign in text.translate(_INSTEAD))
        stream.stream.append(f"<{glyphs}> Tj".encode())
        stream.end_text()
        stream.pop_state()

    def shape(self, points: Sequence[tuple[float, float]], look: Look, *, is_closed: bool = True) -> None:
        """Draw a line through points, or what it encloses."""
        stream = self._pages[-1]
        stream.push_state()
        self._colours(stream, look)
        stream.move_to(*_at(*points[0]))
        for point in points[1:]:
            stream.line_to(*_at(*point))
        if is_closed:
            stream.close()
        self._finish(stream, look)

    def circle(self, x: float, y: float, radius: float, look: Look) -> None:
        """Draw a circle."""
        stream = self._pages[-1]
        stream.push_state()
        self._colours(stream, look)
        stream.move_to(*_at(x + radius, y))
        reach = _ROUND * radius
        for a, b in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            from_x, from_y = x + radius * a, y + radius * b
            to_x, to_y = x - radius * b, y + radius * a
            handles = (from_x - reach * b, from_y + reach * a), (to_x + reach * a, to_y + reach * b)
            stream.curve_to(*_at(*handles[0]), *_at(*handles[1]), *_at(to_x, to_y))
        self._finish(stream, look)

    def _colours(self, stream: pydyf.Stream, look: Look) -> None:
        if look.ink is not None:
            over_white = [1 - look.opacity * (1 - part) for part in _rgb(look.ink)]
            stream.set_color_rgb(*(round(part, 3) for part in over_white))
        if look.line is not None:
            stream.set_color_rgb(*_rgb(look.line), stroke=True)
            stream.set_line_width(look.line_pt)

    def _finish(self, stream: pydyf.Stream, look: Look) -> None:
        if look.ink is not None and look.line is not None:
            stream.fill_and_stroke()
        elif look.ink is not None:
            stream.fill()
        else:
            stream.stroke()
        stream.pop_state()


def _metadata(title: str, language: str) -> pydyf.Stream:
    """Say the title once more, where readers of today look for it (XMP)."""
    said = (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )
    return pydyf.Stream([said.encode()], extra={"Type": "/Metadata", "Subtype": "/XML"})


def width_of(text: str, look: Look) -> float:
    """Measure a line of text, in points."""
    widths = letters().widths
    width = sum(widths.get(ord(sign), EM / 2) for sign in text.translate(_INSTEAD)) * look.size_pt / EM
    return width * (1 + _BOLD if look.is_bold else 1)


def _at(x: float, y: float) -> tuple[float, float]:
    return round(x, 2), round(HEIGHT_PT - y, 2)


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (round(int(colour[place : place + 2], 16) / 255, 3) for place in (0, 2, 4))
    return red, green, blue
