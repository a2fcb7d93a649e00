"""The board: where the photograph of each visit stands, kept in memory as far as the chain has come.

Records are added and never changed, so a look reads only what was added since the look before, however many
patients there are. Columns are read here without their records, which are dear to make.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock

from sqlalchemy import Row, select

from mottling.scale import Status
from mottling.store.changes import changes_of, corrected_after
from mottling.store.ledger import Ledger, Page
from mottling.store.news import end_of_chain
from mottling.store.schema import KINDS
from mottling.trial.changes import Changes
from mottling.trial.committee_records import BatchSignature, ConsensusReading, ConsensusVerdict, ReadingChange
from mottling.trial.model_shown import AnswerAfter
from mottling.trial.records import (
    Answer,
    FinalRecord,
    NotDone,
    OwnScore,
    Patient,
    Photo,
    Reading,
    Record,
    Verdict,
    WaitedPhoto,
)

__all__ = ["Board", "PhotoStanding", "VisitBoard"]


@dataclass(frozen=True, slots=True)
class PhotoStanding:
    """How far one photograph has come."""

    outside_window: bool
    taken_at: datetime | None = None
    own: Answer | None = None
    final: Answer | None = None
    readers: frozenset[str] = frozenset()
    """Who has read it for the committee, and signed."""
    verdict: Answer | None = None
    confirmed_at: datetime | None = None
    """When the final bedside record was made."""
    decided_at: datetime | None = None
    """When the verdict was."""


@dataclass(frozen=True)
class Board:
    """Where everything stood at one look."""

    patients: tuple[Patient, ...]
    """By number."""
    photos: Mapping[tuple[str, str], PhotoStanding]
    """By patient and visit: the visit's photograph, which is the last one that was stored."""
    not_done: Mapping[tuple[str, str], str]
    """By patient and visit: the reason."""
    not_done_at: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    """By patient and visit: when it was recorded."""
    changes: Changes = field(default_factory=Changes)
    """What has changed about patients; a photograph taken after a withdrawal is not among the photographs."""
    erased: frozenset[tuple[str, str]] = frozenset()
    """By patient and visit: where a photograph was, which is left out since it was erased."""


