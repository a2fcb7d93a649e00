"""Checks what was signed: batches and meetings name their readings by hash, and nothing was said after."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from mottling.store.ledger import Page
from mottling.store.schema import AUDIT, KINDS
from mottling.trial.committee_records import (
    BatchSignature,
    ConsensusReading,
    ReadingChange,
    Remark,
    RepeatReading,
    SignedReading,
)
from mottling.trial.markings import Marking
from mottling.trial.model_shown import AnswerAfter
from mottling.trial.records import Reading

__all__ = ["BadSignature", "bad_meetings", "bad_signatures"]

_SAYING = tuple(
    KINDS[kind].act for kind in (Reading, RepeatReading, ReadingChange, Marking, Remark, AnswerAfter)
)


@dataclass(frozen=True)
class BadSignature:
    """A signature, or a meeting, that does not fit the readings that it names."""

    number: int
    """Position in the chain."""
    what: str


@dataclass(frozen=True)
class _Said:
    """One record that says something of a photograph."""

    number: int
    by: str
    content_hash: str


def bad_signatures(page: Page) -> Iterator[BadSignature]:
    """Find the signatures that name no reading, another one, or one that was changed afterwards."""
    table = KINDS[BatchSignature].table
    if not page.holds(table):
        return
    said = _said(page)
    signed_before: set[str] = set()
    # The cells alone: a record that was changed is named by its chain, and need not be one that can be read.
    for row in page.connection.execute(select(table).order_by(table.c.number)):
        names = [SignedReading(*line.partition(" ")[::2]) for line in str(row.signed).splitlines()]
        what = _wrong(row.number, row.by, names, said)
        ids = {one.reading_id for one in names}
        if what is None and (len(names) != row.readings or _sha256(str(row.signed)) != row.sha256):
            what = "names other readings than it says"
        if what is None and ids & signed_before:
            what = "signs a reading that was signed before"
        if what is not None:
            yield BadSignature(row.number, f"{what} (batch_signed of {row.by})")
        signed_before |= ids


def bad_meetings(page: Page) -> Iterator[BadSignature]:
    """Find the meetings about a reading that is not the one that was given, or that changed afterwards."""
    table = KINDS[ConsensusReading].table
    if not page.holds(table):
        return
    said = _said(page)
    for row in page.connection.execute(select(table).order_by(table.c.number)):
        for line in str(row.differed).splitlines():
            one = SignedReading(*line.partition(" ")[::2])
            if [each.content_hash for each in said.get(one.reading_id, ())][-1:] != [one.content_hash]:
                yield BadSignature(
                    row.number,
                    f"is about a reading that is not what was read ({one.reading_id};"
                    f" consensus_recorded of {row.by})",
                )


def _said(page: Page) -> Mapping[str, Sequence[_Said]]:
    """List by reading what was said of it, the earliest first."""
    columns = (AUDIT.c.subject, AUDIT.c.number, AUDIT.c.by, AUDIT.c.content_hash)
    found: defaultdict[str, list[_Said]] = defaultdict(list)
    query = select(*columns).where(AUDIT.c.act.in_(_SAYING)).order_by(AUDIT.c.number)
    for subject, *rest in page.connection.execute(query):
        found[subject].append(_Said(*rest))
    return found


def _wrong(
    number: int, by: str, names: Sequence[SignedReading], said: Mapping[str, Sequence[_Said]]
) -> str | None:
    for one in names:
        of_reading = said.get(one.reading_id, ())
        before = [each for each in of_reading if each.number < number]
        if not before or before[-1].content_hash != one.content_hash:
            return f"signs a reading that is not what was read ({one.reading_id})"
        if before[-1].by != by:
            return f"signs a reading of {before[-1].by} ({one.reading_id})"
        if len(of_reading) > len(before):
            return f"signs a reading that was changed afterwards ({one.reading_id})"
    return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
