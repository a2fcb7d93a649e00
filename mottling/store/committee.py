"""The book of the committee: what was given to whom, what was read, which reading counts."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from datetime import datetime

from sqlalchemy import select, union_all

from mottling.errors import Conflict, RecordRefused
from mottling.store.ledger import Ledger, Page, Pen
from mottling.store.schema import AUDIT, KINDS
from mottling.store.steps import existing_photo
from mottling.trial.adjudication import PhotoToRead
from mottling.trial.committee_records import RepeatAssignment, RepeatReading
from mottling.trial.reading_plan import Planned
from mottling.trial.records import Assignment, Erasure, Photo, Reading, UserDisabled, Verdict

__all__ = ["Choose", "CommitteeBook", "Given", "Settle"]

Given = Assignment | RepeatAssignment
"""What was given to a reader, who cannot tell which of the two it is."""

Choose = Callable[[Sequence[PhotoToRead], Sequence[Planned]], Planned | None]
"""Chooses what a reader is given next, from all photographs and from what he was shown so far."""

Settle = Callable[[Sequence[Reading]], Reading | None]
"""Chooses the reading that is the verdict, from those of one photograph, the earliest first."""


_ASSIGNMENTS = KINDS[Assignment].table
_READINGS = KINDS[Reading].table
_VERDICTS = KINDS[Verdict].table
_REPEAT_ASSIGNMENTS = KINDS[RepeatAssignment].table
_REPEAT_READINGS = KINDS[RepeatReading].table

# 128 bits: nobody guesses another reader's reading.
_ID_BYTES = 16


class CommitteeBook:
    """Readings of the committee."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def photos_to_read(self) -> tuple[PhotoToRead, ...]:
        """List the last photograph of each visit, and how far the committee has come with it.

        A reader who was disabled before reading is no longer expected.
        """
        with self._ledger.reading() as page:
            return _to_read(page)

    def seed(self) -> str:
        """Give what this store draws from: the hash of its first record, which no reader sees."""
        with self._ledger.reading() as page:
            return str(page.connection.execute(select(AUDIT.c.hash).where(AUDIT.c.number == 1)).scalar_one())

    def assign(self, reader: str, *, choose: Choose, at: datetime) -> Given | None:
        """Give a reader the photograph that waits for him, or else the one that `choose` names.

        Nobody else can be given a photograph meanwhile.

        Returns:
            None when `choose` names none.
        """
        with self._ledger.writing() as pen:
            photos = _to_read(pen)
            waiting = _waiting(pen, reader, {photo.photo_id for photo in photos})
            if waiting is not None:
                return waiting
            chosen = choose(photos, _shown(pen, reader))
            if chosen is None:
                return None
            kind = RepeatAssignment if chosen.is_repeat else Assignment
            given = kind(reading_id=secrets.token_hex(_ID_BYTES), photo_id=chosen.photo_id, by=reader, at=at)
            pen.add(given)
        return given

    def waiting(self, reader: str) -> Given | None:
        """Find what was given to a reader and is not locked."""
        with self._ledger.reading() as page:
            return _waiting(page, reader, {photo.photo_id for photo in _to_read(page)})

    def shown(self, reader: str) -> tuple[Planned, ...]:
        """List what a reader has locked, repeats too, in the order in which he did."""
        with self._ledger.reading() as page:
            return _shown(page, reader)

    def find_assignment(self, reading_id: str) -> Given | None:
        """Find what was given under this id."""
        with self._ledger.reading() as page:
            return _given(page, reading_id)

    def lock(self, reading: Reading, *, settle: Settle) -> Verdict | None:
        """Lock a reading and, when `settle` names one, record the verdict with it.

        Returns:
            The verdict, when this reading settled it.

        Raises:
            RecordRefused: The photograph was not given to this reader under this id.
            PhotosErased: It was erased meanwhile.
            Conflict: The reading is locked already.
        """
        with self._ledger.writing() as pen:
            _check_assigned(pen, reading)
            existing_photo(pen, reading.photo_id)
            _check_open(pen, reading)
            pen.add(reading)
            if pen.last(Verdict, _VERDICTS.c.photo_id == reading.photo_id) is not None:
                return None
            chosen = settle(pen.all(Reading, _READINGS.c.photo_id == reading.photo_id))
            if chosen is None:
                return None
            verdict = Verdict(
                photo_id=reading.photo_id, reading_id=chosen.reading_id, by=reading.by, at=reading.at
            )
            pen.add(verdict)
        return verdict

    def lock_repeat(self, reading: RepeatReading) -> None:
        """Lock the reading of a photograph that came back; it settles nothing.

        Raises:
            RecordRefused: The photograph was not given to this reader under this id.
            PhotosErased: It was erased meanwhile.
            Conflict: The reading is locked already.
        """
        with self._ledger.writing() as pen:
            _check_assigned(pen, reading)
            existing_photo(pen, reading.photo_id)
            _check_open(pen, reading)
            pen.add(reading)

    def repeats(self) -> tuple[RepeatReading, ...]:
        """List the readings of photographs that came back, the earliest first."""
        with self._ledger.reading() as page:
            return page.all(RepeatReading)

    def readings(self, *, by: str | None = None) -> tuple[Reading, ...]:
        """List the readings of a reader, or of all, the earliest first."""
        where = [] if by is None else [_READINGS.c.by == by]
        with self._ledger.reading() as page:
            return page.all(Reading, *where)

    def verdicts(self) -> tuple[Verdict, ...]:
        """List the verdicts, the earliest first."""
        with self._ledger.reading() as page:
            return page.all(Verdict)


