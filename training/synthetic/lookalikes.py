"""Blemishes that could be taken for mottling and are not: each adds its own colour and relief to the skin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from training.synthetic.noise import Noise
from training.synthetic.records import Blemish, BlemishKind
from training.synthetic.skin_state import SkinState
from training.synthetic.view import SkinPoints, smoothstep

__all__ = ["add_blemishes"]


@dataclass(frozen=True)
class _Effect:
    """What full strength adds."""

    melanin: float = 0.0
    blood: float = 0.0
    amount: float = 0.0
    gain: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Logarithm of the factor on red, green and blue."""
    height_mm: float = 0.0
    soft: float = 0.4
    """Width of the edge, as a share of the radius."""
    ragged: float = 0.3
    grain: float = 0.3
    scale: float = 0.0
    """White scale on top."""
    dots_mm: float = 0.0
    """A patch made of dots this far apart."""


_EFFECTS = {
    BlemishKind.MOLE: _Effect(melanin=1.6, gain=(-0.3, -0.35, -0.3), height_mm=0.5, ragged=0.15),
    BlemishKind.BRUISE: _Effect(amount=0.9, gain=(-0.30, -0.38, -0.28), soft=0.8, ragged=0.35, grain=0.5),
    BlemishKind.SCAR: _Effect(melanin=-0.3, blood=0.03, gain=(0.12, 0.08, 0.08), height_mm=0.7, ragged=0.25),
    BlemishKind.PSORIASIS: _Effect(blood=0.09, height_mm=0.9, soft=0.15, ragged=0.25, grain=0.2, scale=0.5),
    BlemishKind.ECZEMA: _Effect(
        blood=0.06, gain=(-0.05, -0.12, -0.12), height_mm=0.3, soft=0.3, grain=0.6, scale=0.15
    ),
    BlemishKind.PURPURA: _Effect(
        blood=0.06, amount=0.7, gain=(-0.3, -0.65, -0.45), soft=0.9, ragged=0.5, dots_mm=4.5
    ),
    BlemishKind.BROWN_VENOUS: _Effect(
        melanin=0.9, blood=0.02, gain=(-0.1, -0.2, -0.3), soft=0.7, ragged=0.6, grain=0.7
    ),
    BlemishKind.VITILIGO: _Effect(melanin=-1.8, soft=0.1, ragged=0.45, grain=0.0),
    BlemishKind.OLD_PIGMENT: _Effect(melanin=0.8, gain=(-0.05, -0.1, -0.12), soft=0.6, grain=0.3),
    BlemishKind.RED_CALF: _Effect(blood=0.06, height_mm=0.4, soft=0.5, ragged=0.4, grain=0.3),
    BlemishKind.WOUND: _Effect(
        blood=0.1, gain=(-0.45, -1.0, -0.9), height_mm=-0.6, soft=0.2, ragged=0.4, grain=0.8
    ),
    BlemishKind.PINK_PATCH: _Effect(blood=0.03, soft=0.9, ragged=0.6, grain=0.5),
    BlemishKind.GREY_PATCH: _Effect(
        melanin=0.3, amount=0.25, gain=(-0.22, -0.2, -0.16), soft=0.9, ragged=0.6, grain=0.6
    ),
}

_BRUISE_EDGE = (0.02, -0.02, -0.45)


def add_blemishes(state: SkinState, skin: SkinPoints, blemishes: Sequence[Blemish], noise: Noise) -> None:
    """Add every blemish to the state."""
    ragged = noise.fractal(skin.rest_mm, 16, octaves=4)  # (N, 4)
    for turn, blemish in enumerate(blemishes):
        near = _near(skin, blemish)
        if near.numel():
            _add(state, skin, blemish, near, ragged[near].roll(turn % 4, dims=1), noise)


def _near(skin: SkinPoints, blemish: Blemish) -> Tensor:
    reach_mm = blemish.radius_mm * max(blemish.stretch, 1) * 2.2
    close = (skin.leg == blemish.leg) & ((skin.axial_mm - blemish.axial_mm).abs() < reach_mm)
    return close.nonzero()[:, 0]


def _add(
    state: SkinState, skin: SkinPoints, blemish: Blemish, near: Tensor, ragged: Tensor, noise: Noise
) -> None:
    effect = _EFFECTS[blemish.kind]
    distance = _distance(skin, blemish, near) + effect.ragged * ragged[:, 0]
    inside = 1 - smoothstep(distance, 1 - effect.soft, 1 + 0.4 * effect.soft)
    weight = inside * blemish.strength * (1 + effect.grain * ragged[:, 1]).clamp(0, 2)
    if effect.dots_mm:
        cells = noise.cells(skin.rest_mm[near], effect.dots_mm)
        weight = weight * (1 - smoothstep(cells.nearest, 0.12, 0.36)) * (cells.chance < 0.75)
    state.log_melanosomes[near] += effect.melanin * weight
    state.blood[near] += effect.blood * weight
    state.amount[near] += effect.amount * weight
    state.log_gain[near] += weight[:, None] * torch.tensor(effect.gain, device=weight.device)
    state.height_mm[near] += effect.height_mm * weight
    if effect.scale:
        flakes = smoothstep(ragged[:, 2], 0.0, 0.7) * weight * effect.scale
        state.log_gain[near] += flakes[:, None] * torch.tensor([0.35, 0.75, 0.85], device=weight.device)
    if blemish.kind is BlemishKind.BRUISE:
        edge = smoothstep(distance, 0.45, 0.8) * (1 - smoothstep(distance, 0.9, 1.35)) * blemish.strength
        state.log_gain[near] += edge[:, None] * torch.tensor(_BRUISE_EDGE, device=weight.device)


def _distance(skin: SkinPoints, blemish: Blemish, near: Tensor) -> Tensor:
    """From the middle, in radii of the blemish."""
    up = skin.axial_mm[near] - blemish.axial_mm
    turn_deg = (skin.around_deg[near] - blemish.around_deg + 180).remainder(360) - 180
    across = turn_deg * skin.half_width_mm[near] * (math.pi / 180)
    angle = math.radians(blemish.angle_deg)
    along = (up * math.cos(angle) + across * math.sin(angle)) / blemish.stretch
    beside = across * math.cos(angle) - up * math.sin(angle)
    return torch.hypot(along, beside) / blemish.radius_mm
