"""What a network says of itself in its ONNX file, so that whoever runs it runs it as it was made."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from mottling.json_records import Strict

__all__ = ["EMBEDDING_SIZE", "METADATA_KEY", "Looks", "MadeBy", "ModelContract", "Reference", "ScoringRules"]

METADATA_KEY = "mottling"
"""The key of the ONNX file's metadata that holds a `ModelContract` as JSON."""

EMBEDDING_SIZE = 64
"""Numbers that the network gives of how the skin of the legs looks."""

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Five = tuple[float, float, float, float, float]
FiveShares = tuple[Share, Share, Share, Share, Share]
Embedded = Annotated[tuple[float, ...], Meta(min_length=EMBEDDING_SIZE, max_length=EMBEDDING_SIZE)]


class Looks(Strict, frozen=True, kw_only=True):
    """How a photograph is looked at: as a whole, then closer where the legs fill little of it."""

    first_px: Annotated[int, Meta(ge=64)] = 512
    """Long side of the whole picture."""
    second_px: Annotated[int, Meta(ge=64)] = 512
    """Long side of the part around the legs."""
    closer_below: Share = 0.5
    """Look again when the box around the legs fills less of the picture than this."""
    margin: Share = 0.12
    """Kept around that box, as a share of its long side."""


class ScoringRules(Strict, frozen=True, kw_only=True):
    """From maps to a score; `training.calibrate` fits what is fitted. Zones run from 1 to 5."""

    percentile: Annotated[float, Meta(gt=0, lt=100)] = 98.0
    """A zone's evidence is this percentile of the mottling in its visible skin; two legs that touch can be
    seen as one, and halve the share of a zone that is mottled on one of them."""
    slopes: Five = (1.0, 1.0, 1.0, 1.0, 1.0)
    """P(zone is mottled) = sigmoid(slope * evidence + bias)."""
    biases: Five = (-1.4, -1.4, -1.4, -1.4, -1.4)
    """-1.4: a map that was never calibrated has to be sure to 0.8 (a pilot's false alarms on real knees)."""
    threshold: Share = 0.5
    """A leg is mottled when one of its zones is with at least this probability."""
    extent_threshold: Share | None = None
    """On a mottled leg every zone counts that is mottled with at least this probability: mottling spreads
    from zone to zone, so that the next one needs less to be believed. None: the threshold itself."""
    set_mass: Share = 0.9
    """Probability that the prediction set holds."""
    mottled_from: Share = 0.5
    """A pixel counts as mottled from this probability on, where shares and outlines are shown. A zone without
    one does not count."""
    min_zone_shares: FiveShares = (0.0005, 0.01, 0.01, 0.01, 0.005)
    """A zone is in view from this share of its leg's visible skin on."""
    min_leg_share: Share = 0.004
    """Below this share of the picture there is no leg."""
    min_leg_px: Annotated[int, Meta(ge=1)] = 140
    """Long side of a leg in the photograph's own pixels, below which nobody could see a coin on its knee."""
    readable_from: Share = 0.35
    """Below this probability the network says that it cannot judge the picture."""
    min_knee: Share = 0.12
    """Peak of the smoothed probability of the coin, below which no knee was found."""
    doubtful_below: Share = 0.7
    """Below this probability of the score given, more than one is likely."""


class Reference(Strict, frozen=True, kw_only=True):
    """How the photographs look that the model was calibrated on; `training.calibrate` writes it."""

    mean: Embedded
    """Of their embeddings."""
    whitening: Annotated[tuple[Embedded, ...], Meta(min_length=EMBEDDING_SIZE, max_length=EMBEDDING_SIZE)]
    """A matrix, by row: the length of whitening * (embedding - mean) is the Mahalanobis distance."""
    usual: Annotated[float, Meta(gt=0)]
    """Within this distance lie 95 of 100 of them, each seen from a reference that was made without it."""
    photographs: Annotated[int, Meta(ge=1)]
    """That it was made of."""


class MadeBy(Strict, frozen=True, kw_only=True):
    """What made the file."""

    package: str = ""
    """Version of this package."""
    commit: str = ""
    """Of the checkout that exported it."""


class ModelContract(Strict, frozen=True, kw_only=True):
    """The whole of it. What has one value only is refused when it has another."""

    version: Literal[1, 2] = 2
    """Of this contract; a file of version 1 has no output `embedding`, and no reference."""
    mean: Literal[127] = 127
    """Taken from each value of a pixel."""
    scale: Literal[128] = 128
    """Each is divided by it then."""
    multiple: Literal[32] = 32
    """Height and width of the picture are multiples of this."""
    stride: Literal[4] = 4
    """A cell of the maps covers this many pixels of the picture, each way."""
    zones: tuple[
        Literal["not_skin"],
        Literal["coin"],
        Literal["knee"],
        Literal["lower_thigh"],
        Literal["upper_thigh"],
        Literal["beyond_groin"],
    ] = ("not_skin", "coin", "knee", "lower_thigh", "upper_thigh", "beyond_groin")
    """The channels of `zones`, in this order."""
    looks: Looks = Looks()
    """How a photograph is brought before the network."""
    scoring: ScoringRules = ScoringRules()
    """How its maps become a score."""
    reference: Reference | None = None
    """Tells how far a photograph lies from those of the calibration; nothing where there is none."""
    made_by: MadeBy = MadeBy()
    """For whoever asks where it comes from."""
