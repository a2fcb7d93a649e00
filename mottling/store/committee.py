"""The book of the committee: what was given to whom, what was read, which reading counts."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from datetime import datetime

from mottling.errors import Conflict, RecordRefused
from mottling.store.ledger import Ledger, Page
from mottling.store.schema import KINDS
from mottling.store.steps import existing_photo
from mottling.trial.adjudication import PhotoToRead
from mottling.trial.records import Assignment, Erasure, Photo, Reading, UserDisabled, Verdict

__all__ = ["Choose", "CommitteeBook", "Settle"]

Choose = Callable[[Sequence[PhotoToRead]], str | None]
"""Chooses the id of the photograph that a reader is given next."""

Settle = Callable[[Sequence[Reading]], Reading | None]
"""Chooses the reading that is the verdict, from those of one photograph, the earliest first."""


_ASSIGNMENTS = KINDS[Assignment].table
_READINGS = KINDS[Reading].table
_VERDICTS = KINDS[Verdict].table

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

    def assign(self, reader: str, *, choose: Choose, at: datetime) -> Assignment | None:
        """Give a reader the photograph that waits for him, or else one that `choose` names.

        Nobody else can be given a photograph meanwhile.

        Returns:
            None when `choose` names none.
        """
        with self._ledger.writing() as pen:
            photos = _to_read(pen)
            waiting = _waiting(pen, reader, {photo.photo_id for photo in photos})
            if waiting is not None:
                return waiting
            photo_id = choose(photos)
            if photo_id is None:
                return None
            reading_id = secrets.token_hex(_ID_BYTES)
            assignment = Assignment(reading_id=reading_id, photo_id=photo_id, by=reader, at=at)
            pen.add(assignment)
        return assignment

    def find_assignment(self, reading_id: str) -> Assignment | None:
        """Find what was given under this id."""
        with self._ledger.reading() as page:
            return page.last(Assignment, _ASSIGNMENTS.c.reading_id == reading_id)

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
            if pen.last(Reading, _READINGS.c.reading_id == reading.reading_id) is not None:
                raise Conflict("This reading is locked already", remedy="Go on to the next photograph")
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


def _waiting(page: Page, reader: str, to_read: Set[str]) -> Assignment | None:
    """Find what was given to a reader and is not locked, unless another photograph took its place."""
    locked = {reading.reading_id for reading in page.all(Reading, _READINGS.c.by == reader)}
    for given in page.all(Assignment, _ASSIGNMENTS.c.by == reader):
        if given.reading_id not in locked and given.photo_id in to_read:
            return given
    return None


def _check_assigned(page: Page, reading: Reading) -> None:
    given = page.last(Assignment, _ASSIGNMENTS.c.reading_id == reading.reading_id)
    if given is None or (given.by, given.photo_id) != (reading.by, reading.photo_id):
        raise RecordRefused(
            "This photograph was not given to this reader", remedy="Open the reading page again"
        )
