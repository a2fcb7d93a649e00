"""What is true of photographs that a model is measured on, whatever folder they lie in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Point
from mottling.errors import TrainingRefused
from mottling.scale import LegReading, Status, Zone
from mottling.training_set import Split, read_training_set
from training.measuring.measured_set import TRUTH, MeasuredPhoto, read_measured
from training.samples import LabelMap
from training.sources.rendered import RenderedPhoto, find_rendered
from training.tones import Tone, tone_of

__all__ = [
    "KneeTruth",
    "TrueMaps",
    "TruePhoto",
    "hash_of",
    "read_frozen",
    "read_truths",
    "sha256_of_photo",
]

# The ankle is about 400 mm from the centre of the patella, and the coin is 30 mm wide: a quarter of the way.
_REACH_COINS = 3.3

# Of the photograph; what is less of a coin is a sliver at its edge.
_LEAST_COIN_PX = 20

FROZEN = "set.json"


@dataclass(frozen=True)
class KneeTruth:
    """Where a kneecap is."""

    centre: Point
    """In pixels of the photograph."""
    reach_px: float
    """A quarter of the distance from knee to ankle: so far off still counts as found."""


@dataclass(frozen=True)
class TrueMaps:
    """What is true of each pixel."""

    zones: LabelMap
    mottling: LabelMap
    """0, 1, or 255 where nobody can say."""
    legs: LabelMap
    """1 or 2 on a leg, 0 elsewhere."""


@dataclass(frozen=True)
class TruePhoto:
    """A photograph, what a reader would say of it, and whose picture it is."""

    photo: Path
    reading: LegReading
    """The patient's, as far as the picture shows; never ERROR."""
    cluster: str
    """Photographs of one view or person share it, in whatever folder they lie."""
    tone: Tone = Tone.UNKNOWN
    twin: Path | None = None
    """The same photograph without its mottling."""
    maps: Path | None = None
    """8-bit PNG: zones in red, mottling in green, leg in blue."""
    border: Path | None = None
    """8-bit PNG of mottling alone, as a reader drew it: 0, 1, or 255 where nobody can say."""
    knees: tuple[KneeTruth, ...] = ()
    place: str = ""
    """Folder and number of a rendered view: so older records name what a model was calibrated on."""

    def read_maps(self) -> TrueMaps | None:
        """Read what is true of each pixel, where that is known."""
        if self.maps is None:
            return None
        picture = cv2.imread(str(self.maps), cv2.IMREAD_COLOR)
        if picture is None:
            raise TrainingRefused(f"{self.maps} cannot be read", remedy="Make the set again")
        legs, mottling, zones = (plane.astype(np.uint8) for plane in cv2.split(picture))  # blue comes first
        return TrueMaps(zones, mottling, legs)


def read_truths(folder: Path) -> tuple[TruePhoto, ...]:
    """Read what is true of the photographs of a folder, whoever made it.

    Of a frozen set of adjudicated photographs those of the validation split are given: training never sees
    them, and those of the test split wait for a last look.

    Raises:
        TrainingRefused: There is no photograph with its truth.
    """
    if (folder / FROZEN).exists():
        return read_frozen(folder, Split.VALIDATION)
    if (folder / TRUTH).exists():
        return tuple(_of_measured(folder, photo) for photo in read_measured(folder))
    return read_rendered_truths(folder)


def read_frozen(folder: Path, split: Split) -> tuple[TruePhoto, ...]:
    """Read one split of a frozen set of adjudicated photographs.

    Raises:
        TrainingRefused: The set is not what was written, or the split is empty.
    """
    photos = read_training_set(folder).of(split)
    if not photos:
        raise TrainingRefused(
            f"{folder} holds no photograph for {split.value}", remedy="Freeze a set of more patients"
        )
    return tuple(
        TruePhoto(
            photo=folder / photo.file,
            reading=LegReading(photo.status, photo.score),
            cluster=photo.patient,
            tone=Tone.UNKNOWN if photo.tone is None else tone_of(photo.tone),
            border=None if photo.mottling is None else folder / photo.mottling,
        )
        for photo in photos
    )


def _of_measured(folder: Path, photo: MeasuredPhoto) -> TruePhoto:
    return TruePhoto(
        photo=folder / photo.file,
        reading=LegReading(photo.status, photo.score),
        cluster=photo.cluster,
        tone=Tone.UNKNOWN if photo.tone is None else Tone(photo.tone),
        twin=folder / photo.twin if photo.twin else None,
        maps=folder / photo.maps if photo.maps else None,
        knees=tuple(KneeTruth(Point(knee.x, knee.y), knee.reach_px) for knee in photo.knees),
    )


def read_rendered_truths(folder: Path) -> tuple[TruePhoto, ...]:
    """Read what is true of the photographs that `python -m training.synthesize` wrote.

    Raises:
        TrainingRefused: There is none, or they were made before readings were kept.
    """
    return tuple(_read_rendered(files) for files in find_rendered(folder))


def _read_rendered(files: RenderedPhoto) -> TruePhoto:
    try:
        record = json.loads(files.record.read_text("utf-8"))
        reading = LegReading(Status(record["reading"]["status"]), record["reading"]["score"])
        tone = tone_of(int(record["appearance"]["skin"]["tone"]))
    except (KeyError, ValueError) as error:
        raise TrainingRefused(
            f"{files.record} does not say how the photograph would be read ({error!r})",
            remedy="Make the set again with python -m training.synthesize",
        ) from error
    truth = TruePhoto(
        photo=files.photo,
        reading=reading,
        cluster=_view_of(record["scene"]),
        place=f"{files.photo.parent.name}/{files.photo.stem.rsplit('-', 1)[0]}",
        tone=tone,
        twin=files.twin if files.twin.exists() else None,
        maps=files.maps,
    )
    maps = truth.read_maps()
    assert maps is not None
    return replace(truth, knees=_knees(maps))


def _view_of(scene: object) -> str:
    """Name a view by what decides it: a folder that is copied or renamed shows no new ones."""
    return f"view {hashlib.sha256(json.dumps(scene, sort_keys=True).encode()).hexdigest()[:16]}"


def _knees(maps: TrueMaps) -> tuple[KneeTruth, ...]:
    coins = ((maps.zones == Zone.COIN) & (maps.legs == leg) for leg in (1, 2))
    return tuple(_knee(coin) for coin in coins if int(coin.sum()) >= _LEAST_COIN_PX)


def _knee(coin: NDArray[np.bool_]) -> KneeTruth:
    rows, columns = np.nonzero(coin)
    width_px = max(int(np.ptp(rows)), int(np.ptp(columns))) + 1
    return KneeTruth(Point(float(columns.mean()), float(rows.mean())), _REACH_COINS * width_px)


def sha256_of_photo(truth: TruePhoto) -> str:
    """Name a photograph by the bytes of its file."""
    return hashlib.sha256(truth.photo.read_bytes()).hexdigest()


def hash_of(photos: Iterable[TruePhoto]) -> str:
    """Name a set by its photographs: sha256 over those of their files, in order."""
    return hashlib.sha256("".join(sha256_of_photo(truth) for truth in photos).encode()).hexdigest()
