"""What the network sees in a few watched photographs, as one picture: a run is looked at, too."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch

from mottling.arrays import Rgb8
from training.network.mottling_network import MottlingNetwork
from training.running.quick_look import fitted_batches
from training.synthetic.contact_sheet import contact_sheet

__all__ = ["draw_seen"]

_CELL_PX = 240
_COLUMNS = 4


@torch.inference_mode()
def draw_seen(network: MottlingNetwork, folder: Path, *, device: torch.device) -> Rgb8:
    """Draw the first photographs of a folder, with the zones and the mottling that the network sees below.

    Args:
        network: In any mode; it is put to evaluation.
        folder: Of rendered photographs.
        device: Where the network is.
    """
    network.eval()
    batch = next(fitted_batches(folder))
    prediction = network(batch.photos.to(device=device, memory_format=torch.channels_last))
    zones = prediction.zones.argmax(dim=1).cpu().numpy().astype(np.uint8)  # (N, h, w)
    mottled = (prediction.mottling[:, 0] > 0).cpu().numpy() & (zones > 0)  # (N, h, w)
    photos = (
        (batch.photos * 128 + 127).clamp(0, 255).byte().permute(0, 2, 3, 1).contiguous().numpy()
    )  # (N, H, W, 3)
    pictures = [
        (photo, _enlarged(zone, photo), _enlarged(marked.astype(np.uint8), photo) > 0)
        for photo, zone, marked in zip(photos, zones, mottled, strict=True)
    ]
    return contact_sheet(pictures, columns=_COLUMNS, cell_px=_CELL_PX)


def _enlarged(labels: np.ndarray[tuple[int, int], np.dtype[np.uint8]], photo: Rgb8) -> Rgb8:
    grown = cv2.resize(labels, (photo.shape[1], photo.shape[0]), interpolation=cv2.INTER_NEAREST)
    return grown.astype(np.uint8, copy=False)
