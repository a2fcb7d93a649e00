"""Looks at photographs as the runtime does, and puts the truth beside the evidence of each zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mottling.arrays import Mask
from mottling.imaging.contract import ScoringRules
from mottling.imaging.looks import DECODE_PX, OneLook, Seen, look_at
from mottling.imaging.photo import Photo, read_bytes, read_photo
from mottling.imaging.scoring import LegEvidence, measure_leg
from mottling.imaging.segmentation import Segmentation
from mottling.scale import LegReading, Status, Zone
from training.measuring.ruined import ruined_jpeg
from training.measuring.truths import TrueMaps, TruePhoto
from training.rules.fitting import Observed, ZoneLabel
from training.samples import UNKNOWN
from training.synthetic.labels import LEAST_SHARE, LEAST_SKIN_PX

__all__ = ["observe", "observe_ruined", "zone_is_mottled"]

_REFUSED = LegReading(Status.NOT_ASSESSABLE, None)


def observe(truth: TruePhoto, network: Segmentation, *, set_name: str) -> Observed:
    """Look at one photograph and label what was seen.

    Args:
        truth: The photograph and what is true of it.
        network: That looks.
        set_name: The set that the photograph belongs to.
    """
    data = read_bytes(truth.photo)
    photo = read_photo(data, long_side_px=DECODE_PX)
    seen = look_at(data, photo, network)
    legs = _measured(seen, rules=network.contract.scoring)
    labels = tuple(_labels(truth, seen.last, photo, legs))
    embedding = seen.last.look.embedding if legs else None
    return Observed(truth.reading, legs, labels, _readable(seen), set_name, embedding, truth.cluster)


def observe_ruined(truth: TruePhoto, network: Segmentation, *, set_name: str) -> Observed:
    """Ruin a photograph so that nobody could read it, and look at what is left."""
    data = ruined_jpeg(truth)
    seen = look_at(data, read_photo(data, long_side_px=DECODE_PX), network)
    return Observed(_REFUSED, _measured(seen, rules=network.contract.scoring), (), _readable(seen), set_name)


def _measured(seen: Seen, *, rules: ScoringRules) -> tuple[LegEvidence, ...]:
    mottling = seen.last.look.mottling
    return tuple(measure_leg(leg.zones, mottling, rules=rules) for leg in seen.last.legs)


def _readable(seen: Seen) -> float:
    return seen.last.look.readable


def _labels(
    truth: TruePhoto, look: OneLook, photo: Photo, legs: Sequence[LegEvidence]
) -> Iterator[ZoneLabel]:
    """Label every zone of every leg that was seen, where the truth says what it is."""
    if truth.reading.status is Status.NOT_ASSESSABLE:
        return
    maps = truth.read_maps()
    if maps is None:
        if truth.reading == LegReading(Status.SCORED, 0):
            for leg in legs:
                yield from (ZoneLabel(one.zone, one.evidence, mottled=False) for one in leg.zones)
        return
    for found, leg in zip(look.legs, legs, strict=True):
        here = _in_photo(found.mask, look, photo, shape=maps.zones.shape)
        number = _which_leg(maps, here)
        for one in leg.zones:
            mottled = zone_is_mottled(maps, leg=number, zone=one.zone)
            if mottled is not None:
                yield ZoneLabel(one.zone, one.evidence, mottled)


def _in_photo(cells: Mask, look: OneLook, photo: Photo, *, shape: tuple[int, ...]) -> Mask:
    """Bring cells of a look to the pixels of the photograph's maps."""
    height, width = shape[0], shape[1]
    frame = look.fitted.frame
    across, down = width / photo.pixels.shape[1], height / photo.pixels.shape[0]
    left, top = round(frame.box.left * across), round(frame.box.top * down)
    right, bottom = (
        max(left + 1, round(frame.box.right * across)),
        max(top + 1, round(frame.box.bottom * down)),
    )
    part = frame.unpad(cells.astype(np.float32), width=right - left, height=bottom - top)
    whole = np.zeros((height, width), bool)
    whole[top:bottom, left:right] = part[: height - top, : width - left] > 0.5
    return whole


def _which_leg(maps: TrueMaps, here: Mask) -> int:
    """Name the leg that most of what was seen lies on; 0 when it is on none."""
    on = np.bincount(maps.legs[here], minlength=3)
    return int(on[1:].argmax()) + 1 if on[1:].any() else 0


def zone_is_mottled(maps: TrueMaps, *, leg: int, zone: Zone) -> bool | None:
    """Say whether a zone of a leg is mottled; None where nobody can say.

    A zone that is not in view is not mottled there: what the network shows in it belongs to another.
    """
    on_leg = maps.legs == leg if leg else np.zeros(maps.legs.shape, bool)
    inside = on_leg & (maps.zones == zone)
    area = int(inside.sum())
    if area < LEAST_SKIN_PX:
        return None if bool((on_leg & (maps.zones == UNKNOWN)).any()) else False
    sure = int((maps.mottling[inside] == 1).sum())
    possible = sure + int((maps.mottling[inside] == UNKNOWN).sum())
    if sure >= LEAST_SHARE * area:
        return True
    return None if possible >= LEAST_SHARE * area else False
