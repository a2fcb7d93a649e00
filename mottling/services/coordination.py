"""The coordinator: how far the committee is, who is late, and photographs taken back. Sees no answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mottling.errors import RecordRefused
from mottling.services.accounts import User
from mottling.services.committee import Committee
from mottling.services.readout import Readout, ReadoutState
from mottling.services.training_cases import TrainingState
from mottling.services.views import Progress
from mottling.store.reading_board import ReadingBoard
from mottling.store.store import Store
from mottling.trial.access import Act, Role, require
from mottling.trial.charter import Charter
from mottling.trial.committee_records import TakenBack
from mottling.trial.records import Assignment

__all__ = ["Coordination", "GivenLine", "ReaderLine", "ReadoutProgress"]

_MOST_SIGNS = 2000


@dataclass(frozen=True)
class ReaderLine:
    """How far one reader is."""

    name: str
    is_let_in: bool
    """Whether the account is open."""
    training: TrainingState
    progress: Progress
    waiting_since: datetime | None
    """When the photograph was given that has waited longest for this reader; None where none waits."""
    last_read_at: datetime | None
    oldest: datetime | None
    """Since when that waits which has waited longest: given, in the reader's list, or read and not signed."""


@dataclass(frozen=True)
class GivenLine:
    """A photograph that a reader has and has not read. Which one it is, nobody is told."""

    reading_id: str
    reader: str
    given_at: datetime


@dataclass(frozen=True)
class ReadoutProgress:
    """How far the committee is."""

    state: ReadoutState
    unread: int
    """Confirmed photographs that nobody has read and signed."""
    begun: int
    """Read and signed by some, and more readers are awaited."""
    at_odds: int
    """Read by as many as are asked for, who differ: one more decides."""
    readers: tuple[ReaderLine, ...]
    given: tuple[GivenLine, ...]
    """The one that has waited longest first."""
    late_after: timedelta
    """By the trial file."""

    def days_late(self, since: datetime | None, *, at: datetime) -> int:
        """Say by how many whole days that is late which waits since a time; 0 where it is not."""
        return 0 if since is None else max(0, (at - since - self.late_after).days)


class Coordination:
    """What a coordinator does. Nothing here says what anybody answered, or of whom."""

    def __init__(self, store: Store, charter: Charter, committee: Committee, readout: Readout) -> None:
        self._store = store
        self._asked_for = charter.reading.readers_per_photo
        self._late_after = timedelta(days=charter.reading.late_after_days)
        self._committee = committee
        self._readout = readout

    def progress(self, user: User) -> ReadoutProgress:
        """Say how far the committee and each of its readers are."""
        require(user.role, Act.SEE_READOUT)
        readers = tuple(self._readers())
        with self._store.committee.looking() as board:
            read = self._read(board)
            given = tuple(_given(board, [one.name for one in readers]))
        return ReadoutProgress(
            state=self._readout.state(),
            unread=sum(count == 0 for count in read),
            begun=sum(0 < count < self._asked_for for count in read),
            at_odds=sum(count >= self._asked_for for count in read),
            readers=readers,
            given=tuple(sorted(given, key=lambda one: one.given_at)),
            late_after=self._late_after,
        )

    def _read(self, board: ReadingBoard) -> list[int]:
        """Count the readings of each photograph that has no verdict."""
        settled = board.settled()
        return [
            len(one.readings) for one in board.to_read() if one.is_confirmed and one.photo_id not in settled
        ]

    def _readers(self) -> Iterator[ReaderLine]:
        for known in self._store.users.known():
            if known.role is not Role.READER or known.disabled:
                continue
            reader = User(known.name, known.role, None)
            with self._store.committee.looking() as board:
                waiting = [one.at for one in board.waiting(reader.name)]
                last_read_at = board.last_read_at(reader.name)
            yield ReaderLine(
                name=known.name,
                is_let_in=not known.locked,
                training=self._committee.training.state(reader),
                progress=self._committee.progress(reader),
                waiting_since=min(waiting, default=None),
                last_read_at=last_read_at,
                oldest=self._committee.waits_since(reader),
            )

    def take_back(self, user: User, reading_id: str, *, because: str, at: datetime) -> None:
        """Take a photograph back from a reader who has not read it, so that another reader is given it.

        Raises:
            RecordRefused: No reader has it, or no reason is given.
            Conflict: It is read, or was taken back.
        """
        require(user.role, Act.RUN_READOUT)
        if not because.strip() or len(because) > _MOST_SIGNS:
            raise RecordRefused(
                f"The reason has {len(because.strip())} characters",
                remedy=f"Say in at most {_MOST_SIGNS} characters why the photograph is taken back",
            )
        self._store.committee.take_back(
            TakenBack(by=user.name, at=at, reading_id=reading_id, because=because)
        )


def _given(board: ReadingBoard, readers: list[str]) -> Iterator[GivenLine]:
    """List what waits with readers: what came back to one takes no other reader's place and is left out."""
    for reader in readers:
        for one in board.waiting(reader):
            if isinstance(one, Assignment):
                yield GivenLine(one.reading_id, reader, one.at)
