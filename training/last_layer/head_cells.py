"""What a network shows of the skin of a photograph before its last layer, kept in a file.

All but the mottling head stays as it is when the head alone is trained: each photograph then passes through
the network once, and not at every step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mottling.errors import TrainingRefused
from mottling.imaging.looks import DECODE_PX, OneLook, look_at
from mottling.imaging.photo import Photo, read_bytes, read_photo
from mottling.imaging.preprocess import normalise
from mottling.imaging.segmentation import Segmentation
from mottling.scale import LegReading, Status
from training.measuring.truths import TruePhoto
from training.network.mottling_network import MottlingNetwork
from training.running.checkpoint import WEIGHTS, load_weights
from training.samples import UNKNOWN, LabelMap
from training.spread import spread

__all__ = ["Cells", "cells_file", "keep_cells", "see_cells", "write_cells"]


_DIGITS = 12


@dataclass(frozen=True)
class Cells:
    """The cells of the legs in one photograph, at the look that is scored."""

    filtered: NDArray[np.float16]
    """(n, 64): what the mottling head mixes."""
    zone: NDArray[np.uint8]
    """(n,): 1 to 5, as the network sees it."""
    leg: NDArray[np.uint8]
    """(n,): number of the leg, from 0."""
    mottled: NDArray[np.uint8]
    """(n,): 0, 1, or 255 where nobody can say."""
    truth: LegReading
    readable: float
    """The network's probability that the picture can be judged."""
    group: str
    """The view or person that it shows."""


def keep_cells(photos: Sequence[TruePhoto], model: Path, *, kept: Path, workers: int = 1) -> list[Cells]:
    """Look at every photograph that the folder does not hold yet; gives all, in the order given.

    Args:
        photos: With what is true of them.
        model: Folder of a model of the registry, with its weights.
        kept: Folder; of this model's file alone.
        workers: Processes.

    Raises:
        TrainingRefused: The weights are missing.
    """
    kept.mkdir(parents=True, exist_ok=True)
    waiting = [photo for photo in photos if not cells_file(photo, kept).exists()]
    spread(partial(_keep_some, model, kept), waiting, workers=workers, unit="photo")
    return [_read(photo, kept) for photo in photos]


def cells_file(photo: TruePhoto, kept: Path) -> Path:
    """Name the file that keeps what was seen of a photograph; another verdict or border is another file."""
    named = f"{photo.photo.parent.name}-{photo.photo.stem}"
    if photo.maps is None:
        drawn = "none" if photo.border is None else photo.border.stem[:_DIGITS]
        named = f"{named}-{photo.reading.score}-{drawn}"
    return kept / f"{named}.npz"


def write_cells(path: Path, cells: Cells) -> None:
    """Keep what was seen, whole or not at all."""
    partial_file = path.with_suffix(".partial")
    with partial_file.open("wb") as file:
        np.savez(
            file,
            filtered=cells.filtered,
            zone=cells.zone,
            leg=cells.leg,
            mottled=cells.mottled,
            readable=cells.readable,
        )
    partial_file.replace(path)


def _keep_some(model: Path, kept: Path, photos: Sequence[TruePhoto]) -> list[None]:
    torch.set_num_threads(1)
    runtime = Segmentation((model / "model.onnx").read_bytes(), name=model.name, threads=1)
    network = load_weights(model / WEIGHTS)
    for photo in photos:
        write_cells(cells_file(photo, kept), see_cells(photo, runtime, network))
    return [None] * len(photos)


def _read(photo: TruePhoto, kept: Path) -> Cells:
    with np.load(cells_file(photo, kept), allow_pickle=False) as held:
        return Cells(
            held["filtered"],
            held["zone"],
            held["leg"],
            held["mottled"],
            photo.reading,
            float(held["readable"]),
            photo.cluster,
        )


def see_cells(truth: TruePhoto, runtime: Segmentation, network: MottlingNetwork) -> Cells:
    """Look at one photograph as the runtime does, and take what the mottling head is given.

    Args:
        truth: The photograph and what is true of it.
        runtime: The model's file: finds the legs, and the part to look at closer.
        network: The weights that this file was exported from.
    """
    data = read_bytes(truth.photo)
    photo = read_photo(data, long_side_px=DECODE_PX)
    seen = look_at(data, photo, runtime)
    filtered = seen.last.fitted.frame.whole_cells(_filtered(network, seen.last))  # (64, h, w)
    mottled = _true_mottling(truth, seen.last, photo)
    zones = np.stack([np.zeros_like(mottled), *(leg.zones.astype(np.uint8) for leg in seen.last.legs)])
    number, row, column = np.nonzero(zones)
    return Cells(
        np.ascontiguousarray(filtered[:, row, column].T, np.float16),
        zones[number, row, column],
        (number - 1).astype(np.uint8),
        mottled[row, column],
        truth.reading,
        seen.last.look.readable,
        truth.cluster,
    )


@torch.inference_mode()
def _filtered(network: MottlingNetwork, look: OneLook) -> NDArray[np.float32]:
    """Give what the first filter of the mottling trunk makes of a picture: (64, H/4, W/4)."""
    taken: list[Tensor] = []
    first: nn.Module = network.mottling_trunk[0]
    hook = first.register_forward_hook(lambda _module, _given, made: taken.append(made))
    try:
        network(torch.from_numpy(normalise(look.fitted.pixels))[None])
    finally:
        hook.remove()
    return np.asarray(taken[0][0].numpy(), np.float32)


def _true_mottling(truth: TruePhoto, look: OneLook, photo: Photo) -> LabelMap:
    """Bring what is true of each pixel to the cells of the look; unknown where nobody drew."""
    height, width = look.look.mottling.shape
    if truth.reading.status is Status.NOT_ASSESSABLE:
        return np.full((height, width), UNKNOWN, np.uint8)
    if truth.reading == LegReading(Status.SCORED, 0):
        return np.zeros((height, width), np.uint8)
    drawn = _drawn(truth)
    if drawn is None:
        return np.full((height, width), UNKNOWN, np.uint8)
    frame = look.fitted.frame
    x = np.array([frame.cell_to_photo(column, 0).x for column in range(width)], np.float32)
    y = np.array([frame.cell_to_photo(0, row).y for row in range(height)], np.float32)
    across, down = (
        size / own for size, own in zip(drawn.shape[::-1], photo.pixels.shape[1::-1], strict=True)
    )
    columns, rows = np.meshgrid((x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5)
    shown = cv2.remap(
        drawn,
        columns,
        rows,
        cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=UNKNOWN,
    )
    return np.asarray(shown, np.uint8)


def _drawn(truth: TruePhoto) -> LabelMap | None:
    """Read where the mottling is; None where neither a program nor a reader drew it."""
    if truth.border is None:
        maps = truth.read_maps()
        return None if maps is None else maps.mottling
    drawn = cv2.imread(str(truth.border), cv2.IMREAD_GRAYSCALE)
    if drawn is None:
        raise TrainingRefused(f"{truth.border.name} cannot be read", remedy="Freeze the set again")
    return np.asarray(drawn, np.uint8)
