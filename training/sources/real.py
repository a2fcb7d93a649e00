"""Draws from openly licensed real photographs: healthy legs clean or painted, garments and rooms, other skin.

They are read where they lie. No source is always negative: legs and close-ups are painted too.
"""

from __future__ import annotations

import csv
from collections import Counter
from functools import cached_property, lru_cache
from pathlib import Path

import cv2
import numpy as np

from mottling.arrays import Rgb8
from mottling.errors import TrainingRefused
from mottling.scale import MAX_SCORE
from training.painting.canvas import Canvas, open_canvas
from training.painting.painter import Nets, close_to_patch, draw_tint, many_nets, paint
from training.painting.placement import draw_extent, weight_of
from training.painting.real_people import Split, read_leg_photos
from training.samples import UNKNOWN, Sample
from training.synthetic.materials import kept_for
from training.synthetic.ranges import Ranges
from training.synthetic.records import Placement
from training.tones import Tone

__all__ = [
    "RealSource",
    "Split",
    "clean_legs",
    "list_cloth",
    "list_skin",
    "paint_legs",
    "read_picture",
    "without_leg",
]

# Of the draws.
_LEGS_SHARE, _CLOTH_SHARE, _SKIN_SHARE = 0.6, 0.2, 0.2

# Clean legs come at least as often as painted ones.
_PAINTED_LEGS = 0.45
_PAINTED_SKIN = 0.4
_BOTH_LEGS = 0.7
_CLOSER = 0.5
_CLOSE_SHARE = (0.35, 0.9)

# There are few dark legs, and they fail first.
_DARK_WEIGHT = 1.8
_UNMASKED_WEIGHT = 0.4

_LONG_SIDE_PX = 640
_KEPT_PICTURES = 260

# What may be livedo, mottling or a purple limb has no sure truth.
_DOUBTFUL = ("livedo", "mottl", "purpura", "cyanosis", "gangren", "necro", "ischaem", "rickettsia", "neonate")

# Cells of a net in a close-up, as a share of its short side.
_CLOSE_CELL_SHARE = (0.04, 0.33)
_MEAN_CELL_MM = 18.0


