"""What the model said, shown to a reader whose own answer is locked, where the trial file wants it so."""

from __future__ import annotations

from datetime import datetime

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.services.accounts import User
from mottling.services.padding import padded
from mottling.services.readout import is_closed
from mottling.services.views import Answer, ModelSaid
from mottling.store.locked import Locked
from mottling.store.model_shown import SaidAfter
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.charter import Charter
from mottling.trial.reading_rules import ModelUse, ReadersAnswer

__all__ = ["AfterLock", "check_because"]

_MOST_SIGNS = 2000


class AfterLock:
    """Before the lock nothing of this reaches a reader; afterwards three records say what happened."""

    def __init__(self, store: Store, charter: Charter) -> None:
        self._store = store
        self._book = store.committee
        self._charter = charter
        self._rules = charter.reading

    def is_on(self) -> bool:
        """Say whether the trial file lets readers see what the model said, once they have locked."""
        return self._rules.model is ModelUse.AFTER_LOCK

    def waiting(self, reader: User) -> tuple[str, ...]:
        """List the readings that this reader has locked and of which the model said something, by id."""
        require(reader.role, Act.READ_BLINDED)
        if not self.is_on() or is_closed(self._store):
            return ()
        with self._book.looking() as board:
            return tuple(one.reading.reading_id for one in board.to_look_at(reader.name))

    def check_none_waits(self, reader: User) -> None:
        """Refuse what comes after it, as long as an answer to what the model said is missing.

        Raises:
            Conflict: Answers are missing; says how many.
        """
        waiting = len(self.waiting(reader))
        if waiting:
            raise Conflict(
                f"Of {waiting} readings you have not answered to what the model said",
                remedy="Load the page again: it shows them",
            )

    def show(self, reader: User, reading_id: str, *, at: datetime) -> ModelSaid:
        """Give what the model said of a photograph, and record that it was shown.

        Raises:
            NotAllowed: The reading is not this reader's, is not locked, or is answered already.
        """
        if reading_id not in self.waiting(reader):
            raise _nothing_here()
        self._book.show_model(reading_id, by=reader.name, at=at)
        locked = self._locked(reading_id)
        steps = self._store.ward.photo(locked.reading.photo_id)
        assert steps is not None, "what was read is stored"
        assert steps.assessment is not None, "it waits because the model said something"
        return ModelSaid(reading_id, locked.reading.answer, steps.assessment.assessment)

    def overlay(self, reader: User, reading_id: str) -> bytes:
        """Give the model's overlay as a JPEG, padded like every picture of a reader.

        Raises:
            NotAllowed: It was not shown to this reader, who must lock an answer first.
            RecordRefused: The model drew none.
        """
        require(reader.role, Act.READ_BLINDED)
        with self._book.looking() as board:
            locked = board.locked(reading_id)
            is_shown = board.is_model_shown(reading_id)
        if not self.is_on() or locked is None or locked.reading.by != reader.name or not is_shown:
            raise _nothing_here()
        overlay = self._store.ward.overlay(locked.reading.photo_id)
        if overlay is None:
            raise RecordRefused("The model drew nothing here", remedy="Look at the photograph itself")
        return padded(overlay)

    def keep(self, reader: User, reading_id: str, *, at: datetime) -> None:
        """Record that the reader keeps what he had said.

        Raises:
            NotAllowed: The reading is not this reader's, is not locked, or is answered already.
            Conflict: The model was not shown.
        """
        with self._book.looking() as board:
            locked = board.locked(reading_id)
        if locked is None or reading_id not in self.waiting(reader):
            raise _nothing_here()
        self.say(reader, reading_id, locked.reading.answer, because="", at=at)

    def say(self, reader: User, reading_id: str, answer: Answer, *, because: str, at: datetime) -> None:
        """Record what the reader says now: the same, or another answer with its reason.

        Raises:
            NotAllowed: The reading is not this reader's, is not locked, or is answered already.
            Conflict: The model was not shown.
            RecordRefused: The trial file knows no such answer, or it differs and no reason is given.
        """
        if reading_id not in self.waiting(reader):
            raise _nothing_here()
        self._charter.check_answer(answer)
        is_kept = answer == self._locked(reading_id).reading.answer
        if not is_kept:
            check_because(because)
        self._book.say_after(
            SaidAfter(
                reading_id=reading_id,
                by=reader.name,
                answer=answer,
                counts=self._rules.model_shown_counts is ReadersAnswer.AFTER,
                because=None if is_kept else because,
                at=at,
            )
        )

    def _locked(self, reading_id: str) -> Locked:
        with self._book.looking() as board:
            locked = board.locked(reading_id)
        assert locked is not None, "asked for what is locked"
        return locked


def _nothing_here() -> NotAllowed:
    return NotAllowed("Nothing is shown under this address", remedy="Go to the committee's page")


def check_because(because: str) -> None:
    """Refuse a reason that is empty or too long.

    Raises:
        RecordRefused: It is.
    """
    if not because.strip() or len(because) > _MOST_SIGNS:
        raise RecordRefused(
            f"The reason has {len(because.strip())} characters",
            remedy=f"Say in at most {_MOST_SIGNS} characters why the reading changes",
        )
