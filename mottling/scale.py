"""The mottling scale: its zones, and the one rule that turns mottled zones into a score.

Ait-Oufella 2011 (doi 10.1007/s00134-011-2163-y); NCT03788837. The published scale has no rule for
asymmetric, skipped or lower-leg patches. Ours: the score of a leg is the highest zone that holds
mottled skin, the score of a patient is the worse leg, and what is not in the picture cannot be scored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

__all__ = [
    "COIN_DIAMETER_MM",
    "MAX_SCORE",
    "SCORES",
    "LegReading",
    "Status",
    "Zone",
    "read_leg",
    "worse_leg",
]

MAX_SCORE = 5
SCORES = range(MAX_SCORE + 1)

# "Coin-sized area on the centre of the knee" (Ait-Oufella 2011): a disc on the centre of the patella.
COIN_DIAMETER_MM = 30.0


class Zone(IntEnum):
    """A part of the leg. Mottling in zone k makes the score at least k."""

    NOT_SKIN = 0
    """Not visible skin of the leg: background, cloth, tube, hand."""
    COIN = 1
    """The disc of 30 mm on the centre of the patella."""
    KNEE = 2
    """Every other part of the leg below the superior edge of the kneecap, lower leg included."""
    LOWER_THIGH = 3
    """From the superior edge of the kneecap to the middle of the thigh."""
    UPPER_THIGH = 4
    """From the middle of the thigh to the fold of the groin."""
    BEYOND_GROIN = 5
    """Beyond the fold of the groin."""


class Status(StrEnum):
    """What could be said of a photograph."""

    SCORED = "scored"
    AT_LEAST = "at_least"
    """The highest visible zone is mottled and the next one is out of view or covered."""
    NOT_ASSESSABLE = "not_assessable"
    ERROR = "error"
    """The file could not be read."""


@dataclass(frozen=True)
class LegReading:
    """The score of one leg, or of a patient."""

    status: Status
    score: int | None
    """0-5; a lower bound when the status is AT_LEAST; None when not assessable."""


def read_leg(*, mottled: Iterable[Zone], visible: Iterable[Zone]) -> LegReading:
    """Score one leg from the zones that hold mottled skin and the zones that are in view.

    A leg without mottling needs its knee in view: a clean thigh alone says nothing of the knee,
    where mottling begins.

    Args:
        mottled: Zones that hold mottled skin.
        visible: Zones with visible skin.

    Returns:
        SCORED, AT_LEAST or NOT_ASSESSABLE; never ERROR.
    """
    seen = {zone for zone in visible if zone is not Zone.NOT_SKIN}
    score = max((zone for zone in mottled if zone in seen), default=0)
    if score == 0:
        knee_in_view = Zone.KNEE in seen
        return LegReading(Status.SCORED, 0) if knee_in_view else LegReading(Status.NOT_ASSESSABLE, None)
    if score == MAX_SCORE or Zone(score + 1) in seen:
        return LegReading(Status.SCORED, int(score))
    return LegReading(Status.AT_LEAST, int(score))


def worse_leg(legs: Iterable[LegReading]) -> LegReading:
    """Score a patient from the legs in view: the worse leg counts.

    One leg that could be worse than what is seen leaves the patient's score open as well.
    """
    readings = [leg for leg in legs if leg.score is not None]
    if not readings:
        return LegReading(Status.NOT_ASSESSABLE, None)
    score = max(leg.score for leg in readings if leg.score is not None)
    is_open = score < MAX_SCORE and any(leg.status is Status.AT_LEAST for leg in readings)
    return LegReading(Status.AT_LEAST if is_open else Status.SCORED, score)
