"""Writes down what the committee said together, and the verdict that it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mottling.errors import Conflict
from mottling.store.ledger import Pen
from mottling.store.reading_board import ReadingBoard
from mottling.store.steps import existing_photo
from mottling.trial.adjudication import PhotoToRead
from mottling.trial.committee_records import ConsensusReading, ConsensusVerdict, SignedReading, signed_text
from mottling.trial.records import Answer

__all__ = ["Awaits", "Minutes", "write_minutes"]

Awaits = Callable[[PhotoToRead], bool]
"""Says whether the committee has to meet about a photograph."""


@dataclass(frozen=True)
class Minutes:
    """What came of a meeting about one photograph."""

    reading_id: str
    photo_id: str
    answer: Answer
    sat: tuple[str, ...]
    """Readers, by name."""
    guests: str | None
    comment: str | None
    meaning: str
    by: str
    at: datetime


def write_minutes(pen: Pen, board: ReadingBoard, minutes: Minutes, *, awaits: Awaits) -> ConsensusVerdict:
    """Record the consensus reading, naming each reading that differed, and the verdict that it is.

    Raises:
        RecordRefused: There is no such photograph.
        PhotosErased: It was erased meanwhile.
        Conflict: It waits for no meeting any more.
    """
    existing_photo(pen, minutes.photo_id)
    if not any(photo.photo_id == minutes.photo_id and awaits(photo) for photo in board.to_read()):
        raise Conflict("This photograph waits for no meeting", remedy="Go on to the next photograph")
    pen.add(_consensus(board, minutes))
    verdict = ConsensusVerdict(
        photo_id=minutes.photo_id, reading_id=minutes.reading_id, by=minutes.by, at=minutes.at
    )
    pen.add(verdict)
    return verdict


def _consensus(board: ReadingBoard, minutes: Minutes) -> ConsensusReading:
    locked = [board.locked(one.reading_id) for one in board.readings_of(minutes.photo_id)]
    return ConsensusReading(
        reading_id=minutes.reading_id,
        photo_id=minutes.photo_id,
        answer=minutes.answer,
        sat="\n".join(minutes.sat),
        guests=minutes.guests,
        comment=minutes.comment,
        meaning=minutes.meaning,
        differed=signed_text(
            SignedReading(one.reading.reading_id, one.content_hash) for one in locked if one is not None
        ),
        by=minutes.by,
        at=minutes.at,
    )
