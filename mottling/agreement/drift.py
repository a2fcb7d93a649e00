"""Drift: whether what a model says of new photographs still looks like what it said of the first ones.

A photograph raises up to six flags, each yes or no: it was refused, the score is doubtful, it is high, it is
low, it differs from the verdict, its skin looks far from that of the calibration. The first photographs that
the model read say how often each is raised; from then on each flag is summed up, in all and by site or
device, by a CUSUM (Page 1954): a sum of log-likelihood ratios of "three times the odds" against "as before"
that never falls below 0. An alarm is raised when it reaches a threshold, and it begins anew. How often that
happens without any drift, and how soon with one, is simulated by `python -m benchmarks.drift`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from mottling.scale import SCORES

__all__ = [
    "FAR_SHARE",
    "HIGH_FROM",
    "REFERENCE",
    "Alarm",
    "Flag",
    "SeenPhoto",
    "WeekFigures",
    "alarms_of",
    "crossings",
    "far_from",
    "share_before",
    "week_of",
    "weeks_of",
]

REFERENCE = 100
"""So many first photographs say how often a flag is raised; fewer raise no alarm."""
HIGH_FROM = 2
"""A score is high from here on: half of the patients of cc12155 have less on their worst day."""

FAR_SHARE = 0.1
"""Of the first photographs so many are called far. Those of real people all lie farther from made ones than
made ones do: what is usual in a trial is told by the trial itself."""

_ODDS = 3.0
# Chosen by the simulation: fewer than one trial in twenty has any false alarm in a year.
_THRESHOLD = 8.0
# The share before is taken at the upper end of what the first ones allow: otherwise a flag that was rare
# among them by chance would raise alarms for ever.
_CONFIDENCE = 0.95


class Flag(StrEnum):
    """What is counted of a photograph."""

    REFUSED = "refused"
    """The model found no score."""
    DOUBTFUL = "doubtful"
    """It found more than one score likely."""
    HIGH = "high"
    """Its score is 2 or more."""
    LOW = "low"
    """Its score is 0 or 1."""
    DIFFERS = "differs"
    """Its score is not the committee's."""
    FAR = "far"
    """Its skin looks farther from that of the calibration than nine of ten of the first photographs do."""


@dataclass(frozen=True)
class SeenPhoto:
    """One photograph that the model in use has read."""

    at: datetime
    group: str
    """Site or device."""
    score: int | None
    """None where it was refused; a lower bound counts as its score."""
    is_doubtful: bool
    verdict: int | None
    """The committee's score; None where there is none."""
    distance: float | None = None
    """How far its skin looks from that of the calibration; None where that is not known."""


@dataclass(frozen=True)
class WeekFigures:
    """The photographs of one week."""

    week: date
    """Its Monday."""
    photographs: int
    refused: int
    doubtful: int
    scores: tuple[int, ...]
    """How many of each score, 0 to 5."""
    compared: int
    """With a score and a verdict."""
    alike: int
    """Of them, those whose score is the verdict's."""
    distance: float | None = None
    """Half of the photographs lie farther; None where no distance is known."""


@dataclass(frozen=True)
class Alarm:
    """A flag that is raised more often than before."""

    flag: Flag
    group: str
    """Empty for all photographs."""
    week: date
    """The Monday of the week in which it was raised."""
    since: date
    """The Monday of the week in which the sum left 0."""
    raised: int
    """How often, since then."""
    of: int
    """Photographs since then."""
    before: float
    """The share that is taken as before (0-1): the upper end of what the first photographs allow."""


def _score(photo: SeenPhoto, says: Callable[[int], bool]) -> bool | None:
    return None if photo.score is None else says(photo.score)


def _differs(photo: SeenPhoto) -> bool | None:
    return None if photo.verdict is None else _score(photo, lambda score: score != photo.verdict)


_SAYS: Mapping[Flag, Callable[[SeenPhoto], bool | None]] = {
    Flag.REFUSED: lambda photo: photo.score is None,
    Flag.DOUBTFUL: lambda photo: _score(photo, lambda _: photo.is_doubtful),
    Flag.HIGH: lambda photo: _score(photo, lambda score: score >= HIGH_FROM),
    Flag.LOW: lambda photo: _score(photo, lambda score: score < HIGH_FROM),
    Flag.DIFFERS: _differs,
}
"""None where a photograph says nothing of it."""


