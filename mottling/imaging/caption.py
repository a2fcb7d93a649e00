"""Puts words under a picture, where they cover nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

__all__ = ["LETTERS", "Caption", "with_caption"]

# Pillow's own letters have no accents.
LETTERS = Path(__file__).with_name("letters.ttf")
"""The file of the letters that Mottling ships."""

_PAPER = (16, 22, 30)
_BOLD = (255, 221, 0)
_PLAIN = (245, 247, 250)
_MUTED = (168, 180, 194)

# Of a picture of 900 px and more; smaller pictures have smaller words, that can still be read.
_TITLE_PX, _TEXT_PX, _SMALL_PX = 36.0, 23.0, 15.0
_WIDTH_PX = 900
_SMALLEST = 0.45
_LINE = 1.3


@dataclass(frozen=True)
class Caption:
    """The words."""

    title: str
    sentence: str
    small_print: str


@dataclass(frozen=True)
class _Line:
    text: str
    font: ImageFont.FreeTypeFont
    size_px: float
    colour: tuple[int, int, int]


def with_caption(picture: Image.Image, caption: Caption) -> Image.Image:
    """Give the picture with a band below it that is as high as its words need."""
    scale = max(_SMALLEST, min(1.0, picture.width / _WIDTH_PX))
    margin = round(18 * scale)
    lines = [
        line
        for text, size, colour in (
            (caption.title, _TITLE_PX, _BOLD),
            (caption.sentence, _TEXT_PX, _PLAIN),
            (caption.small_print, _SMALL_PX, _MUTED),
        )
        for line in _wrapped(text, size_px=size * scale, colour=colour, width_px=picture.width - 2 * margin)
    ]
    height = round(sum(line.size_px * _LINE for line in lines)) + margin
    whole = Image.new("RGB", (picture.width, picture.height + height), _PAPER)
    whole.paste(picture, (0, 0))
    draw = ImageDraw.Draw(whole)
    y = picture.height + margin / 2
    for line in lines:
        draw.text((margin, y), line.text, font=line.font, fill=line.colour)
        y += line.size_px * _LINE
    return whole


def _wrapped(text: str, *, size_px: float, colour: tuple[int, int, int], width_px: int) -> list[_Line]:
    """Break between words; a word that is wider than the picture stays whole."""
    font = ImageFont.truetype(LETTERS, size_px)
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return [_Line(line, font, size_px, colour) for line in lines]
