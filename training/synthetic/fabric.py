"""Colour and relief of all that is not skin: woven, printed, folded."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as nn

from training.synthetic.geometry import Part
from training.synthetic.materials import FabricPhoto
from training.synthetic.noise import Noise
from training.synthetic.records import Cloth, ClothPrint
from training.synthetic.view import View, smoothstep

__all__ = ["Surfaces", "draw_surfaces"]

_PRINTABLE = {Part.SHEET, Part.BLANKET, Part.GOWN, Part.UNDERWEAR, Part.STOCKING, Part.ROOM}
_ARMS = {Part.HAND, Part.STAFF_HAND}
_FOLDED = {Part.SHEET, Part.BLANKET, Part.GOWN, Part.UNDERWEAR}


@dataclass
class Surfaces:
    """Frames for everything but skin."""

    colour: Tensor  # (H, W, 3) linear sRGB
    height_mm: Tensor  # (H, W)


def draw_surfaces(
    view: View,
    cloths: dict[str, Cloth],
    noise: Noise,
    *,
    fabrics: dict[str, FabricPhoto],
    room: Tensor | None,
) -> Surfaces:
    """Paint each part with its fabric, all but skin and arms.

    Args:
        view: The geometry.
        cloths: By the name of the part.
        noise: Of this picture.
        fabrics: Photographed fabrics by the name of the part, where there are any.
        room: A photograph (H, W, 3), linear, behind everything, or None.
    """
    surfaces = Surfaces(torch.zeros_like(view.normal), torch.zeros_like(view.ambient))
    for part in Part:
        here = (view.part == part).flatten().nonzero()[:, 0]
        if part is Part.SKIN or part in _ARMS or here.numel() == 0:
            continue
        way = view.surface_mm.reshape(-1, 2)[here]
        points = torch.cat([way, torch.zeros_like(way[:, :1])], dim=1)  # (N, 3)
        colour, height = _paint(points, part, cloths[part.name], noise, fabrics.get(part.name))
        if part is Part.ROOM and room is not None:
            colour = room.reshape(-1, 3)[here]
        if part in {Part.RAIL, Part.TUBE}:
            colour = colour * _mirrored(view, here, cloths[part.name].print_kind)
        surfaces.colour.view(-1, 3)[here] = colour
        surfaces.height_mm.view(-1)[here] = height
    return surfaces


def _paint(
    points: Tensor, part: Part, cloth: Cloth, noise: Noise, fabric: FabricPhoto | None
) -> tuple[Tensor, Tensor]:
    clouds = noise.fractal(points, 90, octaves=3)  # (N, 4)
    grain = noise.values(points, 4)  # (N, 4)
    colour = torch.tensor(cloth.colour, device=points.device).expand_as(points)
    if fabric is not None and part in _PRINTABLE:
        colour = _washed(fabric.at(points[:, :2]), cloth)
    elif part in _PRINTABLE:
        second = torch.tensor(cloth.second, device=points.device)
        share = _print(points, cloth, noise, clouds)[:, None] * (1 - 0.5 * cloth.faded)
        colour = colour * (1 - share) + second * share
    colour = colour * (1 + 0.06 * clouds[:, :1] + 0.05 * grain[:, :1])
    height = 0.15 * grain[:, 1]
    if part in _FOLDED:
        height = height + _folds(points, cloth, noise)
    return colour.clamp(0.005, 0.95), height


def _washed(colour: Tensor, cloth: Cloth) -> Tensor:
    """Bring a photographed fabric (N, 3) nearer to its own mean and to white, as washing does."""
    pale = 0.5 * colour.mean(dim=0) + 0.35
    return colour * (1 - cloth.faded) + pale * cloth.faded


def _mirrored(view: View, here: Tensor, kind: ClothPrint) -> Tensor:
    """Factor (N, 1): metal shows bright ceiling and dark floor, a clear tube is bright along its edges."""
    normal = view.normal.reshape(-1, 3)[here]
    eye = nn.normalize(view.camera_mm - view.position_mm.reshape(-1, 3)[here], dim=-1)
    facing = (normal * eye).sum(-1, keepdim=True)
    if kind is ClothPrint.METAL:
        up = (2 * facing * normal - eye)[:, 2:]
        return 0.3 + 1.1 * smoothstep(up, -0.15, 0.55)
    if kind is ClothPrint.CLEAR:
        return 0.75 + 0.4 * smoothstep(1 - facing.clamp(0, 1), 0.1, 0.6)
    return torch.ones_like(facing)


def _folds(points: Tensor, cloth: Cloth, noise: Noise) -> Tensor:
    """Long folds that run one way, with a few across."""
    turn = 6.28 * cloth.repeat_mm % math.pi
    along = points[:, 0] * math.cos(turn) + points[:, 1] * math.sin(turn)
    beside = points[:, 1] * math.cos(turn) - points[:, 0] * math.sin(turn)
    stretched = torch.stack([along / 5, beside, torch.zeros_like(along)], dim=1)
    bent = stretched + 0.35 * cloth.fold_mm * noise.values(points, cloth.fold_mm * 2)[:, :3]
    ridges = 1 - noise.values(bent, cloth.fold_mm)[:, 0].abs()
    return cloth.fold_depth_mm * (2.2 * ridges.clamp_min(0).square() + noise.values(points, 130)[:, 1])


def _print(points: Tensor, cloth: Cloth, noise: Noise, clouds: Tensor) -> Tensor:
    """Share (N,) of the second colour."""
    size = cloth.repeat_mm
    if cloth.print_kind in _GEOMETRIC:
        return _GEOMETRIC[cloth.print_kind](points[:, 0] / size, points[:, 1] / size)
    match cloth.print_kind:
        case ClothPrint.MOTIFS:
            return _motifs(points, size, noise)
        case ClothPrint.FLORAL:
            return smoothstep(noise.fractal(points, size, octaves=3)[:, 0], 0.05, 0.2)
        case ClothPrint.LACE:
            holes = smoothstep(noise.cells(points, size * 0.25).border, 0.12, 0.25)
            return holes * smoothstep(clouds[:, 1], -0.5, 0.1)
        case ClothPrint.KNIT:
            return 0.35 * _line(points[:, 0] / 4 + 0.2 * torch.sin(points[:, 1] / 2), 0.5)
        case _:
            return 0.25 * smoothstep(noise.values(points, 3)[:, 2], -0.3, 0.5)


def _motifs(points: Tensor, size: float, noise: Noise) -> Tensor:
    """Small rings and diamonds, as gowns of hospitals have."""
    cells = noise.cells(points, size * 0.6)
    ring = torch.exp(-(((cells.nearest - 0.28) / 0.07) ** 2))
    disc = 1 - smoothstep(cells.nearest, 0.16, 0.24)
    return torch.where(cells.chance < 0.5, ring, disc)


def _saw(way: Tensor) -> Tensor:
    return way - way.round()


def _line(way: Tensor, share: float) -> Tensor:
    return 1 - smoothstep(_saw(way).abs(), share / 2 - 0.04, share / 2 + 0.04)


def _plain(across: Tensor, along: Tensor) -> Tensor:
    return torch.zeros_like(across + along)


def _stripes(across: Tensor, along: Tensor) -> Tensor:
    return _line(across + 0 * along, 0.3)


def _checks(across: Tensor, along: Tensor) -> Tensor:
    return 0.5 * _line(across, 0.35) + 0.5 * _line(along, 0.35)


def _dots(across: Tensor, along: Tensor) -> Tensor:
    return 1 - smoothstep(torch.hypot(_saw(across), _saw(along)), 0.15, 0.25)


def _net(across: Tensor, along: Tensor) -> Tensor:
    threads = torch.minimum(_saw(3 * (across + along)).abs(), _saw(3 * (across - along)).abs())
    return smoothstep(threads, 0.05, 0.15)


_GEOMETRIC = {
    ClothPrint.PLAIN: _plain,
    ClothPrint.STRIPES: _stripes,
    ClothPrint.CHECKS: _checks,
    ClothPrint.DOTS: _dots,
    ClothPrint.NET: _net,
}
