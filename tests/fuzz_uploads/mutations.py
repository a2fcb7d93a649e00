"""What happens to a photograph on its way: bytes that turn, ends that are missing, sizes that lie.

Each mutation takes the photograph and a generator of random numbers, and gives the bytes that are sent.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tests.fuzz_uploads.lies import (
    LIMITS,
    bad_exif,
    bad_profile,
    flip_bits,
    lying_length,
    lying_size,
    mended_sums,
    png_bomb,
    somewhere,
    tiff_types,
)
from tests.fuzz_uploads.originals import originals

__all__ = ["MUTATIONS", "Sent", "draw"]

Rng = np.random.Generator
Mutation = Callable[[bytes, Rng], bytes]


@dataclass(frozen=True)
class Sent:
    """What is sent."""

    number: int
    kind: str
    """Of the whole photograph."""
    mutations: tuple[str, ...]
    data: bytes


def draw(number: int, *, seed: int) -> Sent:
    """Make the upload of a number: the same for the same seed, on every machine."""
    rng = np.random.default_rng([seed, number])
    kinds = sorted(originals())
    kind = kinds[int(rng.integers(len(kinds)))]
    data = originals()[kind]
    names = [str(name) for name in rng.choice(sorted(MUTATIONS), size=_how_many(rng))]
    for name in names:
        data = MUTATIONS[name](data, rng)
    return Sent(number, kind, tuple(names), data)


def _how_many(rng: Rng) -> int:
    return int(rng.choice([1, 1, 1, 2, 3]))


def _cut_end(data: bytes, rng: Rng) -> bytes:
    return data[: int(rng.integers(len(data) + 1))]


def _cut_a_few_bytes(data: bytes, rng: Rng) -> bytes:
    return data[: max(0, len(data) - int(rng.integers(1, 32)))]


def _cut_out(data: bytes, rng: Rng) -> bytes:
    at = somewhere(data, rng)
    return data[:at] + data[at + int(rng.integers(1, 400)) :]


def _repeat(data: bytes, rng: Rng) -> bytes:
    at = somewhere(data, rng)
    length = int(rng.integers(1, 2000))
    return data[: at + length] + data[at : at + length] * int(rng.integers(1, 20)) + data[at + length :]


def _splice(data: bytes, rng: Rng) -> bytes:
    """Put a part of another photograph in the place of one of this, or between two."""
    other = _another(rng)
    at, there = somewhere(data, rng), somewhere(other, rng)
    length = int(rng.integers(1, 4000))
    kept = at + (length if rng.random() < 0.5 else 0)
    return data[:at] + other[there : there + length] + data[kept:]


def _cross(data: bytes, rng: Rng) -> bytes:
    """The beginning of this one, the rest of another."""
    other = _another(rng)
    return data[: somewhere(data, rng)] + other[somewhere(other, rng) :]


def _another(rng: Rng) -> bytes:
    values = list(originals().values())
    return values[int(rng.integers(len(values)))]


def _fill(data: bytes, rng: Rng) -> bytes:
    at, length = somewhere(data, rng), int(rng.integers(1, 500))
    sign = bytes([int(rng.choice([0, 0xFF, 0x41]))])
    return data[:at] + sign * len(data[at : at + length]) + data[at + length :]


def _noise(data: bytes, rng: Rng) -> bytes:
    at, length = somewhere(data, rng), int(rng.integers(1, 500))
    return data[:at] + rng.bytes(len(data[at : at + length])) + data[at + length :]


def _magic_number(data: bytes, rng: Rng) -> bytes:
    width, order = int(rng.choice([1, 2, 4])), str(rng.choice(["<", ">"]))
    value = int(rng.choice(LIMITS)) & (256**width - 1)
    at = somewhere(data, rng)
    return data[:at] + struct.pack(order + {1: "B", 2: "H", 4: "I"}[width], value) + data[at + width :]


def _behind_it(data: bytes, rng: Rng) -> bytes:
    ends = [
        _another(rng),
        b"PK\x05\x06" + bytes(18),
        b"<script>alert(1)</script>",
        rng.bytes(3000),
        bytes(50_000),
    ]
    return data + ends[int(rng.integers(len(ends)))]


def _before_it(data: bytes, rng: Rng) -> bytes:
    return rng.bytes(int(rng.integers(1, 16))) + data


def _another_beginning(data: bytes, rng: Rng) -> bytes:
    """Begin as a file of another kind does."""
    return _another(rng)[:12] + data[12:]


MUTATIONS: Mapping[str, Mutation] = {
    "bits flipped": flip_bits,
    "end cut off": _cut_end,
    "last bytes cut off": _cut_a_few_bytes,
    "a part cut out": _cut_out,
    "a part repeated": _repeat,
    "a part of another": _splice,
    "the rest of another": _cross,
    "filled with one sign": _fill,
    "filled with noise": _noise,
    "a number of a limit": _magic_number,
    "something behind it": _behind_it,
    "something before it": _before_it,
    "sizes that lie": lying_size,
    "lengths that lie": lying_length,
    "types that lie": tiff_types,
    "Exif that lies": bad_exif,
    "a profile that lies": bad_profile,
    "texts that swell": png_bomb,
    "check sums mended": mended_sums,
    "another beginning": _another_beginning,
    "nothing": lambda data, _rng: data,
}
