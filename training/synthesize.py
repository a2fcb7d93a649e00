"""Makes photographs: `python -m training.synthesize OUT --views 1000` or `--preview SHEET.png`.

Each view is rendered once and dressed several times in other skins, patterns, lights and phones. What is
finished stays: a second call goes on where the first was stopped. With `--ray` the same files are made on
several machines.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import torch
from tqdm import tqdm

from mottling.arrays import Rgb8
from mottling.errors import ClusterRefused, MottlingError
from training.synthetic.appearance import draw_appearance
from training.synthetic.contact_sheet import contact_sheet
from training.synthetic.dress import Dressed, dress
from training.synthetic.materials import RealMaterials
from training.synthetic.on_ray import done_on_ray
from training.synthetic.parameters import draw_scene
from training.synthetic.ranges import Ranges
from training.synthetic.scene import draw_geometry

__all__ = ["Order", "main", "make_photos", "write_photograph"]

_UNKNOWN = 255
_JPEG_QUALITY = 92
_PREVIEW_PHOTOS = 48
_PREVIEW_JPEG_QUALITY = 75


@dataclass(frozen=True)
class Order:
    """What to make."""

    folder: Path
    views: int
    dressings: int = 2
    """Photographs of each view."""
    seed: int = 1
    ranges: Ranges = Ranges.TRAINING
    long_side_px: int = 512
    real: Path | None = None
    """Folder of openly licensed real materials, or None."""


def make_photos(order: Order, *, workers: int, ray: str | None = None) -> None:
    """Make all that is not yet there, one process a core, one thread each.

    Args:
        order: What to make.
        workers: Processes of this machine.
        ray: Address of a Ray cluster whose processes to use instead, `local` for one of this machine alone.

    Raises:
        ClusterRefused: There is no such cluster, or not every machine of it sees the folders.
    """
    order.folder.mkdir(parents=True, exist_ok=True)
    waiting = [view for view in range(order.views) if not _finished(order, view)]
    if ray is not None:
        _make_on_ray(order, waiting, address=ray, processors=workers)
        return
    orders = [order] * len(waiting)
    if workers == 1:
        _follow(map(_make_view, orders, waiting), len(waiting))
        return
    # A forked copy of a process that has run torch may wait for ever for threads that it does not have.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_single_thread) as pool:
        _follow(pool.map(_make_view, orders, waiting, chunksize=1), len(waiting))


def _make_on_ray(order: Order, waiting: Sequence[int], *, address: str, processors: int) -> None:
    if not waiting:
        return
    real = None if order.real is None else order.real.resolve()
    there = replace(order, folder=order.folder.resolve(), real=real)  # a task may stand in another folder
    done = done_on_ray(partial(_make_view, there), waiting, address=address, processors=processors)
    _follow(done, len(waiting))
    if not all(_finished(order, view) for view in waiting):
        raise ClusterRefused(
            f"Not every photograph that was made lies in {order.folder}",
            remedy="Give a folder that every machine sees under the same name",
        )


def _follow(done: Iterator[None], count: int) -> None:
    for _ in tqdm(done, total=count, unit="view", mininterval=5):
        pass


def _single_thread() -> None:
    torch.set_num_threads(1)
    cv2.setNumThreads(0)
    os.nice(10)


def _stem(order: Order, view: int, dressing: int) -> Path:
    return order.folder / f"{view:06d}-{dressing}"


def _finished(order: Order, view: int) -> bool:
    return all(_stem(order, view, d).with_suffix(".json").exists() for d in range(order.dressings))


def _make_view(order: Order, view: int) -> None:
    for dressing, dressed, record in _dressings(order, view):
        write_photograph(_stem(order, view, dressing), dressed, record)


def _dressings(order: Order, view: int) -> Iterator[tuple[int, Dressed, str]]:
    """Dress one view, each time from a seed of its own."""
    rng = np.random.default_rng((order.seed, view))
    scene = draw_scene(rng, order.ranges)
    geometry = draw_geometry(scene, long_side_px=order.long_side_px)
    materials = None if order.real is None else RealMaterials.open(order.real, order.ranges)
    for dressing in range(order.dressings):
        drawn = np.random.default_rng((order.seed, view, dressing + 1))
        appearance = draw_appearance(drawn, order.ranges)
        dressed = dress(geometry, appearance, rng=drawn, materials=materials)
        record = {
            "scene": scene.model_dump(mode="json"),
            "appearance": appearance.model_dump(mode="json"),
            "reading": asdict(dressed.reading),
        }
        yield dressing, dressed, json.dumps(record)


def write_photograph(stem: Path, dressed: Dressed, record: str) -> None:
    """Write the record last: a photograph without one does not count as finished."""
    mottling = np.where(dressed.ignore, _UNKNOWN, dressed.mottling).astype(np.uint8)
    maps = cv2.merge([dressed.legs, mottling, dressed.zones])  # OpenCV writes blue first
    _save_jpeg(stem.with_suffix(".jpg"), dressed.photo)
    if (dressed.mottling == 1).any():
        _save_jpeg(stem.with_suffix(".twin.jpg"), dressed.clean)
    cv2.imwrite(str(stem.with_suffix(".maps.png")), maps)
    partial = stem.with_suffix(".partial")
    partial.write_text(record, "utf-8")
    partial.replace(stem.with_suffix(".json"))


def _save_jpeg(path: Path, photo: Rgb8) -> None:
    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        _JPEG_QUALITY,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    cv2.imwrite(str(path), cv2.cvtColor(photo, cv2.COLOR_RGB2BGR), options)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and make photographs."""
    parser = argparse.ArgumentParser(prog="python -m training.synthesize", description=__doc__)
    parser.add_argument("out", type=Path, help="folder of the photographs, or the sheet with --preview")
    parser.add_argument("--views", type=int, default=1000)
    parser.add_argument("--dressings", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ranges", type=Ranges, choices=list(Ranges), default=Ranges.TRAINING)
    parser.add_argument("--long-side-px", type=int, default=512)
    parser.add_argument("--real", type=Path, help="openly licensed real materials")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--ray", metavar="HOST:PORT", help="a Ray cluster, or local for this machine alone")
    parser.add_argument(
        "--preview", action="store_true", help="write one sheet of 48 photographs and their zones"
    )
    given = parser.parse_args(arguments)
    order = Order(
        given.out, given.views, given.dressings, given.seed, given.ranges, given.long_side_px, given.real
    )
    try:
        if given.preview:
            _single_thread()
            _preview(order)
        else:
            make_photos(order, workers=given.workers, ray=given.ray)
    except MottlingError as error:
        print(error)
        return 1
    return 0


def _preview(order: Order) -> None:
    dressed = [next(_dressings(order, view))[1] for view in tqdm(range(_PREVIEW_PHOTOS), unit="photo")]
    sheet = contact_sheet([(one.photo, one.zones, one.mottling == 1) for one in dressed], columns=8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, _PREVIEW_JPEG_QUALITY]
    cv2.imwrite(str(order.folder), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), quality)


if __name__ == "__main__":
    raise SystemExit(main())
