"""A walk along the chain, with the record beside each link: of what it passed it holds the hashes alone.

Links and records are read in the order of their numbers, some at a time: a long chain takes time, and hardly
memory.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from mottling.store.chain import BEFORE_THE_FIRST, Link, content_hash
from mottling.store.ledger import Page
from mottling.store.schema import AUDIT, KINDS, Kind

__all__ = ["BadRow", "Walked", "hashes_of", "named_first", "walk"]

_AT_ONCE = 1000


@dataclass(frozen=True)
class BadRow:
    """A row that is not what was written."""

    number: int
    """Position in the chain; 0 for what concerns no single row, and is named when no row is bad."""
    what: str


@dataclass(frozen=True)
class Walked:
    """What was found on the way."""

    hashes: tuple[str, ...]
    """Of the chain's rows, the first one first."""
    bad_row: BadRow | None
    """The first one."""


def _nothing() -> None:
    """Tell nobody."""


def walk(page: Page, *, passed: Callable[[], None] = _nothing) -> Walked:
    """Compute every link and every record anew, from the first one to the last.

    Args:
        page: Everything is read within it.
        passed: Called once for each link, and once for each record.
    """
    hashes: list[str] = []
    first: BadRow | None = None
    for bad in _bad_rows(page, hashes, passed):
        first = bad if first is None else named_first(first, bad)
    return Walked(tuple(hashes), first)


def hashes_of(page: Page) -> tuple[str, ...]:
    """Give the hashes of the chain's rows, the first one first, as they stand."""
    if not page.holds(AUDIT):
        return ()
    return tuple(str(hash_) for (hash_,) in _rows(page, select(AUDIT.c.hash).order_by(AUDIT.c.number)))


def named_first(*bad_rows: BadRow) -> BadRow:
    """Choose which of several bad rows is named: of those at one place the one that is given first."""
    return min(bad_rows, key=lambda bad: (bad.number == 0, bad.number))


def _bad_rows(page: Page, hashes: list[str], passed: Callable[[], None]) -> Iterator[BadRow]:
    """Follow the chain and note each link's hash; what is beside the chain is met on the way."""
    there = [kind for kind in KINDS.values() if page.holds(kind.table)]
    with ExitStack() as opened:
        links = opened.enter_context(closing(_links(page)))
        kinds = [opened.enter_context(closing(_of_a_kind(page, kind, passed))) for kind in there]
        records = _Records(heapq.merge(*kinds))
        for number, (link, said) in enumerate(links, start=1):
            before = hashes[-1] if hashes else BEFORE_THE_FIRST
            hashes.append(said)
            if link.number != number:
                yield BadRow(number, "is missing")
                hashes.extend(each for _, each in links)
                return
            yield from records.beside_the_chain_before(number)
            own, others = records.at(link)
            what = _what_is_wrong(link, own, said=said, before=before)
            if what is not None:
                yield BadRow(number, what)
            yield from others
            passed()
        yield from records.beside_the_chain_before(None)


class _Record(NamedTuple):
    """What a record hashes to now; sorted by its number."""

    number: int
    act: str
    hash: str
    table: str


def _what_is_wrong(link: Link, own: _Record | None, *, said: str, before: str) -> str | None:
    if link.previous_hash != before:
        return "does not follow from the row before it"
    if link.hash() != said:
        return f"is not what was written ({link.act} of {link.subject})"
    if own is None:
        return f"has lost its record ({link.act} of {link.subject})"
    if own.hash != link.content_hash:
        return f"has a record that was changed ({link.act} of {link.subject})"
    return None


def _links(page: Page) -> Generator[tuple[Link, str]]:
    """Give each link, and the hash that it says of itself."""
    if not page.holds(AUDIT):
        return
    names = [column.name for column in AUDIT.columns]
    with closing(_rows(page, select(AUDIT).order_by(AUDIT.c.number))) as rows:
        for row in rows:
            cells = dict(zip(names, row, strict=True))
            said = str(cells.pop("hash"))
            yield Link(**cells), said


class _Records:
    """The records of all kinds, in the order of their numbers."""

    def __init__(self, coming: Iterator[_Record]) -> None:
        self._coming = coming
        self._next = next(coming, None)

    def beside_the_chain_before(self, number: int | None) -> Iterator[BadRow]:
        """Pass those that no link before a number of the chain has asked for; None: all that are left."""
        while self._next is not None and (number is None or self._next.number < number):
            yield _without_a_link(self._pass(self._next))

    def at(self, link: Link) -> tuple[_Record | None, list[BadRow]]:
        """Pass those at a link's number: its own, and what is wrong with there being others."""
        own, others = None, []
        while self._next is not None and self._next.number == link.number:
            record = self._pass(self._next)
            if own is None and record.act == link.act:
                own = record
            else:
                others.append(_without_a_link(record))
        return own, others

    def _pass(self, record: _Record) -> _Record:
        self._next = next(self._coming, None)
        return record


def _without_a_link(record: _Record) -> BadRow:
    return BadRow(record.number, f"stands in {record.table} without a link")


def _of_a_kind(page: Page, kind: Kind, passed: Callable[[], None]) -> Generator[_Record]:
    table = kind.table
    names = [column.name for column in table.columns if column.name != "number"]
    query = select(table.c.number, *(table.c[name] for name in names)).order_by(table.c.number)
    with closing(_rows(page, query)) as rows:
        for number, *cells in rows:
            passed()
            row = dict(zip(names, cells, strict=True))
            yield _Record(int(number), kind.act, content_hash(row), table.name)


def _rows(page: Page, query: Select[Any]) -> Generator[Any]:
    """Read rows some at a time; a database of PostgreSQL would otherwise send all of them first."""
    with closing(page.connection.execute(query, execution_options={"yield_per": _AT_ONCE})) as rows:
        yield from rows
