"""How much processor time a rendered picture takes, against Mitsuba at equal size.

`python -m benchmarks.rendering` (Mitsuba must be installed: `pip install 'mottling[train,path-traced]'`)
draws the same number of views each way, one process a way and one thread in it. The geometry pass is all that
is done once a view; a photograph is one dressing more. Mitsuba's side is a picture of `training.path_traced`:
the tracing alone, with the few paths that a denoiser needs and with those that pass without one, and the
photograph with its pattern, its denoising and its labels.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.apart import time_apart
from mottling.errors import MottlingError
from training.path_traced import picture
from training.path_traced.engine import Traced, start_engine, trace
from training.path_traced.making import SAMPLES
from training.synthetic.appearance import draw_appearance
from training.synthetic.dress import dress
from training.synthetic.parameters import draw_scene
from training.synthetic.ranges import Ranges
from training.synthetic.scene import draw_geometry

__all__ = ["main"]

_SIZE_PX = 512
_SEED = 5

# Paths a pixel below which a picture that nobody denoises is all grain.
_PLAIN_SAMPLES = 32


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rendering", description=__doc__)
    parser.add_argument("--views", type=int, default=5, help="of each process; one more is not counted")
    parser.add_argument("--long-side-px", type=int, default=_SIZE_PX)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--way", choices=list(_WAYS), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    try:
        start_engine()
    except MottlingError as error:
        print(error)
        return 1
    if given.way is not None:
        _use_one_core()
        print(_WAYS[given.way](given.views, given.long_side_px))
        return 0
    size = ["--views", str(given.views), "--long-side-px", str(given.long_side_px)]
    ways = {way: ["--way", way, *size] for way in _WAYS}
    _print(time_apart("benchmarks.rendering", ways, processes=given.processes), given.long_side_px)
    return 0


def _print(times: dict[str, float], long_side_px: int) -> None:
    load = os.getloadavg()[0]
    print(f"long side {long_side_px} px, load {load:.1f}; medians:")
    for way, ms in times.items():
        print(f"{way:20} {ms:8.0f} ms of one core")
    for ours, theirs in (
        ("geometry", "few paths"),
        ("geometry", "many paths"),
        ("photograph", "traced photograph"),
    ):
        print(f"{ours} is 1/{times[theirs] / times[ours]:.1f} of {theirs}")


def _use_one_core() -> None:
    os.environ["OIDN_NUM_THREADS"] = "1"
    import_module("drjit").set_thread_count(1)
    import_module("torch").set_num_threads(1)
    import_module("cv2").setNumThreads(0)


def _geometry(views: int, long_side_px: int) -> float:
    def draw(view: int) -> None:
        scene = draw_scene(np.random.default_rng((_SEED, view)), Ranges.TRAINING)
        draw_geometry(scene, long_side_px=long_side_px)

    return _median_ms(draw, views)


def _photograph(views: int, long_side_px: int) -> float:
    def draw(view: int) -> None:
        scene = draw_scene(np.random.default_rng((_SEED, view)), Ranges.TRAINING)
        geometry = draw_geometry(scene, long_side_px=long_side_px)
        rng = np.random.default_rng((_SEED, view, 1))
        dress(geometry, draw_appearance(rng, Ranges.TRAINING), rng=rng)

    return _median_ms(draw, views)


def _tracing(views: int, long_side_px: int, *, samples: int) -> float:
    """Take the time of Mitsuba alone, from a scene in numbers to the light of each pixel."""
    spent: list[float] = []

    def timed(*given: Any, **named: Any) -> Traced:
        began = time.process_time()
        light = trace(*given, **named)
        spent.append(1000 * (time.process_time() - began))
        return light

    with patch.object(picture, "trace", timed):
        _median_ms(lambda view: _traced(view, long_side_px, samples=samples), views)
    return statistics.median(spent[1:])


def _traced_photograph(views: int, long_side_px: int) -> float:
    return _median_ms(lambda view: _traced(view, long_side_px), views)


def _traced(view: int, long_side_px: int, *, samples: int = SAMPLES) -> None:
    picture.take_picture(_SEED, view, long_side_px=long_side_px, samples=samples)


def _median_ms(draw: Callable[[int], None], views: int) -> float:
    """Take the processor time of each view but the first, which loads what the others use again."""
    draw(views)
    times = []
    for view in range(views):
        began = time.process_time()
        draw(view)
        times.append(1000 * (time.process_time() - began))
    return statistics.median(times)


_WAYS: dict[str, Callable[[int, int], float]] = {
    "geometry": _geometry,
    "photograph": _photograph,
    "few paths": partial(_tracing, samples=SAMPLES),
    "many paths": partial(_tracing, samples=_PLAIN_SAMPLES),
    "traced photograph": _traced_photograph,
}


if __name__ == "__main__":
    sys.exit(main())
