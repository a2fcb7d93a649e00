"""From the maps of each leg to the score of the patient: evidence by zone, probabilities, status.

Training calibrates with these very functions, and the runtime scores with them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mottling.arrays import MottlingMap, ZoneMap
from mottling.imaging.contract import ScoringRules
from mottling.imaging.ranks import percentile
from mottling.scale import MAX_SCORE, SCORES, LegReading, Status, Zone, read_leg, worse_leg

__all__ = [
    "LegEvidence",
    "LegScore",
    "PatientScore",
    "ZoneEvidence",
    "measure_leg",
    "score_leg",
    "score_patient",
]

AtLeast = tuple[float, float, float, float, float]
Probabilities = tuple[float, float, float, float, float, float]

# A map that is sure still gives a finite logit: sigmoid(-9.2) is 1 in 10,000.
_MOST_CERTAIN = 1e-4


@dataclass(frozen=True)
class ZoneEvidence:
    """What one zone in view shows."""

    zone: Zone
    skin_px: int
    """Cells of the map that it fills."""
    evidence: float
    """Logit of the zone's high percentile of mottling probability."""
    mottled_share: float
    """Part of its visible skin that is mottled, 0-1."""


@dataclass(frozen=True)
class LegEvidence:
    """What one leg shows: its zones in view, from the lowest to the highest."""

    zones: tuple[ZoneEvidence, ...]

    @property
    def visible(self) -> tuple[Zone, ...]:
        """The zones in view."""
        return tuple(one.zone for one in self.zones)


@dataclass(frozen=True)
class LegScore:
    """The score of one leg."""

    reading: LegReading
    at_least: AtLeast
    """P(score >= k) for k = 1 to 5, by what is in view."""
    visible_up_to: int
    """Highest zone in view; 0 when none is."""


@dataclass(frozen=True)
class PatientScore:
    """The score of the patient: the worse leg counts."""

    reading: LegReading
    probabilities: Probabilities
    """Of the scores 0 to 5, by what is in view."""
    prediction_set: tuple[int, ...]
    """Contiguous; reaches up to 5 when the score is a lower bound; empty when not assessable."""
    visible_up_to: int


def measure_leg(zones: ZoneMap, mottling: MottlingMap, *, rules: ScoringRules) -> LegEvidence:
    """Measure the evidence of each zone of one leg.

    Args:
        zones: Zones of this leg; 0 elsewhere, the other leg included.
        mottling: Of the same shape.
        rules: Which zones count as in view, and which percentile is the evidence.
    """
    skin_px = np.bincount(zones.ravel(), minlength=len(Zone))
    leg_px = int(skin_px[1:].sum())
    measured = []
    for zone in list(Zone)[1:]:
        here = int(skin_px[zone])
        if here == 0 or here < rules.min_zone_shares[zone - 1] * leg_px:
            continue
        values = mottling[zones == zone]
        evidence = _logit(percentile(values, rules.percentile))
        measured.append(ZoneEvidence(zone, here, evidence, float((values >= rules.mottled_from).mean())))
    return LegEvidence(tuple(measured))


def score_leg(leg: LegEvidence, *, rules: ScoringRules) -> LegScore:
    """Score one leg; a zone that is not in view says nothing.

    Whatever its probability, no zone counts of which the outlines would show nothing: nobody could check it.
    """
    mottled = dict.fromkeys(list(Zone)[1:], 0.0)
    for one in leg.zones:
        index = one.zone - 1
        mottled[one.zone] = _sigmoid(rules.slopes[index] * one.evidence + rules.biases[index])
    at_least = [max(p for zone, p in mottled.items() if zone >= k) for k in range(1, MAX_SCORE + 1)]
    shown = {one.zone: mottled[one.zone] for one in leg.zones if one.mottled_share > 0}
    reading = read_leg(mottled=_counted(shown, rules=rules), visible=leg.visible)
    highest = max(leg.visible, default=Zone.NOT_SKIN)
    return LegScore(reading, _five(at_least), int(highest))


def _counted(mottled: Mapping[Zone, float], *, rules: ScoringRules) -> list[Zone]:
    """Name the zones that count as mottled: none, unless the leg is mottled at all."""
    if not any(p >= rules.threshold for p in mottled.values()):
        return []
    least = rules.threshold if rules.extent_threshold is None else rules.extent_threshold
    return [zone for zone, p in mottled.items() if p >= min(least, rules.threshold)]


def score_patient(legs: Sequence[LegScore], *, rules: ScoringRules) -> PatientScore:
    """Score the patient from the legs in view: the worse leg counts."""
    reading = worse_leg(leg.reading for leg in legs)
    highest = max((leg.visible_up_to for leg in legs), default=0)
    judged = [leg.at_least for leg in legs if leg.reading.score is not None]
    at_least = [1.0, *np.max(judged, axis=0).tolist(), 0.0] if judged else [1.0, *[0.0] * (MAX_SCORE + 1)]
    probabilities = [max(0.0, at_least[k] - at_least[k + 1]) for k in SCORES]
    return PatientScore(
        reading,
        _six(probabilities),
        _prediction_set(reading, probabilities, mass=rules.set_mass),
        highest,
    )


def _prediction_set(reading: LegReading, probabilities: list[float], *, mass: float) -> tuple[int, ...]:
    """Name the fewest scores in a row, the given one among them, that hold the mass; else all six.

    Of two such rows the likelier one, and of two as likely the higher one. A row reaches past a score that is
    next to impossible: whoever doubts between 0 and 2 need not think of 5.
    """
    if reading.score is None:
        return ()
    is_open = reading.status is Status.AT_LEAST  # the view ends: nothing speaks against more
    least_high = MAX_SCORE if is_open else reading.score
    rows = [
        range(low, high + 1) for low in range(reading.score + 1) for high in range(least_high, MAX_SCORE + 1)
    ]

    def held(row: range) -> float:
        return math.fsum(probabilities[row.start : row.stop])

    enough = [row for row in rows if held(row) >= mass]
    best = min(enough, key=lambda row: (len(row), -held(row), -row.start), default=range(MAX_SCORE + 1))
    return tuple(best)


def _logit(probability: float) -> float:
    p = min(max(probability, _MOST_CERTAIN), 1 - _MOST_CERTAIN)
    return math.log(p / (1 - p))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _five(values: list[float]) -> AtLeast:
    one, two, three, four, five = values
    return (one, two, three, four, five)


def _six(values: list[float]) -> Probabilities:
    zero, one, two, three, four, five = values
    return (zero, one, two, three, four, five)
