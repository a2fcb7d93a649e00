"""From the bytes of a photograph to its assessment: everything that happens on the way, in one place."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from PIL import Image

from mottling.arrays import Point
from mottling.assessment import Assessment, ModelName, Reason, ReasonCode, Timing
from mottling.errors import PhotoRefused
from mottling.imaging.judging import Judgement, judge
from mottling.imaging.looks import DECODE_PX, Seen, look_at
from mottling.imaging.photo import Photo, read_photo, sha256_of
from mottling.imaging.segmentation import Segmentation
from mottling.imaging.sentences import Language, sentence, title
from mottling.imaging.spread import spread_maps
from mottling.scale import Status

__all__ = ["Assessed", "Assessor", "MapFiles", "unreadable"]

# Long side of the maps that are saved: finer than what the network saw, coarser than a photograph.
_SAVED_PX = 1024

_SMALL_PRINT = {
    Language.ENGLISH: "Proposed by the model {}, which learned from made photographs. For research only.",
    Language.FRENCH: "Proposé par le modèle {}, entraîné sur des images de synthèse. Recherche uniquement.",
}


@dataclass(frozen=True)
class MapFiles:
    """Maps of a photograph as 8-bit PNG files."""

    zones: bytes
    """0-5."""
    mottling: bytes
    """255 for a probability of 1."""


@dataclass(frozen=True)
class Assessed:
    """An assessment, with what can be shown and saved of it."""

    assessment: Assessment
    photo: Photo
    seen: Seen
    mottled_from: float

    @property
    def distance(self) -> float | None:
        """How far its skin looks from what the model was calibrated on; None without a leg or a reference."""
        return self.seen.last.look.distance if self.seen.last.legs else None

    def overlay(self, language: Language = Language.ENGLISH) -> bytes:
        """Draw the overlay as a JPEG, long side ≤ 1280 px."""
        # A score without its picture waits for no letters and no pen.
        from mottling.imaging.caption import Caption  # noqa: PLC0415
        from mottling.imaging.contours import borders_of  # noqa: PLC0415
        from mottling.imaging.overlay import Drawing, draw_overlay, picture_size  # noqa: PLC0415

        pixels = self.photo.pixels
        width, height = picture_size(pixels.shape[1], pixels.shape[0])
        borders = borders_of(self.seen.last, mottled_from=self.mottled_from, scale=width / pixels.shape[1])
        knees = [leg.knee_xy for leg in self.assessment.legs if leg.knee_xy is not None]
        ratio = width / self.photo.full_width
        if pixels.shape[:2] != (height, width):
            pixels = np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR))
        drawing = Drawing(
            pixels,
            borders,
            knees=[Point((x + 0.5) * ratio - 0.5, (y + 0.5) * ratio - 0.5) for x, y in knees],
        )
        return draw_overlay(
            drawing,
            Caption(
                title(self.assessment, language),
                sentence(self.assessment, language),
                _SMALL_PRINT[language].format(self.assessment.model.name),
            ),
        )

    def map_files(self) -> MapFiles:
        """Give the maps as files, in the shape of the upright photograph, long side 1024 px."""
        ratio = _SAVED_PX / max(self.photo.full_width, self.photo.full_height)
        width, height = (
            max(1, round(side * ratio)) for side in (self.photo.full_width, self.photo.full_height)
        )
        maps = spread_maps(self.seen.last, self.photo, width=width, height=height)
        return MapFiles(_png(maps.zones), _png((maps.mottling * 255).round().astype(np.uint8)))


class Assessor:
    """Assesses photographs with one model. May be used from several threads at once."""

    def __init__(self, network: Callable[[], Segmentation], model: ModelName) -> None:
        self._network = network
        self.model = model

    @classmethod
    def load(cls, data: bytes, *, name: str, threads: int | None = None) -> Assessor:
        """Load a model.

        Args:
            data: The bytes of its ONNX file.
            name: Of the model.
            threads: That one photograph may use; None for as many as there are cores, four at most.

        Raises:
            ModelRefused: They are no network of this contract.
        """
        network = Segmentation(data, name=name, threads=threads)
        return cls(lambda: network, ModelName(name=name, sha256=sha256_of(data)))

    @classmethod
    def load_meanwhile(cls, data: bytes, model: ModelName, *, threads: int | None = None) -> Assessor:
        """Begin to load a model, and have the first photograph decoded meanwhile.

        Args:
            data: The bytes of its ONNX file.
            model: Its name, and their hash.
            threads: As for `load`.

        What `load` would raise is raised by the first photograph that can be decoded.
        """
        with_one = ThreadPoolExecutor(1)
        loading = with_one.submit(Segmentation, data, name=model.name, threads=threads)
        with_one.shutdown(wait=False)
        return cls(loading.result, model)

    def assess(self, data: bytes, *, file: str) -> Assessed:
        """Assess one photograph.

        Args:
            data: The bytes of the file.
            file: Its name, as it shall stand in the record.

        Raises:
            PhotoRefused: The bytes are no photograph that can be read.
            ModelRefused: The model was loaded meanwhile, and is no network of this contract.
        """
        began = perf_counter()
        photo = read_photo(data, long_side_px=DECODE_PX)
        decoded = perf_counter()
        network = self._network()
        seen = look_at(data, photo, network)
        rules = network.contract.scoring
        judgement = judge(photo, seen, rules=rules)
        timing = Timing(
            decode=_ms(decoded - began),
            network=round(seen.network_ms, 1),
            total=_ms(perf_counter() - began),
        )
        assessment = _assessment(file, photo, judgement, model=self.model, timing=timing)
        return Assessed(assessment, photo, seen, rules.mottled_from)


def unreadable(file: str, data: bytes | None, refused: PhotoRefused, *, model: ModelName) -> Assessment:
    """Record that a file is no photograph that can be read.

    Args:
        file: As given.
        data: Its bytes; None when they could not be read at all.
        refused: Why.
        model: That would have scored it.
    """
    return Assessment(
        file=file,
        sha256=None if data is None else sha256_of(data),
        status=Status.ERROR,
        score=None,
        probabilities=None,
        prediction_set=(),
        visible_up_to=0,
        legs=(),
        reasons=(Reason(code=ReasonCode.UNREADABLE_FILE, message=str(refused)),),
        model=model,
        timing_ms=Timing(decode=0.0, network=0.0, total=0.0),
    )


def _assessment(
    file: str, photo: Photo, judgement: Judgement, *, model: ModelName, timing: Timing
) -> Assessment:
    patient = judgement.patient
    score = None if patient is None else patient.reading.score
    return Assessment(
        file=file,
        sha256=photo.sha256,
        status=judgement.status,
        score=score,
        probabilities=None if patient is None or score is None else patient.probabilities,
        prediction_set=() if patient is None else patient.prediction_set,
        visible_up_to=judgement.visible_up_to,
        legs=judgement.legs,
        reasons=judgement.reasons,
        model=model,
        timing_ms=timing,
    )


def _png(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
