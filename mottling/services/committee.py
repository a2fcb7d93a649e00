"""The committee: blinded readings, one after the other, signed in batches, until a verdict stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.services.accounts import Accounts, User
from mottling.services.after_lock import AfterLock, check_because
from mottling.services.darkroom import Darkroom
from mottling.services.markings import check_outline, size_of
from mottling.services.meetings import MeetingRooms, Meetings
from mottling.services.padding import padded
from mottling.services.reading_list import ReadingList
from mottling.services.readout import is_closed
from mottling.services.training_cases import Taught, TrainingCases
from mottling.services.views import NOTHING, Answer, Beside, InBatch, Progress, ToRead
from mottling.store.reading_board import Given, ReadingBoard
from mottling.store.signing import Signer
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.adjudication import settling_reading
from mottling.trial.charter import Charter
from mottling.trial.committee_records import ReadingChange, RepeatAssignment, RepeatReading
from mottling.trial.records import Reading

__all__ = ["Committee", "CommitteeRooms"]

_MOST_SIGNS = 2000


@dataclass(frozen=True)
class CommitteeRooms:
    """What the committee works with."""

    store: Store
    charter: Charter
    darkroom: Darkroom
    accounts: Accounts
    training: TrainingCases


class Committee:
    """What a reader does. Nothing that leaves this class says whose photograph it is."""

    def __init__(self, rooms: CommitteeRooms) -> None:
        self._store = rooms.store
        self._book = rooms.store.committee
        self._charter = rooms.charter
        self._rules = rooms.charter.reading
        self._darkroom = rooms.darkroom
        self._accounts = rooms.accounts
        self._list = ReadingList(rooms.store.committee, rooms.charter.reading)
        self.training = rooms.training
        self.after_lock = AfterLock(rooms.store, rooms.charter)
        self.meetings = Meetings(
            MeetingRooms(rooms.store, rooms.charter, rooms.accounts, rooms.training, self._list)
        )

    def next_photo(self, reader: User, *, at: datetime) -> ToRead | None:
        """Give the reader's next photograph, in an order drawn for this reader.

        The same one comes again until it is locked. Some come back later, and nothing says so.

        Returns:
            None when all are read, or when a whole batch waits for the reader's signature.

        Raises:
            NotAllowed: The training cases come first, or too few of them were right.
        """
        return next(iter(self._give(reader, most=1, at=at)), None)

    def next_photos(self, reader: User, *, at: datetime) -> tuple[ToRead, ...]:
        """Give the next photograph and the one after it, which the page fetches while this one is read.

        It is given to the reader like any other, under an id of its own: nothing says what it is.

        Returns:
            One alone when no other is left, or when the batch is signed before it; none as `next_photo`.

        Raises:
            NotAllowed: As `next_photo`.
        """
        return self._give(reader, most=2, at=at)

    def _give(self, reader: User, *, most: int, at: datetime) -> tuple[ToRead, ...]:
        self.training.require_qualified(reader)
        with self._book.looking() as board:
            room = 0 if board.is_closed() else self._rules.batch_size - len(board.batch(reader.name))
            most = max(0, min(most, room))
            given = list(board.waiting(reader.name)[:most])
        while len(given) < most:
            one = self._book.assign(
                reader.name,
                choose=lambda photos, shown: next(iter(self._list.plan(reader, photos, shown)), None),
                at=at,
                ahead=len(given),
            )
            if one is None:
                break
            given.append(one)
        return tuple(ToRead(one.reading_id) for one in given)

    def picture(self, reader: User, reading_id: str) -> bytes:
        """Give the photograph as a JPEG: pixels only, upright, long side ≤ 2048, re-encoded, without EXIF.

        It is padded to one of few sizes, so that its size does not tell that it came back.

        Raises:
            NotAllowed: The reading is not this reader's, nor one of a meeting that is open to him, or the
                patient withdrew since.
        """
        case = self.training.case_of(reader, reading_id)
        if case is not None:
            return padded(self._darkroom.picture(case.data, shown_as=reading_id))
        met = self.meetings.photo_of(reader, reading_id)
        if met is None:
            self.training.require_qualified(reader)
        with self._book.looking() as board:
            photo_id = met or _own_on(board, reader, reading_id).photo_id
            if board.is_withdrawn(photo_id):
                raise NotAllowed("This photograph is read no more", remedy="Go on to the next photograph")
        data = self._store.ward.photo_bytes(photo_id)
        return padded(self._darkroom.picture(data, shown_as=reading_id))

    def train(
        self, reader: User, reading_id: str, answer: Answer, *, reading_s: float, at: datetime
    ) -> Taught:
        """Keep what a reader says of a training case, and tell the score with which it was made.

        Raises:
            NotAllowed: It is none of this reader's cases.
            Conflict: It is read already, or the read-out is closed.
            RecordRefused: The answer is none that the trial file knows.
        """
        self._check(answer, is_closed=is_closed(self._store))
        _check_time(reading_s)
        return self.training.lock(reader, reading_id, answer, reading_s=reading_s, at=at)

    def lock_reading(
        self,
        reader: User,
        reading_id: str,
        answer: Answer,
        *,
        reading_s: float,
        at: datetime,
        beside: Beside = NOTHING,
    ) -> None:
        """Lock the reader's answer. It counts, and may settle a verdict, once the reader has signed it.

        The mottled border and a remark go with it, where the reader gave them.

        Raises:
            NotAllowed: The reading is not this reader's.
            Conflict: It is locked already, or the read-out is closed.
            RecordRefused: The answer is none that the trial file knows, or the border does not fit it.
        """
        given = self._own_to_say(reader, reading_id, answer)
        _check_time(reading_s)
        self._check_beside(given, answer, beside)
        kind = RepeatReading if isinstance(given, RepeatAssignment) else Reading
        self._book.lock(
            kind(
                by=reader.name,
                at=at,
                reading_id=reading_id,
                photo_id=given.photo_id,
                answer=answer,
                reading_s=reading_s,
            ),
            beside,
        )

    def _check(self, answer: Answer, *, is_closed: bool) -> None:
        self._charter.check_answer(answer)
        if is_closed:
            raise Conflict("The read-out is closed", remedy="Ask the trial office")

    def _check_beside(self, given: Given, answer: Answer, beside: Beside) -> None:
        if beside.remark is not None and len(beside.remark) > _MOST_SIGNS:
            raise RecordRefused(
                f"The remark has {len(beside.remark)} characters",
                remedy=f"Write at most {_MOST_SIGNS} characters",
            )
        if beside.outline is not None:
            data = self._store.ward.photo_bytes(given.photo_id)
            picture = self._darkroom.picture(data, shown_as=given.reading_id)
            check_outline(beside.outline, answer, size=size_of(picture))

    def beside(self, reader: User, reading_id: str) -> Beside:
        """Give what goes with a reading of this reader, as it stands: the marked border, the remark.

        Raises:
            NotAllowed: The reading is not this reader's.
        """
        self._own(reader, reading_id)
        return self._book.beside(reading_id)

    def batch(self, reader: User) -> tuple[InBatch, ...]:
        """List what this reader has locked since the last signature, in the order in which it was read."""
        require(reader.role, Act.READ_BLINDED)
        return tuple(
            InBatch(
                one.reading.reading_id,
                one.reading.answer,
                one.is_changed,
                remark=one.remark,
                after=None if one.seen is None else one.seen.after,
                may_change=one.seen is None or one.seen.counts,
            )
            for one in self._book.batch(reader.name)
        )

    def change_reading(
        self,
        reader: User,
        reading_id: str,
        answer: Answer,
        *,
        because: str,
        at: datetime,
        beside: Beside = NOTHING,
    ) -> None:
        """Say anew what is locked and not signed: a record of its own, with the reason and what goes with it.

        Raises:
            NotAllowed: The reading is not this reader's.
            Conflict: It is signed, says the same, was said before the model was shown, or the read-out is
                closed.
            RecordRefused: It is not locked, no reason is given, or the trial file knows no such answer.
        """
        given = self._own_to_say(reader, reading_id, answer)
        self._check_beside(given, answer, beside)
        check_because(because)
        stands = {one.reading_id: one.answer for one in self.batch(reader)}
        if stands.get(reading_id) == answer and self._book.beside(reading_id) == beside:
            raise Conflict("This is what the reading says already", remedy="Go back to the batch")
        self._book.change(
            ReadingChange(
                by=reader.name,
                at=at,
                reading_id=reading_id,
                photo_id=given.photo_id,
                answer=answer,
                because=because,
            ),
            beside,
        )

    def sign(self, reader: User, password: str, *, meaning: str, readings: int, at: datetime) -> None:
        """Sign the batch: an electronic signature of who, when, what it means, and each reading by its hash.

        From here on the readings count, and verdicts are formed as the trial file says.

        Args:
            reader: Who signs.
            password: Given again, for this.
            meaning: What the signature stands for, in the words that the reader saw.
            readings: How many the reader saw to be signed.
            at: Now.

        Raises:
            SignInRefused: The password is not this reader's.
            Conflict: There are more or fewer readings, one waits for an answer to what the model said, or the
                read-out is closed.
            RecordRefused: There is nothing to sign.
        """
        require(reader.role, Act.READ_BLINDED)
        if is_closed(self._store):
            raise Conflict("The read-out is closed", remedy="Ask the trial office")
        self.after_lock.check_none_waits(reader)
        self._accounts.confirm(reader.name, password, at=at)
        self._book.sign(Signer(reader.name, meaning, readings, at), settle=self._settle)

    def _settle(self, readings: Sequence[Reading]) -> Reading | None:
        return settling_reading(readings, rules=self._rules)

    def progress(self, reader: User) -> Progress:
        """Say how far this reader has come, in all and within the batch. Says nothing of other readers."""
        require(reader.role, Act.READ_BLINDED)
        return self._list.progress(reader)

    def waits_since(self, reader: User) -> datetime | None:
        """Say since when that waits for this reader which has waited longest: to be read, or to be signed."""
        require(reader.role, Act.READ_BLINDED)
        return self._list.waits_since(reader)

    def is_closed(self) -> bool:
        """Say whether the read-out is closed: then nobody reads."""
        return is_closed(self._store)

    def reasons_not_assessable(self) -> tuple[str, ...]:
        """Give the trial file's reason codes for a photograph that cannot be judged."""
        return tuple(reason.code for reason in self._charter.reasons_not_assessable)

    def _own(self, reader: User, reading_id: str) -> Given:
        self.training.require_qualified(reader)
        with self._book.looking() as board:
            return _own_on(board, reader, reading_id)

    def _own_to_say(self, reader: User, reading_id: str, answer: Answer) -> Given:
        """Find a reading of this reader's, of which this answer may be said now."""
        self.training.require_qualified(reader)
        with self._book.looking() as board:
            given, is_closed = _own_on(board, reader, reading_id), board.is_closed()
        self._check(answer, is_closed=is_closed)
        return given


def _own_on(board: ReadingBoard, reader: User, reading_id: str) -> Given:
    given = board.given(reading_id)
    if given is None or given.by != reader.name:
        raise NotAllowed("This reading is not yours", remedy="Go to the committee's page")
    return given


def _check_time(reading_s: float) -> None:
    if not (math.isfinite(reading_s) and reading_s >= 0):
        raise RecordRefused(f"{reading_s} seconds is no reading time", remedy="Load the page again")