class RealSource:
    """Draws from the folder of real photographs, of one split."""

    def __init__(self, folder: Path, *, split: Split, nets: Nets | None = None) -> None:
        """List what is there.

        Args:
            folder: With legs/, cloth/ and skin/.
            split: Whose pictures to draw.
            nets: What to paint with, if not with the usual ones.

        Raises:
            TrainingRefused: The folder lacks legs/, cloth/ or skin/, or the split has none of one.
        """
        self._photos = read_leg_photos(folder / "legs", split=split)
        self._cloth = list_cloth(folder, split)
        self._skin = list_skin(folder / "skin", split)
        for kind, found in (("legs", self._photos), ("cloth", self._cloth), ("skin", self._skin)):
            if not found:
                raise TrainingRefused(
                    f"{folder} holds no picture of {kind} for {split.value}",
                    remedy="Give the folder with legs/, cloth/ and skin/, or train without --real",
                )
        self._nets = nets or many_nets()

    def draw(self, rng: np.random.Generator) -> Sample:
        """Draw one picture: legs, cloth or other skin."""
        kind = rng.random()
        if kind < _LEGS_SHARE:
            return self._draw_legs(rng)
        if kind < _LEGS_SHARE + _CLOTH_SHARE:
            return without_leg(read_picture(self._cloth[int(rng.integers(len(self._cloth)))]))
        return self._draw_skin(rng)

    @cached_property
    def _canvases(self) -> tuple[Canvas, ...]:
        return tuple(open_canvas(photo) for photo in self._photos)

    @cached_property
    def _shares(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """People with many pictures count more than the others, but not by as many."""
        pictures = Counter(canvas.person for canvas in self._canvases)
        weights = np.array(
            [
                (_DARK_WEIGHT if canvas.tone is Tone.DARK else 1.0)
                * (1.0 if canvas.skin.any() else _UNMASKED_WEIGHT)
                / np.sqrt(pictures[canvas.person])
                for canvas in self._canvases
            ]
        )
        shares: np.ndarray[tuple[int], np.dtype[np.float64]] = weights / weights.sum()
        return shares

    def _draw_legs(self, rng: np.random.Generator) -> Sample:
        canvas = self._canvases[int(rng.choice(len(self._canvases), p=self._shares))]
        painted = rng.random() < _PAINTED_LEGS and bool(canvas.skin.any())
        sample = paint_legs(canvas, self._nets, rng) if painted else clean_legs(canvas)
        return _closer(sample, canvas, rng) if rng.random() < _CLOSER else sample

    def _draw_skin(self, rng: np.random.Generator) -> Sample:
        path, tone, fills_frame = self._skin[int(rng.integers(len(self._skin)))]
        photo = _read_once(path)
        unknown = np.full(photo.shape[:2], UNKNOWN, np.uint8)
        quiet = np.zeros(photo.shape[:2], np.uint8)
        if not fills_frame or rng.random() >= _PAINTED_SKIN:
            return Sample(photo, unknown, quiet, at_most=0, readable=None)
        cell_share = float(np.exp(rng.uniform(*np.log(_CLOSE_CELL_SHARE))))
        mm_per_px = _MEAN_CELL_MM / (cell_share * min(photo.shape[:2]))
        amount, cell_px = self._nets.lay(rng, photo.shape, mm_per_px=mm_per_px)
        everywhere = np.ones(photo.shape[:2], bool)
        drawn = paint(photo, amount, everywhere, tint=draw_tint(rng, tone), cell_px=cell_px, rng=rng)
        return Sample(drawn.photo, unknown, drawn.mottling, twin=photo, readable=None)


def clean_legs(canvas: Canvas) -> Sample:
    """Healthy legs: no mottling anywhere."""
    return Sample(canvas.photo, canvas.zones, np.zeros(canvas.skin.shape, np.uint8), at_most=0)


def paint_legs(canvas: Canvas, nets: Nets, rng: np.random.Generator) -> Sample:
    """Paint one leg or both; clean where no leg can carry it.

    The score is bounded from above by what was painted, and from below by what the maps show.
    """
    weight = np.zeros(canvas.skin.shape, np.float32)
    coins = np.zeros(canvas.skin.shape, bool)
    score, both = 0, rng.random() < _BOTH_LEGS
    for leg in rng.permutation((1, 2)):
        extent = draw_extent(rng, canvas, int(leg))
        if extent is None or (score > 0 and not both):
            continue
        weight = np.maximum(weight, weight_of(extent, canvas, int(leg), rng))
        score = max(score, extent.score)
        if extent.placement is Placement.COIN:
            coins |= canvas.leg == leg
    if score == 0:
        return clean_legs(canvas)
    amount, cell_px = nets.lay(rng, canvas.skin.shape, mm_per_px=canvas.mm_per_px)
    amount = close_to_patch(amount, coins, mm_per_px=canvas.mm_per_px, rng=rng)
    tint = draw_tint(rng, canvas.tone)
    drawn = paint(canvas.photo, amount * weight, canvas.skin, tint=tint, cell_px=cell_px, rng=rng)
    unmasked = ~canvas.skin & (canvas.zones == UNKNOWN)
    mottling = np.where(unmasked, UNKNOWN, drawn.mottling).astype(np.uint8)
    return Sample(drawn.photo, canvas.zones, mottling, twin=canvas.photo, at_most=min(score, MAX_SCORE))


def without_leg(photo: Rgb8) -> Sample:
    """A picture without a leg: nobody can judge it."""
    nothing = np.zeros(photo.shape[:2], np.uint8)
    return Sample(photo, nothing, nothing, at_most=0, readable=False)


def _closer(sample: Sample, canvas: Canvas, rng: np.random.Generator) -> Sample:
    """Cut a square around some skin, as a nurse who steps closer would; the labels are cut alike."""
    height, width = sample.zones.shape
    side = round(max(height, width) * float(rng.uniform(*_CLOSE_SHARE)))
    if canvas.knees and rng.random() < 0.7:
        middle = canvas.knees[int(rng.integers(len(canvas.knees)))]
        x, y = middle.x, middle.y
    else:
        places = np.argwhere(canvas.skin) if canvas.skin.any() else np.array([[height // 2, width // 2]])
        y, x = places[int(rng.integers(len(places)))]
    left = round(x - side * float(rng.uniform(0.3, 0.7)))
    top = round(y - side * float(rng.uniform(0.3, 0.7)))
    box = np.s_[max(0, top) : max(1, top + side), max(0, left) : max(1, left + side)]
    return Sample(
        np.ascontiguousarray(sample.photo[box]),
        np.ascontiguousarray(sample.zones[box]),
        np.ascontiguousarray(sample.mottling[box]),
        None if sample.twin is None else np.ascontiguousarray(sample.twin[box]),
        at_most=sample.at_most,
        readable=sample.readable,
    )


def list_cloth(folder: Path, split: Split) -> tuple[Path, ...]:
    """List garments and rooms of a split: no leg in any of them."""
    files = sorted((folder / "cloth").glob("*.jpg"))
    files += sorted((folder / "materials" / "background" / "photos").glob("*.jpg"))
    return kept_for(_ranges(split), files)


def list_skin(folder: Path, split: Split) -> tuple[tuple[Path, Tone, bool], ...]:
    """List skin that is no healthy leg, each with its tone and whether skin fills the frame.

    What may be mottling itself is left out.
    """
    try:
        with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise TrainingRefused(
            f"{folder} holds no manifest.csv: {error.strerror}", remedy="Give the folder with skin/ in it"
        ) from error
    sure = {
        folder / row["file"]: row
        for row in rows
        if not any(word in f"{row['file']} {row['what']}".lower() for word in _DOUBTFUL)
    }
    return tuple(
        (path, Tone(sure[path]["skin_tone"]), sure[path]["side_view"] == "close-up")
        for path in kept_for(_ranges(split), sorted(sure))
    )


def _ranges(split: Split) -> Ranges:
    """What is kept from the generator is kept here too."""
    return Ranges.TRAINING if split is Split.TRAIN else Ranges.SHIFTED


@lru_cache(maxsize=_KEPT_PICTURES)
def _read_once(path: Path) -> Rgb8:
    """Close-ups are few, large and drawn often."""
    return read_picture(path)


def read_picture(path: Path) -> Rgb8:
    """Read a picture at a size that a network would be shown.

    Raises:
        TrainingRefused: It cannot be read.
    """
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise TrainingRefused(f"{path} cannot be read as a picture", remedy="Fetch the folder again")
    scale = _LONG_SIDE_PX / max(picture.shape[:2])
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return picture.astype(np.uint8, copy=False)
