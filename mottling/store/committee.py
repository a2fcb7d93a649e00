"""The book of the committee: what was given to whom, what was read and signed, which reading counts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select

from mottling.errors import Conflict, RecordRefused
from mottling.store.beside import NOTHING, Beside, add_said, outline_of
from mottling.store.ledger import Ledger
from mottling.store.locked import Locked
from mottling.store.meetings import Awaits, Minutes, write_minutes
from mottling.store.model_shown import SaidAfter, check_may_change, write_after, write_shown
from mottling.store.reading_board import Given, ReadingBoard
from mottling.store.schema import AUDIT, KINDS
from mottling.store.signing import Settle, Signer, add_verdicts, check_assigned, signature_of
from mottling.store.steps import existing_photo
from mottling.trial.adjudication import PhotoToRead
from mottling.trial.committee_records import (
    ConsensusReading,
    ConsensusVerdict,
    ReadingChange,
    RepeatAssignment,
    RepeatReading,
    SecondLook,
    TakenBack,
    TrainingReading,
)
from mottling.trial.markings import Outline
from mottling.trial.reading_plan import Planned
from mottling.trial.records import Assignment, Reading, Verdict

__all__ = ["Choose", "CommitteeBook"]

Choose = Callable[[Sequence[PhotoToRead], Sequence[Planned]], Planned | None]
"""Chooses what a reader is given next, from the photographs to read and from what he was shown so far."""

_TRAINING = KINDS[TrainingReading].table

_GO_ON = "Go on to the next photograph"

# 128 bits: nobody guesses another reader's reading.
_ID_BYTES = 16


class CommitteeBook:
    """Readings of the committee."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._board = ReadingBoard()
        self._seed: str | None = None

    @contextmanager
    def looking(self) -> Iterator[ReadingBoard]:
        """Look at how far the committee has come; everything within is of one moment."""
        with self._ledger.reading() as page, self._board.looked_at(page) as board:
            yield board

    def photos_to_read(self) -> tuple[PhotoToRead, ...]:
        """List the last photograph of each visit, and how far the committee has come with it.

        A reader who was disabled before reading is no longer expected.
        """
        with self.looking() as board:
            return board.to_read()

    def seed(self) -> str:
        """Give what this store draws from: the hash of its first record, which no reader sees."""
        if self._seed is None:
            with self._ledger.reading() as page:
                first = select(AUDIT.c.hash).where(AUDIT.c.number == 1)
                self._seed = str(page.connection.execute(first).scalar_one())
        return self._seed

    def assign(self, reader: str, *, choose: Choose, at: datetime, ahead: int = 0) -> Given | None:
        """Give a reader the photograph that waits for him, or else the one that `choose` names.

        Nobody else can be given a photograph meanwhile.

        Args:
            reader: Who reads.
            choose: Names a photograph when none waits.
            at: Now.
            ahead: How many others that wait come before it.

        Returns:
            None when `choose` names none.
        """
        with self._ledger.writing() as pen, self._board.looked_at(pen) as board:
            waiting = board.waiting(reader)
            if len(waiting) > ahead:
                return waiting[ahead]
            before = [Planned(one.photo_id, is_repeat=isinstance(one, RepeatAssignment)) for one in waiting]
            chosen = choose(board.to_read(), (*board.shown(reader), *before))
            if chosen is None:
                return None
            kind = RepeatAssignment if chosen.is_repeat else Assignment
            given = kind(reading_id=secrets.token_hex(_ID_BYTES), photo_id=chosen.photo_id, by=reader, at=at)
            pen.add(given)
            if chosen.is_second_look:
                pen.add(_second_look(given, board.verdict_id(given.photo_id)))
        return given

    def waiting(self, reader: str) -> Given | None:
        """Find what was given to a reader and is not locked."""
        with self.looking() as board:
            return next(iter(board.waiting(reader)), None)

    def shown(self, reader: str) -> tuple[Planned, ...]:
        """List what a reader has locked, repeats too, in the order in which he did."""
        with self.looking() as board:
            return board.shown(reader)

    def find_assignment(self, reading_id: str) -> Given | None:
        """Find what was given under this id."""
        with self.looking() as board:
            return board.given(reading_id)

    def lock(self, reading: Reading | RepeatReading, beside: Beside = NOTHING) -> None:
        """Lock a reading, with what goes with it. It counts when the reader has signed it.

        Raises:
            RecordRefused: The photograph was not given to this reader under this id.
            PhotosErased: It was erased meanwhile.
            Conflict: The reading is locked already, or the photograph was taken back.
        """
        with self._ledger.writing() as pen, self._board.looked_at(pen) as board:
            check_assigned(board.given(reading.reading_id), reading)
            existing_photo(pen, reading.photo_id)
            if board.is_taken_back(reading.reading_id):
                raise Conflict("This photograph was given to another reader", remedy=_GO_ON)
            if board.locked(reading.reading_id) is not None:
                raise Conflict("This reading is locked already", remedy=_GO_ON)
            add_said(pen, reading, beside)

    def take_back(self, taken: TakenBack) -> None:
        """Take a photograph back from a reader who has not read it; the same reader is not given it again.

        Raises:
            RecordRefused: Nothing was given under this id that could be taken back.
            Conflict: It is read, or taken back already.
        """
        with self._ledger.writing() as pen, self._board.looked_at(pen) as board:
            if not isinstance(board.given(taken.reading_id), Assignment):
                raise RecordRefused("No reader has such a photograph", remedy="Load the page again")
            if board.locked(taken.reading_id) is not None or board.is_taken_back(taken.reading_id):
                raise Conflict("This photograph is read, or was taken back", remedy="Load the page again")
            pen.add(taken)

    def batch(self, reader: str) -> tuple[Locked, ...]:
        """List what a reader has locked and not signed, as it stands, in the order in which he locked it."""
        with self.looking() as board:
            return board.batch(reader)

    def change(self, change: ReadingChange, beside: Beside = NOTHING) -> None:
        """Say anew what was locked and is not signed, with what goes with it now.

        Raises:
            RecordRefused: It is none of this reader's readings.
            PhotosErased: The photograph was erased meanwhile.
            Conflict: It is signed, or was said before the model was shown.
        """
        with self._ledger.writing() as pen, self._board.looked_at(pen) as board:
            locked = board.locked(change.reading_id)
            if locked is None or (locked.reading.by, locked.reading.photo_id) != (change.by, change.photo_id):
                raise RecordRefused("This is no reading of this reader", remedy="Open the reading page again")
            existing_photo(pen, change.photo_id)
            if change.reading_id not in {one.reading_id for one in board.to_sign(change.by)}:
                raise Conflict("This reading is signed, and stays", remedy="Tell the trial office")
            check_may_change(board, locked)
            add_said(pen, change, beside)

    def show_model(self, reading_id: str, *, by: str, at: datetime) -> None:
        """Record that a reader is shown what the model said; only the first time is.

        Raises:
            RecordRefused: It is none of this reader's readings, or is not locked.
            PhotosErased: The photograph was erased meanwhile.
        """
        with self._ledger.writing() as pen, self._board.looked_at(pen) as board:
            write_shown(pen, board, reading_id, by=by, at=at)

    def say_after(self, said: SaidAfter) -> None:
        """Record what a reader says once the model was shown.

        Raises:
            RecordRefused: It is none of this reader's readings.
            PhotosErased: The photograph was erased meanwhile.
            Conflict: The model was not shown, or it is answered or signed already.
        """
        with self._ledger.writing() as pen, self._board.looked_at(pen) as board:
            write_after(pen, board, said)

    def outline(self, reading_id: str) -> Outline | None:
        """Give the border that was marked with a reading as it stands; None where none was."""
        return self.beside(reading_id).outline

    def beside(self, reading_id: str) -> Beside:
        """Give what goes with a reading as it stands."""
        with self.looking() as board:
            locked = board.locked(reading_id)
            if locked is not None and board.is_left_out(locked.reading.photo_id):
                return NOTHING
        if locked is None or not locked.is_marked:
            return Beside(remark=None if locked is None else locked.remark)
        with self._ledger.reading() as page:
            return Beside(outline_of(page, reading_id), locked.remark)

    def sign(self, signer: Signer, *, settle: Settle) -> tuple[Verdict, ...]:
        """Sign what a reader has locked, and record each verdict that `settle` names with it.

        Raises:
            RecordRefused: There is nothing to sign.
            Conflict: It is not as much as the reader saw.
        """
        with self._ledger.writing() as pen, self._board.looked_at(pen) as board:
            pen.add(signature_of(signer, board.to_sign(signer.reader)))
            readings = {
                one.reading.photo_id: board.readings_of(one.reading.photo_id, signing=signer.reader)
                for one in board.batch(signer.reader)
                if isinstance(one.reading, Reading)
            }
            return add_verdicts(pen, signer, readings, settle=settle, but=board.settled())

    def meet(self, minutes: Minutes, *, awaits: Awaits) -> ConsensusVerdict:
        """Record what the committee said together of a photograph that waits for its meeting, as its verdict.

        Raises:
            RecordRefused: There is no such photograph.
            PhotosErased: It was erased meanwhile.
            Conflict: It waits for no meeting any more.
        """
        with self._ledger.writing() as pen, self._board.looked_at(pen) as board:
            return write_minutes(pen, board, minutes, awaits=awaits)

    def train(self, reading: TrainingReading) -> None:
        """Record what a reader says of a training case.

        Raises:
            Conflict: The reader has said it already in this attempt.
        """
        with self._ledger.writing() as pen:
            for known in pen.all(TrainingReading, _TRAINING.c.by == reading.by):
                if (known.attempt, known.case) == (reading.attempt, reading.case):
                    raise Conflict("This case is read already", remedy="Go on to the next one")
            pen.add(reading)

    def training(self, reader: str) -> tuple[TrainingReading, ...]:
        """List what a reader said of training cases, the earliest first."""
        with self._ledger.reading() as page:
            return page.all(TrainingReading, _TRAINING.c.by == reader)

    def unsigned(self) -> int:
        """Count what was locked and is not signed, without that of readers who left."""
        with self.looking() as board:
            return board.unsigned()

    def repeats(self) -> tuple[RepeatReading, ...]:
        """List the signed readings of photographs that came back, the earliest first."""
        with self.looking() as board:
            return board.repeats()

    def readings(self, *, by: str | None = None) -> tuple[Reading, ...]:
        """List the signed readings of a reader, or of all, the earliest first."""
        with self.looking() as board:
            return board.readings(by=by)

    def second_looks(self) -> tuple[SecondLook, ...]:
        """List the second looks that were asked for, the earliest first. No reader may see them."""
        with self.looking() as board:
            return board.second_looks()

    def counting(self) -> tuple[Locked, ...]:
        """List every signed reading as it stands, repeats too, in the order of their locking."""
        with self.looking() as board:
            return board.counting()

    def consensus(self) -> tuple[ConsensusReading, ...]:
        """List what the committee said together, each the verdict of its photograph, the earliest first."""
        with self.looking() as board:
            return board.consensus()

    def verdicts(self) -> tuple[Verdict, ...]:
        """List the verdicts that are one reader's reading, the earliest first."""
        with self._ledger.reading() as page, self._board.looked_at(page) as board:
            return tuple(one for one in page.all(Verdict) if not board.is_left_out(one.photo_id))


def _second_look(given: Given, verdict_id: str | None) -> SecondLook:
    """Say which verdict a second look is about: a record for the report, which changes nothing."""
    assert verdict_id is not None, "planned where there is a verdict"
    return SecondLook(
        reading_id=given.reading_id,
        photo_id=given.photo_id,
        verdict_id=verdict_id,
        by="server",
        at=given.at,
    )
