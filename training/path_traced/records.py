"""What decides a path-traced photograph: numbers drawn from a seed; the view holds nothing of the score."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from training.synthetic.scene_records import Body, Pose

__all__ = [
    "Bedding",
    "Handset",
    "LegSpread",
    "Lens",
    "Look",
    "Mottle",
    "Panel",
    "Process",
    "Skin",
    "Spread",
    "TracedView",
    "Weave",
    "WeaveKind",
]

Rgb = tuple[float, float, float]
"""Linear sRGB, or the strength of a light in it."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WeaveKind(StrEnum):
    """How a cloth is woven or printed."""

    PLAIN = "plain"
    TWILL = "twill"
    WAFFLE = "waffle"
    DIAMONDS = "diamonds"
    SPRIGS = "sprigs"
    BANDS = "bands"


class Weave(_Record):
    """One cloth."""

    kind: WeaveKind
    colour: Rgb
    second: Rgb
    repeat_mm: float


class Bedding(_Record):
    """What lies on and under the patient; heights go from the patella (0) to the groin fold (1)."""

    seed: int
    hem: float
    slope: float
    apron: float
    """How far a cloth hangs down between the thighs: 0 for none, 1 to the knees."""
    apron_half_mm: float
    apron_flare_mm: float
    """By how much it is wider at the hem, on each side."""
    fold_mm: float
    crease_mm: float
    """Of the sheet."""
    foot_cover_mm: float | None
    """Below the patella, a second blanket begins that covers the feet; None without one."""
    tube: bool
    rail: bool
    pad: bool
    """A pad between legs and sheet."""
    gown: Weave
    sheet: Weave
    blanket: Weave
    briefs: Weave


class Lens(_Record):
    """A phone held over the bed."""

    azimuth_deg: float
    """0 at the foot of the bed, 90 at the patient's left."""
    elevation_deg: float
    span_mm: float
    """What the long side of the picture shows at the legs."""
    field_deg: float
    """Of the long side."""
    roll_deg: float
    portrait: bool
    target: float
    """Height looked at, from the patella (0) to the groin fold (1)."""
    leg: int
    """1 or 2 in a close view of one leg, 0 where both are meant."""
    aperture_mm: float


class Panel(_Record):
    """A rectangle that shines."""

    position_mm: tuple[float, float, float]
    size_mm: tuple[float, float]
    radiance: Rgb


class TracedView(_Record):
    """Body, pose, bed, lights and camera."""

    body: Body
    pose: Pose
    bedding: Bedding
    lens: Lens
    panels: tuple[Panel, ...]
    surroundings: Rgb
    """Radiance from all around."""
    floor: Rgb
    wall: Rgb
    relief_seed: int
    dome_mm: float
    """Of the kneecap."""
    creases: int
    crease_depth_mm: float


class Skin(_Record):
    """The person's skin, apart from disease."""

    group: int
    """0 light to 5 very dark: the six groups in which figures are told."""
    tone: int
    """Monk 1-10."""
    lab: tuple[float, float, float]
    seed: int
    blotch: float
    """How uneven its colour is, in L*."""
    knee_dark: float
    """Darker skin on the kneecap, in L*."""
    knee_red: float
    """Redder skin on the kneecap, in a*."""
    shin_dark: float
    freckles: float
    veins: float
    bruises: int
    scars: int
    hair: float
    """0 none to 1 dense."""
    roughness: float
    specular: float


class Process(StrEnum):
    """By what a pattern comes about."""

    REACTION = "reaction"
    """Two substances that react and diffuse (Gray and Scott)."""
    VESSELS = "vessels"
    """A network of curved vessels between scattered nodes, here and there broken."""


class Mottle(_Record):
    """How the mottling looks, wherever it lies."""

    process: Process
    seed: int
    cell_mm: float
    width: float
    """Part of the skin that the dusky net takes where it lies."""
    soft: float
    """Half the width of its borders, in standard deviations of the pattern."""
    strength: float
    """1: as much darker as the two-layer skin of the clinical facts."""
    blanch: float
    hue: float
    """-1 greyer and bluer, 1 redder."""


class Spread(StrEnum):
    """Where mottling lies on a leg."""

    NONE = "none"
    COIN = "coin"
    FROM_KNEE = "from_knee"
    KNEECAP_SPARED = "kneecap_spared"
    ISLANDS = "islands"
    SHIN = "shin"
    ONE_SIDE = "one_side"


class LegSpread(_Record):
    """Mottling of one leg. The truth is read from what became of it, never from here."""

    score: int
    spread: Spread
    reach: float
    """0-1 how far into its highest zone."""
    low_mm: float
    side_deg: float


class Handset(_Record):
    """The phone's own way with light."""

    exposure: float
    warm: float
    green: float
    toe: float
    contrast: float
    shoulder: float
    saturation: float
    photons: float
    """Of white, at a pixel: fewer make more noise."""
    smear: float
    """Strength of its denoising."""
    sharpen: float
    blur_px: float
    jpeg: int


class Look(_Record):
    """One dressing of a view."""

    skin: Skin
    mottle: Mottle
    legs: tuple[LegSpread, LegSpread]
    """The patient's right leg, then the left."""
    phone: Handset

    def without_mottling(self) -> Look:
        """Give the same person's legs in health."""
        healthy = {"score": 0, "spread": Spread.NONE}
        right, left = (leg.model_copy(update=healthy) for leg in self.legs)
        return self.model_copy(update={"legs": (right, left)})
