"""Light on surfaces: relief bent into normals, ambient light, lamps with soft shadow, warm wrap and sheen."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as nn

from training.synthetic.records import Appearance, LightColour
from training.synthetic.view import View, smoothstep

__all__ = ["Lit", "bend_normals", "light_up"]

_NEAR_MM = 900.0
_WRAP = (0.28, 0.12, 0.06)
_FRESNEL = 0.028  # at normal incidence, for n = 1.4
_STEEPEST = 1.2


class Lit:
    """Light that falls on each pixel, to be multiplied by its colour, and light that its gloss reflects."""

    def __init__(self, diffuse: Tensor, sheen: Tensor) -> None:
        self.diffuse = diffuse  # (H, W, 3)
        self.sheen = sheen  # (H, W, 3)


def bend_normals(view: View, height_mm: Tensor) -> Tensor:
    """Turn the normals (H, W, 3) by a relief (H, W) in millimetres; not across edges of things."""
    across, down = _step(view.position_mm, dim=1), _step(view.position_mm, dim=0)  # (H, W, 3)
    rise_across, rise_down = _step(height_mm[..., None], dim=1), _step(height_mm[..., None], dim=0)
    same = ((across.norm(dim=-1) < 4 * view.mm_per_px) & (down.norm(dim=-1) < 4 * view.mm_per_px))[..., None]
    slope = rise_across * across / across.square().sum(-1, keepdim=True).clamp_min(1e-2)
    slope = slope + rise_down * down / down.square().sum(-1, keepdim=True).clamp_min(1e-2)
    slope = slope * same
    steep = slope.norm(dim=-1, keepdim=True)
    slope = slope * (_STEEPEST / steep.clamp_min(_STEEPEST))
    return nn.normalize(view.normal - slope, dim=-1)


def _step(field: Tensor, *, dim: int) -> Tensor:
    return torch.cat([field.narrow(dim, 1, field.shape[dim] - 1), field.narrow(dim, -1, 1)], dim) - field


def light_up(view: View, normal: Tensor, appearance: Appearance, *, is_skin: Tensor) -> Lit:
    """Add up sky and lamps. Skin lets red light around the edge of the shadow."""
    device = normal.device
    sky = _colour(appearance.sky, device)
    upwards = 0.65 + 0.35 * normal[..., 2:3]
    diffuse = 0.42 * sky * view.ambient[..., None] * upwards
    sheen = 0.25 * _FRESNEL * sky * view.ambient[..., None].expand_as(normal)
    eye = nn.normalize(view.camera_mm - view.position_mm, dim=-1)
    wrap = torch.tensor(_WRAP, device=device) * is_skin[..., None]
    for number in range(view.light_direction.shape[0]):
        towards, fall = _towards(view, number)
        lamp = appearance.lights[number % len(appearance.lights)]
        seen = view.shadow[number] * fall
        if number == 0 and appearance.bars:
            seen = seen * (1 - appearance.bars * _bars(view, appearance))
        colour = _colour(lamp, device) * seen[..., None]
        facing = (normal * towards).sum(-1, keepdim=True)
        diffuse = diffuse + colour * ((facing + wrap) / (1 + wrap)).clamp_min(0)
        sheen = sheen + colour * _gloss(normal, towards, eye, appearance.skin.gloss) * (facing > 0)
    return Lit(diffuse, sheen)


def _towards(view: View, number: int) -> tuple[Tensor, Tensor]:
    """Direction to the lamp and how much of its light arrives."""
    if not view.light_is_near[number]:
        return view.light_direction[number].expand_as(view.normal), torch.ones_like(view.ambient)
    way = view.light_position_mm[number] - view.position_mm
    distance = way.norm(dim=-1, keepdim=True).clamp_min(50)
    return way / distance, (_NEAR_MM / distance[..., 0]).square().clamp_max(4)


def _gloss(normal: Tensor, towards: Tensor, eye: Tensor, power: float) -> Tensor:
    half = nn.normalize(towards + eye, dim=-1)
    mirrored = (normal * half).sum(-1, keepdim=True).clamp(0, 1).pow(power)
    grazing = 1 - (half * eye).sum(-1, keepdim=True).clamp(0, 1)
    fresnel = _FRESNEL + (1 - _FRESNEL) * grazing.clamp(0, 1).pow(5)
    return fresnel * mirrored * (power + 2) / 8


def _bars(view: View, appearance: Appearance) -> Tensor:
    """Stripes of shadow across the bed, as a rail or a blind throws them."""
    turn = appearance.sky.strength * 9.0
    direction = torch.tensor([turn, 2.0, 0.6], device=view.ambient.device).sin()
    way = (view.position_mm * direction).sum(-1) / (35 + 90 * appearance.phone.shoulder)
    edge = 0.04 + 0.2 * appearance.phone.vignette
    return smoothstep((way.frac().abs() - 0.5).abs(), 0.25 - edge, 0.25 + edge)


def _colour(light: LightColour, device: torch.device) -> Tensor:
    """Linear sRGB of a lamp that a camera balanced for 4600 K sees, of even brightness."""
    warmth = (4600 - light.kelvin) / 4600
    red, blue = 1 + 0.55 * warmth, 1 - 0.95 * warmth
    colour = torch.tensor([max(red, 0.2), 1 + light.green, max(blue, 0.2)], device=device)
    return colour * (light.strength / float(colour.mean()))
