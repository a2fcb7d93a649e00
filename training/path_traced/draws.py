"""Draws the records: the view without a look at the score, the look without a look at the view."""

from __future__ import annotations

import numpy as np

from training.path_traced.records import (
    Bedding,
    Handset,
    LegSpread,
    Lens,
    Look,
    Mottle,
    Panel,
    Process,
    Skin,
    Spread,
    TracedView,
    Weave,
    WeaveKind,
)
from training.synthetic.scene_records import Body, Pose

__all__ = ["draw_look", "draw_view"]

_STANDING_SHARE = 0.12
_CUT_SHARE = 0.2
_LIFTED_SHARE = 0.68

# CIELAB of lit skin in the middle of the six groups of the individual typology angle (cuts 55, 41, 28, 10 and
# -30 degrees, clinical-facts.md): light to very dark, and the Monk tones that stand for each.
_GROUPS = (
    ((70.0, 8.0, 13.5), (1, 2)),
    ((65.0, 9.5, 16.0), (3, 4)),
    ((60.0, 10.5, 17.5), (5, 6)),
    ((53.5, 11.5, 18.0), (7, 7)),
    ((44.0, 11.5, 16.5), (8, 8)),
    ((33.0, 9.0, 11.5), (9, 10)),
)

# What hospitals wash: linear sRGB.
_GOWNS = (
    (0.30, 0.48, 0.55),
    (0.62, 0.70, 0.66),
    (0.72, 0.72, 0.70),
    (0.16, 0.28, 0.42),
    (0.55, 0.42, 0.50),
    (0.66, 0.60, 0.40),
    (0.12, 0.30, 0.27),
)
_SHEETS = ((0.72, 0.73, 0.74), (0.66, 0.70, 0.76), (0.70, 0.66, 0.56), (0.45, 0.58, 0.55), (0.52, 0.60, 0.72))
_BLANKETS = (
    (0.62, 0.42, 0.32),
    (0.12, 0.18, 0.34),
    (0.66, 0.60, 0.46),
    (0.35, 0.14, 0.15),
    (0.40, 0.42, 0.44),
)


def draw_view(rng: np.random.Generator) -> TracedView:
    """Draw body, pose, bed, lights and camera."""
    standing = bool(rng.random() < _STANDING_SHARE)
    return TracedView(
        body=_body(rng),
        pose=_pose(rng, standing=standing),
        bedding=_bedding(rng, standing=standing),
        lens=_lens(rng, standing=standing),
        panels=tuple(_panel(rng, standing=standing) for _ in range(int(rng.integers(1, 4)))),
        surroundings=_scaled(_daylight(rng), rng.uniform(0.25, 0.7)),
        floor=_scaled((0.42, 0.44, 0.43), rng.uniform(0.4, 1.3)),
        wall=_scaled((0.66, 0.65, 0.60), rng.uniform(0.6, 1.2)),
        relief_seed=int(rng.integers(2**31)),
        dome_mm=rng.uniform(1.0, 5.0),
        creases=int(rng.integers(0, 6)),
        crease_depth_mm=rng.uniform(0.1, 0.8),
    )


def _body(rng: np.random.Generator) -> Body:
    return Body(
        gender=float(rng.choice([rng.uniform(0, 0.15), rng.uniform(0.85, 1)])),
        age=rng.uniform(0.7, 1),
        muscle=rng.uniform(0.2, 0.7),
        weight=float(np.clip(rng.normal(0.5, 0.2), 0.05, 1)),
        height=rng.uniform(0.25, 0.75),
        proportions=rng.uniform(0.3, 1),
        oedema=float(rng.random() < 0.25) * rng.uniform(0, 0.8),
    )


def _pose(rng: np.random.Generator, *, standing: bool) -> Pose:
    bent = rng.uniform(0, 5, 2) if standing else rng.gamma(1.6, 7.0, 2).clip(0, 60)
    spread = rng.uniform(1, 7, 2) if standing else rng.uniform(2, 20, 2)
    turned, foot = rng.normal(10, 9, 2), rng.uniform(0, 30, 2)
    return Pose(
        standing=standing,
        knee_flexion_deg=(float(bent[0]), float(bent[1])),
        abduction_deg=(float(spread[0]), float(spread[1])),
        rotation_deg=(float(turned[0]), float(turned[1])),
        foot_deg=(float(foot[0]), float(foot[1])),
    )


