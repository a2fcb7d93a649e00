"""The committee: blinded readings, one photograph after the other, until a verdict stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.services.accounts import User
from mottling.services.darkroom import Darkroom
from mottling.services.padding import padded
from mottling.services.readout import is_closed, photos_confirmed
from mottling.services.views import Answer, Progress, ToRead
from mottling.store.committee import Given
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.adjudication import PhotoToRead, settling_reading
from mottling.trial.charter import Charter
from mottling.trial.committee_records import RepeatAssignment, RepeatReading
from mottling.trial.reading_plan import Lot, Planned, plan_of
from mottling.trial.records import Reading

__all__ = ["Committee"]


class Committee:
    """What a reader does. Nothing that leaves this class says whose photograph it is."""

    def __init__(self, store: Store, charter: Charter, darkroom: Darkroom) -> None:
        """Take the store and the trial file."""
        self._store = store
        self._book = store.committee
        self._charter = charter
        self._rules = charter.reading
        self._darkroom = darkroom

    def next_photo(self, reader: User, *, at: datetime) -> ToRead | None:
        """Give the reader's next photograph, in an order drawn for this reader; None when all are read.

        The same one comes again until it is locked. Some come back later, and nothing says so.
        """
        require(reader.role, Act.READ_BLINDED)
        if is_closed(self._store):
            return None
        given = self._book.assign(
            reader.name,
            choose=lambda photos, shown: next(iter(self._plan(reader, photos, shown)), None),
            at=at,
        )
        return None if given is None else ToRead(given.reading_id)

    def _plan(
        self, reader: User, photos: Sequence[PhotoToRead], shown: Sequence[Planned]
    ) -> tuple[Planned, ...]:
        final = photos_confirmed(self._store)
        return plan_of(
            Lot(self._book.seed(), reader.name),
            [photo for photo in photos if photo.photo_id in final],
            shown,
            rules=self._rules,
        )

    def picture(self, reader: User, reading_id: str) -> bytes:
        """Give the photograph as a JPEG: pixels only, upright, long side ≤ 2048, re-encoded, without EXIF.

        It is padded to one of few sizes, so that its size does not tell that it came back.

        Raises:
            NotAllowed: The reading is not this reader's.
        """
        given = self._own(reader, reading_id)
        return padded(self._darkroom.picture(self._store.ward.photo_bytes(given.photo_id)))

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
            Conflict: It is locked already, or the read-out is closed.
            RecordRefused: The answer is none that the trial file knows.
        """
        given = self._own(reader, reading_id)
        self._charter.check_answer(answer)
        if not (math.isfinite(reading_s) and reading_s >= 0):
            raise RecordRefused(f"{reading_s} seconds is no reading time", remedy="Load the page again")
        if is_closed(self._store):
            raise Conflict("The read-out is closed", remedy="Ask the trial office")
        kind = RepeatReading if isinstance(given, RepeatAssignment) else Reading
        reading = kind(
            by=reader.name,
            at=at,
            reading_id=reading_id,
            photo_id=given.photo_id,
            answer=answer,
            reading_s=reading_s,
        )
        if isinstance(reading, RepeatReading):
            self._book.lock_repeat(reading)
        else:
            self._book.lock(reading, settle=self._settle)

    def _settle(self, readings: Sequence[Reading]) -> Reading | None:
        return settling_reading(readings, rules=self._rules)

    def progress(self, reader: User) -> Progress:
        """Say how far this reader has come, in all and within the batch. Says nothing of other readers."""
        require(reader.role, Act.READ_BLINDED)
        shown, waiting = self._book.shown(reader.name), self._book.waiting(reader.name)
        seen = shown
        if waiting is not None:
            is_repeat = isinstance(waiting, RepeatAssignment)
            seen = (*shown, Planned(waiting.photo_id, is_repeat=is_repeat))
        planned = self._plan(reader, self._book.photos_to_read(), seen)
        to_read = len(planned) + (waiting is not None)
        in_batch = len(shown) % self._rules.batch_size
        return Progress(
            read=len(shown),
            to_read=to_read,
            read_in_batch=in_batch,
            batch=min(self._rules.batch_size, in_batch + to_read),
        )

    def is_closed(self) -> bool:
        """Say whether the read-out is closed: then nobody reads."""
        return is_closed(self._store)

    def reasons_not_assessable(self) -> tuple[str, ...]:
        """Give the trial file's reason codes for a photograph that cannot be judged."""
        return tuple(reason.code for reason in self._charter.reasons_not_assessable)

    def _own(self, reader: User, reading_id: str) -> Given:
        require(reader.role, Act.READ_BLINDED)
        given = self._book.find_assignment(reading_id)
        if given is None or given.by != reader.name:
            raise NotAllowed("This reading is not yours", remedy="Go to the committee's page")
        return given
