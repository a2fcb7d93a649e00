"""What the committee said of each photograph: its readings and the one that counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from mottling.services.courses import VisitCourse
from mottling.store.committee import CommitteeBook
from mottling.store.locked import AfterModel, Locked
from mottling.trial.committee_records import ConsensusReading, Counting, RepeatReading
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
    _consensus: Mapping[str, ConsensusReading]
    """By photo: what the committee said together, which is then the verdict."""
    _second_looks: frozenset[str]
    """Ids of the readings that were asked for because the model lay far from the verdict."""
    _stands: Mapping[str, Locked]
    """How each reading stands, by its id."""

    @classmethod
    def read(cls, book: CommitteeBook) -> Verdicts:
        """Read them from the book."""
        readings: defaultdict[str, list[Reading]] = defaultdict(list)
        repeats: defaultdict[str, list[RepeatReading]] = defaultdict(list)
        counting = book.counting()
        for locked in counting:
            if isinstance(locked.reading, Reading):
                readings[locked.reading.photo_id].append(locked.reading)
            else:
                repeats[locked.reading.photo_id].append(locked.reading)
        chosen = frozenset(verdict.reading_id for verdict in book.verdicts())
        return cls(
            {photo_id: tuple(each) for photo_id, each in readings.items()},
            chosen,
            {photo_id: tuple(each) for photo_id, each in repeats.items()},
            {together.photo_id: together for together in book.consensus()},
            frozenset(asked.reading_id for asked in book.second_looks()),
            {locked.reading.reading_id: locked for locked in counting},
        )

    def readings(self, photo_id: str) -> tuple[Reading, ...]:
        """Give the readings of a photograph, the earliest first."""
        return self._readings.get(photo_id, ())

    def repeats(self, photo_id: str) -> tuple[RepeatReading, ...]:
        """Give the readings of a photograph that came back, the earliest first."""
        return self._repeats.get(photo_id, ())

    def of(self, course: VisitCourse) -> Answer | None:
        """Give the answer that counts for a visit; None as long as there is none."""
        verdict = None if course.photo is None else self.verdict(course.photo.photo_id)
        return None if verdict is None else verdict.answer

    def verdict(self, photo_id: str) -> Counting | None:
        """Give the reading that counts for a photograph: one reader's, or the committee's together."""
        chosen = next((one for one in self.readings(photo_id) if self.is_verdict(one)), None)
        return chosen or self.consensus(photo_id)

    def consensus(self, photo_id: str) -> ConsensusReading | None:
        """Give what the committee said together of a photograph, if it met about it."""
        return self._consensus.get(photo_id)

    def remark(self, reading: Reading | RepeatReading) -> str | None:
        """Give what the reader noted beside a reading."""
        return self._stands[reading.reading_id].remark

    def seen(self, reading: Reading | RepeatReading) -> AfterModel | None:
        """Give what was said before and after the model was shown to the reader; None where it was not."""
        return self._stands[reading.reading_id].seen

    def is_second_look(self, reading: Reading) -> bool:
        """Say whether a reading was asked for because the model lay far from the verdict."""
        return reading.reading_id in self._second_looks

    def is_verdict(self, reading: Counting) -> bool:
        """Say whether a reading is the one that counts."""
        return isinstance(reading, ConsensusReading) or reading.reading_id in self._chosen
