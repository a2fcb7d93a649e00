"""Random fields in space, in millimetres, looked up at points: smooth values, fractals, cells and waves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor
from torch.nn import functional as nn

__all__ = ["Cells", "Noise"]

_SIDE = 32
_CELL_SIDE = 16
_CHANNELS = 4
_WAVES = 20


@dataclass(frozen=True)
class Cells:
    """Cells around random seeds, in units of the cell's size."""

    nearest: Tensor  # (N,) distance to the nearest seed
    border: Tensor  # (N,) how much farther the second one is: 0 on the border between two cells
    chance: Tensor  # (N,) 0-1, one number a cell


class Noise:
    """One source of fields for one picture; the same seed and the same calls give the same fields."""

    def __init__(self, seed: int, *, device: torch.device) -> None:
        self._generator = torch.Generator().manual_seed(seed)
        self._device = device
        volume = self._uniform(_CHANNELS, _SIDE, _SIDE, _SIDE) * 2 - 1
        self._volume = nn.pad(volume[None], (0, 1, 0, 1, 0, 1), mode="circular")
        self._seeds = self._uniform(_CELL_SIDE**3, 4)

    def _uniform(self, *shape: int) -> Tensor:
        return torch.rand(*shape, generator=self._generator).to(self._device)

    def values(self, points_mm: Tensor, scale_mm: float | Tensor) -> Tensor:
        """Four smooth fields (N, 4), about -1 to 1, with bumps `scale_mm` wide (or one width an axis)."""
        moved = points_mm / scale_mm + self._uniform(3) * _SIDE
        base = moved.floor()
        part = moved - base
        smooth = (base + part * part * (3 - 2 * part)).remainder(_SIDE)
        grid = smooth[None, :, None, None] * (2 / _SIDE) - 1  # (1, N, 1, 1, 3)
        found = nn.grid_sample(self._volume, grid, padding_mode="border", align_corners=True)
        return found[0, :, :, 0, 0].T * 1.5  # (N, 4)

    def fractal(self, points_mm: Tensor, scale_mm: float, *, octaves: int = 3, gain: float = 0.55) -> Tensor:
        """Four fields (N, 4) with detail down to `scale_mm` / 2^(octaves - 1)."""
        total = self.values(points_mm, scale_mm)
        weight, sum_of_squares = 1.0, 1.0
        for octave in range(1, octaves):
            weight *= gain
            sum_of_squares += weight**2
            total = total + weight * self.values(points_mm, scale_mm / 2**octave)
        return total / math.sqrt(sum_of_squares)

    def cells(self, points_mm: Tensor, scale_mm: float | Tensor) -> Cells:
        """Cells about `scale_mm` wide."""
        moved = points_mm / scale_mm + self._uniform(3) * _CELL_SIDE
        base = moved.floor()
        part = moved - base
        nearest = torch.full_like(part[:, 0], 9.0)
        second = nearest.clone()
        chance = torch.zeros_like(nearest)
        for offset in product((-1, 0, 1), repeat=3):
            step = torch.tensor(offset, device=self._device, dtype=base.dtype)
            index = (base + step).long().remainder(_CELL_SIDE)
            seed = self._seeds[(index[:, 0] * _CELL_SIDE + index[:, 1]) * _CELL_SIDE + index[:, 2]]  # (N, 4)
            distance = (seed[:, :3] + step - part).square().sum(dim=1)
            second = torch.minimum(second, torch.maximum(nearest, distance))
            chance = torch.where(distance < nearest, seed[:, 3], chance)
            nearest = torch.minimum(nearest, distance)
        nearest, second = nearest.sqrt(), second.sqrt()
        return Cells(nearest, second - nearest, chance)

    def waves(self, points_mm: Tensor, scale_mm: float) -> Tensor:
        """Waves of one length from all sides (N,): labyrinths and spots, as reactions that diffuse make."""
        directions = nn.normalize(self._uniform(_WAVES, 3) - 0.5, dim=1)
        lengths = scale_mm * (0.85 + 0.3 * self._uniform(_WAVES))
        phases = self._uniform(_WAVES) * 2 * math.pi
        angle = points_mm @ (directions * (2 * math.pi / lengths)[:, None]).T + phases  # (N, waves)
        return angle.cos().sum(dim=1) * math.sqrt(2 / _WAVES)
