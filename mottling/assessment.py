"""What the network says of one photograph: the record that `mottling score --json` prints."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from mottling.json_records import Strict
from mottling.scale import Status

__all__ = [
    "Assessment",
    "LegAssessment",
    "ModelName",
    "Reason",
    "ReasonCode",
    "Timing",
]

Score = Annotated[int, Meta(ge=0, le=5)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]


class ReasonCode(StrEnum):
    """Why a photograph is not assessable, or why its score is doubtful."""

    UNREADABLE_FILE = "unreadable_file"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    BLOWN_OUT = "blown_out"
    NO_LEG = "no_leg"
    NO_KNEE = "no_knee"
    LEG_TOO_SMALL = "leg_too_small"
    UNCLEAR = "unclear"
    """The network itself says that it cannot judge this picture."""
    VIEW_ENDS = "view_ends"
    """The next zone is out of view or covered, so the score is a lower bound."""
    DOUBTFUL_EXTENT = "doubtful_extent"
    """More than one score is likely."""
    FAINT = "faint"
    """The mottling is close to what the network can just tell from clean skin."""
    EDGE_OF_ZONE = "edge_of_zone"
    """The mottling that makes the score only just reaches its zone."""
    WEAK_LIGHT = "weak_light"
    """The skin is dark in this light: mottling on it is easily missed."""
    GLARE = "glare"
    """Part of the skin is white with light: what is there cannot be seen."""


class Reason(Strict, frozen=True, kw_only=True):
    """One reason, for the machine and for a person."""

    code: ReasonCode
    """For a program."""
    message: str
    """For a person, with the value that was met."""


class LegAssessment(Strict, frozen=True, kw_only=True):
    """One leg in view."""

    side_in_image: Literal["left", "right", "only"]
    """Where it lies in the photograph; not which leg of the patient it is."""
    knee_xy: tuple[float, float] | None
    """Centre of the kneecap in pixels of the upright photograph."""
    score: Score | None
    """Of this leg; nothing where it cannot be told."""
    mottled_share: dict[Literal["1", "2", "3", "4", "5"], Share]
    """By zone in view: mottled part of its visible skin."""


class ModelName(Strict, frozen=True, kw_only=True):
    """Which model spoke."""

    name: str
    """As the registry names it."""
    sha256: str
    """Of its file."""


class Timing(Strict, frozen=True, kw_only=True):
    """Milliseconds."""

    decode: float
    """From bytes to pixels."""
    network: float
    """In the network, both looks together."""
    total: float
    """From bytes to this record."""


class Assessment(Strict, frozen=True, kw_only=True):
    """What the network says of one photograph."""

    file: str
    """As it was given."""
    sha256: str | None
    """Of the file's bytes; None when they could not be read at all."""
    status: Status
    """Whether there is a score, a lower bound or neither."""
    score: Score | None
    """0-5; the lower bound when the status is at_least; nothing where there is none."""
    probabilities: tuple[Share, Share, Share, Share, Share, Share] | None
    """Of the scores 0 to 5; they sum to 1. Nothing unless scored or at least."""
    prediction_set: tuple[Score, ...]
    """Contiguous scores at 90 % coverage; empty unless scored or at least."""
    visible_up_to: Score
    """Highest zone in view; 0 when no leg is."""
    legs: tuple[LegAssessment, ...]
    """One entry a leg in view."""
    reasons: tuple[Reason, ...]
    """Why there is no score, or why it is doubtful."""
    model: ModelName
    """Which model it was."""
    timing_ms: Timing
    """How long it took."""
