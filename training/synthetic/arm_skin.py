"""Colour and relief of hands and forearms: skin, a glove, a sleeve, a name band."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from training.synthetic.noise import Noise
from training.synthetic.records import Cloth, HandLook
from training.synthetic.skin import SkinTable
from training.synthetic.view import smoothstep

__all__ = ["paint_arm"]

_BAND = (0.75, 0.76, 0.74)
_BAND_MM = (24.0, 10.0)  # its middle and half its width, from the wrist

# Where the knuckles of the long fingers lie, from the wrist.
_KNUCKLES_MM = (-92.0, -120.0, -142.0)
_FINGERTIPS_MM = (-125.0, -160.0)


def paint_arm(
    surface_mm: Tensor, look: HandLook, glove: Cloth, *, table: SkinTable, noise: Noise
) -> tuple[Tensor, Tensor]:
    """Paint an arm.

    Args:
        surface_mm: (N, 2) from the wrist up the arm, and across it.
        look: Whose arm it is.
        glove: Its colour, and in the second colour that of the sleeve.
        table: Of this picture's skin.
        noise: Of this picture.

    Returns:
        Colour (N, 3), linear sRGB, and height (N,) in millimetres.
    """
    way = surface_mm[:, 0]
    points = torch.cat([surface_mm, torch.zeros_like(surface_mm[:, :1])], dim=1)  # (N, 3)
    grain = noise.values(points, 3)  # (N, 4)
    colour, height = _skin(points, look, table, noise)
    height = height + 0.12 * grain[:, 1]
    if look.band:
        middle, half = _BAND_MM
        colour, height = _over(
            ((way - middle).abs() < half).float(), _BAND, (colour, height), rise=0.5 * grain[:, 2]
        )
    if look.sleeve_mm is not None:
        folds = (
            4 * noise.fractal(points / torch.tensor([1.0, 2.5, 1.0], device=way.device), 35, octaves=2)[:, 0]
        )
        colour, height = _over((way > look.sleeve_mm).float(), glove.second, (colour, height), rise=folds)
    if look.glove_mm is not None:
        wrinkles = (
            0.9
            * noise.fractal(points * torch.tensor([1.6, 1.0, 1.0], device=way.device), 16, octaves=2)[:, 0]
        )
        roll = 1.6 * torch.exp(-(((way - look.glove_mm + 2) / 2.5) ** 2))
        colour, height = _over(
            (way < look.glove_mm).float(), glove.colour, (colour, height), rise=wrinkles + roll
        )
    return (colour * (1 + 0.03 * grain[:, :1])).clamp(0.004, 0.95), height


def _skin(points: Tensor, look: HandLook, table: SkinTable, noise: Noise) -> tuple[Tensor, Tensor]:
    """Darker and redder over the knuckles, pinker at the fingertips, uneven all over."""
    way = points[:, 0]
    clouds = noise.fractal(points, 35, octaves=3)  # (N, 4)
    knuckles = sum(torch.exp(-(((way - at) / 5) ** 2)) for at in _KNUCKLES_MM)
    assert isinstance(knuckles, Tensor)
    tips = 1 - smoothstep(way, _FINGERTIPS_MM[1], _FINGERTIPS_MM[0])
    log_melanosomes = math.log(look.melanosomes) + 0.35 * clouds[:, 0] + 0.3 * knuckles - 0.15 * tips
    blood = look.blood * (1 + 0.6 * clouds[:, 1] + 0.7 * knuckles) + 0.012 * tips
    veins = look.veins * torch.exp(-((clouds[:, 2] / 0.05) ** 2)) * smoothstep(way, -85.0, -60.0)
    colour = table.look_up(log_melanosomes.exp(), blood.clamp_min(0), 0.4 * veins)
    creases = 0.5 * knuckles * torch.sin(way * 2.2 + 2 * clouds[:, 3])
    return colour, creases + 0.8 * veins


def _over(
    share: Tensor, colour: tuple[float, float, float], below: tuple[Tensor, Tensor], *, rise: Tensor
) -> tuple[Tensor, Tensor]:
    """Lay something of one colour over colour and height, where its share (N,) is 1."""
    own = torch.tensor(colour, device=share.device)
    mixed = below[0] * (1 - share[:, None]) + own * share[:, None]
    return mixed, torch.where(share > 0, rise, below[1])
