"""Writes down that a reader was shown what the model said, and what he says then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mottling.errors import Conflict, RecordRefused
from mottling.store.ledger import Pen
from mottling.store.locked import Locked
from mottling.store.reading_board import ReadingBoard
from mottling.store.steps import existing_photo
from mottling.trial.model_shown import AnswerAfter, ModelShown
from mottling.trial.records import Answer

__all__ = ["SaidAfter", "check_may_change", "write_after", "write_shown"]

_LOAD_AGAIN = "Load the page again"


@dataclass(frozen=True)
class SaidAfter:
    """What a reader says once the model was shown."""

    reading_id: str
    by: str
    answer: Answer
    counts: bool
    because: str | None
    at: datetime


def write_shown(pen: Pen, board: ReadingBoard, reading_id: str, *, by: str, at: datetime) -> None:
    """Record the moment in which it is shown; only the first one is.

    Raises:
        RecordRefused: It is none of this reader's readings, or is not locked.
        PhotosErased: The photograph was erased meanwhile.
    """
    locked = _locked(pen, board, reading_id, by=by)
    if board.is_model_shown(reading_id):
        return
    shown = ModelShown(
        reading_id=reading_id,
        photo_id=locked.reading.photo_id,
        answer_sha256=locked.content_hash,
        by=by,
        at=at,
    )
    pen.add(shown)


def write_after(pen: Pen, board: ReadingBoard, said: SaidAfter) -> None:
    """Record what a reader says then.

    Raises:
        RecordRefused: It is none of this reader's readings, or is not locked.
        PhotosErased: The photograph was erased meanwhile.
        Conflict: The model was not shown, or the reader has answered since, or has signed.
    """
    locked = _locked(pen, board, said.reading_id, by=said.by)
    if not board.is_model_shown(said.reading_id):
        raise Conflict("What the model said was not shown yet", remedy=_LOAD_AGAIN)
    if locked.seen is not None or said.reading_id not in {one.reading_id for one in board.to_sign(said.by)}:
        raise Conflict("This is answered already", remedy=_LOAD_AGAIN)
    pen.add(
        AnswerAfter(
            reading_id=said.reading_id,
            photo_id=locked.reading.photo_id,
            answer=said.answer,
            answer_sha256=locked.content_hash,
            counts=said.counts,
            because=said.because,
            by=said.by,
            at=said.at,
        )
    )


def check_may_change(board: ReadingBoard, locked: Locked) -> None:
    """Refuse to change an answer that was given before the model was shown, once it was.

    Raises:
        Conflict: It was shown, and what is said anew could only be that answer.
    """
    if not board.is_model_shown(locked.reading.reading_id):
        return
    if locked.seen is None or not locked.seen.counts:
        raise Conflict(
            "What the model said was shown, and what you had said before stays",
            remedy="Go on: both answers are on record",
        )


def _locked(pen: Pen, board: ReadingBoard, reading_id: str, *, by: str) -> Locked:
    locked = board.locked(reading_id)
    if locked is None or locked.reading.by != by:
        raise RecordRefused("This is no reading of this reader", remedy="Open the reading page again")
    existing_photo(pen, locked.reading.photo_id)
    return locked
