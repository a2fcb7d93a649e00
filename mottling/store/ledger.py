"""The ledger: records are added to it, each a link of one chain, and nothing in it is changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Insert,
    Select,
    Table,
    bindparam,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DBAPIError

from mottling.store.chain import BEFORE_THE_FIRST, Link, content_hash
from mottling.store.database import Database
from mottling.store.rows import Row, from_row, to_row
from mottling.store.schema import AUDIT, KINDS, Kind
from mottling.store.who import WhoIsWho, names_patient
from mottling.trial.changes import CORRECTIONS
from mottling.trial.records import Record

__all__ = ["Ledger", "Page", "Pen"]

Kept = TypeVar("Kept", bound=Record)


class Page:
    """What is read within one transaction."""

    def __init__(
        self, connection: Connection, database: Database, *, leaves_out_erased: bool = False
    ) -> None:
        self.connection = connection
        self.database = database
        self.leaves_out_erased = leaves_out_erased
        """Whether what was said of photographs that were erased is left out, wherever it is looked for."""
        self._who: WhoIsWho | None = None

    @property
    def who(self) -> WhoIsWho:
        """Which number each patient has now."""
        if self._who is None:
            self._who = WhoIsWho.read(self.connection)
        return self._who

    def holds(self, table: Table) -> bool:
        """Say whether a table is there: an earlier schema lacks some, and somebody may have dropped one."""
        return inspect(self.connection).has_table(table.name)

    def all(self, kind: type[Kept], *where: ColumnElement[bool]) -> tuple[Kept, ...]:
        """List the records of a kind, in the order in which they were added; each patient as of now."""
        query = _query(kind, *where).order_by(KINDS[kind].table.c.number)
        return self._all(kind, self.connection.execute(query).mappings())

    def added(self, kind: type[Kept], *, after: int) -> tuple[Kept, ...]:
        """List the records of a kind that were added after a number of the chain, in their order."""
        return self._all(kind, self.connection.execute(_those_after(kind), {"after": after}).mappings())

    def _all(self, kind: type[Kept], rows: Iterable[RowMapping]) -> tuple[Kept, ...]:
        return tuple(from_row(kind, self._as_it_holds(kind, dict(row))) for row in rows)

    def _as_it_holds(self, kind: type[Record], row: Row) -> Row:
        return self.who.as_it_holds(kind, row) if names_patient(kind) else row

    def is_of(self, kind: type[Record], number: str) -> ColumnElement[bool]:
        """Choose the records of a kind that are of one patient, by any number that the person ever had."""
        return KINDS[kind].table.c.patient == self.who.first(number)

    def in_order(self, kinds: Sequence[type[Record]], *, after: int) -> Iterator[Record]:
        """Give what was added of several kinds after a number of the chain, in the order in which it was."""
        found: list[tuple[int, Record]] = []
        for kind in kinds:
            for row in self.connection.execute(_rows_after(kind), {"after": after}).mappings():
                said = {name: value for name, value in row.items() if name != "number"}
                found.append((row["number"], from_row(kind, self._as_it_holds(kind, said))))
        yield from (record for _, record in sorted(found, key=lambda one: one[0]))

    def last(self, kind: type[Kept], *where: ColumnElement[bool]) -> Kept | None:
        """Find the record of a kind that was added last."""
        return self._one(kind, self.connection.execute(_newest(kind).where(*where)).mappings().first())

    def newest(self, kind: type[Kept], column: Column[Any], is_: str) -> Kept | None:
        """Find the record of a kind that has this in a column and was added last.

        As `last` does, by a question that is made once: most of what a page asks is asked like this, and to
        make a question takes longer than to answer it.
        """
        found = self.connection.execute(_newest_with(kind, column), {"is_": is_})
        return self._one(kind, found.mappings().first())

    def _one(self, kind: type[Kept], row: RowMapping | None) -> Kept | None:
        return None if row is None else from_row(kind, self._as_it_holds(kind, dict(row)))

    def place(self, kind: type[Record], *where: ColumnElement[bool]) -> int:
        """Give the place in the chain of the record of a kind that was added last; 0 where there is none.

        What came later is told by it and not by time: a clock that was set back changes no order.
        """
        table = KINDS[kind].table
        return self.connection.scalar(select(func.max(table.c.number)).where(*where)) or 0


def _query(kind: type[Record], *where: ColumnElement[bool]) -> Select[Any]:
    return _everything(kind).where(*where)


@cache  # naming each column anew took half as long as the answer
def _everything(kind: type[Record]) -> Select[Any]:
    return select(*[column for column in KINDS[kind].table.columns if column.name != "number"])


@cache
def _newest(kind: type[Record]) -> Select[Any]:
    return _everything(kind).order_by(KINDS[kind].table.c.number.desc()).limit(1)


@cache
def _newest_with(kind: type[Record], column: Column[Any]) -> Select[Any]:
    return _newest(kind).where(column == bindparam("is_"))


@cache
def _rows_after(kind: type[Record]) -> Select[Any]:
    table = KINDS[kind].table
    return select(table).where(table.c.number > bindparam("after"))


@cache
def _those_after(kind: type[Record]) -> Select[Any]:
    number = KINDS[kind].table.c.number
    return _everything(kind).where(number > bindparam("after")).order_by(number)


@cache
def _adding_to(table: Table) -> Insert:
    return insert(table)


_LAST_LINK = select(AUDIT.c.number, AUDIT.c.hash).order_by(AUDIT.c.number.desc()).limit(1)


class Pen(Page):
    """What is read and added within one transaction; nobody else adds meanwhile."""

    def add(self, record: Record) -> None:
        """Add a record and its link. The row names a patient by the first number, the link by that of now."""
        kind = KINDS[type(record)]
        row = to_row(record)
        subject = self._subject(kind, row)
        if names_patient(type(record)):
            row = {**row, "patient": self.who.first(str(row["patient"]))}
        link = self._next_link(row, act=kind.act, subject=subject)
        self.connection.execute(_adding_to(AUDIT), {**vars(link), "hash": link.hash()})
        self.connection.execute(_adding_to(kind.table), {**row, "number": link.number})
        if isinstance(record, CORRECTIONS):
            self._who = None

    def _subject(self, kind: Kind, row: Row) -> str:
        named = str(row[kind.subject])
        if kind.becomes is not None:
            return f"{named} → {row[kind.becomes]}"
        return self.who.now(named) if kind.subject == "patient" else named

    def _next_link(self, row: Row, *, act: str, subject: str) -> Link:
        last = self.connection.execute(_LAST_LINK).first()
        return Link(
            number=1 if last is None else last.number + 1,
            at=str(row["at"]),
            by=str(row["by"]),
            act=act,
            subject=subject,
            content_hash=content_hash(row),
            previous_hash=BEFORE_THE_FIRST if last is None else last.hash,
        )


class Ledger:
    """The records of a store. Safe to use from several threads, and beside other processes."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.leaves_out_erased = False
        """As of each page. Said once, before anybody looks."""

    @contextmanager
    def reading(self) -> Iterator[Page]:
        """Read: everything within is of one moment."""
        with self._in_our_words(), self.database.reading.begin() as connection:
            yield Page(connection, self.database, leaves_out_erased=self.leaves_out_erased)

    @contextmanager
    def writing(self) -> Iterator[Pen]:
        """Read and add: everything within is stored, or nothing is."""
        with self._in_our_words(), self.database.writing.begin() as connection:
            yield Pen(connection, self.database, leaves_out_erased=self.leaves_out_erased)

    def close(self) -> None:
        """Let go of the records."""
        self.database.close()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        """Say in our words what the database cannot do; what is a mistake of ours goes through."""
        try:
            yield
        except DBAPIError as error:
            refusal = self.database.refusal(error)
            if refusal is None:
                raise
            raise refusal from error
