"""From the JPEG of a 12-megapixel photograph to its score and overlay, the model being loaded.

`python -m benchmarks.one_photograph` sets our way beside the least that it can take (decoding for a smaller
picture, and the network alone on the pictures that it was shown) and beside the naive way (every pixel
decoded, the network in torch, the overlay on every pixel).
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.apart import median_ms, time_apart
from benchmarks.large_photo import write_large_photo
from mottling.imaging.assessor import Assessor
from mottling.imaging.looks import DECODE_PX
from mottling.registry import Model, Registry

__all__ = ["main"]

_RUNS = 12


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.one_photograph", description=__doc__)
    parser.add_argument("--photo", type=Path, help="one of the demo's, enlarged, when not given")
    parser.add_argument("--models", type=Path)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--way", choices=list(_WAYS), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    model = Registry.open(given.models).active()
    if given.way is not None:
        print(_WAYS[given.way](given.photo.read_bytes(), model))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        photo = given.photo or Path(folder) / "photo.jpg"
        if given.photo is None:
            write_large_photo(photo)
        ways = {way: ["--way", way, "--photo", str(photo)] for way in _WAYS}
        times = time_apart("benchmarks.one_photograph", ways, processes=given.processes)
    least = times["decode"] + times["network"]
    print(f"{model.name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; medians:")
    for way, ms in times.items():
        print(f"{way:10} {ms:7.1f} ms")
    ours = times["ours"]
    print(f"ours is {ours / least:.2f} of decode + network, {ours / times['naive']:.2f} of naive")
    return 0


def _decode(data: bytes, model: Model) -> float:  # noqa: ARG001 - every way takes the same
    def decode() -> None:
        with Image.open(io.BytesIO(data)) as photo:
            photo.draft("RGB", (DECODE_PX, DECODE_PX))
            photo.load()

    return median_ms(decode, runs=_RUNS)


def _ours(data: bytes, model: Model) -> float:
    assessor = Assessor.load(model.load(), name=model.name)
    return median_ms(lambda: assessor.assess(data, file="photo.jpg").overlay(), runs=_RUNS)


def _network(data: bytes, model: Model) -> float:
    """Take the network's own time of each assessment, all of its looks together."""
    assessor = Assessor.load(model.load(), name=model.name)
    said = [assessor.assess(data, file="photo.jpg").assessment for _ in range(_RUNS + 1)]
    return statistics.median(one.timing_ms.network for one in said[1:])


def _naive(data: bytes, model: Model) -> float:
    import torch  # noqa: PLC0415 - in the process that is timed alone

    from training.running.checkpoint import WEIGHTS, load_weights  # noqa: PLC0415

    looks = Assessor.load(model.load(), name=model.name).assess(data, file="photo.jpg").seen
    network = load_weights(model.folder / WEIGHTS).eval()
    sides = [one.fitted.pixels.shape[:2] for one in {id(o): o for o in (looks.first, looks.last)}.values()]

    def naive() -> None:
        photo = Image.open(io.BytesIO(data)).convert("RGB")
        with torch.no_grad():
            for height, width in sides:
                small = np.asarray(photo.resize((width, height), Image.Resampling.BILINEAR), np.float32)
                said = network(torch.from_numpy((small - 127) / 128).permute(2, 0, 1)[None])
        _lay_over(photo, said.mottling[0, 0].sigmoid().numpy())

    return median_ms(naive, runs=max(3, _RUNS // 3))


def _lay_over(photo: Image.Image, mottling: Any) -> None:
    """Tint every mottled pixel of the whole photograph and write it as JPEG."""
    mask = Image.fromarray((mottling * 128).astype(np.uint8)).resize(photo.size, Image.Resampling.BILINEAR)
    tinted = Image.composite(Image.new("RGB", photo.size, (255, 200, 0)), photo, mask)
    tinted.save(io.BytesIO(), "JPEG", quality=90)


_WAYS: dict[str, Callable[[bytes, Model], float]] = {
    "decode": _decode,
    "network": _network,
    "ours": _ours,
    "naive": _naive,
}


if __name__ == "__main__":
    sys.exit(main())
