"""Dresses a geometry: one photograph, its twin without mottling, and what is true of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mottling.arrays import Rgb8, ZoneMap
from mottling.scale import LegReading, Zone
from training.synthetic.arm_skin import paint_arm
from training.synthetic.extent import extent_weight
from training.synthetic.fabric import Surfaces, draw_surfaces
from training.synthetic.geometry import Geometry, Part
from training.synthetic.hair import draw_hair
from training.synthetic.labels import (
    DUSKY,
    LEAST_IN_VIEW,
    LEAST_SHARE,
    colour_difference,
    outline,
    read_picture,
    visibility,
)
from training.synthetic.lookalikes import add_blemishes
from training.synthetic.materials import FabricPhoto, RealMaterials
from training.synthetic.noise import Noise
from training.synthetic.pattern import draw_net
from training.synthetic.phone import measure, shoot
from training.synthetic.records import Appearance, Placement
from training.synthetic.shading import Lit, bend_normals, light_up
from training.synthetic.skin import Optics, SkinTable, bake_skin
from training.synthetic.skin_state import SkinState
from training.synthetic.variation import vary
from training.synthetic.view import SkinPoints, View, as_view

__all__ = ["Dressed", "dress"]

# Mottling that makes a score is plainly there: two readers would agree. So much of a zone at least is
# mottled, and of a coin that stands alone nearly half.
_LEAST_DRAWN = 2.5 * LEAST_SHARE
_LEAST_OF_COIN = 0.4
_LEAST_IN_VIEW = 1.5 * LEAST_IN_VIEW
_SHEEN = 1.6

# What else shines, against cloth.
_CLOTH_GLOSS = 0.25
_GLOSS = {Part.TUBE: 2.5, Part.RAIL: 3.0, Part.HAND: 1.0, Part.STAFF_HAND: 1.2}
_CPU = torch.device("cpu")


@dataclass(frozen=True)
class Dressed:
    """A photograph and its truth."""

    photo: Rgb8
    clean: Rgb8
    """The twin: the same in everything, but without mottling."""
    zones: ZoneMap
    legs: NDArray[np.uint8]
    """(H, W): 1 the right leg, 2 the left one, 0 elsewhere."""
    mottling: NDArray[np.uint8]
    """(H, W): 1 in the mottled region as a reader would outline it."""
    ignore: NDArray[np.bool_]
    """(H, W): nobody can say whether it is mottled."""
    visible_difference: NDArray[np.float32]
    """(H, W): ΔE between photograph and twin."""
    reading: LegReading
    """The patient's score as far as the picture shows."""


@torch.no_grad()
def dress(
    geometry: Geometry,
    appearance: Appearance,
    *,
    rng: np.random.Generator,
    materials: RealMaterials | None = None,
    device: torch.device = _CPU,
) -> Dressed:
    """Dress a geometry.

    Args:
        geometry: The view.
        appearance: What was drawn for it.
        rng: Draws the noise; the same state gives the same picture.
        materials: Photographed fabrics, rooms and skin, or None to make all of it.
        device: Where the tensors live.
    """
    view = as_view(geometry, device)
    seed = int(rng.integers(2**31))
    amount = _mottle(view, appearance, Noise(seed, device=device))
    state = _skin_state(view, appearance, Noise(seed + 1, device=device), rng, materials)
    scenes = _render(view, appearance, state, amount, _Props(Noise(seed + 2, device=device), rng, materials))
    exposure = measure(scenes[1], appearance.phone)
    photo, clean = (shoot(scene, exposure, appearance.phone, seed=seed) for scene in scenes)
    return _judge(geometry, view, appearance, amount, (photo, clean))


@dataclass(frozen=True)
class _Props:
    """What the rest of the picture is drawn from."""

    noise: Noise
    rng: np.random.Generator
    materials: RealMaterials | None


def _mottle(view: View, appearance: Appearance, noise: Noise) -> Tensor:
    """Amount of mottling at each point of skin (N,), in no zone too little to count."""
    skin = view.skin
    if len(skin) == 0 or all(leg.score == 0 for leg in appearance.legs):
        return torch.zeros_like(skin.axial_mm)
    shape = (view.part.shape[0], view.part.shape[1])
    weight = extent_weight(skin, appearance.legs, noise, shape=shape)
    net = draw_net(skin.rest_mm, appearance.look, noise)
    coins = [leg for leg, drawn in enumerate(appearance.legs, start=1) if drawn.placement is Placement.COIN]
    for leg in coins:
        net = net.filled(skin.leg == leg, skin.rest_mm, noise)
    return _without_traces(skin, net.amount(weight, appearance.look), dusky=DUSKY * appearance.look.strength)


def _without_traces(skin: SkinPoints, amount: Tensor, *, dusky: float) -> Tensor:
    """Clear the zones in which so little is mottled, or seen, that the truth would be in doubt."""
    for leg in (1, 2):
        of_leg = skin.leg == leg
        for zone in sorted(Zone, reverse=True)[:-1]:
            here = of_leg & (skin.zone == zone)
            if _in_doubt(zone, amount > dusky, here=here, of_leg=of_leg):
                amount = torch.where(here, torch.zeros_like(amount), amount)
    return amount


