"""Makes the photographs of a set that are not yet there, one process a core, one thread each."""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import cv2
from tqdm import tqdm

from training.path_traced.engine import start_engine
from training.path_traced.picture import Picture, take_picture
from training.synthesize import write_photograph

__all__ = ["LONG_SIDE_PX", "SAMPLES", "TracedOrder", "make_traced"]

LONG_SIDE_PX = 1024
SAMPLES = 8


@dataclass(frozen=True)
class TracedOrder:
    """What to make."""

    folder: Path
    views: int
    seed: int = 1
    long_side_px: int = LONG_SIDE_PX
    samples: int = SAMPLES
    """Paths for each pixel."""
    clean: bool = False
    """Whether nothing is mottled: canvases to learn from, where the others are for measuring."""


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
    picture = take_picture(
        order.seed, view, long_side_px=order.long_side_px, samples=order.samples, clean=order.clean
    )
    write_photograph(_stem(order, view), picture.dressed, _record(picture, is_canvas=order.clean))


def _record(picture: Picture, *, is_canvas: bool) -> str:
    look = picture.look.model_dump(mode="json")
    record = {
        "engine": "mitsuba",
        "canvas": is_canvas,
        "scene": picture.view.model_dump(mode="json"),
        "appearance": look,
        "reading": asdict(picture.dressed.reading),
    }
    return json.dumps(record)
