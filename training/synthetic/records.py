"""The records of an appearance: everything drawn by chance about colour, none of it about geometry."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

__all__ = [
    "BLOTCHY_FAMILIES",
    "TRAINED_FAMILIES",
    "Appearance",
    "Blemish",
    "BlemishKind",
    "Cloth",
    "ClothPrint",
    "HandLook",
    "LegMottling",
    "LightColour",
    "MottlingLook",
    "PatternFamily",
    "Phone",
    "Placement",
    "SkinLook",
]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PatternFamily(StrEnum):
    """How a mottled net is made."""

    CELLS = "cells"
    CLOUDS = "clouds"
    """Blotches without a net, with holes."""
    THREADS = "threads"
    """Winding lines that seldom close."""
    WAVES = "waves"
    """Never trained on: labyrinths of one wavelength."""
    SPOTS = "spots"
    """Round blots, here and there run together."""
    RIDGES = "ridges"
    """Crests of rough ground, sharp and branching."""
    STREAKS = "streaks"
    """Clouds that are drawn out along one direction."""


TRAINED_FAMILIES = tuple(family for family in PatternFamily if family is not PatternFamily.WAVES)
"""Models are measured on waves. What comes in many ways is not learnt by heart."""

BLOTCHY_FAMILIES = (PatternFamily.CELLS, PatternFamily.CLOUDS)
"""Drawn more often: the broken net and the cloud are what shocked skin mostly looks like."""


class Placement(StrEnum):
    """Where mottling lies on a leg."""

    NONE = "none"
    COIN = "coin"
    OUTWARDS = "outwards"
    """From the knee outwards."""
    KNEECAP_CLEAR = "kneecap_clear"
    LOWER_LEG = "lower_leg"
    SKIPPED = "skipped"
    """In patches with clear skin between."""
    THIGH = "thigh"


class LegMottling(_Record):
    """Mottling of one leg. The label is read from what it became in the picture, never from here."""

    score: int
    placement: Placement
    reach: float
    """0-1 how far into its highest zone."""
    low_mm: float
    """Lower end along the leg, from the patella centre, negative."""
    patchiness: float
    side_deg: float
    side_share: float
    """0 all around, 1 on one side only."""


class MottlingLook(_Record):
    """What the net looks like."""

    family: PatternFamily
    cell_mm: float
    line_mm: float
    blotch: float
    """0 a thin net, 1 broad blotches."""
    warp: float
    softness: float
    strength: float
    blanching: float
    redness: float
    greyness: float = 0.0
    """Part of the skin's own colour that is lost in the net: it looks grey-blue."""


class SkinLook(_Record):
    """The person's skin, apart from disease."""

    tone: int
    """Monk 1-10."""
    melanosomes: float
    blood: float
    escape: float
    unevenness: float
    """Of colour, at all scales."""
    knee_dark: tuple[float, float]
    knee_grey: float
    knee_red: tuple[float, float]
    shin_dark: float
    thigh_pale: float
    pressure_red: float
    gravity_red: float
    freckles: float
    sun: float
    veins: float
    varicose: float
    hair: float
    hair_dark: float
    pores: float
    wrinkles: float
    scales: float
    creases: int
    sheen: float
    gloss: float
    sock_line_mm: float | None
    short_line_mm: float | None


class BlemishKind(StrEnum):
    """What a blemish is; none of them is mottling."""

    MOLE = "mole"
    BRUISE = "bruise"
    SCAR = "scar"
    PSORIASIS = "psoriasis"
    ECZEMA = "eczema"
    PURPURA = "purpura"
    BROWN_VENOUS = "brown_venous"
    VITILIGO = "vitiligo"
    OLD_PIGMENT = "old_pigment"
    RED_CALF = "red_calf"
    WOUND = "wound"
    PINK_PATCH = "pink_patch"
    GREY_PATCH = "grey_patch"


class Blemish(_Record):
    """One blemish on one leg."""

    kind: BlemishKind
    leg: int
    axial_mm: float
    around_deg: float
    radius_mm: float
    stretch: float
    angle_deg: float
    strength: float


class LightColour(_Record):
    """Colour and strength of one light."""

    kelvin: float
    green: float
    strength: float


class ClothPrint(StrEnum):
    """What is printed or woven; of bars and tubes, how they take the light."""

    PLAIN = "plain"
    STRIPES = "stripes"
    CHECKS = "checks"
    DOTS = "dots"
    MOTIFS = "motifs"
    FLORAL = "floral"
    LACE = "lace"
    NET = "net"
    KNIT = "knit"
    TERRY = "terry"
    METAL = "metal"
    CLEAR = "clear"


class Cloth(_Record):
    """One fabric."""

    colour: tuple[float, float, float]
    """Linear sRGB."""
    second: tuple[float, float, float]
    print_kind: ClothPrint
    repeat_mm: float
    fold_mm: float
    fold_depth_mm: float
    real: bool
    """A photographed fabric, where a folder of them is at hand."""
    faded: float
    """0-1 how far its print is washed out."""


class HandLook(_Record):
    """A hand and its arm; distances from the wrist up the arm."""

    melanosomes: float
    blood: float
    veins: float
    glove_mm: float | None
    """Where a glove ends, or None without one."""
    sleeve_mm: float | None
    """Where a sleeve begins, or None."""
    band: bool
    """A name band at the wrist."""


class Phone(_Record):
    """The camera and what it does to light."""

    exposure: float
    red_gain: float
    blue_gain: float
    contrast: float
    saturation: float
    shoulder: float
    sharpen: float
    sharpen_px: float
    noise: float
    noise_px: float
    chroma_px: float
    blur_px: float
    motion_px: float
    motion_deg: float
    vignette: float
    glare: float
    jpeg: int


class Appearance(_Record):
    """One dressing of a view."""

    skin: SkinLook
    look: MottlingLook
    legs: tuple[LegMottling, LegMottling]
    """The patient's right leg, then the left."""
    blemishes: tuple[Blemish, ...]
    lights: tuple[LightColour, ...]
    sky: LightColour
    bars: float
    """Strength of a hard shadow of bars or a blind; 0 for none."""
    cloths: dict[str, Cloth]
    """By the name of `Part`."""
    phone: Phone
    own_hand: HandLook
    staff_hand: HandLook
    """Of whoever helps."""
