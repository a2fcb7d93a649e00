"""What every leg has: uneven colour, darker and redder knees, veins, freckles, wrinkles, creases.

Drawn without a look at the score: the normal knee was what a first network took for mottling.
"""

from __future__ import annotations

import math

import torch

from training.synthetic.noise import Noise
from training.synthetic.records import SkinLook
from training.synthetic.skin_state import SkinState
from training.synthetic.view import SkinPoints, smoothstep

__all__ = ["vary"]

_SCALES_MM = (90.0, 28.0, 9.0, 3.0)
_BROWN = (0.75, 1.05, 1.3)
_GREY = (1.05, 1.0, 0.92)


def vary(skin: SkinPoints, look: SkinLook, noise: Noise) -> SkinState:
    """Draw the person's own skin."""
    state = SkinState.even(len(skin), look, device=skin.axial_mm.device)
    _uneven(state, skin, look, noise)
    _parts(state, skin, look, noise)
    _knees(state, skin, look, noise)
    if look.freckles or look.sun:
        _freckles(state, skin, look, noise)
    if look.veins or look.varicose:
        _veins(state, skin, look, noise)
    _relief(state, skin, look, noise)
    _lines(state, skin, look, noise)
    return state


def _uneven(state: SkinState, skin: SkinPoints, look: SkinLook, noise: Noise) -> None:
    for weight, scale_mm in zip((0.10, 0.09, 0.08, 0.07), _SCALES_MM, strict=True):
        field = noise.values(skin.rest_mm, scale_mm) * (weight * look.unevenness)
        state.log_melanosomes += field[:, 0]
        state.blood += 0.035 * field[:, 1]
        state.amount += 0.9 * field[:, 2] * (0.6 if scale_mm < 20 else 0.35)
        state.log_gain += 0.18 * field[:, 3:4]
        state.height_mm += 0.5 * field[:, 3] * min(scale_mm, 10) / 10


def _parts(state: SkinState, skin: SkinPoints, look: SkinLook, noise: Noise) -> None:
    wobble = noise.fractal(skin.rest_mm, 70, octaves=2)
    shin = smoothstep(-(skin.axial_mm + 20 * wobble[:, 0]), 50, 160)
    thigh = smoothstep(skin.axial_mm + 25 * wobble[:, 1], 40, 200)
    state.log_melanosomes += look.shin_dark * shin - look.thigh_pale * thigh
    state.blood += look.gravity_red * smoothstep(-(skin.axial_mm + 40 * wobble[:, 2]), 80, 330)
    state.blood += look.pressure_red * smoothstep(wobble[:, 3], 0.4, 1.0)


def _knees(state: SkinState, skin: SkinPoints, look: SkinLook, noise: Noise) -> None:
    """A dark and a red patch at each knee, ragged, brown or grey, with paler and darker grain in it."""
    ragged = noise.fractal(skin.rest_mm, 26, octaves=4)  # (N, 4)
    across = torch.hypot((skin.axial_mm + 4) * 0.85, skin.arc_mm) + 14 * ragged[:, 0]
    dark = (1 - smoothstep(across, 18, 62)) * (0.72 + 0.4 * ragged[:, 1]).clamp(0.1, 1.5)
    red = (1 - smoothstep(across + 12 * ragged[:, 3], 14, 70)) * (0.6 + 0.7 * ragged[:, 2]).clamp(0, 1.6)
    left = (skin.leg == 2).float()
    strength = look.knee_dark[0] * (1 - left) + look.knee_dark[1] * left
    hue = [b * (1 - look.knee_grey) + g * look.knee_grey for b, g in zip(_BROWN, _GREY, strict=True)]
    state.log_gain -= (dark * strength)[:, None] * torch.tensor(hue, device=dark.device)
    state.log_melanosomes += 0.35 * dark * strength
    state.blood += red * (look.knee_red[0] * (1 - left) + look.knee_red[1] * left)


