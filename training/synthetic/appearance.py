"""Draws an appearance: skin, mottling, blemishes, lights, cloth and phone, each apart from the others.

What mimics mottling is drawn without a look at the score, so that only the mottling itself tells it.
"""

from __future__ import annotations

import numpy as np

from mottling.scale import MAX_SCORE
from training.synthetic.blemish_draws import draw_blemishes
from training.synthetic.calm import calmed
from training.synthetic.fabric_draws import draw_cloths
from training.synthetic.geometry import Part
from training.synthetic.hospital import at_the_hospital
from training.synthetic.ranges import Ranges
from training.synthetic.records import (
    BLOTCHY_FAMILIES,
    TRAINED_FAMILIES,
    Appearance,
    HandLook,
    LegMottling,
    LightColour,
    MottlingLook,
    PatternFamily,
    Phone,
    Placement,
    SkinLook,
)
from training.synthetic.skin import MONK_MELANOSOMES

__all__ = ["draw_appearance"]

_LIGHTS = 4

# Score of the worse leg: 0 in three of ten, the others alike (synthetic-photos.md).
_CLEAN_SHARE = 0.30
_SAME_SCORE_SHARE = 0.45

# Melanin hides mottling: what is seen at all on dark skin is stronger, or hardly so. By Monk tone above the
# first.
_DARKER_STRONGER = (0.03, 0.13)

# On dark skin mottling is grey-blue rather than red: it takes colour more than light (synthetic-photos.md).
# From this Monk tone on, and before it.
_DARK_FROM = 6
_GREY_SHARE = (0.6, 0.2)

# What is photographed in shock is mostly plain to see and covers most of the skin that it reaches; faint
# nets and single patches are the rest.
_BLOTCHY_SHARE = 0.4
_STRENGTH = (2.2, 7.0)
_PATCHINESS = (0.0, 0.7)
_CELL_MM = (9, 45)
_FINE_SHARE = 0.15
_SOFTNESS = (0.1, 0.6)

# Often it has no lines at all, only clouds that fade into the skin around them; on dark skin mostly so.
_CLOUDY_SHARE = (0.45, 0.15)
_CLOUDY_SOFTNESS, _CLOUDY_CELL_MM = (0.4, 0.95), (14, 60)
_CLOUDY_BLOTCH = (0.55, 1.0)

# Of the pictures to learn from and of what a trial asks for; the others are full of what could be taken
# for mottling. When none was calm, lite7 gave half of the made healthy legs a chance of it above 0.24,
# and half of the real ones one below 0.06.
_CALM_SHARE = 0.45

# Who is up stands before something: mostly a photographed place.
_REAL_PLACE_SHARE = 0.8

_PLACEMENTS_BELOW_KNEE = {
    Placement.OUTWARDS: 5.0,
    Placement.LOWER_LEG: 2.0,
    Placement.KNEECAP_CLEAR: 2.0,
    Placement.SKIPPED: 1.0,
}
_PLACEMENTS_ABOVE = {
    Placement.OUTWARDS: 4.5,
    Placement.THIGH: 1.5,
    Placement.KNEECAP_CLEAR: 2.5,
    Placement.SKIPPED: 1.5,
}


def draw_appearance(rng: np.random.Generator, ranges: Ranges) -> Appearance:
    """Draw everything about colour of one picture."""
    shifted = ranges is Ranges.SHIFTED
    skin = _draw_skin(rng, shifted=shifted)
    appearance = Appearance(
        skin=skin,
        look=_draw_look(rng, tone=skin.tone, ranges=ranges),
        legs=_draw_legs(rng),
        blemishes=draw_blemishes(rng),
        lights=tuple(_draw_light(rng) for _ in range(_LIGHTS)),
        sky=_draw_light(rng),
        bars=float(rng.uniform(0.3, 0.9)) if rng.random() < 0.12 else 0.0,
        cloths=draw_cloths(rng),
        phone=_draw_phone(rng, shifted=shifted),
        own_hand=_draw_own_hand(rng, skin),
        staff_hand=_draw_staff_hand(rng),
    )
    if ranges is Ranges.HOSPITAL:
        return at_the_hospital(appearance, rng)
    if ranges is Ranges.PASSERS_BY and rng.random() < _REAL_PLACE_SHARE:
        place = appearance.cloths[Part.ROOM.name].model_copy(update={"real": True})
        appearance = appearance.model_copy(update={"cloths": appearance.cloths | {Part.ROOM.name: place}})
    calm = ranges in {Ranges.TRAINING, Ranges.WARD, Ranges.PASSERS_BY} and rng.random() < _CALM_SHARE
    return calmed(appearance, rng) if calm else appearance


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    return float(rng.uniform(low, high))


