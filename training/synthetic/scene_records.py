"""The record of one view: body, pose, cover, phone and lights, with nothing of the score in it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

__all__ = [
    "NARROWEST_CUT",
    "Body",
    "Camera",
    "Cloth",
    "Framing",
    "Knee",
    "Light",
    "LightKind",
    "Pose",
    "Scene",
]

NARROWEST_CUT = 0.15
"""Of underwear, by how much it widens for each millimetre: what it covers at least is always covered."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Framing(StrEnum):
    """What the photographer chose to show."""

    FULL = "full"
    ONE_LEG = "one_leg"
    KNEES = "knees"
    FAR = "far"


class LightKind(StrEnum):
    """Where light comes from."""

    CEILING = "ceiling"
    WINDOW = "window"
    BEDSIDE = "bedside"
    FLASH = "flash"


class Body(_Record):
    """Phenotype, each 0-1 as anny defines it; oedema 0-1 thickens the legs."""

    gender: float
    age: float
    muscle: float
    weight: float
    height: float
    proportions: float
    oedema: float


class Pose(_Record):
    """Joint angles in degrees, one number a leg, the right one first."""

    standing: bool
    knee_flexion_deg: tuple[float, float]
    abduction_deg: tuple[float, float]
    rotation_deg: tuple[float, float]
    foot_deg: tuple[float, float]
    hip_flexion_deg: tuple[float, float] | None = None
    """None: as far as the knees ask for."""


class Knee(_Record):
    """How rough the knee is: factors on reliefs of ordinary height."""

    seed: int
    dome: float
    dimples: float
    creases: int
    crease_depth_mm: float
    fold: float
    wrinkles_mm: float


class Cloth(_Record):
    """Where the gown ends and how it lies; heights go from the patella (0) to the groin (1)."""

    seed: int
    hem: float
    hem_slope: float
    lifted_aside: bool
    fold_mm: float
    fold_length_mm: float
    sheet_mm: float
    stocking: float
    """Share of the lower leg that is covered; 0 for none."""
    cover_second_leg: bool
    tube: bool
    rail: bool
    hand: bool
    dressing: bool
    flap: float = 0.0
    """How far a cloth hangs down between the legs of a lifted gown: 1 to the knees, 0 for none."""
    flare_mm: float = 0.0
    """By how much that cloth is wider at the hem than at its end, on each side."""
    brief_cut: float = 0.75
    """By how much underwear widens on each side for each millimetre above the crotch."""
    shorts_mm: float = 0.0
    """Of someone who is up, how far above the patella shorts end."""
    loose_mm: float = 0.0
    """How far shorts stand off the skin."""
    bars: int = 0
    """How many poles, of a bicycle or a railing, pass before the legs."""


class Camera(_Record):
    """A phone held somewhere around the bed."""

    framing: Framing
    azimuth_deg: float
    """0 at the foot of the bed, 90 at the patient's left."""
    elevation_deg: float
    """Over the bed: 90 looks straight down, or straight at someone who stands."""
    distance_mm: float
    field_deg: float
    roll_deg: float
    portrait: bool
    target: float
    """Height looked at, from the patella (0) to the groin (1)."""
    leg: int
    """1 the right, 2 the left; looked at when framing one leg."""


class Light(_Record):
    """A lamp or a window: its direction from the bed, and its apparent radius."""

    kind: LightKind
    azimuth_deg: float
    elevation_deg: float
    radius_deg: float


class Scene(_Record):
    """All that decides one view."""

    upright: bool = False
    """Out of bed and dressed: the camera and the lights turn about someone whose head is up."""

    body: Body
    pose: Pose
    knee: Knee
    cloth: Cloth
    camera: Camera
    lights: tuple[Light, ...]
