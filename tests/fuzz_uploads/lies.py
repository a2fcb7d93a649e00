"""Lies that know a format: about how large a picture is, how long a part is, which camera and colours it had.

On a file of another format than they know they change nothing that it reads.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from tests.fuzz_uploads.originals import exif_block, icc_block

__all__ = [
    "LIMITS",
    "bad_exif",
    "bad_profile",
    "flip_bits",
    "lying_length",
    "lying_size",
    "mended_sums",
    "png_bomb",
    "somewhere",
    "tiff_types",
]

Rng = np.random.Generator

LIMITS = [0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]
_LIES_PX = [0, 1, 2, 3, 119, 161, 4000, 9000, 16383, 16384, 32767, 65535, 100_000, 2**31 - 1, 2**32 - 1]
_TIFF_TYPES = list(range(20))


def somewhere(data: bytes, rng: Rng) -> int:
    """Choose a place; in every second case within the first part, where formats say what follows."""
    end = len(data) if rng.random() < 0.5 else min(len(data), 600)
    return int(rng.integers(max(end, 1)))


def flip_bits(data: bytes, rng: Rng) -> bytes:
    flipped = bytearray(data)
    for _ in range(int(rng.integers(1, 40))):
        if flipped:
            flipped[somewhere(data, rng)] ^= 1 << int(rng.integers(8))
    return bytes(flipped)


def lying_size(data: bytes, rng: Rng) -> bytes:
    """Say other numbers of pixels where the format says them."""
    width, height = (int(rng.choice(_LIES_PX)) for _ in range(2))
    if data.startswith(b"\xff\xd8"):
        return _in_jpeg(data, width, height)
    if data.startswith(b"\x89PNG") and len(data) > 33:
        header = data[12:16] + struct.pack(">II", width, height) + data[24:29]
        return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]
    if data[:4] == b"RIFF":
        return _in_webp(data, width, height)
    if data[:2] in (b"II", b"MM"):
        return _in_tiff(data, {0x100: width, 0x101: height})
    return _in_heic(data, width, height)


def _in_jpeg(data: bytes, width: int, height: int) -> bytes:
    for marker in (b"\xff\xc0", b"\xff\xc2"):
        at = data.find(marker)
        if at > 0:
            return data[: at + 5] + struct.pack(">HH", height & 0xFFFF, width & 0xFFFF) + data[at + 9 :]
    return data


def _in_webp(data: bytes, width: int, height: int) -> bytes:
    at = data.find(b"VP8X")
    if at > 0:
        size = (width & 0xFFFFFF).to_bytes(3, "little") + (height & 0xFFFFFF).to_bytes(3, "little")
        return data[: at + 12] + size + data[at + 18 :]
    at = data.find(b"\x9d\x01\x2a")
    if at > 0:
        return data[: at + 3] + struct.pack("<HH", width & 0x3FFF, height & 0x3FFF) + data[at + 7 :]
    at = data.find(b"VP8L")
    said = ((width - 1) & 0x3FFF) | ((height - 1) & 0x3FFF) << 14
    return data[: at + 9] + struct.pack("<I", said) + data[at + 13 :] if at > 0 else data


def _in_tiff(data: bytes, said: Mapping[int, int]) -> bytes:
    """Say other values in the entries of the first directory."""
    order = "<" if data[:2] == b"II" else ">"
    changed = bytearray(data)
    for at in _tiff_entries(data, order):
        (tag,) = struct.unpack(f"{order}H", data[at : at + 2])
        if tag in said:
            changed[at + 2 : at + 12] = struct.pack(f"{order}HII", 4, 1, said[tag] & 0xFFFFFFFF)
    return bytes(changed)


def _tiff_entries(data: bytes, order: str) -> Sequence[int]:
    if len(data) < 8:
        return ()
    (first,) = struct.unpack(f"{order}I", data[4:8])
    if first + 2 > len(data):
        return ()
    (count,) = struct.unpack(f"{order}H", data[first : first + 2])
    return [at for at in range(first + 2, first + 2 + 12 * count, 12) if at + 12 <= len(data)]


def _in_heic(data: bytes, width: int, height: int) -> bytes:
    at = data.find(b"ispe")
    size = struct.pack(">II", width & 0xFFFFFFFF, height & 0xFFFFFFFF)
    return data[: at + 8] + size + data[at + 16 :] if at > 0 else data


def lying_length(data: bytes, rng: Rng) -> bytes:
    """Say another length where the format says how long a part is."""
    places = _lengths(data)
    if not places:
        return data
    at, form = places[int(rng.integers(len(places)))]
    width = struct.calcsize(form)
    (said,) = struct.unpack(form, data[at : at + width])
    lies = [0, 1, 2, said - 1, said + 1, said * 2, *(LIMITS)]
    lie = int(lies[int(rng.integers(len(lies)))]) & (256**width - 1)
    return data[:at] + struct.pack(form, lie) + data[at + width :]


def _lengths(data: bytes) -> list[tuple[int, str]]:
    """Find where a format says how long a part is, and in which form."""
    if data.startswith(b"\xff\xd8"):
        marks = [at for at in range(len(data) - 4) if data[at] == 0xFF and 0xC0 <= data[at + 1] < 0xFF]
        return [(at + 2, ">H") for at in marks[:60]]
    if data.startswith(b"\x89PNG"):
        return _chunks(data, first=8, form=">I", name_after=True)
    if data[:4] == b"RIFF":
        return [(4, "<I"), *_chunks(data, first=12, form="<I", name_after=False)]
    if data[:2] in (b"II", b"MM"):
        order = "<" if data[:2] == b"II" else ">"
        entries = _tiff_entries(data, order)
        return [(4, f"{order}I"), *((at + part, f"{order}I") for at in entries for part in (4, 8))]
    names = (
        b"ftyp",
        b"meta",
        b"iinf",
        b"infe",
        b"iloc",
        b"iprp",
        b"ipco",
        b"ispe",
        b"hvcC",
        b"mdat",
        b"iref",
    )
    return [(at - 4, ">I") for at in map(data.find, names) if at >= 4]


def _chunks(data: bytes, *, first: int, form: str, name_after: bool) -> list[tuple[int, str]]:
    places, at = [], first
    while at + 8 <= len(data) and len(places) < 60:
        places.append((at if name_after else at + 4, form))
        (length,) = struct.unpack(form, data[places[-1][0] : places[-1][0] + 4])
        at += 12 + length if name_after else 8 + length + length % 2
    return places


def tiff_types(data: bytes, rng: Rng) -> bytes:
    """Say that values are of other types: numbers as text, text as fractions, one as very many."""
    order = "<" if data[:2] == b"II" else ">"
    changed = bytearray(data)
    for at in _tiff_entries(data, order) if data[:2] in (b"II", b"MM") else ():
        if rng.random() < 0.2:
            changed[at + 2 : at + 4] = struct.pack(f"{order}H", int(rng.choice(_TIFF_TYPES)))
        if rng.random() < 0.1:
            changed[at : at + 2] = struct.pack(f"{order}H", int(rng.integers(254, 340)))
    return bytes(changed)


def bad_exif(data: bytes, rng: Rng) -> bytes:
    """Put a block of Exif before everything else that the photograph says of itself."""
    block = _exif_of(rng)
    if data.startswith(b"\xff\xd8"):
        part = b"Exif\0\0" + block
        return data[:2] + b"\xff\xe1" + struct.pack(">H", min(len(part) + 2, 0xFFFF)) + part + data[2:]
    if data.startswith(b"\x89PNG"):
        return data[:33] + _png_chunk(b"eXIf", block) + data[33:]
    if data[:4] == b"RIFF":
        return data + b"EXIF" + struct.pack("<I", len(block)) + block + b"\0" * (len(block) % 2)
    return data.replace(exif_block(), block.ljust(len(exif_block()), b"\0")[: len(exif_block())])


def _exif_of(rng: Rng) -> bytes:
    """Exif that turns in a circle, counts what is not there, or says how it was held in words."""
    order = str(rng.choice(["<", ">"]))
    entries = b"".join(
        struct.pack(
            f"{order}HHII",
            int(rng.choice([0x0112, 0x010F, 0x8769, 0x8825, 0xA005, 0x0201, 0x927C])),
            int(rng.choice(_TIFF_TYPES)),
            int(rng.choice([0, 1, 2, 8, 1000, *LIMITS])),
            int(rng.choice([0, 1, 6, 8, 9, 26, *LIMITS])),
        )
        for _ in range(int(rng.integers(1, 12)))
    )
    start = b"II*\0" if order == "<" else b"MM\0*"
    count = int(rng.choice([len(entries) // 12, 0, 0xFFFF]))
    next_at = int(rng.choice([0, 8, 0xFFFFFFFF]))
    return (
        start
        + struct.pack(f"{order}IH", 8, count)
        + entries
        + struct.pack(f"{order}I", next_at)
        + rng.bytes(int(rng.integers(64)))
    )


def bad_profile(data: bytes, rng: Rng) -> bytes:
    """Put a colour profile in that lies, or holds another, or would fill the memory."""
    profile = _profile_of(rng)
    if data.startswith(b"\xff\xd8"):
        part = b"ICC_PROFILE\0" + bytes([1, int(rng.choice([1, 2, 0, 255]))]) + profile[:65_000]
        return data[:2] + b"\xff\xe2" + struct.pack(">H", len(part) + 2) + part + data[2:]
    if data.startswith(b"\x89PNG"):
        return data[:33] + _png_chunk(b"iCCP", b"icc\0\0" + zlib.compress(profile)) + data[33:]
    if data[:4] == b"RIFF":
        return data + b"ICCP" + struct.pack("<I", len(profile)) + profile + b"\0" * (len(profile) % 2)
    return data.replace(icc_block(), profile.ljust(len(icc_block()), b"\0")[: len(icc_block())])


def _profile_of(rng: Rng) -> bytes:
    whole = icc_block()
    match int(rng.integers(5)):
        case 0:
            return flip_bits(whole, rng)
        case 1:
            return whole[:128] + struct.pack(">I", int(rng.choice(LIMITS))) + whole[132:]
        case 2:
            return whole[:200] + whole + whole[200:]
        case 3:
            return whole[: int(rng.integers(len(whole)))]
        case _:
            return bytes(int(rng.choice([128, 40_000, 30_000_000])))


def png_bomb(data: bytes, rng: Rng) -> bytes:
    """Put texts in that are small as they come and large once they are read."""
    if not data.startswith(b"\x89PNG"):
        return data
    text = zlib.compress(bytes(int(rng.choice([100_000, 5_000_000, 70_000_000]))), 9)
    chunk = _png_chunk(b"zTXt", b"Comment\0\0" + text)
    return data[:33] + chunk * int(rng.integers(1, 8)) + data[33:]


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def mended_sums(data: bytes, rng: Rng) -> bytes:
    """Turn bits within a part of a PNG, and compute its check sum anew, so that the decoder believes it."""
    places = [at for at, _ in _lengths(data)] if data.startswith(b"\x89PNG") else []
    if not places:
        return data
    at = places[int(rng.integers(len(places)))]
    (length,) = struct.unpack(">I", data[at : at + 4])
    body = flip_bits(data[at + 8 : at + 8 + length], rng)
    return data[:at] + _png_chunk(data[at + 4 : at + 8], body) + data[at + 12 + length :]
