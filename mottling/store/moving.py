"""Rows carried from one keeper to another, as of one moment: a backup of a database, and its restore."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, insert, select

from mottling.errors import ChainBroken
from mottling.store.ledger import Ledger, Page
from mottling.store.migrate import migrate
from mottling.store.schema import METADATA
from mottling.store.sqlite_file import SqliteFile
from mottling.store.verify import first_bad_row, hashes_of
from mottling.store.whereabouts import empty_database

__all__ = ["copy_into_database", "copy_into_file"]

_AT_ONCE = 1000


def copy_into_file(ledger: Ledger, path: Path) -> None:
    """Copy every row into a new SQLite file, while others write.

    Raises:
        StoreRefused: The database does not answer, or the file cannot be written.
    """
    target = Ledger(SqliteFile(path))
    try:
        with ledger.reading() as page, target.writing() as pen:
            migrate(pen.connection)
            _copy(page.connection, pen.connection)
    finally:
        target.close()


def copy_into_database(path: Path, url: str) -> None:
    """Copy every row of an SQLite file into an empty database: all of them, or nothing.

    Raises:
        StoreRefused: The database does not answer, or holds records.
        ChainBroken: What arrived is not what was sent.
    """
    source, target = Ledger(SqliteFile(path)), Ledger(empty_database(url))
    try:
        with source.reading() as page, target.writing() as pen:
            migrate(pen.connection)
            _copy(page.connection, pen.connection)
            _compare(page, pen)
    finally:
        source.close()
        target.close()


def _copy(source: Connection, target: Connection) -> None:
    # The chain first: every other table names its rows.
    for table in METADATA.sorted_tables:
        found = source.execution_options(yield_per=_AT_ONCE).execute(select(table).order_by(table.c.number))
        for some in found.mappings().partitions(_AT_ONCE):
            target.execute(insert(table), [dict(row) for row in some])


def _compare(sent: Page, arrived: Page) -> None:
    if hashes_of(arrived) != hashes_of(sent) or first_bad_row(arrived) is not None:
        raise ChainBroken(
            "What arrived in the database is not what was sent",
            remedy="Nothing was stored: run `mottling doctor`, and report this sentence",
        )
