"""The read-out: open while the committee reads, closed by a signature, opened again with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mottling.errors import Conflict, RecordRefused
from mottling.services.accounts import Accounts
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.charter import Charter
from mottling.trial.committee_records import ReadoutAct, ReadoutChange
from mottling.trial.reading_rules import Closes

__all__ = ["Readout", "ReadoutState", "is_closed"]

_MOST_SIGNS = 2000


@dataclass(frozen=True)
class ReadoutState:
    """Where the read-out stands."""

    is_closed: bool
    to_read: int
    """Photographs that a ward has confirmed."""
    verdicts: int
    """Of them, those with a verdict."""
    unsigned: int
    """Readings that were locked and that their readers have not signed."""
    awaited: int
    """Visits of enrolled patients that are neither confirmed nor recorded as not done."""
    last: ReadoutChange | None
    """Who closed it, or opened it again, and when."""


def is_closed(store: Store) -> bool:
    """Say whether the read-out was closed and not opened again."""
    changes = store.office.readout_changes()
    return bool(changes) and changes[-1].kind is ReadoutAct.CLOSED


class Readout:
    """What the office does with the read-out."""

    def __init__(self, store: Store, charter: Charter, accounts: Accounts) -> None:
        """Take the store, the trial file, and who knows the passwords."""
        self._store = store
        self._charter = charter
        self._accounts = accounts

    def state(self) -> ReadoutState:
        """Say where the read-out stands."""
        with self._store.committee.looking() as board:
            last_ones = {photo.photo_id for photo in board.to_read() if photo.is_confirmed}
            settled, unsigned = board.settled(), board.unsigned()
        changes = self._store.office.readout_changes()
        return ReadoutState(
            is_closed=is_closed(self._store),
            to_read=len(last_ones),
            verdicts=len(last_ones & settled),
            unsigned=unsigned,
            awaited=self._awaited(),
            last=changes[-1] if changes else None,
        )

    def _awaited(self) -> int:
        board = self._store.board.look()
        visits = [(one.patient, visit.code) for one in board.patients for visit in self._charter.visits]
        confirmed = {place for place, photo in board.photos.items() if photo.final is not None}
        settled = confirmed | board.not_done.keys() | board.erased
        return sum(place not in settled for place in visits)

    def close(self, name: str, password: str, *, meaning: str, at: datetime) -> None:
        """Close the read-out: an electronic signature of who, when and what it means.

        Raises:
            SignInRefused: Name and password do not go together.
            NotAllowed: This user may not close it.
            Conflict: It is closed already, or what the trial file asks for before is not so yet.
        """
        user = self._accounts.confirm(name, password, at=at)
        require(user.role, Act.CLOSE_READOUT)
        self._check_closes(self.state())
        self._change(ReadoutAct.CLOSED, by=user.name, meaning=meaning, at=at)

    def _check_closes(self, state: ReadoutState) -> None:
        if state.is_closed:
            raise Conflict("The read-out is closed already", remedy="Nothing is to be done")
        if state.verdicts < state.to_read:
            raise Conflict(
                f"{state.to_read - state.verdicts} photographs wait for a verdict",
                remedy="Close the read-out when the committee has read them",
            )
        closes = self._charter.reading.closes
        if state.unsigned and closes is not Closes.ALL_READ:
            raise Conflict(
                f"{state.unsigned} readings are not signed",
                remedy="Ask the readers to sign what they have read",
            )
        if state.awaited and closes is Closes.ALL_VISITS:
            raise Conflict(
                f"{state.awaited} visits are awaited, and the read-out closes after the last one",
                remedy="Photograph and confirm them, or record them as not done",
            )

    def reopen(self, name: str, password: str, *, reason: str, at: datetime) -> None:
        """Open a closed read-out again.

        Raises:
            SignInRefused: Name and password do not go together.
            NotAllowed: This user may not open it.
            RecordRefused: No reason is given, or it is too long.
            Conflict: It is open.
        """
        if not reason.strip() or len(reason) > _MOST_SIGNS:
            raise RecordRefused(
                f"The reason has {len(reason.strip())} characters",
                remedy=f"Say in at most {_MOST_SIGNS} characters why the read-out is opened again",
            )
        user = self._accounts.confirm(name, password, at=at)
        require(user.role, Act.CLOSE_READOUT)
        if not is_closed(self._store):
            raise Conflict("The read-out is open", remedy="Nothing is to be done")
        self._change(ReadoutAct.REOPENED, by=user.name, meaning=reason, at=at)

    def _change(self, kind: ReadoutAct, *, by: str, meaning: str, at: datetime) -> None:
        self._store.office.change_readout(ReadoutChange(by=by, at=at, kind=kind, meaning=meaning))
