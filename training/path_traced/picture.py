"""One photograph from a seed: view, light, skin, phone, and what is true of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.path_traced.bed import make_bed
from training.path_traced.draws import draw_look, draw_view
from training.path_traced.engine import Coat, Stage, Traced, even, trace
from training.path_traced.figure import stand_figure
from training.path_traced.handset import meter, shoot
from training.path_traced.mottling import Mottled, mottle_legs
from training.path_traced.records import Look, TracedView, Weave
from training.path_traced.relief import raise_relief
from training.path_traced.seen import Seen, in_view, look_at, uncovered
from training.path_traced.sight import aim
from training.path_traced.skin import Painted, paint_skin
from training.synthetic.dress import Dressed
from training.synthetic.labels import colour_difference, outline, read_picture, visibility

__all__ = ["Picture", "take_picture"]

Field = NDArray[np.float32]
_LEAST_SKIN_SHARE = 0.08
_MOST_DRAWS = 20
_CLOTH_ROUGHNESS = 0.85
_LEAST_COLOUR = 0.01


@dataclass(frozen=True)
class Picture:
    """A photograph with its records."""

    dressed: Dressed
    view: TracedView
    look: Look


def take_picture(seed: int, number: int, *, long_side_px: int, samples: int, clean: bool = False) -> Picture:
    """Draw, trace and label one photograph.

    Args:
        seed: Of the set.
        number: Of the photograph in it.
        long_side_px: Size.
        samples: Paths for each pixel.
        clean: Whether mottling is left away.
    """
    rng = np.random.default_rng((seed, number))
    for _ in range(_MOST_DRAWS):
        view = draw_view(rng)
        figure = stand_figure(view)
        sight = aim(view, figure, long_side_px=long_side_px)
        stage = Stage(view, figure, uncovered(view.bedding, figure), make_bed(view, figure), sight)
        seen = look_at(figure, stage.faces, stage.things, sight)
        if in_view(seen, _LEAST_SKIN_SHARE):
            break
    look = draw_look(np.random.default_rng((seed, number, 1)))
    if clean:
        look = look.without_mottling()
    mottled = mottle_legs(seen, look.mottle, look.legs)
    painted = paint_skin(seen, look.skin, look.mottle, mottled.amount, mottled.pale)
    coat = _coat(seen, painted, view, look)
    traced = trace(stage, coat, look.skin, samples=samples, seed=number)
    return Picture(_develop(seen, look, traced, mottled, painted), view, look)


def _coat(seen: Seen, painted: Painted, view: TracedView, look: Look) -> Coat:
    """Skin and underwear, drawn on beyond the outline so that no other colour bleeds in."""
    colour = np.where(seen.briefs[..., None], _cloth(view.bedding.briefs), painted.mottled)
    rough = np.where(seen.briefs, _CLOTH_ROUGHNESS, look.skin.roughness)
    height = raise_relief(seen, view)
    return Coat(_beyond(colour, seen.body), _beyond(rough, seen.body), _beyond(height, seen.body))


def _cloth(briefs: Weave) -> Field:
    return np.array(briefs.colour, np.float32)


def _beyond(values: NDArray[np.floating], known: NDArray[np.bool_]) -> Field:
    """Give each other pixel the value of the nearest known one."""
    if not known.any() or known.all():
        return values.astype(np.float32)
    _, nearest = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    table = np.zeros((int(nearest.max()) + 1, *values.shape[2:]), np.float32)
    table[nearest[known]] = values[known]
    return np.asarray(table[nearest], np.float32)


def _develop(seen: Seen, look: Look, traced: Traced, mottled: Mottled, painted: Painted) -> Dressed:
    lights = _lights(seen, traced, painted)
    gains = meter(lights[1], look.phone)
    photo, clean = (shoot(light, gains, look.phone, seed=look.skin.seed) for light in lights)
    visible = visibility(photo, clean)
    region = outline(mottled.amount, seen.zone > 0, visible, cell_px=look.mottle.cell_mm / seen.mm_per_px)
    return Dressed(
        photo=photo,
        clean=clean,
        zones=seen.zone,
        legs=seen.leg,
        mottling=region.mottled.astype(np.uint8),
        ignore=region.ignore,
        visible_difference=colour_difference(photo, clean),
        reading=read_picture(seen.zone, seen.leg, region),
    )


def _lights(seen: Seen, traced: Traced, painted: Painted) -> tuple[Field, Field]:
    """Light of the photograph and of its twin.

    Light that comes back from skin is its colour times the light that reaches it, and what its surface
    mirrors: the first is freed from grain without touching the pattern, and given the colour of clean skin.
    A pixel on an outline shows two things, and is left as it is.
    Of light that goes from leg to leg, the twin keeps what little colour mottling gave it.
    """
    gloss = even(traced.gloss)
    inner = cv2.erode(seen.skin.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    usual = np.median(painted.clean[seen.skin], axis=0) if seen.skin.any() else np.ones(3, np.float32)
    colour = np.where(inner[..., None], np.maximum(painted.mottled, _LEAST_COLOUR), usual)
    mirrored = np.where(inner[..., None], gloss, 0)
    falling = even(np.asarray(np.maximum(traced.light - mirrored, 0) / colour, np.float32))
    cleaner = np.where(inner[..., None], painted.clean, usual)
    return (falling * colour + mirrored).astype(np.float32), (falling * cleaner + mirrored).astype(np.float32)
