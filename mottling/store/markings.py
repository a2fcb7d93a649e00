"""Keeps the mottled border that a reader marked, beside the answer that it goes with."""

from __future__ import annotations

from mottling.store.chain import content_hash
from mottling.store.ledger import Page, Pen
from mottling.store.rows import to_row
from mottling.store.schema import KINDS
from mottling.trial.committee_records import ReadingChange, RepeatReading
from mottling.trial.markings import Marking, Outline
from mottling.trial.records import Reading

__all__ = ["add_marked", "outline_of"]

_MARKINGS = KINDS[Marking].table


def add_marked(pen: Pen, said: Reading | RepeatReading | ReadingChange, outline: Outline | None) -> None:
    """Add what a reader said, and after it the border that was marked with it.

    The border names the answer by its hash, so that a signature of the border stands for both.
    """
    pen.add(said)
    if outline is None:
        return
    pen.add(
        Marking(
            by=said.by,
            at=said.at,
            reading_id=said.reading_id,
            photo_id=said.photo_id,
            answer_sha256=content_hash(to_row(said)),
            outline=outline,
        )
    )


def outline_of(page: Page, reading_id: str) -> Outline | None:
    """Find the border that was marked last with a reading."""
    found = page.last(Marking, _MARKINGS.c.reading_id == reading_id)
    return None if found is None else found.outline
