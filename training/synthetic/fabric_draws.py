"""Draws the fabrics of bed, gown and stockings, and the colours of all that is not skin."""

from __future__ import annotations

import colorsys

import numpy as np

from training.synthetic.geometry import Part
from training.synthetic.records import Cloth, ClothPrint

__all__ = ["draw_cloths"]

_PLAIN, _STRIPES, _CHECKS = ClothPrint.PLAIN, ClothPrint.STRIPES, ClothPrint.CHECKS
_FLORAL, _LACE, _KNIT = ClothPrint.FLORAL, ClothPrint.LACE, ClothPrint.KNIT

# How often each print, by part.
_PRINTS: dict[Part, dict[ClothPrint, float]] = {
    Part.SHEET: {_PLAIN: 6, _STRIPES: 1, _CHECKS: 0.5, ClothPrint.MOTIFS: 0.7},
    Part.BLANKET: {_PLAIN: 3, _KNIT: 2, _CHECKS: 1.5, ClothPrint.TERRY: 2, _STRIPES: 1, _FLORAL: 1},
    Part.GOWN: {
        _PLAIN: 2, ClothPrint.DOTS: 2, ClothPrint.MOTIFS: 3, _STRIPES: 2, _CHECKS: 1, _FLORAL: 2, _LACE: 0.5,
    },
    Part.UNDERWEAR: {_PLAIN: 3, _LACE: 1, _FLORAL: 1, _STRIPES: 1},
    Part.STOCKING: {_PLAIN: 2, ClothPrint.NET: 2, _LACE: 2, _KNIT: 2, _STRIPES: 1, _FLORAL: 1},
    Part.RAIL: {_PLAIN: 1, ClothPrint.METAL: 1},
    Part.TUBE: {_PLAIN: 1, ClothPrint.CLEAR: 1.5},
}  # fmt: skip

# Wards have quiet linen; the loud is kept as well, for patterned cloth was taken for mottling.
_QUIET_SHARE = 0.6
_REAL_SHARES = {Part.SHEET: 0.25, Part.GOWN: 0.35}

_HOSPITAL = (
    (0.55, 0.65, 0.75),
    (0.6, 0.72, 0.68),
    (0.78, 0.8, 0.8),
    (0.72, 0.62, 0.66),
    (0.2, 0.3, 0.45),
    (0.68, 0.7, 0.55),
)
_SKIN_LIKE = ((0.6, 0.36, 0.25), (0.45, 0.25, 0.16), (0.25, 0.12, 0.07), (0.7, 0.5, 0.4))
_GLOVES = ((0.12, 0.25, 0.6), (0.3, 0.2, 0.55), (0.75, 0.76, 0.74), (0.7, 0.66, 0.55), (0.03, 0.03, 0.03))
_TUBES = (
    (0.75, 0.76, 0.74), (0.7, 0.6, 0.32), (0.6, 0.42, 0.12), (0.4, 0.04, 0.04), (0.15, 0.4, 0.25),
    (0.1, 0.2, 0.5), (0.04, 0.04, 0.04),
)  # fmt: skip
_PAINTED_APART = (Part.SKIN, Part.STAFF_HAND)
_PALE_PARTS = (Part.SHEET, Part.DRESSING, Part.MATTRESS)


def draw_cloths(rng: np.random.Generator) -> dict[str, Cloth]:
    """Draw one fabric or surface for every part that is not skin; that of hands is a glove."""
    return {part.name: _draw_one(rng, part) for part in Part if part not in _PAINTED_APART}


def _draw_one(rng: np.random.Generator, part: Part) -> Cloth:
    kinds = _PRINTS.get(part, {_PLAIN: 1})
    shares = np.array(list(kinds.values()), float)
    kind = list(kinds)[int(rng.choice(len(kinds), p=shares / shares.sum()))]
    colour = _draw_colour(rng, part)
    return Cloth(
        colour=colour,
        second=_near(rng, colour) if rng.random() < _QUIET_SHARE else _any_colour(rng),
        print_kind=kind,
        repeat_mm=float(np.exp(rng.uniform(np.log(6), np.log(60)))),
        fold_mm=float(rng.uniform(40, 160)),
        fold_depth_mm=float(rng.uniform(0.5, 7)),
        real=bool(rng.random() < _REAL_SHARES.get(part, 0.45)),
        faded=float(rng.uniform(0.3, 0.85)) if rng.random() < _QUIET_SHARE else 0.0,
    )


def _draw_colour(rng: np.random.Generator, part: Part) -> tuple[float, float, float]:
    chance = rng.random()
    if part is Part.HAND:
        return _jittered(rng, _GLOVES)
    if part is Part.TUBE:
        return _jittered(rng, _TUBES)
    if part in {Part.STOCKING, Part.UNDERWEAR} and chance < 0.35:
        return _jittered(rng, _SKIN_LIKE)
    if part in _PALE_PARTS and chance < 0.65:
        white = float(rng.uniform(0.6, 0.85))
        return _jittered(rng, ((white, white, white),))
    if part in {Part.ROOM, Part.RAIL} and chance < 0.7:
        grey = float(rng.uniform(0.08, 0.7))
        return _jittered(rng, ((grey, grey, grey * 0.95),))
    return _jittered(rng, _HOSPITAL) if chance < 0.82 else _any_colour(rng)


def _jittered(
    rng: np.random.Generator, choices: tuple[tuple[float, float, float], ...]
) -> tuple[float, float, float]:
    base = np.array(choices[int(rng.integers(len(choices)))])
    red, green, blue = np.clip(base * np.exp(rng.normal(0, 0.07, 3) + rng.normal(0, 0.12)), 0.01, 0.92)
    return float(red), float(green), float(blue)


def _near(rng: np.random.Generator, colour: tuple[float, float, float]) -> tuple[float, float, float]:
    """A lighter or darker shade of a colour, as on linen of a hospital."""
    base, towards = np.array(colour), rng.choice([0.05, 0.85])
    red, green, blue = base + (towards - base) * rng.uniform(0.2, 0.6)
    return float(red), float(green), float(blue)


def _any_colour(rng: np.random.Generator) -> tuple[float, float, float]:
    return colorsys.hsv_to_rgb(rng.random(), float(rng.beta(1.2, 3)), float(rng.uniform(0.03, 0.8)))
