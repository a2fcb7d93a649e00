"""A quick look at a set of rendered photographs during training: one look, no calibration.

The figures steer a run. What is claimed comes from `training.evaluate`, which goes the whole way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from sklearn.metrics import cohen_kappa_score

from mottling.scale import SCORES, Zone
from training.network.mottling_network import MottlingNetwork
from training.samples import Sample
from training.sources.rendered import find_rendered, read_rendered
from training.sources.stream import Batch, collate

__all__ = ["fitted_batches", "quick_look"]

_SIZE_PX = 320
_BATCH = 8


@torch.inference_mode()
def quick_look(network: MottlingNetwork, folder: Path, *, device: torch.device) -> dict[str, float]:
    """Measure zones (mean IoU), mottling (Dice of the set), score (quadratic kappa, exact), false alarms.

    Args:
        network: In any mode; it is put to evaluation.
        folder: Of rendered photographs.
        device: Where the network is.
    """
    network.eval()
    overlap, either = np.zeros(len(Zone)), np.zeros(len(Zone))
    mottled = np.zeros(3)  # both, ours, theirs
    truths: list[int] = []
    guesses: list[int] = []
    for batch in fitted_batches(folder):
        prediction = network(batch.photos.to(device=device, memory_format=torch.channels_last))
        zones = prediction.zones.argmax(dim=1).cpu()
        painted = (prediction.mottling[:, 0] > 0).cpu() & (zones > 0)
        known = batch.target.zones != 255
        for zone in range(1, len(Zone)):
            ours, theirs = (zones == zone) & known, (batch.target.zones == zone) & known
            overlap[zone] += int((ours & theirs).sum())
            either[zone] += int((ours | theirs).sum())
        sure = batch.target.mottling != 255
        truth = batch.target.mottling == 1
        mottled += [int((painted & truth).sum()), int((painted & sure).sum()), int(truth.sum())]
        truths.extend(batch.target.at_least.tolist())
        guesses.extend((prediction.ordinal > 0).sum(dim=1).tolist())
    return _figures(overlap, either, mottled, truths=truths, guesses=guesses)


def _figures(
    overlap: np.ndarray[tuple[int], np.dtype[np.float64]],
    either: np.ndarray[tuple[int], np.dtype[np.float64]],
    mottled: np.ndarray[tuple[int], np.dtype[np.float64]],
    *,
    truths: Sequence[int],
    guesses: Sequence[int],
) -> dict[str, float]:
    truth, guess = np.array(truths), np.array(guesses)
    return {
        "zone_iou": float(np.mean(overlap[1:] / np.maximum(either[1:], 1))),
        "coin_iou": float(overlap[1] / max(either[1], 1)),
        "mottling_dice": float(2 * mottled[0] / max(mottled[1] + mottled[2], 1)),
        "kappa": float(cohen_kappa_score(truth, guess, weights="quadratic", labels=list(SCORES))),
        "exact": float((truth == guess).mean()),
        "clean_above_0": float((guess[truth == 0] > 0).mean()) if (truth == 0).any() else float("nan"),
        "mottled_at_0": float((guess[truth > 0] == 0).mean()) if (truth > 0).any() else float("nan"),
    }


def fitted_batches(folder: Path) -> Iterator[Batch]:
    """Give the photographs of a folder, each in a square of one size, as many as are looked at in one go."""
    found = find_rendered(folder)
    for start in range(0, len(found), _BATCH):
        samples = [_fitted(read_rendered(files, with_twin=False)) for files in found[start : start + _BATCH]]
        yield collate([(sample, -1) for sample in samples])


def _fitted(sample: Sample) -> Sample:
    """Bring a sample to a square of one size, the rest black."""
    height, width = sample.zones.shape
    scale = _SIZE_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    photo = np.zeros((_SIZE_PX, _SIZE_PX, 3), np.uint8)
    photo[: size[1], : size[0]] = cv2.resize(sample.photo, size, interpolation=cv2.INTER_AREA)
    maps = np.zeros((2, _SIZE_PX, _SIZE_PX), np.uint8)
    for index, labels in enumerate((sample.zones, sample.mottling)):
        maps[index, : size[1], : size[0]] = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)
    return Sample(photo, maps[0], maps[1])
