"""Rows carried from one keeper to another, as of one moment: a backup of a database, and its restore."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import Connection, insert, select

from mottling.errors import ChainBroken, StoreRefused
from mottling.store.ledger import Ledger, Page
from mottling.store.migrate import is_up_to_date, migrate
from mottling.store.schema import AUDIT, METADATA
from mottling.store.sqlite_file import SqliteFile
from mottling.store.verify import chain_end, first_bad_row
from mottling.store.walk import hashes_of
from mottling.store.whereabouts import empty_database

__all__ = ["copy_into_database", "copy_into_file"]

_AT_ONCE = 1000


def copy_into_file(ledger: Ledger, path: Path, *, last: Path | None = None) -> int:
    """Copy every row into a new SQLite file, while others write; gives how many links were read.

    Args:
        ledger: The records.
        path: The file, which does not exist.
        last: An earlier copy that is whole: what it holds is taken from it, where the chain goes on from it.

    Raises:
        StoreRefused: The database does not answer, or the file cannot be written.
    """
    with ledger.reading() as page:
        after = 0 if last is None else _begin_with(last, path, page)
        target = Ledger(SqliteFile(path))
        try:
            with target.writing() as pen:
                migrate(pen.connection)
                return _copy(page.connection, pen.connection, after=after)
        finally:
            target.close()


def _begin_with(last: Path, path: Path, page: Page) -> int:
    """Begin a file with an earlier copy; gives how many links it holds.

    None, and there is no file, where the chain does not go on from it or its tables are of an earlier schema.
    The hash of its last link is that of all before it: one link is compared instead of all.
    """
    _copy_file(last, path)
    copied = Ledger(SqliteFile(path))
    try:
        with copied.reading() as there:
            end = chain_end(there) if is_up_to_date(there.connection) else None
    finally:
        copied.close()
    if end is not None:
        found = page.connection.scalar(select(AUDIT.c.hash).where(AUDIT.c.number == end.rows))
        if found == end.hash:
            return end.rows
    path.unlink()
    return 0


def _copy_file(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
        target.chmod(0o600)
    except OSError as error:
        raise StoreRefused(
            f"The records cannot be copied to {target.parent}: {error.strerror}",
            remedy="Make room and try again",
        ) from error


def copy_into_database(path: Path, url: str) -> None:
    """Copy every row of an SQLite file into an empty database: all of them, or nothing.

    Raises:
        StoreRefused: The database does not answer, or holds records.
        ChainBroken: What arrived is not what was sent.
    """
    database = empty_database(url)
    source, target = Ledger(SqliteFile(path)), Ledger(database)
    try:
        with source.reading() as page, target.writing() as pen:
            migrate(pen.connection)
            with database.receiving(pen.connection):
                _copy(page.connection, pen.connection)
            _compare(page, pen)
    finally:
        source.close()
        target.close()


def _copy(source: Connection, target: Connection, *, after: int = 0) -> int:
    """Copy what was added after a number of the chain; gives how many links there were."""
    links = 0
    # The chain first: every other table names its rows.
    for table in METADATA.sorted_tables:
        new = select(table).where(table.c.number > after).order_by(table.c.number)
        found = source.execution_options(yield_per=_AT_ONCE).execute(new)
        for some in found.mappings().partitions(_AT_ONCE):
            target.execute(insert(table), [dict(row) for row in some])
            links += len(some) if table is AUDIT else 0
    return links


def _compare(sent: Page, arrived: Page) -> None:
    if hashes_of(arrived) != hashes_of(sent) or first_bad_row(arrived) is not None:
        raise ChainBroken(
            "What arrived in the database is not what was sent",
            remedy="Nothing was stored: run `mottling doctor`, and report this sentence",
        )
