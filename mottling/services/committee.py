"""The committee: blinded readings, one photograph after the other, until a verdict stands."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import datetime

from mottling.errors import NotAllowed, RecordRefused
from mottling.services.accounts import User
from mottling.services.darkroom import Darkroom
from mottling.services.views import Answer, Progress, ToRead
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.adjudication import PhotoToRead, choose_next, settling_reading, wants_reader
from mottling.trial.charter import Charter
from mottling.trial.records import Assignment, Reading

__all__ = ["Committee"]


class Committee:
    """What a reader does. Nothing that leaves this class says whose photograph it is."""

    def __init__(self, store: Store, charter: Charter, darkroom: Darkroom, rng: random.Random) -> None:
        """Take the store, the trial file and a generator that nobody can foresee."""
        self._book = store.committee
        self._ward = store.ward
        self._charter = charter
        self._darkroom = darkroom
        self._rng = rng

    def next_photo(self, reader: User, *, at: datetime) -> ToRead | None:
        """Give the reader's next photograph, in an order drawn for this reader; None when all are read.

        The same one comes again until it is locked.
        """
        require(reader.role, Act.READ_BLINDED)
        final = self._confirmed()
        assignment = self._book.assign(
            reader.name,
            choose=lambda photos: choose_next(
                reader.name,
                [photo for photo in photos if photo.photo_id in final],
                readers_per_photo=self._charter.readers_per_photo,
                rng=self._rng,
            ),
            at=at,
        )
        return None if assignment is None else ToRead(assignment.reading_id)

    def _confirmed(self) -> frozenset[str]:
        """Name the photographs that are read: a photograph that the ward may still replace is not."""
        return frozenset(steps.photo.photo_id for steps in self._ward.photos() if steps.final is not None)

    def picture(self, reader: User, reading_id: str) -> bytes:
        """Give the photograph as a JPEG: pixels only, upright, long side ≤ 2048, re-encoded, without EXIF.

        Raises:
            NotAllowed: The reading is not this reader's.
        """
        assignment = self._own_assignment(reader, reading_id)
        return self._darkroom.picture(self._ward.photo_bytes(assignment.photo_id))

    def lock_reading(
        self, reader: User, reading_id: str, answer: Answer, *, reading_s: float, at: datetime
    ) -> None:
        """Lock the reader's answer; the verdict is formed as soon as the charter's rule is met.

        Args:
            reader: Who read.
            reading_id: From `next_photo`.
            answer: What the reader says.
            reading_s: How long the photograph was looked at.
            at: When it is locked.

        Raises:
            NotAllowed: The reading is not this reader's.
            Conflict: It is locked already.
            RecordRefused: The answer is none that the trial file knows.
        """
        assignment = self._own_assignment(reader, reading_id)
        self._charter.check_answer(answer)
        if not (math.isfinite(reading_s) and reading_s >= 0):
            raise RecordRefused(f"{reading_s} seconds is no reading time", remedy="Load the page again")
        self._book.lock(
            Reading(
                by=reader.name,
                at=at,
                reading_id=reading_id,
                photo_id=assignment.photo_id,
                answer=answer,
                reading_s=reading_s,
            ),
            settle=self._settle,
        )

    def _settle(self, readings: Sequence[Reading]) -> Reading | None:
        return settling_reading(readings, readers_per_photo=self._charter.readers_per_photo)

    def progress(self, reader: User) -> Progress:
        """Say how far this reader has come. Says nothing of other readers."""
        require(reader.role, Act.READ_BLINDED)
        final = self._confirmed()
        photos = [photo for photo in self._book.photos_to_read() if photo.photo_id in final]
        return Progress(
            read=len(self._book.readings(by=reader.name)),
            to_read=sum(self._is_open(photo, reader.name) for photo in photos),
        )

    def _is_open(self, photo: PhotoToRead, reader: str) -> bool:
        """Say whether a photograph waits for a reader, or could be given to him next."""
        if reader in photo.readers:
            return all(reading.by != reader for reading in photo.readings)
        return wants_reader(photo, readers_per_photo=self._charter.readers_per_photo)

    def reasons_not_assessable(self) -> tuple[str, ...]:
        """Give the trial file's reason codes for a photograph that cannot be judged."""
        return tuple(reason.code for reason in self._charter.reasons_not_assessable)

    def _own_assignment(self, reader: User, reading_id: str) -> Assignment:
        require(reader.role, Act.READ_BLINDED)
        assignment = self._book.find_assignment(reading_id)
        if assignment is None or assignment.by != reader.name:
            raise NotAllowed("This reading is not yours", remedy="Go to the committee's page")
        return assignment
