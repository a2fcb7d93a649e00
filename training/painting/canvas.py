"""A photograph of healthy legs made ready to be painted: its skin, its zones, and millimetres along each leg.

Zones are given where the landmarks are sure and left unknown where their error could flip them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Mask, Point, Rgb8
from mottling.errors import TrainingRefused
from mottling.scale import Zone
from training.painting.real_people import LegPhoto, Limb, Toward
from training.samples import UNKNOWN, LabelMap
from training.tones import Tone

__all__ = ["Canvas", "open_canvas"]

Field = NDArray[np.float32]

# Lengths of a grown person's leg; enough to tell zones apart, with the doubts below.
_SHANK_MM, _THIGH_MM = 400.0, 420.0

# Along the thigh from the centre of the knee: the superior edge of the kneecap, the middle between it and
# the fold of the groin (which lies about 400 mm up in the middle of the thigh, less on its inside), and where
# the fold may begin.
_KNEECAP_MM, _MIDDLE_MM, _GROIN_MM = 24.0, 215.0, 325.0

# How far off a sure landmark was seen to be.
_KNEECAP_DOUBT_MM, _MIDDLE_DOUBT_MM, _COIN_DOUBT_MM = 20.0, 28.0, 26.0
# Less than the coin itself: a landmark that is off by a little still marks kneecap.
_SURE_COIN_MM = 13.0
_SIDE_COIN_DOUBT_MM = 45.0
_OTHER_LEG_DOUBT_MM = 25.0

# A thigh seen this short points at the camera: nobody can measure along it.
_LEAST_THIGH = 0.5

_LONG_SIDE_PX = 640
_SMALL_LEG_PX = 240
_MOST_ENLARGED = 1.6

_SKIN_COLOUR_SPREADS = 3.0
_LEAST_COLOUR_SPREAD = 0.1
_MASK_EDGE_PX = 3


@dataclass(frozen=True)
class Canvas:
    """One photograph with what is known of it."""

    photo: Rgb8
    person: str
    tone: Tone
    toward: Toward
    skin: Mask
    """Surely bare skin of a leg; none of it where nobody drew a mask."""
    zones: LabelMap
    along_mm: Field
    """(H, W) from the centre of the nearest knee: positive up the thigh, negative down the shin."""
    knee_mm: Field
    """(H, W) distance to the centre of that leg's knee."""
    leg: LabelMap
    """(H, W) 1 or 2: the nearest leg; 0 where its landmarks are not sure."""
    mm_per_px: float
    knees: tuple[Point, ...]
    """Of the sure legs."""


