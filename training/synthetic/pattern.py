"""The mottled net: how much each point of skin is mottled or blanched, before it is placed on a leg."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from training.synthetic.noise import Noise
from training.synthetic.records import MottlingLook, PatternFamily
from training.synthetic.view import smoothstep

__all__ = ["Net", "draw_net"]

_FINE = 0.45
_PATCH, _PATCH_MM = 0.75, 12.0


class Net:
    """Dusky lines and pale centres, each 0-1 at every point (N,)."""

    def __init__(self, dusky: Tensor, pale: Tensor) -> None:
        self.dusky = dusky
        self.pale = pale

    def amount(self, weight: Tensor, look: MottlingLook) -> Tensor:
        """Amount of mottling (N,): positive dusky, negative blanched, 0 where the weight is 0."""
        return weight * (self.dusky * look.strength - self.pale * look.blanching)

    def filled(self, where: Tensor, rest_mm: Tensor, noise: Noise) -> Net:
        """Close the net to one uneven patch at some points: a coin is a patch, not a hole between lines."""
        patch = (_PATCH + 0.25 * noise.fractal(rest_mm, _PATCH_MM, octaves=2)[:, 0]).clamp(0.4, 1.1)
        return Net(
            torch.where(where, torch.maximum(self.dusky, patch), self.dusky),
            torch.where(where, torch.zeros_like(self.pale), self.pale),
        )


def draw_net(rest_mm: Tensor, look: MottlingLook, noise: Noise) -> Net:
    """Draw the net over points of the resting body, so that it moves with the skin."""
    size = look.cell_mm
    bend = noise.fractal(rest_mm, size * 1.5, octaves=2)[:, :3]
    warped = rest_mm + look.warp * 0.4 * size * bend
    clouds = noise.fractal(rest_mm, size * 2.2, octaves=4)  # (N, 4)
    return _DRAWN[look.family](_Ground(warped, clouds, noise), look)


@dataclass(frozen=True)
class _Ground:
    """What a net grows on."""

    warped: Tensor
    """Points (N, 3) in millimetres, bent."""
    clouds: Tensor
    """(N, 4), about -1 to 1."""
    noise: Noise


def _cells(ground: _Ground, look: MottlingLook) -> Net:
    """Ridges where two cells meet, at two scales, broken and widened by clouds."""
    warped, clouds, noise = ground.warped, ground.clouds, ground.noise
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


def _clouds(ground: _Ground, look: MottlingLook) -> Net:
    """Blotches of every size, with holes where other clouds are high."""
    clouds = ground.clouds
    threshold = 0.75 - 0.7 * look.blotch
    dusky = smoothstep(clouds[:, 0], threshold - 0.1 - look.softness, threshold + 0.1 + look.softness)
    holes = smoothstep(clouds[:, 1], 0.35, 0.6 + 0.6 * look.softness)
    dusky = dusky * (1 - 0.85 * holes) * (0.85 + 0.25 * clouds[:, 2]).clamp(0.4, 1.2)
    return Net(dusky, 1 - smoothstep(clouds[:, 0], threshold - 1.2, threshold - 0.2))


def _threads(ground: _Ground, look: MottlingLook) -> Net:
    """Where smooth fields cross zero: lines that wind and branch, at two scales."""
    warped, clouds, noise = ground.warped, ground.clouds, ground.noise
    size = look.cell_mm
    wide = noise.fractal(warped, size, octaves=2)  # (N, 4)
    fine = noise.fractal(warped, size * _FINE, octaves=2)
    width = look.line_mm * (1 + 0.5 * clouds[:, 0]).clamp(0.4, 2) * (1 + look.blotch)
    line = _ridge(wide[:, 0].abs() * size * 0.7, width, look.softness)
    branch = _ridge(fine[:, 1].abs() * size * _FINE * 0.7, width * 0.6, look.softness)
    dusky = torch.maximum(line, 0.8 * branch * smoothstep(clouds[:, 1], -0.4, 0.4))
    dusky = dusky * smoothstep(clouds[:, 2], -1.1, 0.1)
    return Net(dusky, smoothstep(wide[:, 0].abs(), 0.4, 1.0))


def _waves(ground: _Ground, look: MottlingLook) -> Net:
    """Labyrinths: the crests of many waves of one length."""
    warped, clouds, noise = ground.warped, ground.clouds, ground.noise
    crest = noise.waves(warped, look.cell_mm) + 0.45 * clouds[:, 0]
    threshold = 0.9 - 0.9 * look.blotch
    spread = 0.15 + 0.8 * look.softness
    dusky = smoothstep(crest, threshold - spread, threshold + spread)
    dusky = dusky * smoothstep(clouds[:, 1], -0.9, 0.3)
    return Net(dusky, 1 - smoothstep(crest, -1.6, -0.2))


def _spots(ground: _Ground, look: MottlingLook) -> Net:
    """Blots around random places, some small and some so large that they run together."""
    warped, clouds, noise = ground.warped, ground.clouds, ground.noise
    cells = noise.cells(warped, look.cell_mm)
    radius = (0.2 + 0.35 * cells.chance) * (0.8 + 0.5 * look.blotch) * (1 + 0.25 * clouds[:, 0])
    soft = 0.05 + 0.3 * look.softness
    dusky = 1 - smoothstep(cells.nearest, radius - soft, radius + soft)
    dusky = dusky * smoothstep(clouds[:, 1], -1.0, -0.1)
    return Net(dusky, smoothstep(cells.nearest, radius + soft, radius + 2 * soft))


def _ridges(ground: _Ground, look: MottlingLook) -> Net:
    """Where rough ground has its crests (ridged multifractal, Musgrave 1994)."""
    warped, clouds, noise = ground.warped, ground.clouds, ground.noise
    height = torch.zeros_like(clouds[:, 0])
    weight = torch.ones_like(height)
    for octave in range(3):
        crest = (1 - noise.values(warped, look.cell_mm * 1.4 / 2**octave)[:, 0].abs()).clamp(0, 1) ** 2
        height = height + crest * weight * 0.6**octave
        weight = crest
    threshold = 1.25 - 0.6 * look.blotch
    spread = 0.1 + 0.3 * look.softness
    dusky = smoothstep(height + 0.2 * clouds[:, 1], threshold - spread, threshold + spread)
    return Net(dusky, 1 - smoothstep(height, 0.2, 0.7))


def _streaks(ground: _Ground, look: MottlingLook) -> Net:
    """Clouds three times as long as wide."""
    drawn_out = torch.tensor([1.0, 3.0, 1.0], device=ground.warped.device)
    clouds = ground.noise.fractal(ground.warped / drawn_out, look.cell_mm * 0.8, octaves=3)
    threshold = 0.7 - 0.7 * look.blotch
    spread = 0.1 + 0.6 * look.softness
    dusky = smoothstep(clouds[:, 0], threshold - spread, threshold + spread)
    return Net(dusky, 1 - smoothstep(clouds[:, 0], threshold - 1.2, threshold - 0.2))


def _ridge(distance_mm: Tensor, width_mm: Tensor, softness: float) -> Tensor:
    half = width_mm / 2
    return 1 - smoothstep(distance_mm, half * (1 - softness), half * (1 + softness) + 0.4)


_DRAWN: dict[PatternFamily, Callable[[_Ground, MottlingLook], Net]] = {
    PatternFamily.CELLS: _cells,
    PatternFamily.CLOUDS: _clouds,
    PatternFamily.THREADS: _threads,
    PatternFamily.WAVES: _waves,
    PatternFamily.SPOTS: _spots,
    PatternFamily.RIDGES: _ridges,
    PatternFamily.STREAKS: _streaks,
}
