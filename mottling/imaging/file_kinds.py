"""What kind of file the bytes are: decided by the bytes themselves, never by a name."""

from __future__ import annotations

import re
from enum import StrEnum

from mottling.errors import PhotoRefused

__all__ = ["MAX_BYTES", "FileKind", "file_kind"]

MAX_BYTES = 60_000_000
"""A 12-megapixel JPEG has 3 to 8 MB, a 16-bit TIFF of it 72; what is larger comes from no phone's camera."""

_AN_ORIGINAL = "Give the photograph as the camera wrote it: JPEG, HEIC, PNG, WebP or TIFF"

_HEIF_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))

# Where readers of other formats look for their own beginning or end.
_HEAD_BYTES = 1024
_TAIL_BYTES = 65_557  # the longest ending of a ZIP archive: its record and a comment of 64 KiB

_MARKUP = re.compile(rb"<(!doctype|html|svg|script|body|iframe)[\s>/]", re.IGNORECASE)
_SCRIPT = re.compile(rb"<script[\s>]|<\?php\s", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"
_ZIP_END_BYTES = 22


class FileKind(StrEnum):
    """Kinds of file that can hold a photograph."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WebP"
    TIFF = "TIFF"
    HEIC = "HEIC"


def file_kind(data: bytes) -> FileKind:
    """Say which kind of photograph the bytes are.

    Raises:
        PhotoRefused: They are empty, too many, no photograph, or another kind of file as well.
    """
    if not data:
        raise PhotoRefused("The file is empty (0 bytes)", remedy="Send the photograph again")
    if len(data) > MAX_BYTES:
        raise PhotoRefused(
            f"The file has {len(data) / 1e6:.0f} MB; {MAX_BYTES / 1e6:.0f} MB is the most",
            remedy=_AN_ORIGINAL,
        )
    kind = _kind_by_first_bytes(data)
    if kind is None:
        raise PhotoRefused(f"The file is {_what_else(data)}", remedy=_AN_ORIGINAL)
    if _is_two_things(data):
        raise PhotoRefused(
            f"The file is a {kind.value} picture and something else in one",
            remedy="Take a new photograph with the camera",
        )
    return kind


def _kind_by_first_bytes(data: bytes) -> FileKind | None:
    if data.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FileKind.WEBP
    if data[:4] in (b"II*\x00", b"MM\x00*"):
        return FileKind.TIFF
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return FileKind.HEIC
    return None


def _what_else(data: bytes) -> str:
    """Name what is sent most often instead of a photograph."""
    head = data[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")
    if _MARKUP.search(head) or head.startswith(b"<?xml"):
        return "a web page or a drawing (HTML, SVG), not a photograph"
    if head.startswith((b"GIF8", b"BM")):
        return "a GIF or BMP picture, which no camera writes"
    if head.startswith(b"%PDF"):
        return "a PDF document, not a photograph"
    if data[4:8] == b"ftyp":
        return "a film or a picture of a kind that is not read here, not a photograph"
    return "not a photograph of a kind that is read here"


def _is_two_things(data: bytes) -> bool:
    """Tell a picture that a browser, a PDF reader or an archiver would read as a thing of its own."""
    head, tail = data[:_HEAD_BYTES], data[-_TAIL_BYTES:]
    if b"%PDF-" in head or _MARKUP.search(head) or _MARKUP.search(tail) or _SCRIPT.search(data):
        return True
    return _ends_as_archive(tail)


def _ends_as_archive(tail: bytes) -> bool:
    """A ZIP archive is read from its end: a record of 22 bytes that says how long its comment is."""
    at = tail.rfind(_ZIP_END)
    while at >= 0:
        record = tail[at : at + _ZIP_END_BYTES]
        if len(record) == _ZIP_END_BYTES:
            comment_bytes = int.from_bytes(record[20:22], "little")
            if at + _ZIP_END_BYTES + comment_bytes == len(tail):
                return True
        at = tail.rfind(_ZIP_END, 0, at)
    return False