def open_canvas(row: LegPhoto) -> Canvas:
    """Read a photograph and its mask, at a size where a leg can be seen.

    Raises:
        TrainingRefused: A file cannot be read.
    """
    photo = _read(row.photo, cv2.IMREAD_COLOR_RGB)
    shape = photo.shape[:2]
    mask = np.zeros(shape, np.uint8) if row.mask is None else _read(row.mask, cv2.IMREAD_GRAYSCALE)
    scale = _scale(shape, row.limbs)
    if scale != 1:
        smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        photo = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=smooth).astype(np.uint8, copy=False)
        mask = cv2.resize(mask, photo.shape[1::-1], interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    limbs = tuple(_scaled(limb, scale) for limb in row.limbs)
    mm_per_px = _mm_per_px(limbs)
    skin = mask > 127
    measures = [_measure(limb, skin.shape, mm_per_px) for limb in limbs]
    nearest = np.argmin([m.away_mm for m in measures], axis=0)  # (H, W)
    zones = _zones(photo, skin, measures, nearest, limbs, row.toward)
    sure = np.array([limb.is_sure for limb in limbs])
    return Canvas(
        photo=photo,
        person=row.person,
        tone=row.tone,
        toward=row.toward,
        skin=skin,
        zones=zones,
        along_mm=np.choose(nearest, [m.along_mm for m in measures]).astype(np.float32),
        knee_mm=np.choose(nearest, [m.knee_mm for m in measures]).astype(np.float32),
        leg=np.where(sure[nearest], nearest + 1, 0).astype(np.uint8),
        mm_per_px=mm_per_px,
        knees=tuple(limb.knee for limb in limbs if limb.is_sure),
    )


def _read(path: object, how: int) -> NDArray[np.uint8]:
    picture = cv2.imread(str(path), how)
    if picture is None:
        raise TrainingRefused(f"{path} cannot be read as a picture", remedy="Fetch the folder again")
    return picture.astype(np.uint8, copy=False)


def _scale(shape: tuple[int, ...], limbs: tuple[Limb, ...]) -> float:
    longest = max(_length(limb.hip, limb.knee) + _length(limb.knee, limb.ankle) for limb in limbs)
    enlarged = min(_MOST_ENLARGED, max(1.0, _SMALL_LEG_PX / longest))
    return min(enlarged, _LONG_SIDE_PX / max(shape))


def _length(one: Point, other: Point) -> float:
    return float(np.hypot(one.x - other.x, one.y - other.y))


def _scaled(limb: Limb, scale: float) -> Limb:
    hip, knee, ankle = (Point(p.x * scale, p.y * scale) for p in (limb.hip, limb.knee, limb.ankle))
    return Limb(hip, knee, ankle, limb.is_sure)


def _mm_per_px(limbs: tuple[Limb, ...]) -> float:
    """From the bone that is seen least shortened."""
    trusted = [limb for limb in limbs if limb.is_sure] or list(limbs)
    shanks = [_SHANK_MM / max(_length(limb.knee, limb.ankle), 1.0) for limb in trusted]
    thighs = [_THIGH_MM / max(_length(limb.knee, limb.hip), 1.0) for limb in trusted]
    return min(shanks + thighs)


@dataclass(frozen=True)
class _Measure:
    """Of every pixel against one leg, each (H, W)."""

    along_mm: Field
    knee_mm: Field
    away_mm: Field
    """Distance to the leg's bones."""
    bent: Mask
    """About as near to the thigh as to the shin."""
    is_short: bool
    """The thigh points at the camera."""


def _measure(limb: Limb, shape: tuple[int, ...], mm_per_px: float) -> _Measure:
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    thigh_along, thigh_away = _against_bone(x, y, limb.knee, limb.hip)
    shank_along, shank_away = _against_bone(x, y, limb.knee, limb.ankle)
    on_shank = shank_away < thigh_away
    along = np.where(on_shank, -shank_along * _SHANK_MM, thigh_along * _THIGH_MM)
    apart_mm = np.abs(thigh_away - shank_away) * mm_per_px
    return _Measure(
        along_mm=along.astype(np.float32),
        knee_mm=(np.hypot(x - limb.knee.x, y - limb.knee.y) * mm_per_px).astype(np.float32),
        away_mm=(np.minimum(thigh_away, shank_away) * mm_per_px).astype(np.float32),
        bent=apart_mm < _OTHER_LEG_DOUBT_MM,
        is_short=_length(limb.knee, limb.hip) * mm_per_px < _LEAST_THIGH * _THIGH_MM,
    )


def _against_bone(x: Field, y: Field, start: Point, end: Point) -> tuple[Field, Field]:
    """How far along a bone, as a share of it, and how far away from it, in pixels."""
    dx, dy = end.x - start.x, end.y - start.y
    along = ((x - start.x) * dx + (y - start.y) * dy) / max(dx * dx + dy * dy, 1.0)
    on_bone = along.clip(0, 1)
    away = np.hypot(x - start.x - on_bone * dx, y - start.y - on_bone * dy)
    return along.astype(np.float32), away.astype(np.float32)


def _zones(
    photo: Rgb8,
    skin: Mask,
    measures: list[_Measure],
    nearest: NDArray[np.intp],
    limbs: tuple[Limb, ...],
    toward: Toward,
) -> LabelMap:
    labels = [
        _leg_zones(measure, toward) if limb.is_sure else np.full(skin.shape, UNKNOWN, np.uint8)
        for limb, measure in zip(limbs, measures, strict=True)
    ]
    zones = np.choose(nearest, labels).astype(np.uint8)
    contested = np.abs(measures[0].away_mm - measures[1].away_mm) < _OTHER_LEG_DOUBT_MM
    zones[contested & (labels[0] != labels[1])] = UNKNOWN
    around = np.full(skin.shape, UNKNOWN, np.uint8)
    if skin.any():
        edge = cv2.dilate(skin.astype(np.uint8), np.ones((2 * _MASK_EDGE_PX + 1,) * 2, np.uint8)) > 0
        around[~edge & ~_looks_like_skin(photo, skin)] = Zone.NOT_SKIN
    return np.where(skin, zones, around).astype(np.uint8)


def _leg_zones(measure: _Measure, toward: Toward) -> LabelMap:
    along = measure.along_mm
    zones = np.full(along.shape, UNKNOWN, np.uint8)
    zones[along < _KNEECAP_MM - _KNEECAP_DOUBT_MM] = Zone.KNEE
    if not measure.is_short:
        lower = (along > _KNEECAP_MM + _KNEECAP_DOUBT_MM) & (along < _MIDDLE_MM - _MIDDLE_DOUBT_MM)
        upper = (along > _MIDDLE_MM + _MIDDLE_DOUBT_MM) & (along < _GROIN_MM)
        zones[lower & ~measure.bent] = Zone.LOWER_THIGH
        zones[upper & ~measure.bent] = Zone.UPPER_THIGH
    if toward is Toward.FRONT:
        zones[measure.knee_mm < _COIN_DOUBT_MM] = UNKNOWN
        zones[measure.knee_mm < _SURE_COIN_MM] = Zone.COIN
    elif toward is Toward.SIDE:
        zones[measure.knee_mm < _SIDE_COIN_DOUBT_MM] = UNKNOWN
    return zones


def _looks_like_skin(photo: Rgb8, skin: Mask) -> Mask:
    """Colour ratios as the masked skin has, in light or in shadow."""
    logs = np.log(photo.astype(np.float32) + 4.0)
    ratios = np.stack([logs[..., 0] - logs[..., 1], logs[..., 1] - logs[..., 2]], axis=-1)  # (H, W, 2)
    ratios = cv2.GaussianBlur(ratios, (0, 0), 1.0)
    middle, spread = ratios[skin].mean(axis=0), ratios[skin].std(axis=0).clip(_LEAST_COLOUR_SPREAD)
    looks: Mask = (np.abs(ratios - middle) < _SKIN_COLOUR_SPREADS * spread).all(axis=-1)
    return looks
