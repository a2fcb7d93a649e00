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

__all__ = ["Course", "OnTrack", "Period", "SiteTrack", "Track", "Tracks"]

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
    """A patient, once the window has closed. A named tuple: there are as many as patients."""

    site: str
    due_at: datetime
    settled_at: datetime | None
    is_scored: bool
    is_not_done: bool
    decided_at: datetime | None


class _Found(NamedTuple):
    """What was found of a patient, and of what."""

    patient: Patient
    photo: PhotoStanding | None
    not_done_at: datetime | None
    due: _Due
    has_record: bool


class Tracks:
    """Says how the endpoint's visit stands. Safe to use from several threads.

    When a patient's visit was settled is kept, and taken again as long as patient, photograph and reason are
    the very ones of which it was found: the board gives others as soon as a record says anything new of them.
    Who has no record is looked at each time, because a withdrawal decides there.
    """

    def __init__(self, charter: Charter) -> None:
        self._charter = charter
        self._visit = charter.visit(charter.endpoint_visit)
        self._found: dict[str, _Found] = {}

    def of(self, board: Board, *, at: datetime) -> Track:
        """Say how the endpoint's visit stands at a time."""
        due = self._due(board, at=at)
        total = _site("", due, at=at)
        by_site: dict[str, list[_Due]] = {}
        for one in due:
            by_site.setdefault(one.site, []).append(one)
        sites = [_site(site, by_site[site], at=at) for site in sorted(by_site)]
        needed = ceil(self._charter.complete_from * total.due)
        too_many = max(0, needed - total.settled)
        answer = OnTrack.NO if too_many else OnTrack.YES
        return Track(
            goal=self._charter.complete_from,
            on_track=answer if due else OnTrack.NOTHING_DUE,
            too_many=too_many,
            total=total,
            sites=tuple(sorted(sites, key=lambda one: -one.missing)),
            periods=_periods(due, at=at),
        )

    def _due(self, board: Board, *, at: datetime) -> list[_Due]:
        """List the patients whose window has closed, in the order in which it did."""
        photos, not_dones, visit, due = board.photos, board.not_done_at, self._visit.code, []
        for patient in board.patients:
            number = patient.patient
            place = (number, visit)
            photo, not_done_at, found = photos.get(place), not_dones.get(place), self._found.get(number)
            if found is None or not (
                found.photo is photo and found.not_done_at == not_done_at and found.patient is patient
            ):
                found = self._look(patient, photo, not_done_at)
            is_gone = place in board.erased or _had_withdrawn(found, board)
            if found.due.due_at < at and (found.has_record or not is_gone):
                due.append(found.due)
        return sorted(due, key=attrgetter("due_at"))

    def _look(self, patient: Patient, photo: PhotoStanding | None, not_done_at: datetime | None) -> _Found:
        closes_at = patient.randomised_at + closes_after(self._visit)
        due = _due_one(patient, photo, closes_at=closes_at, not_done_at=not_done_at)
        has_record = photo is not None or not_done_at is not None
        found = _Found(patient, photo, not_done_at, due, has_record)
        self._found[patient.patient] = found
        return found


def _had_withdrawn(found: _Found, board: Board) -> bool:
    withdrawal = board.changes.withdrawals.get(found.patient.patient)
    return withdrawal is not None and withdrawal.since <= found.due.due_at


def _due_one(
    patient: Patient, photo: PhotoStanding | None, *, closes_at: datetime, not_done_at: datetime | None
) -> _Due:
    scored_at, decided_at = (None, None) if photo is None else (photo.confirmed_at, photo.decided_at)
    settled_at = scored_at or not_done_at
    if scored_at is not None and not_done_at is not None:
        settled_at = min(scored_at, not_done_at)
    return _Due(
        site=patient.site,
        due_at=closes_at,
        settled_at=None if settled_at is None else max(closes_at, settled_at),
        is_scored=scored_at is not None and not_done_at is None,
        is_not_done=not_done_at is not None,
        decided_at=None if decided_at is None else max(closes_at, decided_at),
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
    scored, not_done = (sum(map(attrgetter(name), chosen)) for name in ("is_scored", "is_not_done"))
    return Period(begins_at, ends_at, len(chosen), scored, not_done)
