"""The embedded keeper of rows: one SQLite file, with a log beside it, written through to the disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from mottling.errors import StoreRefused
from mottling.store.database import WAIT_S
from mottling.store.migrate import migrate
from mottling.store.sqlite_refusals import refusal_of

__all__ = ["FILE", "SqliteFile"]

FILE = "mottling.sqlite"
"""The file in a data folder."""

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    # INSERT OR REPLACE would otherwise slip past the triggers that refuse DELETE.
    "recursive_triggers=ON",
    "trusted_schema=OFF",
)


class SqliteFile:
    """One file. Safe to use from several threads, and beside other processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reading = _engine(path)
        self.writing = self.reading.execution_options(begin="BEGIN IMMEDIATE")

    def refusal(self, error: DBAPIError) -> StoreRefused | None:
        """Say in our words what SQLite cannot do; None for what is a mistake of ours."""
        return refusal_of(error)

    def highest_ever(self, connection: Connection) -> int:
        """Ask SQLite, which remembers the highest number of the chain by itself."""
        query = text("SELECT seq FROM sqlite_sequence WHERE name = 'audit'")
        return int(connection.execute(query).scalar() or 0)

    def shape(self, connection: Connection) -> Mapping[str, str]:
        """Describe each table, index and trigger, by name, as it stands."""
        return _shape(connection)

    def shape_as_made(self) -> Mapping[str, str]:
        """Describe them as this version makes them."""
        return _shape_as_made()

    def damage(self, connection: Connection) -> str | None:
        """Say what SQLite finds wrong with the file; None when nothing is."""
        found = connection.execute(text("PRAGMA integrity_check(1)")).scalar()
        return None if found == "ok" else str(found)

    def close(self) -> None:
        """Let go of the file."""
        self.reading.dispose()


def _engine(path: Path) -> Engine:
    # No thread waits for a connection: SQLite itself makes writers wait for each other.
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": WAIT_S},
        max_overflow=-1,
        hide_parameters=True,  # an error ends in the log, which names no patient
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


@cache  # a constant of this version that takes a moment to make
def _shape_as_made() -> Mapping[str, str]:
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            migrate(connection)
            return _shape(connection)
    finally:
        engine.dispose()


def _shape(connection: Connection) -> Mapping[str, str]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return {name: sql for name, sql in rows if not name.startswith("sqlite_")}
