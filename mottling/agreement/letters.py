"""The letters of a PDF: which glyph each one is, how wide, and the font that goes into the file with them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pydyf
from PIL import ImageFont

from mottling.imaging.caption import LETTERS

__all__ = ["EM", "Letters", "embedded", "letters"]

EM = 1000
"""Of the letters' own units, in which their widths are, to the size of a letter."""


@dataclass(frozen=True)
class Letters:
    """The glyph and the width of each letter, by its code."""

    glyphs: dict[int, int]
    widths: dict[int, float]


@cache
def letters() -> Letters:
    """Read them from the file that is shipped."""
    glyphs = dict(_glyphs(LETTERS.read_bytes()))
    font = ImageFont.truetype(LETTERS, EM, layout_engine=ImageFont.Layout.BASIC)
    return Letters(glyphs, {code: font.getlength(chr(code)) for code in glyphs})


def _glyphs(font: bytes) -> Iterator[tuple[int, int]]:
    """Read which glyph each letter has, from the font's table for the letters of the first plane."""
    (tables,) = struct.unpack_from(">H", font, 4)
    places = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)
    }
    cmap = places[b"cmap"]
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    entries = [struct.unpack_from(">HHI", font, cmap + 4 + 8 * number) for number in range(count)]
    start = next(cmap + offset for platform, encoding, offset in entries if (platform, encoding) == (3, 1))
    (twice,) = struct.unpack_from(">H", font, start + 6)
    parts = twice // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{parts}H", font, start + 14 + shift)
        for shift in (0, twice + 2, 2 * twice + 2, 3 * twice + 2)
    )
    for part in range(parts):
        for code in range(starts[part], min(ends[part], 0xFFFE) + 1):
            glyph = code
            if offsets[part]:
                place = start + 16 + 3 * twice + 2 * part + offsets[part] + 2 * (code - starts[part])
                (glyph,) = struct.unpack_from(">H", font, place)
            yield code, (glyph + deltas[part]) & 0xFFFF


def embedded(pdf: pydyf.PDF) -> pydyf.Dictionary:
    """Embed the letters, so that the file looks the same everywhere and its text can be searched."""
    own = letters()

    def added(made: pydyf.Object) -> bytes:
        pdf.add_object(made)
        reference: bytes = made.reference
        return reference

    data = LETTERS.read_bytes()
    name = "/MOTTLE+DejaVuSans"
    file = added(pydyf.Stream([data], extra={"Length1": len(data)}, compress=True))
    system = {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}
    descendant = {
        "Type": "/Font",
        "Subtype": "/CIDFontType2",
        "BaseFont": name,
        "CIDSystemInfo": pydyf.Dictionary(system),
        "FontDescriptor": added(_descriptor(name, file)),
        "DW": 500,
        "W": _widths(own),
        "CIDToGIDMap": "/Identity",
    }
    return pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": pydyf.Array([added(pydyf.Dictionary(descendant))]),
            "ToUnicode": added(pydyf.Stream([_to_unicode(own.glyphs)], compress=True)),
        }
    )


def _descriptor(name: str, file: bytes) -> pydyf.Dictionary:
    """Describe the face, as its own tables measure it."""
    return pydyf.Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": name,
            "Flags": 4,
            "FontBBox": pydyf.Array([-1021, -463, 1793, 1232]),
            "ItalicAngle": 0,
            "Ascent": 928,
            "Descent": -236,
            "CapHeight": 729,
            "StemV": 80,
            "FontFile2": file,
        }
    )


def _widths(letters: Letters) -> pydyf.Array:
    """Say how wide each glyph is, by its number in the font."""
    return pydyf.Array(
        item
        for code, glyph in sorted(letters.glyphs.items(), key=lambda one: one[1])
        for item in (glyph, pydyf.Array([round(letters.widths[code])]))
    )


def _to_unicode(glyphs: dict[int, int]) -> bytes:
    lines = [f"<{glyph:04x}> <{code:04x}>" for code, glyph in sorted(glyphs.items())]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(f"{len(each)} beginbfchar\n" + "\n".join(each) + "\nendbfchar" for each in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()