def _freckles(state: SkinState, skin: SkinPoints, look: SkinLook, noise: Noise) -> None:
    where = smoothstep(noise.fractal(skin.rest_mm, 60)[:, 0], -0.6, 0.8)
    for size_mm, share in ((4.5, look.freckles * 0.6), (11.0, look.sun * 0.45)):
        if share == 0:
            continue
        cells = noise.cells(skin.rest_mm, size_mm)
        radius = 0.12 + 0.3 * (cells.chance * 37).remainder(1)
        spot = (1 - smoothstep(cells.nearest, radius * 0.5, radius + 0.1)) * (cells.chance < share * where)
        state.log_melanosomes += spot * (0.25 + 0.6 * (cells.chance * 91).remainder(1))


def _veins(state: SkinState, skin: SkinPoints, look: SkinLook, noise: Noise) -> None:
    """Blue soft lines along the leg; varicose ones stand out and wind."""
    along = torch.tensor([70.0, 240.0, 70.0], device=skin.rest_mm.device)
    bend = noise.values(skin.rest_mm, 45)[:, :3] * 14
    for strength, width, raised in ((look.veins, 0.05, 0.1), (look.varicose, 0.07, 1.8)):
        if strength == 0:
            continue
        wind = 2.2 if raised > 1 else 1.0
        field = noise.values(skin.rest_mm + wind * bend, along)
        line = torch.exp(-((field[:, 0] / width) ** 2)) * smoothstep(field[:, 1], 0.05, 0.45)
        blue = torch.tensor([0.28, 0.14, 0.07], device=line.device)
        state.log_gain -= (strength * line)[:, None] * blue
        state.height_mm += raised * strength * line


def _relief(state: SkinState, skin: SkinPoints, look: SkinLook, noise: Noise) -> None:
    if look.pores:
        cells = noise.cells(skin.rest_mm, 5.0)
        bump = 1 - smoothstep(cells.nearest, 0.1, 0.45)
        state.height_mm += 0.22 * look.pores * bump
        state.log_gain -= 0.10 * look.pores * (bump * (cells.chance > 0.3))[:, None]
    if look.wrinkles:
        squeezed = torch.tensor([26.0, 5.0, 26.0], device=skin.rest_mm.device)
        fine = noise.fractal(skin.rest_mm + 3 * noise.values(skin.rest_mm, 20)[:, :3], 7, octaves=2)
        folds = 1 - noise.values(skin.rest_mm, squeezed)[:, 0].abs() * 2
        where = smoothstep(fine[:, 2] - skin.axial_mm.abs() / 120, -1.2, 0.5)
        state.height_mm += look.wrinkles * (0.3 * folds * where + 0.22 * fine[:, 1])
    if look.scales:
        cells = noise.cells(skin.rest_mm, 6.5)
        rim = 1 - smoothstep(cells.border, 0.0, 0.16)
        where = smoothstep(noise.values(skin.rest_mm, 80)[:, 0] - skin.axial_mm / 250, -0.5, 0.6)
        state.log_gain += (look.scales * where * (0.22 * rim - 0.05))[:, None]
        state.height_mm += 0.15 * look.scales * rim * where


def _lines(state: SkinState, skin: SkinPoints, look: SkinLook, noise: Noise) -> None:
    """Creases across the knee, and the borders that socks, shorts and the sun leave."""
    bend = noise.fractal(skin.rest_mm, 30, octaves=3)
    for crease in range(look.creases):
        spread = math.sin(12.9898 * (crease + 1) + look.melanosomes * 1000)
        middle_mm = 34 * spread + 5 * bend[:, crease % 4]
        line = torch.exp(-(((skin.axial_mm - middle_mm) / 1.9) ** 2))
        line = line * (1 - smoothstep(skin.arc_mm.abs() + 14 * bend[:, (crease + 1) % 4], 12, 42))
        state.height_mm -= 1.1 * line
        state.log_gain -= (0.22 * line)[:, None]
    for border_mm, darker in ((look.sock_line_mm, -0.3), (look.short_line_mm, 0.35)):
        if border_mm is None:
            continue
        edge = smoothstep(border_mm - skin.axial_mm + 3 * bend[:, 0], -5, 5)
        state.log_melanosomes += darker * edge
        if darker < 0:
            ring = torch.exp(-(((skin.axial_mm - border_mm) / 6) ** 2))
            state.blood += 0.015 * ring
            state.height_mm -= 0.6 * ring
