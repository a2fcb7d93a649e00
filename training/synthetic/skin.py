"""Skin as two layers of blood under a melanin filter, baked into a small table for each picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as nn

from training.synthetic.spectra import (
    WAVELENGTH_NM,
    baseline_per_cm,
    blood_per_cm,
    linear_srgb_weights,
    melanosome_per_cm,
    scattering_per_cm,
)

__all__ = ["MONK_MELANOSOMES", "Optics", "SkinTable", "bake_skin"]

# Melanosome fraction by Monk tone 1-10; Jacques: 1.3-6.3 % light, 11-16 % moderate, 18-43 % dark.
MONK_MELANOSOMES = (0.013, 0.02, 0.032, 0.055, 0.095, 0.14, 0.19, 0.25, 0.33, 0.42)

# Mottled skin: deep blood 1.5 to 3 % and saturation 65 to 26 % (PMC6715757) is an amount of 1.
_DEEP_BLOOD = 0.015
_DEEP_SATURATION = 0.65
_MOTTLED_BLOOD = 0.015
_MOTTLED_SATURATION_LOSS = 0.39
_LEAST_SATURATION = 0.08
_SUPERFICIAL_SATURATION = 0.75

_LEAST_MELANOSOMES, _MOST_MELANOSOMES = 0.002, 0.75
_MOST_SUPERFICIAL_BLOOD = 0.12
_AMOUNT_RANGE = (-1.0, 10.0)
_STEPS = (28, 8, 24)  # melanosomes, superficial blood, amount of mottling


@dataclass(frozen=True)
class Optics:
    """What is fitted, so that the colour differences of clinical-facts.md come out (within 2 of each)."""

    escape: float = 5.05
    superficial_cm: float = 0.005
    epidermis_cm: float = 0.0095
    path: float = 2.1
    """Diffuse light crosses the epidermis obliquely, twice."""
    scattering: float = 0.64
    surface: float = 0.008
    clumping: float = 2.0
    """Melanin lies in clumps, so the filter is softer than Beer's law."""


@dataclass(frozen=True)
class SkinTable:
    """Linear sRGB reflectance by melanosomes, superficial blood and amount of mottling."""

    volume: Tensor  # (1, 3, amount, blood, melanosomes)

    def look_up(self, melanosomes: Tensor, blood: Tensor, amount: Tensor) -> Tensor:
        """Reflectance (N, 3) of N points; what lies outside the table is taken at its border."""
        low, high = np.log(_LEAST_MELANOSOMES), np.log(_MOST_MELANOSOMES)
        x = (melanosomes.clamp_min(1e-4).log() - low) / (high - low)
        y = (blood / _MOST_SUPERFICIAL_BLOOD).clamp(0, 1).sqrt()
        z = (amount - _AMOUNT_RANGE[0]) / (_AMOUNT_RANGE[1] - _AMOUNT_RANGE[0])
        grid = torch.stack([x, y, z], dim=-1)[None, :, None, None] * 2 - 1  # (1, N, 1, 1, 3)
        found = nn.grid_sample(self.volume, grid, padding_mode="border", align_corners=True)
        return found[0, :, :, 0, 0].T.contiguous()  # (N, 3)


def bake_skin(optics: Optics, *, device: torch.device) -> SkinTable:
    """Compute the table of one picture."""
    melanosomes = np.geomspace(_LEAST_MELANOSOMES, _MOST_MELANOSOMES, _STEPS[0])[None, None, :, None]
    blood = (np.linspace(0, 1, _STEPS[1]) ** 2 * _MOST_SUPERFICIAL_BLOOD)[None, :, None, None]
    amount = np.linspace(*_AMOUNT_RANGE, _STEPS[2])[:, None, None, None]
    linear = _reflectance(optics, melanosomes, blood, amount) @ linear_srgb_weights() + optics.surface
    volume = torch.from_numpy(np.clip(linear, 0.002, 1).astype(np.float32)).to(device)
    return SkinTable(volume.permute(3, 0, 1, 2)[None].contiguous())


def _reflectance(
    optics: Optics, melanosomes: np.ndarray, blood: np.ndarray, amount: np.ndarray
) -> np.ndarray:
    """(amount, blood, melanosomes, wavelengths)."""
    baseline, scattering = baseline_per_cm(), scattering_per_cm() * optics.scattering
    epidermis = melanosomes * melanosome_per_cm() + (1 - melanosomes) * baseline
    depth = optics.path * optics.epidermis_cm * epidermis
    filtered = (1 + depth / optics.clumping) ** -optics.clumping
    upper = blood * blood_per_cm(_SUPERFICIAL_SATURATION) + baseline
    deep_blood = np.maximum(_DEEP_BLOOD + _MOTTLED_BLOOD * amount, 0.002)
    saturation = np.clip(_DEEP_SATURATION - _MOTTLED_SATURATION_LOSS * amount, _LEAST_SATURATION, 0.95)
    lower = deep_blood * blood_per_cm(saturation * np.ones_like(WAVELENGTH_NM)) + baseline
    middle = (upper + lower) / 2
    reach_cm = 1 / np.sqrt(3 * middle * (middle + scattering))  # deep where red, shallow where blue
    upper_share = 1 - np.exp(-2 * optics.superficial_cm / reach_cm)
    absorbed = upper_share * upper + (1 - upper_share) * lower
    diffuse = np.exp(-optics.escape / np.sqrt(3 * (1 + scattering / absorbed)))
    return np.asarray(filtered * diffuse)