def _bedding(rng: np.random.Generator, *, standing: bool) -> Bedding:
    lifted = bool(rng.random() < _LIFTED_SHARE)
    covered_feet = not standing and rng.random() < 0.2
    return Bedding(
        seed=int(rng.integers(2**31)),
        hem=rng.uniform(1.25, 1.6) if lifted else rng.uniform(0.3, 1.1),
        slope=rng.normal(0, 0.08),
        apron=rng.uniform(0.35, 0.8) if lifted else 0.0,
        apron_half_mm=rng.uniform(45, 85),
        apron_flare_mm=rng.uniform(0, 45),
        fold_mm=rng.uniform(5, 22),
        crease_mm=rng.uniform(2, 10),
        foot_cover_mm=rng.uniform(160, 330) if covered_feet else None,
        tube=not standing and bool(rng.random() < 0.35),
        rail=not standing and bool(rng.random() < 0.4),
        pad=not standing and bool(rng.random() < 0.3),
        gown=_weave(rng, _GOWNS),
        sheet=_weave(rng, _SHEETS, plain=True),
        blanket=_weave(rng, _BLANKETS),
        briefs=_weave(rng, _GOWNS + _BLANKETS, plain=True),
    )


def _weave(rng: np.random.Generator, colours: tuple[tuple[float, ...], ...], *, plain: bool = False) -> Weave:
    r, g, b = np.clip(np.array(colours[int(rng.integers(len(colours)))]) * rng.normal(1, 0.07, 3), 0.03, 0.82)
    kinds = [WeaveKind.PLAIN, WeaveKind.TWILL] if plain else list(WeaveKind)
    second = np.clip(rng.choice([0.3, 0.55, 1.5]) * np.array([r, g, b]) * rng.normal(1, 0.25, 3), 0.02, 0.85)
    return Weave(
        kind=WeaveKind(str(rng.choice([kind.value for kind in kinds]))),
        colour=(float(r), float(g), float(b)),
        second=(float(second[0]), float(second[1]), float(second[2])),
        repeat_mm=rng.uniform(14, 60),
    )


def _lens(rng: np.random.Generator, *, standing: bool) -> Lens:
    cut = bool(rng.random() < _CUT_SHARE)
    if standing:
        azimuth, elevation = rng.normal(0, 20), rng.uniform(65, 88)
    else:
        side = rng.random() < 0.3
        azimuth = rng.choice([-1, 1]) * rng.uniform(45, 95) if side else rng.normal(0, 18)
        elevation = rng.uniform(32, 62) if side else rng.uniform(38, 75)
    sideways = abs(azimuth) > 50
    portrait = rng.random() < (0.15 if sideways else 0.8)
    return Lens(
        azimuth_deg=float(azimuth),
        elevation_deg=elevation,
        span_mm=rng.uniform(420, 650)
        if cut
        else rng.uniform(820, 1150) * (1.0 if portrait or sideways else 1.3),
        field_deg=rng.uniform(52, 72),
        roll_deg=rng.normal(0, 4),
        portrait=bool(portrait),
        target=rng.uniform(-0.1, 0.4) if cut else rng.uniform(0.3, 0.6),
        leg=int(rng.integers(1, 3)) if cut and rng.random() < 0.5 else 0,
        aperture_mm=rng.uniform(0.6, 2.2),
    )


def _daylight(rng: np.random.Generator) -> tuple[float, float, float]:
    """Between a warm lamp and an overcast sky."""
    cold = rng.uniform(-1, 1)
    return (1 - 0.16 * cold, 1.0 + float(rng.normal(0, 0.015)), 1 + 0.2 * cold)


def _scaled(colour: tuple[float, float, float], factor: float) -> tuple[float, float, float]:
    return (colour[0] * factor, colour[1] * factor, colour[2] * factor)


def _panel(rng: np.random.Generator, *, standing: bool) -> Panel:
    """A panel of the ceiling, a window or a lamp at the bed."""
    where = str(rng.choice(["ceiling", "window", "lamp"], p=[0.55, 0.3, 0.15]))
    turn = rng.uniform(-np.pi, np.pi)
    if where == "ceiling":
        place, size, power = (rng.uniform(-1200, 1200), rng.uniform(-1400, 900), 1900.0), (300, 600), 14.0
    elif where == "window":
        away = 1500 if standing else 1900
        height = rng.uniform(700, 1300)
        place, size, power = (away * np.sin(turn), -away * np.cos(turn), height), (500, 650), 9.0
    else:
        place = (900 * float(rng.choice([-1, 1])), rng.uniform(-300, 700), rng.uniform(700, 1100))
        size, power = (70, 70), 170.0
    return Panel(
        position_mm=(float(place[0]), float(place[1]), float(place[2])),
        size_mm=size,
        radiance=_scaled(_daylight(rng), power * rng.uniform(0.5, 1.4)),
    )


