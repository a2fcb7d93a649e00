"""A patient’s number as a printer makes it: QR code, Code 128 and Code 39, in a camera’s frame."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

_FRAME = (1280, 720)
_MODULE_PX = 4
_BAR_HEIGHT_PX = 180
_QUIET = 10

# Bars and spaces by value (ISO/IEC 15417): those of digits and hyphen, and of their check sums.
_CODE_128 = {
    13: "122132", 16: "123122", 17: "123221", 18: "223211", 19: "221132", 20: "221231", 21: "213212",
    22: "223112", 23: "312131", 24: "311222", 25: "321122", 31: "212321", 104: "211214", 106: "2331112",
}  # fmt: skip
_START_B, _STOP, _FIRST_SIGN = 104, 106, 32
# Narrow and wide bars and spaces (ISO/IEC 16388).
_CODE_39 = {
    "0": "nnnwwnwnn", "1": "wnnwnnnnw", "2": "nnwwnnnnw", "3": "wnwwnnnnn", "4": "nnnwwnnnw",
    "5": "wnnwwnnnn", "6": "nnwwwnnnn", "7": "nnnwnnwnw", "8": "wnnwnnwnn", "9": "nnwwnnwnn",
    "-": "nwnnnnwnw", "*": "nwnnwnwnn",
}  # fmt: skip


def write_film(path: Path, code: Image.Image) -> None:
    """Write a film of one frame, in which a camera sees a code in the middle of a white card."""
    frame = Image.new("RGB", _FRAME, "white")
    left, top = ((whole - part) // 2 for whole, part in zip(_FRAME, code.size, strict=True))
    frame.paste(code, (left, top))
    frame.save(path, "JPEG", quality=90)


def qr_code(text: str) -> Image.Image:
    """Draw a QR code."""
    modules = cv2.QRCodeEncoder.create().encode(text)
    side = modules.shape[0] * 2 * _MODULE_PX
    return Image.fromarray(modules).resize((side, side), Image.Resampling.NEAREST)


def code_128(text: str) -> Image.Image:
    """Draw a Code 128 barcode, in its set B."""
    values = [ord(sign) - _FIRST_SIGN for sign in text]
    check = (_START_B + sum(place * value for place, value in enumerate(values, 1))) % 103
    return _bars("".join(_CODE_128[value] for value in (_START_B, *values, check, _STOP)))


def code_39(text: str) -> Image.Image:
    """Draw a Code 39 barcode."""
    wide = {"n": "1", "w": "3"}
    signs = ["".join(wide[one] for one in _CODE_39[sign]) for sign in f"*{text}*"]
    return _bars("1".join(signs))


def _bars(widths: str) -> Image.Image:
    """Draw bars and spaces, each so many modules wide, the first one a bar."""
    row = [255] * _QUIET
    for place, width in enumerate(widths):
        row += [255 if place % 2 else 0] * int(width)
    row += [255] * _QUIET
    lines = np.tile(np.array(row, np.uint8), (_BAR_HEIGHT_PX, 1))
    return Image.fromarray(lines).resize((len(row) * _MODULE_PX, _BAR_HEIGHT_PX), Image.Resampling.NEAREST)
