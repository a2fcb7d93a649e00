"""What the committee said of each photograph: its readings and the one that counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from mottling.services.courses import VisitCourse
from mottling.store.committee import CommitteeBook
from mottling.trial.committee_records import RepeatReading
from mottling.trial.records import Answer, Reading

__all__ = ["Verdicts"]


@dataclass(frozen=True)
class Verdicts:
    """The committee's readings as they stand now."""

    _readings: Mapping[str, tuple[Reading, ...]]
    """By photo, the earliest first."""
    _chosen: frozenset[str]
    """Ids of the readings that are verdicts."""
    _repeats: Mapping[str, tuple[RepeatReading, ...]]
    """By photo, the earliest first: readings when it came back. They count for no verdict."""

    @classmethod
    def read(cls, book: CommitteeBook) -> Verdicts:
        """Read them from the book."""
        readings: defaultdict[str, list[Reading]] = defaultdict(list)
        for reading in book.readings():
            readings[reading.photo_id].append(reading)
        chosen = frozenset(verdict.reading_id for verdict in book.verdicts())
        repeats: defaultdict[str, list[RepeatReading]] = defaultdict(list)
        for again in book.repeats():
            repeats[again.photo_id].append(again)
        return cls(
            {photo_id: tuple(each) for photo_id, each in readings.items()},
            chosen,
            {photo_id: tuple(each) for photo_id, each in repeats.items()},
        )

    def readings(self, photo_id: str) -> tuple[Reading, ...]:
        """Give the readings of a photograph, the earliest first."""
        return self._readings.get(photo_id, ())

    def repeats(self, photo_id: str) -> tuple[RepeatReading, ...]:
        """Give the readings of a photograph that came back, the earliest first."""
        return self._repeats.get(photo_id, ())

    def of(self, course: VisitCourse) -> Answer | None:
        """Give the answer that counts for a visit; None as long as there is none."""
        if course.photo is None:
            return None
        for reading in self.readings(course.photo.photo_id):
            if self.is_verdict(reading):
                return reading.answer
        return None

    def is_verdict(self, reading: Reading) -> bool:
        """Say whether a reading is the one that counts."""
        return reading.reading_id in self._chosen
