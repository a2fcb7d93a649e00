"""What a reader still has to read, and how far he has come. Says nothing of other readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mottling.services.accounts import User
from mottling.services.views import Progress
from mottling.store.committee import CommitteeBook
from mottling.store.reading_board import ReadingBoard
from mottling.trial.adjudication import PhotoToRead
from mottling.trial.committee_records import RepeatAssignment
from mottling.trial.reading_plan import Lot, Planned, plan_of
from mottling.trial.reading_rules import ReadingRules
from mottling.trial.records import Assignment

__all__ = ["ReadingList"]


@dataclass(frozen=True)
class _Asked:
    """All that one reader's plan depends on."""

    photos: tuple[PhotoToRead, ...]
    shown: tuple[Planned, ...]


class ReadingList:
    """The lists of all readers, each in an order of its own."""

    def __init__(self, book: CommitteeBook, rules: ReadingRules) -> None:
        self._book = book
        self._rules = rules
        # A page asks twice, for the progress and for the photograph after the next one, and mostly the same.
        self._last: dict[str, tuple[_Asked, tuple[Planned, ...]]] = {}

    def plan(
        self, reader: User, photos: Sequence[PhotoToRead], shown: Sequence[Planned]
    ) -> tuple[Planned, ...]:
        """Plan what a reader still sees: a photograph that the ward may still replace is not read."""
        asked = _Asked(tuple(photo for photo in photos if photo.is_confirmed), tuple(shown))
        last = self._last.get(reader.name)
        if last is not None and last[0] == asked:
            return last[1]
        lot = Lot(self._book.seed(), reader.name)
        planned = plan_of(lot, asked.photos, asked.shown, rules=self._rules)
        self._last[reader.name] = asked, planned
        return planned

    def progress(self, reader: User) -> Progress:
        """Say how far a reader has come, in all and within the batch."""
        with self._book.looking() as board:
            read, in_batch = len(board.shown(reader.name)), len(board.batch(reader.name))
            to_read, is_closed = self._still_to_read(reader, board), board.is_closed()
        return Progress(
            read=read,
            to_read=to_read,
            read_in_batch=in_batch,
            batch=max(in_batch, min(self._rules.batch_size, in_batch + to_read)),
            is_closed=is_closed,
        )

    def waits_since(self, reader: User) -> datetime | None:
        """Say since when that waits which has waited longest: given, in the list, or not signed.

        What comes back to a reader waits for nobody.
        """
        with self._book.looking() as board:
            given = [one.at for one in board.waiting(reader.name) if isinstance(one, Assignment)]
            unsigned = [one.reading.at for one in board.batch(reader.name)]
            planned = self.plan(reader, board.to_read(), board.shown(reader.name))
            listed = [board.readable_since(one.photo_id) for one in planned if not one.is_repeat]
        return min((at for at in (*given, *unsigned, *listed) if at is not None), default=None)

    def _still_to_read(self, reader: User, board: ReadingBoard) -> int:
        waiting = [
            Planned(one.photo_id, is_repeat=isinstance(one, RepeatAssignment))
            for one in board.waiting(reader.name)
        ]
        seen = (*board.shown(reader.name), *waiting)
        planned = self.plan(reader, board.to_read(), seen)
        return len(planned) + len(waiting)
