"""Fills a store for a benchmark: many records to a statement, by the store's own code, past its triggers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import insert

from mottling.store.chain import Link, content_hash
from mottling.store.ledger import Pen
from mottling.store.rows import Row, to_row
from mottling.store.schema import AUDIT, KINDS
from mottling.store.verify import chain_end
from mottling.trial.records import Record

__all__ = ["add_records"]


def add_records(pen: Pen, records: Sequence[Record]) -> None:
    """Add records as `Pen.add` does one by one, with one statement a table."""
    end = chain_end(pen)
    before = end.hash
    links: list[Row] = []
    rows: defaultdict[type[Record], list[Row]] = defaultdict(list)
    for number, record in enumerate(records, start=end.rows + 1):
        kind, row = KINDS[type(record)], to_row(record)
        link = Link(
            number=number,
            at=str(row["at"]),
            by=str(row["by"]),
            act=kind.act,
            subject=str(row[kind.subject]),
            content_hash=content_hash(row),
            previous_hash=before,
        )
        before = link.hash()
        links.append({**vars(link), "hash": before})
        rows[type(record)].append({**row, "number": number})
    pen.connection.execute(insert(AUDIT), links)
    for each, made in rows.items():
        pen.connection.execute(insert(KINDS[each].table), made)
