"""The mottled net: how much each point of skin is mottled or blanched, before it is placed on a leg."""

from __future__ import annotations

import torch
from torch import Tensor

from training.synthetic.noise import Noise
from training.synthetic.records import MottlingLook, PatternFamily
from training.synthetic.view import smoothstep

__all__ = ["Net", "draw_net"]

_FINE = 0.45


class Net:
    """Dusky lines and pale centres, each 0-1 at every point (N,)."""

    def __init__(self, dusky: Tensor, pale: Tensor) -> None:
        self.dusky = dusky
        self.pale = pale

    def amount(self, weight: Tensor, look: MottlingLook) -> Tensor:
        """Amount of mottling (N,): positive dusky, negative blanched, 0 where the weight is 0."""
        return weight * (self.dusky * look.strength - self.pale * look.blanching)


def draw_net(rest_mm: Tensor, look: MottlingLook, noise: Noise) -> Net:
    """Draw the net over points of the resting body, so that it moves with the skin."""
    size = look.cell_mm
    bend = noise.fractal(rest_mm, size * 1.5, octaves=2)[:, :3]
    warped = rest_mm + look.warp * 0.4 * size * bend
    clouds = noise.fractal(rest_mm, size * 2.2, octaves=4)  # (N, 4)
    match look.family:
        case PatternFamily.WAVES:
            return _waves(warped, clouds, look, noise)
        case PatternFamily.CLOUDS:
            return _clouds(clouds, look)
        case PatternFamily.THREADS:
            return _threads(warped, clouds, look, noise)
        case _:
            return _cells(warped, clouds, look, noise)


def _cells(warped: Tensor, clouds: Tensor, look: MottlingLook, noise: Noise) -> Net:
    """Ridges where two cells meet, at two scales, broken and widened by clouds."""
    size = look.cell_mm
    coarse = noise.cells(warped, size)
    fine = noise.cells(warped, size * _FINE)
    width = look.line_mm * (1 + 0.5 * clouds[:, 0]).clamp(0.3, 2) * (1 + 1.6 * look.blotch)
    ridge = _ridge(coarse.border * size * 0.6, width, look.softness)
    ridge_fine = _ridge(fine.border * size * _FINE * 0.6, width * 0.55, look.softness)
    broken = smoothstep(clouds[:, 1] + 0.75, -0.3, 0.6)
    net = torch.maximum(ridge * broken, 0.75 * ridge_fine * smoothstep(clouds[:, 2], -0.2, 0.6))
    blotch = smoothstep(
        clouds[:, 3] - 0.7 * (coarse.nearest - 0.5), 0.25 - 0.5 * look.softness, 0.35 + look.softness
    )
    dusky = torch.maximum(net * (1 - 0.45 * look.blotch), blotch * look.blotch)
    dusky = dusky * (0.8 + 0.25 * clouds[:, 0]).clamp(0.35, 1.2)
    pale = (1 - dusky).clamp(0, 1) * (1 - smoothstep(coarse.nearest, 0.15, 0.75))
    return Net(dusky.clamp(0, 1.1), pale)


def _clouds(clouds: Tensor, look: MottlingLook) -> Net:
    """Blotches of every size, with holes where other clouds are high."""
    threshold = 0.75 - 0.7 * look.blotch
    dusky = smoothstep(clouds[:, 0], threshold - 0.1 - look.softness, threshold + 0.1 + look.softness)
    holes = smoothstep(clouds[:, 1], 0.35, 0.6 + 0.6 * look.softness)
    dusky = dusky * (1 - 0.85 * holes) * (0.85 + 0.25 * clouds[:, 2]).clamp(0.4, 1.2)
    return Net(dusky, 1 - smoothstep(clouds[:, 0], threshold - 1.2, threshold - 0.2))


def _threads(warped: Tensor, clouds: Tensor, look: MottlingLook, noise: Noise) -> Net:
    """Where smooth fields cross zero: lines that wind and branch, at two scales."""
    size = look.cell_mm
    wide = noise.fractal(warped, size, octaves=2)  # (N, 4)
    fine = noise.fractal(warped, size * _FINE, octaves=2)
    width = look.line_mm * (1 + 0.5 * clouds[:, 0]).clamp(0.4, 2) * (1 + look.blotch)
    line = _ridge(wide[:, 0].abs() * size * 0.7, width, look.softness)
    branch = _ridge(fine[:, 1].abs() * size * _FINE * 0.7, width * 0.6, look.softness)
    dusky = torch.maximum(line, 0.8 * branch * smoothstep(clouds[:, 1], -0.4, 0.4))
    dusky = dusky * smoothstep(clouds[:, 2], -1.1, 0.1)
    return Net(dusky, smoothstep(wide[:, 0].abs(), 0.4, 1.0))


def _waves(warped: Tensor, clouds: Tensor, look: MottlingLook, noise: Noise) -> Net:
    """Labyrinths: the crests of many waves of one length."""
    crest = noise.waves(warped, look.cell_mm) + 0.45 * clouds[:, 0]
    threshold = 0.9 - 0.9 * look.blotch
    dusky = smoothstep(crest, threshold - 0.3 - look.softness, threshold + 0.3 + look.softness)
    dusky = dusky * smoothstep(clouds[:, 1], -0.9, 0.3)
    return Net(dusky, 1 - smoothstep(crest, -1.6, -0.2))


def _ridge(distance_mm: Tensor, width_mm: Tensor, softness: float) -> Tensor:
    half = width_mm / 2
    return 1 - smoothstep(distance_mm, half * (1 - softness), half * (1 + softness) + 0.4)
