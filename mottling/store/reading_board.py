"""The committee's board: how far each photograph and each reader has come, kept in memory.

Records are added and never changed, so a look reads only what was added since the look before. A reading
counts from the moment when its reader has signed it: until then no third reader is asked, no verdict formed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

from mottling.store.ledger import Page
from mottling.store.locked import ADDED, Locked, first_locked, locked_after
from mottling.store.news import News, end_of_chain
from mottling.store.photo_board import PhotoBoard
from mottling.store.verdict_board import VerdictBoard
from mottling.trial.adjudication import PhotoToRead
from mottling.trial.changes import CORRECTIONS
from mottling.trial.committee_records import (
    BatchSignature,
    ConsensusReading,
    ReadoutAct,
    ReadoutChange,
    RepeatAssignment,
    RepeatReading,
    SecondLook,
    SignedReading,
    TakenBack,
)
from mottling.trial.model_shown import ModelShown
from mottling.trial.reading_plan import Planned
from mottling.trial.records import (
    Assignment,
    Reading,
    UserDisabled,
    Verdict,
)

__all__ = ["Given", "ReadingBoard"]

Given = Assignment | RepeatAssignment
"""What was given to a reader, who cannot tell which of the two it is."""

# What a reader adds between two signatures. It changes nothing but the photograph that it is about.
_STEPS = (Assignment, RepeatAssignment, Reading, RepeatReading)


class ReadingBoard:
    """Keeps the board. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._begin()

    def _begin(self) -> None:
        self._upto = 0
        self._photos = PhotoBoard()
        self._gone: set[str] = set()
        self._given: dict[str, Given] = {}
        self._given_to: defaultdict[str, list[str]] = defaultdict(list)
        self._given_of: defaultdict[str, list[str]] = defaultdict(list)
        self._taken_back: set[str] = set()
        self._locked: dict[str, Locked] = {}
        self._locked_by: defaultdict[str, list[str]] = defaultdict(list)
        # The same without what was signed: a page asks for it several times.
        self._unsigned_by: defaultdict[str, list[str]] = defaultdict(list)
        self._read_of: defaultdict[str, list[str]] = defaultdict(list)
        self._signed: dict[str, datetime] = {}
        self._model_shown: set[str] = set()
        self._is_closed = False
        self._shown_to: defaultdict[str, list[Planned]] = defaultdict(list)
        self._verdicts = VerdictBoard()
        # By photograph. Asked for several times a page, and dear where there are thousands: after a reader's
        # step only what the step is about is worked out anew.
        self._to_read: dict[str, PhotoToRead] | None = None
        # Photographs whose verdict is from before readings were signed: what was read of them counts.
        self._before: set[str] = set()

    @contextmanager
    def looked_at(self, page: Page) -> Iterator[ReadingBoard]:
        """Read what was added since the last look; the board stays so while the block runs."""
        with self._lock:
            upto = end_of_chain(page)
            if upto > self._upto:
                news = News(page, after=self._upto)
                if news.has(*CORRECTIONS):
                    self._begin()
                    news = News(page, after=0)
                self._catch_up(news)
                self._upto = upto
            yield self

    def _catch_up(self, news: News) -> None:
        self._photos.catch_up(news)
        self._gone.update(one.name for one in news.all(UserDisabled))
        self._taken_back.update(one.reading_id for one in news.all(TakenBack))
        for one in news.all(ReadoutChange):
            self._is_closed = one.kind is ReadoutAct.CLOSED
        stepped = self._catch_up_with_readers(news)
        self._catch_up_with_signatures(news)
        self._renew(stepped if news.is_only(*_STEPS) else None)

    def _renew(self, stepped: set[str] | None) -> None:
        """Work out anew how far these photographs are; all of them, where anything may have changed."""
        if stepped is None or self._to_read is None:
            self._to_read = None
            return
        for photo_id in stepped & self._to_read.keys():
            self._to_read[photo_id] = self._photo_to_read(photo_id)

    def _catch_up_with_readers(self, news: News) -> set[str]:
        """Read what was given and locked; names the photographs that it was about."""
        stepped = set[str]()
        for given in news.in_order((Assignment, RepeatAssignment)):
            assert isinstance(given, Assignment | RepeatAssignment), "as asked for"
            self._given[given.reading_id] = given
            self._given_to[given.by].append(given.reading_id)
            stepped.add(given.photo_id)
            if isinstance(given, Assignment):
                self._given_of[given.photo_id].append(given.reading_id)
        for reading in news.in_order((Reading, RepeatReading)):
            assert isinstance(reading, Reading | RepeatReading), "as asked for"
            self._locked[reading.reading_id] = first_locked(reading)
            self._locked_by[reading.by].append(reading.reading_id)
            self._unsigned_by[reading.by].append(reading.reading_id)
            shown = Planned(reading.photo_id, is_repeat=isinstance(reading, RepeatReading))
            self._shown_to[reading.by].append(shown)
            stepped.add(reading.photo_id)
            if isinstance(reading, Reading):
                self._read_of[reading.photo_id].append(reading.reading_id)
        return stepped

    def _catch_up_with_signatures(self, news: News) -> None:
        for added in news.in_order(ADDED):
            assert isinstance(added, ADDED), "as asked for"
            self._locked[added.reading_id] = locked_after(self._locked[added.reading_id], added)
        self._model_shown.update(one.reading_id for one in news.all(ModelShown))
        self._verdicts.catch_up(news)
        for one in news.in_order((BatchSignature, Verdict)):
            if isinstance(one, BatchSignature):
                self._signed.update((signed.reading_id, one.at) for signed in one.names())
                unsigned = self._unsigned_by[one.by]
                self._unsigned_by[one.by] = [each for each in unsigned if each not in self._signed]
            elif isinstance(one, Verdict):
                self._verdicts.settle(
                    one.photo_id, one.reading_id, self._locked[one.reading_id].reading.answer
                )
                if one.reading_id not in self._signed:
                    self._before.add(one.photo_id)

    def is_closed(self) -> bool:
        """Say whether the read-out was closed and not opened again."""
        return self._is_closed

    def settled(self) -> frozenset[str]:
        """Name the photographs that have a verdict."""
        return self._verdicts.settled()

    def verdict_id(self, photo_id: str) -> str | None:
        """Name the reading that is the verdict of a photograph."""
        return self._verdicts.verdict_id(photo_id)

    def second_looks(self) -> tuple[SecondLook, ...]:
        """List the second looks that were asked for, the earliest first."""
        asked = self._verdicts.second_looks.values()
        return tuple(one for one in asked if not self.is_left_out(one.photo_id))

    def is_left_out(self, photo_id: str) -> bool:
        """Say whether what was read of a photograph is shown nowhere, because it was erased."""
        return self._photos.is_left_out(photo_id)

    def to_read(self) -> tuple[PhotoToRead, ...]:
        """List the last photograph of each visit, and how far the committee has come with it."""
        return tuple(self._by_photo().values())

    def _by_photo(self) -> Mapping[str, PhotoToRead]:
        if self._to_read is None:
            self._to_read = {one: self._photo_to_read(one) for one in self._photos.standing()}
        return self._to_read

    def _photo_to_read(self, photo_id: str) -> PhotoToRead:
        return PhotoToRead(
            photo_id,
            self._expected(photo_id),
            self.readings_of(photo_id),
            is_confirmed=photo_id in self._photos.confirmed,
            site=self._photos.site(photo_id),
            without=self._lost(photo_id),
            verdict=self._verdicts.verdict(photo_id),
            met=self._verdicts.members(photo_id),
            proposed=self._verdicts.proposed(photo_id),
            is_looked_at_again=self._verdicts.is_looked_at_again(self._kept(photo_id)),
        )

    def readable_since(self, photo_id: str) -> datetime | None:
        """Say since when a photograph waits as it does: confirmed, and signed by whoever has read it."""
        confirmed = self._photos.confirmed.get(photo_id)
        signed = [self._signed[one] for one in self._read_of[photo_id] if one in self._signed]
        return None if confirmed is None else max([confirmed, *signed])

    def _expected(self, photo_id: str) -> frozenset[str]:
        """Name who has read it or will: not who left before reading and signing."""
        return frozenset(self._given[reading_id].by for reading_id in self._kept(photo_id))

    def _kept(self, photo_id: str) -> tuple[str, ...]:
        """List what was given of a photograph to who has read it or will."""
        return tuple(
            one
            for one in self._given_of[photo_id]
            if one not in self._taken_back
            and (self._given[one].by not in self._gone or self._counts(one, photo_id))
        )

    def _lost(self, photo_id: str) -> frozenset[str]:
        """Name who had it and from whom it was taken back."""
        given = self._given_of[photo_id]
        return frozenset(self._given[one].by for one in given if one in self._taken_back)

    def readings_of(self, photo_id: str, *, signing: str | None = None) -> tuple[Reading, ...]:
        """List the readings of a photograph that count, in the order in which they were locked.

        Args:
            photo_id: Of the photograph.
            signing: A reader who is just signing: what he has locked counts too.
        """
        found = [(one, self._locked[one].reading) for one in self._read_of[photo_id]]
        return tuple(
            reading
            for reading_id, reading in found
            if isinstance(reading, Reading) and (reading.by == signing or self._counts(reading_id, photo_id))
        )

    def _counts(self, reading_id: str, photo_id: str) -> bool:
        return reading_id in self._signed or (photo_id in self._before and reading_id in self._locked)

    def readings(self, *, by: str | None = None) -> tuple[Reading, ...]:
        """List the first readings that count, of a reader or of all, in the order of their locking."""
        read = (one.reading for one in self.counting())
        return tuple(one for one in read if isinstance(one, Reading) and by in (None, one.by))

    def repeats(self) -> tuple[RepeatReading, ...]:
        """List the readings that count of photographs that came back, in the order of their locking."""
        read = (one.reading for one in self.counting())
        return tuple(one for one in read if isinstance(one, RepeatReading))

    def consensus(self) -> tuple[ConsensusReading, ...]:
        """List what the committee said together, the earliest first."""
        together = self._verdicts.met.items()
        return tuple(one for photo_id, one in together if not self.is_left_out(photo_id))

    def photos_of_readings(self) -> dict[str, str]:
        """Say of which photograph each reading is, by reading."""
        together = {one.reading_id: photo_id for photo_id, one in self._verdicts.met.items()}
        return together | {reading_id: given.photo_id for reading_id, given in self._given.items()}

    def given(self, reading_id: str) -> Given | None:
        """Find what was given under this id."""
        return self._given.get(reading_id)

    def locked(self, reading_id: str) -> Locked | None:
        """Find what was locked under this id, as it stands."""
        return self._locked.get(reading_id)

    def is_model_shown(self, reading_id: str) -> bool:
        """Say whether the reader was shown what the model said of it."""
        return reading_id in self._model_shown

    def to_look_at(self, reader: str) -> tuple[Locked, ...]:
        """List what a reader has locked and not signed, and of which the model said something to be shown."""
        return tuple(
            one
            for one in self.batch(reader)
            if one.seen is None
            and self._verdicts.is_assessed(one.reading.photo_id)
            and self._photos.may_be_looked_at(one.reading.photo_id)
        )

    def counting(self) -> tuple[Locked, ...]:
        """List every reading that counts, repeats too, as it stands, in the order of their locking."""
        return tuple(
            locked
            for reading_id, locked in self._locked.items()
            if self._counts(reading_id, locked.reading.photo_id)
            and not self.is_left_out(locked.reading.photo_id)
        )

    def is_withdrawn(self, photo_id: str) -> bool:
        """Say whether a photograph may be looked at no more, because of what its patient withdrew from."""
        return self._photos.is_withdrawn(photo_id)

    def is_taken_back(self, reading_id: str) -> bool:
        """Say whether a photograph was taken back from the reader who had it under this id."""
        return reading_id in self._taken_back

    def waiting(self, reader: str) -> tuple[Given, ...]:
        """List what was given to a reader and is not locked.

        Not what was taken back, nor what another photograph took the place of; nor does come back what the
        reader has talked about at a meeting since.
        """
        talked = {photo_id for photo_id, one in self._verdicts.met.items() if reader in one.members()}
        given = [
            self._given[one]
            for one in self._given_to[reader]
            if one not in self._locked and one not in self._taken_back
        ]
        return tuple(
            one
            for one in given
            if one.photo_id in self._by_photo()
            and not (isinstance(one, RepeatAssignment) and one.photo_id in talked)
        )

    def shown(self, reader: str) -> tuple[Planned, ...]:
        """List what a reader has locked, repeats too, in the order in which he did."""
        return tuple(self._shown_to[reader])

    def last_read_at(self, reader: str) -> datetime | None:
        """Say when a reader locked the last reading; None before the first."""
        own = self._locked_by[reader]
        return self._locked[own[-1]].reading.at if own else None

    def batch(self, reader: str) -> tuple[Locked, ...]:
        """List what a reader has locked and not signed, in the order in which he did."""
        return tuple(
            self._locked[one]
            for one in self._unsigned_by[reader]
            if not self._counts(one, self._given[one].photo_id)
            and not self.is_left_out(self._given[one].photo_id)
        )

    def unsigned(self) -> int:
        """Count what was locked and is not signed, without that of readers who left."""
        return sum(len(self.batch(reader)) for reader in self._locked_by if reader not in self._gone)

    def to_sign(self, reader: str) -> tuple[SignedReading, ...]:
        """List what a reader's next signature names."""
        return tuple(SignedReading(one.reading.reading_id, one.content_hash) for one in self.batch(reader))