def week_of(at: datetime) -> date:
    """Give the Monday of a moment's week, in UTC."""
    return at.date() - timedelta(days=at.weekday())


def weeks_of(photos: Iterable[SeenPhoto]) -> tuple[WeekFigures, ...]:
    """Count by week, the latest first."""
    by_week: dict[date, list[SeenPhoto]] = {}
    for photo in photos:
        by_week.setdefault(week_of(photo.at), []).append(photo)
    return tuple(_week(week, by_week[week]) for week in sorted(by_week, reverse=True))


def _week(week: date, photos: Sequence[SeenPhoto]) -> WeekFigures:
    scores = [photo.score for photo in photos]
    distances = [photo.distance for photo in photos if photo.distance is not None]
    compared = [photo for photo in photos if photo.score is not None and photo.verdict is not None]
    return WeekFigures(
        week=week,
        photographs=len(photos),
        refused=scores.count(None),
        doubtful=sum(photo.is_doubtful for photo in photos if photo.score is not None),
        scores=tuple(scores.count(score) for score in SCORES),
        compared=len(compared),
        alike=sum(photo.score == photo.verdict for photo in compared),
        distance=float(np.median(distances)) if distances else None,
    )


def alarms_of(photos: Sequence[SeenPhoto]) -> tuple[Alarm, ...]:
    """Find where a flag is raised more often than before, the latest first.

    Args:
        photos: In the order in which they were taken.
    """
    found: list[Alarm] = []
    for flag, says in {**_SAYS, Flag.FAR: _is_far(photos)}.items():
        said = [(photo, answer) for photo in photos if (answer := says(photo)) is not None]
        first, later = said[:REFERENCE], said[REFERENCE:]
        if later:
            before = share_before(sum(answer for _, answer in first), len(first))
            for group in ["", *sorted({photo.group for photo, _ in later})]:
                found += _alarms(flag, group, [one for one in later if group in {"", one[0].group}], before)
    return tuple(sorted(found, key=lambda alarm: (alarm.week, alarm.flag, alarm.group), reverse=True))


def _is_far(photos: Sequence[SeenPhoto]) -> Callable[[SeenPhoto], bool | None]:
    first = [photo.distance for photo in photos if photo.distance is not None][:REFERENCE]
    limit = far_from(np.array(first)) if first else 0.0
    return lambda photo: None if photo.distance is None else photo.distance > limit


def far_from(first: NDArray[np.float64]) -> float:
    """Give the distance beyond which a photograph is far: a tenth of the first ones are."""
    return float(np.quantile(first, 1 - FAR_SHARE, method="lower"))


def share_before(raised: int, of: int) -> float:
    """Give the share that is taken as before: the upper end of what a count allows."""
    return float(betaincinv(raised + 0.5, of - raised + 0.5, _CONFIDENCE))


def _alarms(flag: Flag, group: str, said: Sequence[tuple[SeenPhoto, bool]], before: float) -> Iterable[Alarm]:
    raised = np.array([answer for _, answer in said])
    for begin, end in crossings(raised[None], np.array([before]))[0]:
        yield Alarm(
            flag=flag,
            group=group,
            week=week_of(said[end][0].at),
            since=week_of(said[begin][0].at),
            raised=int(raised[begin : end + 1].sum()),
            of=end + 1 - begin,
            before=before,
        )


def crossings(raised: NDArray[np.bool_], before: NDArray[np.float64]) -> list[list[tuple[int, int]]]:
    """Find where sums reach the threshold: of each row, from which photograph to which.

    Args:
        raised: (rows, photographs): whether a flag was raised, in the order of time.
        before: (rows,): the share that is taken as before.
    """
    odds = _ODDS * before / (1 - before)
    after = odds / (1 + odds)
    up, down = np.log(after / before), np.log((1 - after) / (1 - before))
    total, begin = np.zeros(len(raised)), np.zeros(len(raised), int)
    found: list[list[tuple[int, int]]] = [[] for _ in raised]
    for place in range(raised.shape[1]):
        begin = np.where(total == 0, place, begin)
        total = np.maximum(0, total + np.where(raised[:, place], up, down))
        for row in np.flatnonzero(total >= _THRESHOLD):
            found[row].append((int(begin[row]), place))
            total[row] = 0
    return found
