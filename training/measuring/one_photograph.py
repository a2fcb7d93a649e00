"""Measures one photograph the whole way through the runtime, and sets its answer beside the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mottling.assessment import Assessment
from mottling.imaging.assessor import Assessed, Assessor
from mottling.imaging.photo import read_bytes
from mottling.imaging.spread import spread_maps
from mottling.scale import LegReading, Status, Zone
from training.measuring.conditions import light_of, view_of
from training.measuring.outcomes import Outcome
from training.measuring.ruined import ruined_jpeg
from training.measuring.truths import TrueMaps, TruePhoto
from training.samples import UNKNOWN

__all__ = ["measure", "measure_ruined", "measure_some"]


def measure_ruined(model: bytes, name: str, photos: Sequence[TruePhoto]) -> list[Outcome]:
    """Ruin photographs, and see whether the model refuses them."""
    assessor = Assessor.load(model, name=name, threads=1)
    return [_measure_ruined(photo, assessor) for photo in photos]


def measure_some(model: bytes, name: str, photos: Sequence[TruePhoto]) -> list[Outcome]:
    """Measure photographs with a model, on one thread.

    Args:
        model: The bytes of its ONNX file.
        name: Of the model.
        photos: In the order of the outcomes.
    """
    assessor = Assessor.load(model, name=name, threads=1)
    return [measure(photo, assessor) for photo in photos]


def measure(truth: TruePhoto, assessor: Assessor) -> Outcome:
    """Measure one photograph, and its clean twin where there is one."""
    assessed = _assess(truth.photo, assessor)
    said = assessed.assessment
    maps = truth.read_maps()
    pixels = _Pixels() if maps is None else _compare(maps, assessed)
    return Outcome(
        truth=truth.reading,
        ours=LegReading(said.status, said.score),
        cluster=truth.cluster,
        tone=truth.tone,
        prediction_set=said.prediction_set,
        fires=_fires(said),
        twin_fires=None if truth.twin is None else _fires(_assess(truth.twin, assessor).assessment),
        zone_overlap_px=pixels.overlap,
        zone_union_px=pixels.union,
        dice=pixels.dice,
        knees=len(truth.knees),
        knees_found=_knees_found(truth, said),
        view=view_of(truth.reading, maps),
        light=light_of(assessed.photo.pixels),
    )


def _measure_ruined(truth: TruePhoto, assessor: Assessor) -> Outcome:
    said = assessor.assess(ruined_jpeg(truth), file=truth.photo.name).assessment
    return Outcome(
        truth=LegReading(Status.NOT_ASSESSABLE, None),
        ours=LegReading(said.status, said.score),
        cluster=truth.cluster,
        tone=truth.tone,
        prediction_set=said.prediction_set,
        fires=_fires(said),
        twin_fires=None,
        zone_overlap_px=(),
        zone_union_px=(),
        dice=None,
        knees=0,
        knees_found=0,
        ruined=True,
    )


def _assess(photo: Path, assessor: Assessor) -> Assessed:
    return assessor.assess(read_bytes(photo), file=photo.name)


def _fires(said: Assessment) -> float:
    """Give the probability of a score above 0; what was not assessed does not fire."""
    return 0.0 if said.probabilities is None else 1 - said.probabilities[0]


def _knees_found(truth: TruePhoto, said: Assessment) -> int:
    ours = [leg.knee_xy for leg in said.legs if leg.knee_xy is not None]
    return sum(any(math.dist(knee.centre, found) <= knee.reach_px for found in ours) for knee in truth.knees)


@dataclass(frozen=True)
class _Pixels:
    """What the maps have in common."""

    overlap: tuple[int, ...] = ()
    union: tuple[int, ...] = ()
    dice: float | None = None


def _compare(maps: TrueMaps, assessed: Assessed) -> _Pixels:
    """Compare zones and mottling where the truth is known."""
    height, width = maps.zones.shape
    our_maps = spread_maps(assessed.seen.last, assessed.photo, width=width, height=height)
    ours = our_maps.zones
    known = maps.zones != UNKNOWN
    overlap, union = [], []
    for zone in list(Zone)[1:]:
        we, they = (ours == zone) & known, maps.zones == zone
        overlap.append(int((we & they).sum()))
        union.append(int((we | they).sum()))
    painted = (our_maps.mottling >= assessed.mottled_from) & (maps.mottling != UNKNOWN)
    mottled = maps.mottling == 1
    both, either = int((painted & mottled).sum()), int(painted.sum()) + int(mottled.sum())
    return _Pixels(tuple(overlap), tuple(union), 2 * both / either if mottled.any() else None)
