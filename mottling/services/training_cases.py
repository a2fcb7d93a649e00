"""Training cases: made photographs whose score is known, read with an answer before the first real one."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mottling.errors import NotAllowed, SettingsRefused
from mottling.services.accounts import User
from mottling.services.made_photographs import SHIPPED_PHOTOS, MadePhoto, read_made_photos
from mottling.services.views import Answer
from mottling.store.committee import CommitteeBook
from mottling.trial.access import Act, require
from mottling.trial.committee_records import TrainingReading
from mottling.trial.reading_plan import Lot
from mottling.trial.reading_rules import TrainingRules

__all__ = ["Taught", "TrainingCases", "TrainingState", "cases_named_in"]

_ID_BYTES = 16


@dataclass(frozen=True)
class TrainingState:
    """How far one reader has come with the training cases."""

    cases: int
    needed: int
    """So many must be right."""
    read: int
    """In the attempt that goes on, or in the last one."""
    right: int
    is_qualified: bool
    """Whether the reading list is open."""
    next_id: str | None
    """Of the case that comes next; None when an attempt is done."""

    @property
    def has_failed(self) -> bool:
        """Whether an attempt is done and too few were right."""
        return not self.is_qualified and self.next_id is None


@dataclass(frozen=True)
class Taught:
    """What a reader is told after a case."""

    reading_id: str
    answer: Answer
    truth: int
    is_right: bool


def cases_named_in(rules: TrainingRules | None) -> Mapping[str, MadePhoto]:
    """Read the made photographs that a trial file names.

    Raises:
        SettingsRefused: It names one that there is not.
    """
    if rules is None:
        return {}
    made = {photo.name: photo for photo in read_made_photos(SHIPPED_PHOTOS)}
    unknown = [case for case in rules.cases if case not in made]
    if unknown:
        raise SettingsRefused(
            f"reading.training names {unknown[0]!r}, which is none of the made photographs",
            remedy=f"Name some of {', '.join(sorted(made))}",
        )
    return {case: made[case] for case in rules.cases}


class TrainingCases:
    """What a reader does before the reading list opens. It counts for no verdict, figure or export."""

    def __init__(
        self, book: CommitteeBook, rules: TrainingRules | None, cases: Mapping[str, MadePhoto]
    ) -> None:
        """Take the book, the trial file's rules and the photographs that they name."""
        self._book = book
        self._rules = rules
        self._cases = cases
        # Asked with each photograph. Who is qualified by some rules stays so: records are never changed.
        self._qualified: set[tuple[str, TrainingRules | None]] = set()

    def require_qualified(self, reader: User) -> None:
        """Refuse what only a reader may do whose training is done.

        Raises:
            NotAllowed: It is not; says how many cases were right, and what to do.
        """
        if not self.is_qualified(reader):
            state = self.state(reader)
            raise NotAllowed(
                f"{state.right} of {state.cases} training cases are right, and {state.needed} must be",
                remedy="Look at the scale again, then read the training cases in the reading room",
            )

    def is_qualified(self, reader: User) -> bool:
        """Say whether a reader's training is done."""
        require(reader.role, Act.READ_BLINDED)
        key = (reader.name, self._rules)
        if key not in self._qualified and self.state(reader).is_qualified:
            self._qualified.add(key)
        return key in self._qualified

    def state(self, reader: User) -> TrainingState:
        """Say how far a reader has come."""
        require(reader.role, Act.READ_BLINDED)
        if self._rules is None:
            return TrainingState(cases=0, needed=0, read=0, right=0, is_qualified=True, next_id=None)
        attempts = self._attempts(reader)
        last = attempts[-1] if attempts else ()
        left = self._left(reader, last)
        return TrainingState(
            cases=len(self._cases),
            needed=self._rules.needed,
            read=len(last),
            right=sum(one.is_right for one in last),
            is_qualified=any(self._passes(attempt) for attempt in attempts),
            next_id=self._id(reader, max(1, len(attempts)), left[0]) if left else None,
        )

    def _passes(self, attempt: Sequence[TrainingReading]) -> bool:
        assert self._rules is not None, "asked after the rules"
        read = {one.case: one for one in attempt if one.case in self._cases}
        return (
            len(read) == len(self._cases) and sum(one.is_right for one in read.values()) >= self._rules.needed
        )

    def _attempts(self, reader: User) -> Sequence[Sequence[TrainingReading]]:
        said = self._book.training(reader.name)
        count = max((one.attempt for one in said), default=0)
        return [[one for one in said if one.attempt == attempt] for attempt in range(1, count + 1)]

    def _left(self, reader: User, attempt: Sequence[TrainingReading]) -> Sequence[str]:
        """List the cases that an attempt lacks, in an order drawn for this reader and this attempt."""
        number = attempt[0].attempt if attempt else 1
        lot = Lot(self._book.seed(), reader.name)
        read = {one.case for one in attempt}
        left = [case for case in self._cases if case not in read]
        return sorted(left, key=lambda case: lot.draw(f"training {number}", case))

    def again(self, reader: User) -> str:
        """Give the id of the first case of another attempt; of the one that goes on, where one does.

        Raises:
            NotAllowed: The reader is qualified, or there are no training cases.
        """
        state = self.state(reader)
        if state.is_qualified:
            raise NotAllowed("The training is done", remedy="Go to the committee's page")
        if state.next_id is not None:
            return state.next_id
        attempt = len(self._attempts(reader)) + 1
        lot = Lot(self._book.seed(), reader.name)
        first = min(self._cases, key=lambda case: lot.draw(f"training {attempt}", case))
        return self._id(reader, attempt, first)

    def case_of(self, reader: User, reading_id: str) -> MadePhoto | None:
        """Find the made photograph that is shown under an id; None where the id is of something else."""
        found = self._find(reader, reading_id)
        return None if found is None else self._cases[found[1]]

    def _find(self, reader: User, reading_id: str) -> tuple[int, str] | None:
        """Find the attempt and the case of an id: of an attempt so far, or of the next one."""
        if not self._cases:
            return None
        for attempt in range(1, len(self._attempts(reader)) + 2):
            for case in self._cases:
                if hmac.compare_digest(self._id(reader, attempt, case), reading_id):
                    return attempt, case
        return None

    def _id(self, reader: User, attempt: int, case: str) -> str:
        """Make the id of a case: like that of any reading, and foreseen by nobody."""
        asked = "\0".join(("training", reader.name, str(attempt), case)).encode()
        digest = hmac.digest(self._book.seed().encode(), asked, hashlib.sha256)
        return digest[:_ID_BYTES].hex()

    def lock(
        self, reader: User, reading_id: str, answer: Answer, *, reading_s: float, at: datetime
    ) -> Taught:
        """Keep what a reader says of a case, and tell its score.

        Raises:
            NotAllowed: The id is none of this reader's cases.
            Conflict: It is read already in this attempt.
        """
        require(reader.role, Act.READ_BLINDED)
        found = self._find(reader, reading_id)
        if found is None:
            raise NotAllowed("This reading is not yours", remedy="Go to the committee's page")
        attempt, case = found
        said = TrainingReading(
            by=reader.name,
            at=at,
            attempt=attempt,
            case=case,
            answer=answer,
            truth=self._cases[case].score,
            reading_s=reading_s,
        )
        self._book.train(said)
        return Taught(reading_id, answer, said.truth, said.is_right)
