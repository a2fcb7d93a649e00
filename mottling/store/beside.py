"""Keeps what a reader gives with an answer: the mottled border that was marked, and a remark."""

from __future__ import annotations

from dataclasses import dataclass

from mottling.store.chain import content_hash
from mottling.store.ledger import Page, Pen
from mottling.store.rows import to_row
from mottling.store.schema import KINDS
from mottling.trial.committee_records import ReadingChange, Remark, RepeatReading
from mottling.trial.markings import Marking, Outline
from mottling.trial.records import Reading

__all__ = ["NOTHING", "Beside", "add_said", "outline_of"]

_MARKINGS = KINDS[Marking].table


@dataclass(frozen=True)
class Beside:
    """What may be given with an answer. Nothing of it has to be."""

    outline: Outline | None = None
    remark: str | None = None


NOTHING = Beside()


def add_said(pen: Pen, said: Reading | RepeatReading | ReadingChange, beside: Beside) -> None:
    """Add what a reader said, and after it the border and the remark that go with it.

    Each names the record before it by its hash, so that a signature of the last one stands for all.
    """
    pen.add(said)
    stands = content_hash(to_row(said))
    if beside.outline is not None:
        marking = Marking(
            by=said.by,
            at=said.at,
            reading_id=said.reading_id,
            photo_id=said.photo_id,
            answer_sha256=stands,
            outline=beside.outline,
        )
        pen.add(marking)
        stands = content_hash(to_row(marking))
    if beside.remark is not None:
        pen.add(
            Remark(
                by=said.by,
                at=said.at,
                reading_id=said.reading_id,
                photo_id=said.photo_id,
                answer_sha256=stands,
                text=beside.remark,
            )
        )


def outline_of(page: Page, reading_id: str) -> Outline | None:
    """Find the border that was marked last with a reading."""
    found = page.last(Marking, _MARKINGS.c.reading_id == reading_id)
    return None if found is None else found.outline
