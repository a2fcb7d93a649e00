"""Where on the legs mottling lies: a weight at each point of skin, clear of the borders between zones."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor

from mottling.scale import Zone
from training.synthetic.noise import Noise
from training.synthetic.records import LegMottling, Placement
from training.synthetic.view import SkinPoints, smoothstep

__all__ = ["clearance_mm", "extent_weight"]

_COIN_MARGIN_MM = 0.5
_MARGIN_MM = 5.0
_FADE_MM = 12.0
_COIN_FADE_MM = 5.0


def extent_weight(
    skin: SkinPoints, legs: tuple[LegMottling, LegMottling], noise: Noise, *, shape: tuple[int, int]
) -> Tensor:
    """0-1 for each point (N,); exactly 0 in every zone above the score drawn for its leg."""
    wobble = noise.fractal(skin.rest_mm, 55.0, octaves=3)  # (N, 4)
    weight = torch.zeros_like(skin.axial_mm)
    for number, leg in enumerate(legs, start=1):
        here = skin.leg == number
        if leg.score == 0 or not bool(here.any()):
            continue
        one = _allowed(skin, here, leg, shape=shape) * _placed(skin, here, leg, wobble)
        weight = torch.where(here, one, weight)
    return weight


def _allowed(skin: SkinPoints, here: Tensor, leg: LegMottling, *, shape: tuple[int, int]) -> Tensor:
    if leg.placement is Placement.COIN:
        outside = here & (skin.zone != Zone.COIN)
        clear_mm = clearance_mm(skin, outside, shape=shape)
        return smoothstep(clear_mm, _COIN_MARGIN_MM, _COIN_MARGIN_MM + _COIN_FADE_MM)
    above = here & (skin.zone > leg.score)
    return smoothstep(clearance_mm(skin, above, shape=shape), _MARGIN_MM, _MARGIN_MM + _FADE_MM)


def clearance_mm(skin: SkinPoints, others: Tensor, *, shape: tuple[int, int]) -> Tensor:
    """How far each point (N,) is from the others in the picture, in millimetres on the skin."""
    free = np.ones(shape[0] * shape[1], np.uint8)
    free[skin.pixel[others].cpu().numpy()] = 0
    if free.all():
        return torch.full_like(skin.axial_mm, 1e4)
    distance_px = cv2.distanceTransform(free.reshape(shape), cv2.DIST_L2, 3).reshape(-1)
    found = torch.from_numpy(distance_px).to(skin.axial_mm.device)[skin.pixel]
    return (found - 1).clamp_min(0) * skin.mm_per_px


def _placed(skin: SkinPoints, here: Tensor, leg: LegMottling, wobble: Tensor) -> Tensor:
    if leg.placement is Placement.COIN:
        return torch.ones_like(skin.axial_mm)
    axial = skin.axial_mm + 22 * wobble[:, 0]
    top_mm = _top_mm(skin, here, leg)
    weight = 1 - smoothstep(axial, top_mm - 18, top_mm + 18)
    low_mm = min(leg.low_mm, -170.0) if leg.placement is Placement.LOWER_LEG else leg.low_mm
    weight = weight * smoothstep(axial, low_mm - 25, low_mm + 25)
    weight = weight * _shape_of(skin, leg, axial, wobble)
    away_deg = (skin.around_deg - leg.side_deg + 180).remainder(360) - 180
    weight = weight * (1 - leg.side_share * smoothstep(away_deg.abs() + 25 * wobble[:, 1], 45, 110))
    patches = smoothstep(wobble[:, 2] + 1.2 * (1 - leg.patchiness), -0.35, 0.55)
    return weight * patches


def _shape_of(skin: SkinPoints, leg: LegMottling, axial: Tensor, wobble: Tensor) -> Tensor:
    match leg.placement:
        case Placement.KNEECAP_CLEAR:
            from_knee = torch.hypot(skin.axial_mm, skin.arc_mm) + 8 * wobble[:, 3]
            return smoothstep(from_knee, 36, 62)
        case Placement.LOWER_LEG:
            return 1 - smoothstep(axial, -95, -50)
        case Placement.THIGH:
            return smoothstep(axial, 35, 75)
        case Placement.SKIPPED:
            return smoothstep(wobble[:, 3], -0.1, 0.35)
        case _:
            return torch.ones_like(axial)


def _top_mm(skin: SkinPoints, here: Tensor, leg: LegMottling) -> float:
    """Upper end along the leg: into the highest zone, as far of it as is in view."""
    zone = skin.axial_mm[here & (skin.zone == leg.score)]
    if zone.numel() < 20:
        return 1e4
    low, high = torch.quantile(
        zone[:: max(1, zone.numel() // 4000)], torch.tensor([0.03, 0.97], device=zone.device)
    )
    low_mm = max(float(low), -60.0) if leg.score == Zone.KNEE else float(low)
    return low_mm + max(leg.reach * (float(high) - low_mm), 30.0)
