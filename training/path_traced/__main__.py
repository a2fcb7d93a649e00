"""Makes a measuring set with another engine: `python -m training.path_traced OUT --views 100 --seed 1`.

Each photograph is path-traced by Mitsuba. The files are those of `python -m training.synthesize`, so
`training.evaluate` and `training.calibrate` read them; `training.train` refuses them. What is
finished stays: a second call goes on where the first was stopped.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import cv2
from tqdm import tqdm

from mottling.errors import MottlingError
from training.path_traced.engine import start_engine
from training.path_traced.picture import Picture, take_picture
from training.synthesize import write_photograph

__all__ = ["TracedOrder", "main", "make_traced"]

_LONG_SIDE_PX = 1024
_SAMPLES = 8


@dataclass(frozen=True)
class TracedOrder:
    """What to make."""

    folder: Path
    views: int
    seed: int = 1
    long_side_px: int = _LONG_SIDE_PX
    samples: int = _SAMPLES
    """Paths for each pixel."""


def make_traced(order: TracedOrder, *, workers: int) -> None:
    """Make all that is not yet there, one process a core, one thread each.

    Raises:
        TrainingRefused: The engine is not installed.
    """
    start_engine()
    order.folder.mkdir(parents=True, exist_ok=True)
    waiting = [view for view in range(order.views) if not _stem(order, view).with_suffix(".json").exists()]
    orders = [order] * len(waiting)
    if workers == 1:
        done = map(_make, orders, waiting)
        for _ in tqdm(done, total=len(waiting), unit="photo"):
            pass
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_single_thread) as pool:
        for _ in tqdm(pool.map(_make, orders, waiting, chunksize=1), total=len(waiting), unit="photo"):
            pass


def _single_thread() -> None:
    os.environ["OIDN_NUM_THREADS"] = "1"
    cv2.setNumThreads(0)
    start_engine()
    import_module("drjit").set_thread_count(1)
    os.nice(10)


def _stem(order: TracedOrder, view: int) -> Path:
    return order.folder / f"{view:06d}-0"


def _make(order: TracedOrder, view: int) -> None:
    picture = take_picture(order.seed, view, long_side_px=order.long_side_px, samples=order.samples)
    write_photograph(_stem(order, view), picture.dressed, _record(picture))


def _record(picture: Picture) -> str:
    look = picture.look.model_dump(mode="json")
    record = {
        "engine": "mitsuba",
        "scene": picture.view.model_dump(mode="json"),
        "appearance": look,
        "reading": asdict(picture.dressed.reading),
    }
    return json.dumps(record)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and make photographs."""
    parser = argparse.ArgumentParser(prog="python -m training.path_traced", description=__doc__)
    parser.add_argument("out", type=Path, help="folder of the photographs")
    parser.add_argument("--views", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--long-side-px", type=int, default=_LONG_SIDE_PX)
    parser.add_argument("--samples", type=int, default=_SAMPLES, help="paths for each pixel")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(arguments)
    order = TracedOrder(given.out, given.views, given.seed, given.long_side_px, given.samples)
    try:
        make_traced(order, workers=given.workers)
    except MottlingError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