def _in_doubt(zone: Zone, mottled: Tensor, *, here: Tensor, of_leg: Tensor) -> bool:
    """Whether two readers might differ on a zone; a coin decides only where nothing else is mottled."""
    if not bool(here.any()):
        return False
    share = float(mottled[here].float().mean())
    if zone is Zone.COIN:
        return share < _LEAST_OF_COIN and not bool(mottled[of_leg & ~here].any())
    return share < _LEAST_DRAWN or int(here.sum()) < _LEAST_IN_VIEW * int(of_leg.sum())


def _skin_state(
    view: View,
    appearance: Appearance,
    noise: Noise,
    rng: np.random.Generator,
    materials: RealMaterials | None,
) -> SkinState:
    skin = view.skin
    state = vary(skin, appearance.skin, noise)
    add_blemishes(state, skin, appearance.blemishes, noise)
    if materials is not None and rng.random() < 0.7:
        photo = materials.draw_skin(rng, skin.axial_mm.device)
        state.log_gain += photo.at(torch.stack([skin.axial_mm, skin.arc_mm], dim=1))
    return state


def _render(
    view: View, appearance: Appearance, state: SkinState, amount: Tensor, props: _Props
) -> tuple[Tensor, Tensor]:
    """Light on the sensor (H, W, 3), with and without mottling."""
    skin = view.skin
    fabrics, room = _borrowed(appearance, view, props)
    surfaces = draw_surfaces(view, appearance.cloths, props.noise, fabrics=fabrics, room=room)
    table = bake_skin(Optics(escape=appearance.skin.escape), device=view.normal.device)
    _paint_arms(surfaces, view, appearance, table, props.noise)
    is_skin = _on_parts(view, {Part.SKIN: 1.0, Part.HAND: 1.0, Part.STAFF_HAND: 1.0}, other=0.0)
    normal = bend_normals(view, skin.paint(state.height_mm, surfaces.height_mm))
    lit = light_up(view, normal, appearance, is_skin=is_skin)
    hair = draw_hair(view, appearance.skin, props.rng)[..., None]
    gloss = _on_parts(view, _GLOSS | {Part.SKIN: appearance.skin.sheen * _SHEEN}, other=_CLOTH_GLOSS)
    scenes = []
    for mottled in (amount, torch.zeros_like(amount)):
        colour = state.reflectance(table, mottled=mottled, look=appearance.look)
        frame = skin.paint(colour, surfaces.colour)
        scenes.append(_compose(frame, lit, hair=hair * appearance.skin.hair_dark, gloss=gloss[..., None]))
    return scenes[0], scenes[1]


def _on_parts(view: View, values: dict[Part, float], *, other: float) -> Tensor:
    """A frame (H, W) with one value a part."""
    table = torch.full((len(Part),), other, device=view.part.device)
    for part, value in values.items():
        table[part] = value
    return table[view.part.long()]


def _paint_arms(
    surfaces: Surfaces, view: View, appearance: Appearance, table: SkinTable, noise: Noise
) -> None:
    looks = {Part.HAND: appearance.own_hand, Part.STAFF_HAND: appearance.staff_hand}
    glove = appearance.cloths[Part.HAND.name]
    for part, look in looks.items():
        here = (view.part == part).flatten().nonzero()[:, 0]
        if here.numel() == 0:
            continue
        colour, height = paint_arm(
            view.surface_mm.reshape(-1, 2)[here], look, glove, table=table, noise=noise
        )
        surfaces.colour.view(-1, 3)[here] = colour
        surfaces.height_mm.view(-1)[here] = height


def _compose(frame: Tensor, lit: Lit, *, hair: Tensor, gloss: Tensor) -> Tensor:
    haired = frame * (1 - hair) + 0.02 * hair
    return (haired * lit.diffuse + gloss * (1 - hair) * lit.sheen).clamp(0, 20)


def _borrowed(
    appearance: Appearance, view: View, props: _Props
) -> tuple[dict[str, FabricPhoto], Tensor | None]:
    """Photographed fabrics and a room, where there is a folder of them."""
    if props.materials is None:
        return {}, None
    device = view.ambient.device
    fabrics = {
        name: props.materials.draw_fabric(props.rng, device)
        for name, cloth in appearance.cloths.items()
        if cloth.real
    }
    if not appearance.cloths[Part.ROOM.name].real:
        return fabrics, None
    shape = (view.part.shape[0], view.part.shape[1])
    return fabrics, props.materials.draw_room(props.rng, device, shape=shape)


def _judge(
    geometry: Geometry, view: View, appearance: Appearance, amount: Tensor, pictures: tuple[Rgb8, Rgb8]
) -> Dressed:
    photo, clean = pictures
    frame = view.skin.paint(amount, torch.zeros_like(view.ambient)).cpu().numpy()
    skin = np.asarray(geometry.zone > 0)
    region = outline(
        frame,
        skin,
        visibility(photo, clean),
        cell_px=appearance.look.cell_mm / view.mm_per_px,
        strength=appearance.look.strength,
    )
    return Dressed(
        photo=photo,
        clean=clean,
        zones=geometry.zone,
        legs=geometry.leg,
        mottling=region.mottled.astype(np.uint8),
        ignore=region.ignore,
        visible_difference=colour_difference(photo, clean),
        reading=read_picture(geometry.zone, geometry.leg, region),
    )