def _geometric(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _sometimes(rng: np.random.Generator, share: float, *, low: float, high: float) -> float:
    """A strength in a share of the pictures, else 0."""
    strength = _between(rng, low, high)
    return strength if rng.random() < share else 0.0


def _draw_legs(rng: np.random.Generator) -> tuple[LegMottling, LegMottling]:
    worse = 0 if rng.random() < _CLEAN_SHARE else int(rng.integers(1, MAX_SCORE + 1))
    other = worse if rng.random() < _SAME_SCORE_SHARE else int(rng.integers(0, worse + 1))
    right, left = (worse, other) if rng.random() < 0.5 else (other, worse)
    placement = _draw_placement(rng, worse)
    return _draw_leg(rng, right, placement), _draw_leg(rng, left, placement)


def _draw_placement(rng: np.random.Generator, score: int) -> Placement:
    if score < 2:
        return Placement.COIN if score else Placement.NONE
    shares = _PLACEMENTS_BELOW_KNEE if score == 2 else _PLACEMENTS_ABOVE
    kinds = list(shares)
    chances = np.array(list(shares.values()))
    return kinds[int(rng.choice(len(kinds), p=chances / chances.sum()))]


def _draw_leg(rng: np.random.Generator, score: int, placement: Placement) -> LegMottling:
    fits = score == 0 or (placement is Placement.COIN) == (score == 1)
    fits = fits and not (score == 2 and placement is Placement.THIGH)
    chosen = placement if fits and rng.random() < 0.7 else _draw_placement(rng, score)
    return LegMottling(
        score=score,
        placement=chosen if score else Placement.NONE,
        reach=_between(rng, 0.3, 0.9),
        low_mm=-_geometric(rng, 45, 450),
        patchiness=_between(rng, *_PATCHINESS),
        side_deg=_between(rng, -90, 90),
        side_share=_between(rng, 0.2, 0.9) if rng.random() < 0.35 else 0.0,
    )


def _draw_look(rng: np.random.Generator, *, tone: int, ranges: Ranges) -> MottlingLook:
    cell_mm = _geometric(rng, *_CELL_MM)
    greyness = _sometimes(rng, _GREY_SHARE[tone < _DARK_FROM], low=0.1, high=0.6)
    stronger = (1 + _between(rng, *_DARKER_STRONGER) * (tone - 1)) * (1 - greyness)
    look = MottlingLook(
        family=PatternFamily.WAVES if ranges.is_measured else _draw_family(rng),
        cell_mm=cell_mm,
        line_mm=_between(rng, 1.5, 3.5) if rng.random() < _FINE_SHARE else cell_mm * _between(rng, 0.25, 0.6),
        blotch=float(rng.beta(2.2, 1.1)),
        warp=_between(rng, 0.25, 0.9),
        softness=_between(rng, *_SOFTNESS),
        strength=_geometric(rng, *_STRENGTH) * stronger,
        blanching=_between(rng, 0.05, 0.5),
        redness=_between(rng, 0.0, 0.05) if rng.random() < 0.3 else 0.0,
        greyness=greyness,
    )
    return _clouded(look, rng) if rng.random() < _CLOUDY_SHARE[tone < _DARK_FROM] else look


def _clouded(look: MottlingLook, rng: np.random.Generator) -> MottlingLook:
    cell_mm = _geometric(rng, *_CLOUDY_CELL_MM)
    update = {
        "cell_mm": cell_mm,
        "line_mm": cell_mm * _between(rng, 0.3, 0.7),
        "blotch": _between(rng, *_CLOUDY_BLOTCH),
        "softness": _between(rng, *_CLOUDY_SOFTNESS),
    }
    return look.model_copy(update=update)


def _draw_family(rng: np.random.Generator) -> PatternFamily:
    families = BLOTCHY_FAMILIES if rng.random() < _BLOTCHY_SHARE else TRAINED_FAMILIES
    return families[int(rng.integers(len(families)))]


def _draw_tone(rng: np.random.Generator, *, shifted: bool) -> int:
    """Trained: every group of tones alike. Shifted: darker skins more often."""
    shares = (1.0,) * 6 + ((2.0,) * 4 if shifted else (1.3, 1.3, 1.0, 1.0))
    return 1 + int(rng.choice(10, p=np.array(shares) / sum(shares)))


def _draw_skin(rng: np.random.Generator, *, shifted: bool) -> SkinLook:
    tone = _draw_tone(rng, shifted=shifted)
    wider = 0.35 if shifted else 0.2
    darker = 1.0 if tone < 6 else 1.35  # knees of dark skin are darker still
    age = rng.random()
    knee = _sometimes(rng, 0.75, low=0.1, high=0.85) * darker
    red = _sometimes(rng, 0.6, low=0.005, high=0.05)
    return SkinLook(
        tone=tone,
        melanosomes=MONK_MELANOSOMES[tone - 1] * float(np.exp(rng.normal(0, wider))),
        blood=_between(rng, 0.001, 0.018),
        escape=5.05 * float(np.exp(rng.normal(0, 0.12 if shifted else 0.07))),
        unevenness=_geometric(rng, 0.5, 1.8),
        knee_dark=(knee * _between(rng, 0.5, 1.2), knee * _between(rng, 0.5, 1.2)),
        knee_grey=_between(rng, 0, 1),
        knee_red=(red * _between(rng, 0.4, 1.3), red * _between(rng, 0.4, 1.3)),
        shin_dark=_between(rng, -0.25, 0.35),
        thigh_pale=_between(rng, -0.1, 0.4),
        pressure_red=_sometimes(rng, 0.35, low=0.01, high=0.04),
        gravity_red=_sometimes(rng, 0.3, low=0.005, high=0.03),
        freckles=_sometimes(rng, 0.35, low=0.1, high=1),
        sun=_sometimes(rng, 0.25, low=0.2, high=1) * age,
        veins=_sometimes(rng, 0.5, low=0.15, high=0.8),
        varicose=_sometimes(rng, 0.12, low=0.3, high=1),
        hair=_sometimes(rng, 0.6, low=0.03, high=1) ** 1.5,
        hair_dark=float(rng.beta(3, 1.2)) if tone < 5 else 1.0,
        pores=_sometimes(rng, 0.5, low=0.1, high=1),
        wrinkles=_sometimes(rng, 0.5, low=0.2, high=1) * (0.4 + 0.6 * age),
        scales=_sometimes(rng, 0.25, low=0.2, high=1),
        creases=int(rng.integers(0, 7)),
        sheen=_geometric(rng, 0.3, 2.5),
        gloss=_between(rng, 8, 45),
        sock_line_mm=_between(rng, -330, -180) if rng.random() < 0.12 else None,
        short_line_mm=_between(rng, 40, 240) if rng.random() < 0.15 else None,
    )


def _draw_light(rng: np.random.Generator) -> LightColour:
    fluorescent = rng.random() < 0.25
    return LightColour(
        kelvin=_between(rng, 2700, 6500),
        green=_between(rng, 0.02, 0.12) if fluorescent else _between(rng, -0.02, 0.02),
        strength=_geometric(rng, 0.6, 1.6),
    )


def _draw_phone(rng: np.random.Generator, *, shifted: bool) -> Phone:
    wide = 1.4 if shifted else 1.0
    return Phone(
        exposure=float(np.exp(rng.normal(0, 0.2 * wide))),
        red_gain=float(np.exp(rng.normal(0, 0.05 * wide))),
        blue_gain=float(np.exp(rng.normal(0, 0.07 * wide))),
        contrast=_between(rng, 0.85, 1.35),
        saturation=_between(rng, 0.75, 1.25),
        shoulder=_between(rng, 0.6, 1.0),
        sharpen=_sometimes(rng, 0.7, low=0.1, high=0.8 * wide),
        sharpen_px=_between(rng, 0.7, 2.0),
        noise=_geometric(rng, 0.002, 0.02 * wide),
        noise_px=_between(rng, 0.3, 1.1),
        chroma_px=_between(rng, 0.3, 1.5 * wide),
        blur_px=_between(rng, 0.25, 0.9 * wide),
        motion_px=_sometimes(rng, 0.15, low=1, high=3),
        motion_deg=_between(rng, 0, 180),
        vignette=_between(rng, 0, 0.35),
        glare=_sometimes(rng, 0.4, low=0.005, high=0.06),
        jpeg=int(rng.integers(60, 96)),
    )


def _draw_own_hand(rng: np.random.Generator, skin: SkinLook) -> HandLook:
    """As dark as the leg or a little darker, as hands are that see the sun."""
    return HandLook(
        melanosomes=skin.melanosomes * float(np.exp(rng.normal(0.1, 0.15))),
        blood=skin.blood * _between(rng, 0.8, 1.6),
        veins=_sometimes(rng, 0.6, low=0.1, high=1),
        glove_mm=None,
        sleeve_mm=_between(rng, 40, 240) if rng.random() < 0.3 else None,
        band=bool(rng.random() < 0.45),
    )


def _draw_staff_hand(rng: np.random.Generator) -> HandLook:
    """Of any tone; gloved more often than not, the forearm bare or in a long apron."""
    tone = int(rng.integers(10))
    return HandLook(
        melanosomes=MONK_MELANOSOMES[tone] * float(np.exp(rng.normal(0, 0.2))),
        blood=_between(rng, 0.002, 0.018),
        veins=_sometimes(rng, 0.4, low=0.1, high=0.7),
        glove_mm=_between(rng, 5, 60) if rng.random() < 0.7 else None,
        sleeve_mm=_between(rng, 20, 320) if rng.random() < 0.4 else None,
        band=False,
    )