def _to_read(page: Page) -> tuple[PhotoToRead, ...]:
    erased = {erasure.patient for erasure in page.all(Erasure)}
    of_visits = {
        (photo.patient, photo.visit): photo.photo_id
        for photo in page.all(Photo)
        if photo.patient not in erased
    }
    gone = {user.name for user in page.all(UserDisabled)}
    readings: defaultdict[str, list[Reading]] = defaultdict(list)
    for reading in page.all(Reading):
        readings[reading.photo_id].append(reading)
    readers: defaultdict[str, set[str]] = defaultdict(set)
    for given in page.all(Assignment):
        if given.by not in gone or any(reading.by == given.by for reading in readings[given.photo_id]):
            readers[given.photo_id].add(given.by)
    return tuple(
        PhotoToRead(photo_id, frozenset(readers[photo_id]), tuple(readings[photo_id]))
        for photo_id in of_visits.values()
    )


def _waiting(page: Page, reader: str, to_read: Set[str]) -> Given | None:
    """Find what was given to a reader and is not locked, unless another photograph took its place."""
    given: tuple[Given, ...] = (
        *page.all(Assignment, _ASSIGNMENTS.c.by == reader),
        *page.all(RepeatAssignment, _REPEAT_ASSIGNMENTS.c.by == reader),
    )
    readings: tuple[Reading | RepeatReading, ...] = (
        *page.all(Reading, _READINGS.c.by == reader),
        *page.all(RepeatReading, _REPEAT_READINGS.c.by == reader),
    )
    locked = {reading.reading_id for reading in readings}
    waiting = (one for one in given if one.reading_id not in locked and one.photo_id in to_read)
    return next(waiting, None)


def _shown(page: Page, reader: str) -> tuple[Planned, ...]:
    both = [
        select(table.c.number, table.c.reading_id, table.c.photo_id).where(table.c.by == reader)
        for table in (_READINGS, _REPEAT_READINGS)
    ]
    again = {one.reading_id for one in page.all(RepeatReading, _REPEAT_READINGS.c.by == reader)}
    rows = sorted(page.connection.execute(union_all(*both)).all())
    return tuple(Planned(row.photo_id, is_repeat=row.reading_id in again) for row in rows)


def _given(page: Page, reading_id: str) -> Given | None:
    first: Given | None = page.last(Assignment, _ASSIGNMENTS.c.reading_id == reading_id)
    return first or page.last(RepeatAssignment, _REPEAT_ASSIGNMENTS.c.reading_id == reading_id)


def _check_assigned(page: Page, reading: Reading | RepeatReading) -> None:
    """Refuse what was not given to this reader, and a repeat that would be kept as a first reading."""
    given = _given(page, reading.reading_id)
    if (
        given is None
        or (given.by, given.photo_id) != (reading.by, reading.photo_id)
        or isinstance(given, RepeatAssignment) is not isinstance(reading, RepeatReading)
    ):
        raise RecordRefused(
            "This photograph was not given to this reader", remedy="Open the reading page again"
        )


def _check_open(pen: Pen, reading: Reading | RepeatReading) -> None:
    column = KINDS[type(reading)].table.c.reading_id
    if pen.last(type(reading), column == reading.reading_id) is not None:
        raise Conflict("This reading is locked already", remedy="Go on to the next photograph")
