"""Hair of the leg: strokes from the knee towards the foot, each bent and turned a little."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.synthetic.records import SkinLook
from training.synthetic.view import View

__all__ = ["draw_hair"]

_MOST_PER_CM2 = 9.0
_LENGTH_MM = (5.0, 22.0)
_WIDTH_MM = 0.13
_SEGMENTS = 3
_MOST_HAIRS = 6000


def draw_hair(view: View, look: SkinLook, rng: np.random.Generator) -> Tensor:
    """Draw how much of each pixel is covered by hair (H, W), 0-1."""
    height, width = view.part.shape
    covered = np.zeros((height, width), np.uint8)
    count = _count(view, look.hair)
    if count == 0:
        return torch.zeros_like(view.ambient)
    pixel = view.skin.pixel.cpu().numpy()
    axial = np.full(height * width, np.nan, np.float32)
    axial[pixel] = view.skin.axial_mm.cpu().numpy()
    roots = pixel[_chosen(view, count, rng)]
    for line in _lines(axial.reshape(height, width), roots, view.mm_per_px, rng):
        cover = min(1.0, _WIDTH_MM / view.mm_per_px * rng.uniform(0.6, 1.8))
        cv2.polylines(covered, [line], isClosed=False, color=int(255 * cover), lineType=cv2.LINE_AA, shift=4)
    return torch.from_numpy(covered.astype(np.float32) / 255).to(view.ambient.device)


def _count(view: View, density: float) -> int:
    area_cm2 = len(view.skin) * view.mm_per_px**2 / 100
    return min(int(area_cm2 * _MOST_PER_CM2 * density), _MOST_HAIRS)


def _chosen(view: View, count: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """More on the shin and the outer thigh, few on the kneecap."""
    axial, arc = view.skin.axial_mm.cpu().numpy(), view.skin.arc_mm.cpu().numpy()
    bare = np.exp(-((axial / 35) ** 2) - (arc / 40) ** 2)
    weight = (1 - 0.85 * bare) * np.where(axial < -40, 1.0, 0.55)
    return rng.choice(len(weight), size=count, p=weight / weight.sum())


def _lines(
    axial: NDArray[np.float32], roots: NDArray[np.intp], mm_per_px: float, rng: np.random.Generator
) -> list[NDArray[np.int32]]:
    """Polylines in sixteenths of a pixel, (segments + 1, 1, 2) each."""
    rows, columns = np.divmod(roots, axial.shape[1])
    rise = np.stack([_slope(axial, rows, columns, step) for step in ((0, 1), (1, 0))], axis=-1)  # (N, 2) x, y
    turn = np.arctan2(-rise[:, 1], -rise[:, 0]) + rng.normal(0, 0.5, len(roots))
    bend = rng.normal(0, 0.25, len(roots))
    length_px = rng.uniform(*_LENGTH_MM, len(roots)) / mm_per_px
    points = [np.stack([columns, rows], axis=-1) + rng.uniform(-0.5, 0.5, (len(roots), 2))]
    for segment in range(_SEGMENTS):
        angle = turn + segment * bend
        step = np.stack([np.cos(angle), np.sin(angle)], axis=-1) * (length_px / _SEGMENTS)[:, None]
        points.append(points[-1] + step)
    return list((np.stack(points, axis=1) * 16).astype(np.int32)[:, :, None])


def _slope(
    axial: NDArray[np.float32], rows: NDArray[np.intp], columns: NDArray[np.intp], step: tuple[int, int]
) -> NDArray[np.float32]:
    """How fast the way along the leg grows to the right or downwards; 0 where the leg ends."""
    last = np.array(axial.shape) - 1
    ahead = axial[np.minimum(rows + 2 * step[0], last[0]), np.minimum(columns + 2 * step[1], last[1])]
    return np.asarray(np.nan_to_num(ahead - axial[rows, columns]), np.float32)