class VisitBoard:
    """Keeps the board. Safe to use from several threads."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = Lock()
        self._begin()

    def _begin(self) -> None:
        self._upto = 0
        self._changes = Changes()
        self._patients: dict[str, Patient] = {}
        self._in_order: tuple[Patient, ...] = ()
        self._visits: dict[tuple[str, str], list[str]] = {}
        self._places: dict[str, tuple[str, str]] = {}
        self._photos: dict[str, PhotoStanding] = {}
        self._shown: dict[tuple[str, str], PhotoStanding] = {}
        self._stale: set[tuple[str, str]] = set()
        self._answers: dict[str, Answer] = {}
        self._read: dict[str, str] = {}
        self._erased: set[tuple[str, str]] = set()
        self._not_done: dict[tuple[str, str], str] = {}
        self._not_done_at: dict[tuple[str, str], datetime] = {}

    def look(self) -> Board:
        """Read what was added since the last look, and say where everything stands."""
        with self._lock, self._ledger.reading() as page:
            upto = end_of_chain(page)
            if upto > self._upto:
                if corrected_after(page, self._upto):
                    self._begin()
                self._catch_up(page)
                self._upto = upto
            not_done, not_done_at = dict(self._not_done), dict(self._not_done_at)
            return Board(
                self._in_order,
                dict(self._shown),
                not_done,
                not_done_at,
                self._changes,
                frozenset(self._erased),
            )

    def _show(self, place: tuple[str, str]) -> None:
        """Show the photograph of a visit: the last one from before a withdrawal, unless it is left out."""
        self._shown.pop(place, None)
        self._erased.discard(place)
        for photo in (self._photos[one] for one in reversed(self._visits[place])):
            assert photo.taken_at is not None, "what was read from the records says when"
            if not self._changes.is_after_withdrawal(place[0], photo.taken_at):
                if self._changes.is_left_out(place[0]):
                    self._erased.add(place)
                else:
                    self._shown[place] = photo
                break

    def _catch_up(self, page: Page) -> None:
        new = page.all(Patient, KINDS[Patient].table.c.number > self._upto)
        if new:
            self._patients |= {patient.patient: patient for patient in new}
            self._in_order = tuple(self._patients[number] for number in sorted(self._patients))
        self._change(changes_of(page))
        self._catch_up_with_wards(page)
        self._catch_up_with_readers(page)
        for place in self._stale:
            self._show(place)
        self._stale.clear()

    def _change(self, changes: Changes) -> None:
        """Take what has changed; a withdrawal, or an erasure, may show another photograph, or none."""
        before, now = self._changes.withdrawals, changes.withdrawals
        changed = {one for one in before.keys() | now.keys() if before.get(one) != now.get(one)}
        changed |= self._changes.left_out ^ changes.left_out
        if changed:
            self._stale |= {place for place in self._visits if place[0] in changed}
        self._changes = changes

    def _catch_up_with_wards(self, page: Page) -> None:
        now = page.who.now
        for row in self._added(page, Photo, "photo_id", "patient", "visit", "outside_window", "at"):
            place = (now(row.patient), row.visit)
            self._visits.setdefault(place, []).append(row.photo_id)
            self._places[row.photo_id] = place
            is_outside, taken_at = bool(row.outside_window), datetime.fromisoformat(row.at)
            self._say(row.photo_id, PhotoStanding(outside_window=is_outside, taken_at=taken_at))
        for row in self._added(page, WaitedPhoto, "photo_id", "taken_at"):
            taken_at = datetime.fromisoformat(row.taken_at)
            self._say(row.photo_id, replace(self._photos[row.photo_id], taken_at=taken_at))
        for row in self._added(page, NotDone, "patient", "visit", "reason", "at"):
            place = (now(row.patient), row.visit)
            self._not_done[place] = row.reason
            self._not_done_at[place] = datetime.fromisoformat(row.at)
        for row in self._added(page, OwnScore, "photo_id", "status", "score", "reason"):
            self._say(row.photo_id, replace(self._photos[row.photo_id], own=_answer(row)))
        for row in self._added(page, FinalRecord, "photo_id", "status", "score", "reason", "at"):
            photo, confirmed_at = self._photos[row.photo_id], datetime.fromisoformat(row.at)
            self._say(row.photo_id, replace(photo, final=_answer(row), confirmed_at=confirmed_at))

    def _catch_up_with_readers(self, page: Page) -> None:
        for row in self._added(page, Reading, "reading_id", "photo_id", "status", "score", "reason"):
            self._answers[row.reading_id] = _answer(row)
            self._read[row.reading_id] = row.photo_id
        answer = ("number", "reading_id", "status", "score", "reason")
        after_model = self._added(page, AnswerAfter, *answer, "counts")
        anew = [*self._added(page, ReadingChange, *answer), *(row for row in after_model if row.counts)]
        for row in sorted(anew, key=lambda row: row.number):
            self._answers[row.reading_id] = _answer(row)
        for signature in page.all(BatchSignature, KINDS[BatchSignature].table.c.number > self._upto):
            self._sign(signature)
        for row in self._added(page, ConsensusReading, "reading_id", "status", "score", "reason"):
            self._answers[row.reading_id] = _answer(row)
        for kind in (Verdict, ConsensusVerdict):
            for row in self._added(page, kind, "photo_id", "reading_id", "at"):
                photo, verdict = self._photos[row.photo_id], self._answers[row.reading_id]
                decided_at = datetime.fromisoformat(row.at)
                self._say(row.photo_id, replace(photo, verdict=verdict, decided_at=decided_at))

    def _sign(self, signature: BatchSignature) -> None:
        """Let what a reader signed count; a photograph that came back to him counts once."""
        for signed in signature.names():
            photo_id = self._read.get(signed.reading_id)
            if photo_id is not None:
                photo = self._photos[photo_id]
                self._say(photo_id, replace(photo, readers=photo.readers | {signature.by}))

    def _say(self, photo_id: str, standing: PhotoStanding) -> None:
        """Say how far a photograph has come; its visit is shown anew once everything is read."""
        self._photos[photo_id] = standing
        self._stale.add(self._places[photo_id])

    def _added(self, page: Page, kind: type[Record], *names: str) -> Iterator[Row[tuple[object, ...]]]:
        table = KINDS[kind].table
        columns = [table.c[name] for name in names]
        query = select(*columns).where(table.c.number > self._upto).order_by(table.c.number)
        yield from page.connection.execute(query)


def _answer(row: Row[tuple[object, ...]]) -> Answer:
    return Answer(Status(row.status), row.score, row.reason)
