"""Are we on track? How the endpoint's visit was settled over time, against what was due, by site.

A patient is due from the moment when the visit's window has closed, and settled once the bedside score is
confirmed or the visit is on record as not done. Who was settled before counts when the window closes, so that
no more are ever settled than due, and the gap between the two is what is missing. Who had withdrawn by then,
and has nothing on record, is asked for nothing and is not due.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from operator import attrgetter
from typing import NamedTuple

from mottling.store.board import Board, PhotoStanding
from mottling.trial.charter import Charter
from mottling.trial.records import Patient
from mottling.trial.visits import closes_after

__all__ = ["Course", "OnTrack", "Period", "SiteTrack", "Track", "track_of"]

PERIOD = timedelta(days=28)
_MOST_PERIODS = 13
"""A year."""


class OnTrack(StrEnum):
    """The answer."""

    NOTHING_DUE = "nothing_due"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class Course:
    """When patients became due, were settled, and were decided by the committee: a moment each, in order."""

    due: tuple[datetime, ...]
    settled: tuple[datetime, ...]
    decided: tuple[datetime, ...]


@dataclass(frozen=True)
class Period:
    """The patients who became due within four weeks, as they stand now."""

    begins_at: datetime
    ends_at: datetime
    due: int
    scored: int
    not_done: int

    @property
    def missing(self) -> int:
        """How many have neither a confirmed score nor a reason."""
        return self.due - self.scored - self.not_done


@dataclass(frozen=True)
class SiteTrack:
    """One site, or every site."""

    site: str
    """Empty is every site."""
    course: Course
    due: int
    scored: int
    """With a confirmed bedside score."""
    not_done: int
    decided: int
    recent: Period
    """The last four weeks."""

    @property
    def settled(self) -> int:
        """How many have a score or a reason."""
        return self.scored + self.not_done

    @property
    def missing(self) -> int:
        """How many have neither."""
        return self.due - self.settled


@dataclass(frozen=True)
class Track:
    """How the trial stands."""

    goal: float
    """The share that should be settled, by the trial file."""
    on_track: OnTrack
    too_many: int
    """So many more must be settled to reach the goal."""
    total: SiteTrack
    sites: tuple[SiteTrack, ...]
    """Those with somebody due; where most are missing first."""
    periods: tuple[Period, ...]
    """Four weeks each, the latest first."""


class _Due(NamedTuple):
    """A patient whose window has closed. A named tuple: there are as many as patients."""

    site: str
    due_at: datetime
    settled_at: datetime | None
    is_scored: bool
    is_not_done: bool
    decided_at: datetime | None


def track_of(board: Board, charter: Charter, *, at: datetime) -> Track:
    """Say how the endpoint's visit stands at a time."""
    due = _due(board, charter, at=at)
    total = _site("", due, at=at)
    by_site: dict[str, list[_Due]] = {}
    for one in due:
        by_site.setdefault(one.site, []).append(one)
    sites = [_site(site, by_site[site], at=at) for site in sorted(by_site)]
    needed = ceil(charter.complete_from * total.due)
    too_many = max(0, needed - total.settled)
    answer = OnTrack.NO if too_many else OnTrack.YES
    return Track(
        goal=charter.complete_from,
        on_track=answer if due else OnTrack.NOTHING_DUE,
        too_many=too_many,
        total=total,
        sites=tuple(sorted(sites, key=lambda one: -one.missing)),
        periods=_periods(due, at=at),
    )


def _due(board: Board, charter: Charter, *, at: datetime) -> list[_Due]:
    """List the patients whose window has closed, in the order in which it did."""
    visit = charter.visit(charter.endpoint_visit)
    after = closes_after(visit)
    found = []
    for patient in board.patients:
        closes_at = patient.randomised_at + after
        if closes_at >= at:
            continue
        place = (patient.patient, visit.code)
        photo, not_done_at = board.photos.get(place), board.not_done_at.get(place)
        if photo is not None or not_done_at is not None or not _had_withdrawn(patient, board, by=closes_at):
            found.append(_due_one(patient, photo, closes_at=closes_at, not_done_at=not_done_at))
    return sorted(found, key=attrgetter("due_at"))


def _had_withdrawn(patient: Patient, board: Board, *, by: datetime) -> bool:
    withdrawal = board.changes.withdrawals.get(patient.patient)
    return withdrawal is not None and withdrawal.since <= by


def _due_one(
    patient: Patient, photo: PhotoStanding | None, *, closes_at: datetime, not_done_at: datetime | None
) -> _Due:
    scored_at, decided_at = (None, None) if photo is None else (photo.confirmed_at, photo.decided_at)
    settled_at = scored_at or not_done_at
    if scored_at is not None and not_done_at is not None:
        settled_at = min(scored_at, not_done_at)
    # By place, which is faster: there are as many as patients.
    return _Due(
        patient.site,
        closes_at,
        None if settled_at is None else max(closes_at, settled_at),
        scored_at is not None and not_done_at is None,
        not_done_at is not None,
        None if decided_at is None else max(closes_at, decided_at),
    )


def _site(site: str, due: Sequence[_Due], *, at: datetime) -> SiteTrack:
    whole = _period(due, begins_at=datetime.min.replace(tzinfo=at.tzinfo), ends_at=at)
    settled = [one.settled_at for one in due if one.settled_at is not None]
    decided = [one.decided_at for one in due if one.decided_at is not None]
    return SiteTrack(
        site=site,
        course=Course(tuple(one.due_at for one in due), tuple(sorted(settled)), tuple(sorted(decided))),
        due=whole.due,
        scored=whole.scored,
        not_done=whole.not_done,
        decided=len(decided),
        recent=_period(due, begins_at=at - PERIOD, ends_at=at),
    )


def _periods(due: Sequence[_Due], *, at: datetime) -> tuple[Period, ...]:
    found = []
    for number in range(_MOST_PERIODS):
        ends_at = at - number * PERIOD
        if not due or ends_at <= due[0].due_at:
            break
        found.append(_period(due, begins_at=ends_at - PERIOD, ends_at=ends_at))
    return tuple(found)


def _period(due: Sequence[_Due], *, begins_at: datetime, ends_at: datetime) -> Period:
    """Count who became due after the beginning, up to the end."""
    first, last = (bisect_right(due, moment, key=attrgetter("due_at")) for moment in (begins_at, ends_at))
    chosen = due[first:last]
    not_done = sum(one.is_not_done for one in chosen)
    scored = sum(one.is_scored for one in chosen)
    return Period(begins_at, ends_at, len(chosen), scored, not_done)
