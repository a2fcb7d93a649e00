"""The ledger: one SQLite file to which records are added, each a link of one chain."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Select,
    create_engine,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry

from mottling.errors import ChainBroken, StoreBusy, StoreRefused
from mottling.store.chain import BEFORE_THE_FIRST, Link, content_hash
from mottling.store.rows import Row, from_row, to_row
from mottling.store.schema import AUDIT, KINDS, Kind
from mottling.store.who import WhoIsWho, names_patient
from mottling.trial.changes import CORRECTIONS
from mottling.trial.records import Record

__all__ = ["Ledger", "Page", "Pen"]

# How long one writer waits for another; a write takes milliseconds.
_WAIT_S = 20.0

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    # INSERT OR REPLACE would otherwise slip past the triggers that refuse DELETE.
    "recursive_triggers=ON",
    "trusted_schema=OFF",
)

Kept = TypeVar("Kept", bound=Record)


class Page:
    """What is read within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._who: WhoIsWho | None = None

    @property
    def who(self) -> WhoIsWho:
        """Which number each patient has now."""
        if self._who is None:
            self._who = WhoIsWho.read(self.connection)
        return self._who

    def all(self, kind: type[Kept], *where: ColumnElement[bool]) -> tuple[Kept, ...]:
        """List the records of a kind, in the order in which they were added; each patient as of now."""
        query = _query(kind, *where).order_by(KINDS[kind].table.c.number)
        rows = self.connection.execute(query).mappings()
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
            number = KINDS[kind].table.c.number
            numbers = self.connection.execute(select(number).where(number > after).order_by(number))
            found += zip(numbers.scalars(), self.all(kind, number > after), strict=True)
        yield from (record for _, record in sorted(found, key=lambda one: one[0]))

    def last(self, kind: type[Kept], *where: ColumnElement[bool]) -> Kept | None:
        """Find the record of a kind that was added last."""
        query = _query(kind, *where).order_by(KINDS[kind].table.c.number.desc()).limit(1)
        row = self.connection.execute(query).mappings().first()
        return None if row is None else from_row(kind, self._as_it_holds(kind, dict(row)))

    def place(self, kind: type[Record], *where: ColumnElement[bool]) -> int:
        """Give the place in the chain of the record of a kind that was added last; 0 where there is none.

        What came later is told by it and not by time: a clock that was set back changes no order.
        """
        table = KINDS[kind].table
        return self.connection.scalar(select(func.max(table.c.number)).where(*where)) or 0


def _query(kind: type[Record], *where: ColumnElement[bool]) -> Select[Any]:
    columns = [column for column in KINDS[kind].table.columns if column.name != "number"]
    return select(*columns).where(*where)


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
        self.connection.execute(insert(AUDIT).values({**vars(link), "hash": link.hash()}))
        self.connection.execute(insert(kind.table).values({**row, "number": link.number}))
        if isinstance(record, CORRECTIONS):
            self._who = None

    def _subject(self, kind: Kind, row: Row) -> str:
        named = str(row[kind.subject])
        if kind.becomes is not None:
            return f"{named} → {row[kind.becomes]}"
        return self.who.now(named) if kind.subject == "patient" else named

    def _next_link(self, row: Row, *, act: str, subject: str) -> Link:
        query = select(AUDIT.c.number, AUDIT.c.hash).order_by(AUDIT.c.number.desc()).limit(1)
        last = self.connection.execute(query).first()
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
    """The SQLite file. Safe to use from several threads, and beside other processes."""

    def __init__(self, path: Path) -> None:
        self._engine = _engine(path)
        self._writing_engine = self._engine.execution_options(begin="BEGIN IMMEDIATE")

    @contextmanager
    def reading(self) -> Iterator[Page]:
        """Read: everything within is of one moment."""
        with _in_our_words(), self._engine.begin() as connection:
            yield Page(connection)

    @contextmanager
    def writing(self) -> Iterator[Pen]:
        """Read and add: everything within is stored, or nothing is."""
        with _in_our_words(), self._writing_engine.begin() as connection:
            yield Pen(connection)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def _engine(path: Path) -> Engine:
    # No thread waits for a connection: SQLite itself makes writers wait for each other.
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": _WAIT_S}, max_overflow=-1
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver begins no transaction of its own: `_on_begin` does.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Say in our words what SQLite cannot do; what is a mistake of ours goes through."""
    try:
        yield
    except DatabaseError as error:
        refusal = _refusal(error.orig)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: BaseException | None) -> StoreRefused | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte says the kind
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusy(
                f"The records were being written by others for more than {_WAIT_S:.0f} s",
                remedy="Nothing was stored: try again",
            )
        case sqlite3.SQLITE_FULL:
            return StoreRefused("The disk is full", remedy="Nothing was stored: make room and try again")
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return StoreRefused(
                f"The records cannot be read or written: {error}",
                remedy="Nothing was stored: check the disk and the rights on the data folder",
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return ChainBroken(
                f"The file of the records is damaged: {error}", remedy="Restore it from a backup"
            )
    return None
