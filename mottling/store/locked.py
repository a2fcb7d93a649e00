"""A reading that was locked, and how it stands after each record that was added to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from mottling.store.chain import content_hash
from mottling.store.rows import to_row
from mottling.trial.committee_records import ReadingChange, Remark, RepeatReading
from mottling.trial.markings import Marking
from mottling.trial.model_shown import AnswerAfter
from mottling.trial.records import Answer, Reading

__all__ = ["ADDED", "Added", "AfterModel", "Locked", "first_locked", "locked_after"]

Added = ReadingChange | Marking | Remark | AnswerAfter
"""What may be added to a reading; each names what stood before, or takes its place."""
ADDED = (ReadingChange, Marking, Remark, AnswerAfter)


@dataclass(frozen=True)
class AfterModel:
    """What a reader said before and after he was shown what the model said."""

    before: Answer
    after: Answer
    counts: bool
    """Whether the one after is the reader's answer."""
    because: str | None
    """Why it differs."""
    at: datetime
    """When the one after was given."""


@dataclass(frozen=True)
class Locked:
    """A reading that was locked, as it stands."""

    reading: Reading | RepeatReading
    """With the answer that counts: the one that was given last, unless the one before the model does."""
    content_hash: str
    """Of the record that stands for it: the last one that was added to it."""
    is_changed: bool = False
    is_marked: bool = False
    remark: str | None = None
    """What the reader noted beside it."""
    seen: AfterModel | None = None
    """None where the reader was not shown what the model said, or has not answered since."""


def first_locked(reading: Reading | RepeatReading) -> Locked:
    """Say how a reading stands when it is locked."""
    return Locked(reading, content_hash(to_row(reading)))


def locked_after(locked: Locked, added: Added) -> Locked:
    """Say how a reading stands once something was added to it.

    A border and a remark go with one answer: what was said anew without them has none.
    """
    own = content_hash(to_row(added))
    if isinstance(added, ReadingChange):
        seen = (
            None
            if locked.seen is None
            else replace(locked.seen, after=added.answer, because=added.because, at=added.at)
        )
        return Locked(_says(locked, added.answer), own, is_changed=True, seen=seen)
    if locked.content_hash != added.answer_sha256:
        return locked
    if isinstance(added, Marking):
        return replace(locked, content_hash=own, is_marked=True)
    if isinstance(added, Remark):
        return replace(locked, content_hash=own, remark=added.text)
    return _after_model(locked, added, own)


def _after_model(locked: Locked, added: AnswerAfter, own: str) -> Locked:
    before = locked.reading.answer
    seen = AfterModel(before, added.answer, added.counts, added.because, added.at)
    if not added.counts or added.answer == before:
        return replace(locked, content_hash=own, seen=seen)
    return Locked(_says(locked, added.answer), own, locked.is_changed, remark=locked.remark, seen=seen)


def _says(locked: Locked, answer: Answer) -> Reading | RepeatReading:
    return locked.reading.model_copy(update={"answer": answer})