def draw_look(rng: np.random.Generator) -> Look:
    """Draw skin, mottling and phone."""
    return Look(skin=_skin(rng), mottle=_mottle(rng), legs=_legs(rng), phone=_phone(rng))


def _skin(rng: np.random.Generator) -> Skin:
    group = int(rng.integers(len(_GROUPS)))
    (light, red, yellow), monk = _GROUPS[group]
    dark = group / (len(_GROUPS) - 1)
    return Skin(
        group=group,
        tone=int(rng.integers(monk[0], monk[1] + 1)),
        lab=(light + rng.normal(0, 1.6), red + rng.normal(0, 1.0), yellow + rng.normal(0, 1.2)),
        seed=int(rng.integers(2**31)),
        blotch=rng.uniform(0.5, 1.8),
        knee_dark=rng.uniform(0, 4 + 5 * dark),
        knee_red=float(rng.random() < 0.5) * rng.uniform(0, 4) * (1 - 0.6 * dark),
        shin_dark=rng.uniform(0, 4),
        freckles=float(rng.random() < 0.4) * rng.random(),
        veins=float(rng.random() < 0.5) * rng.random(),
        bruises=int(rng.choice([0, 0, 0, 0, 1, 2])),
        scars=int(rng.choice([0, 0, 0, 1])),
        hair=float(rng.random() < 0.45) * rng.uniform(0.1, 1.0),
        roughness=rng.uniform(0.38, 0.62),
        specular=rng.uniform(0.25, 0.6),
    )


def _mottle(rng: np.random.Generator) -> Mottle:
    process = Process.REACTION if rng.random() < 0.5 else Process.VESSELS
    return Mottle(
        process=process,
        seed=int(rng.integers(2**31)),
        cell_mm=float(np.exp(rng.uniform(np.log(12), np.log(32)))),
        width=rng.uniform(0.3, 0.6),
        soft=rng.uniform(0.8, 2.2),
        strength=rng.uniform(0.9, 1.8),
        blanch=rng.uniform(0, 0.5),
        hue=rng.uniform(-1, 1),
    )


def _legs(rng: np.random.Generator) -> tuple[LegSpread, LegSpread]:
    score = int(rng.choice(6, p=[0.26, 0.14, 0.16, 0.16, 0.14, 0.14]))
    other = score if rng.random() < 0.6 else int(rng.integers(0, score + 1))
    first, second = (score, other) if rng.random() < 0.5 else (other, score)
    return _leg(rng, first), _leg(rng, second)


def _leg(rng: np.random.Generator, score: int) -> LegSpread:
    if score == 0:
        spread = Spread.NONE
    elif score == 1:
        spread = Spread.COIN
    else:
        kinds = [Spread.FROM_KNEE, Spread.KNEECAP_SPARED, Spread.ISLANDS, Spread.ONE_SIDE]
        shares = [0.6, 0.14, 0.14, 0.12]
        spread = Spread(str(rng.choice([kind.value for kind in kinds], p=shares)))
        if score == 2 and rng.random() < 0.25:
            spread = Spread.SHIN
    return LegSpread(
        score=score,
        spread=spread,
        reach=rng.uniform(0.35, 1.0),
        low_mm=-rng.uniform(50, 330),
        side_deg=rng.uniform(-90, 90),
    )


def _phone(rng: np.random.Generator) -> Handset:
    return Handset(
        exposure=float(np.exp(rng.normal(0, 0.15))),
        warm=rng.normal(0, 0.05),
        green=rng.normal(0, 0.015),
        toe=rng.uniform(0.0, 0.05),
        contrast=rng.uniform(0.2, 1.1),
        shoulder=rng.uniform(0.5, 1.2),
        saturation=rng.uniform(0.85, 1.2),
        photons=float(np.exp(rng.uniform(np.log(300), np.log(4000)))),
        smear=rng.uniform(0.0, 1.0),
        sharpen=rng.uniform(0.1, 0.9),
        blur_px=rng.uniform(0.3, 0.9),
        jpeg=int(rng.integers(76, 95)),
    )
