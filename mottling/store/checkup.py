"""A look at a data folder that changes nothing in it: what a person who runs the server should know."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from mottling.store.ledger import Ledger
from mottling.store.migrate import HEAD, version_of
from mottling.store.postgres import Postgres
from mottling.store.sqlite_file import FILE
from mottling.store.whereabouts import records_at

__all__ = ["RecordsSeen", "count_unsealed", "is_schema_known", "key_files", "look_at_records", "server_keys"]

_CHAIN = "SELECT count(*), max(at) FROM audit"
_BACKUP = "SELECT max(at) FROM exports WHERE kind = 'backup'"
# What a PostgreSQL that somebody made fast for a try may have off.
_CAREFUL = ("fsync", "full_page_writes")


@dataclass(frozen=True)
class RecordsSeen:
    """The records, as they stand."""

    schema: str | None
    """None when the file is no store, or damaged."""
    damage: str | None
    """What SQLite says is wrong with the file."""
    rows: int = 0
    last_at: datetime | None = None
    """When the last record was added."""
    backup_at: datetime | None = None
    """When the last backup was made."""
    where: str | None = None
    """The database that keeps them; None when they are in the data folder."""
    careless: tuple[str, ...] = ()
    """Settings of the database by which a power cut loses what was stored."""


def look_at_records(folder: Path, asked: str | None) -> RecordsSeen | None:
    """Look at the records of a data folder; None when there are none.

    Args:
        folder: The data folder.
        asked: The database that the settings name; None: where they are noted to be.

    Raises:
        StoreRefused: The settings name another database than the folder, or it does not answer.
    """
    where = records_at(folder, asked)
    return _look_into_file(folder / FILE) if where is None else _look_into_database(where)


def _look_into_file(path: Path) -> RecordsSeen | None:
    if not path.is_file():
        return None
    # Where nobody has it open, SQLite would leave two files beside it, of whoever looks: perhaps of root.
    is_open = path.with_name(f"{path.name}-wal").exists()
    address = f"file:{quote(str(path))}?mode=ro{'' if is_open else '&immutable=1'}"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return _look(connection)
    except sqlite3.Error as error:
        return RecordsSeen(None, str(error))


def _look_into_database(where: str) -> RecordsSeen | None:
    ledger = Ledger(Postgres(where))
    try:
        with ledger.reading() as page:
            ask = page.connection.exec_driver_sql
            if (schema := version_of(page.connection)) is None:
                return None
            rows, last_at = ask(_CHAIN).one()
            backup_at = ask(_BACKUP).scalar()
            careless = tuple(name for name in _CAREFUL if ask(f"SHOW {name}").scalar() == "off")
    finally:
        ledger.close()
    return RecordsSeen(schema, None, int(rows), _time(last_at), _time(backup_at), where, careless)


def _look(connection: sqlite3.Connection) -> RecordsSeen:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        return RecordsSeen(None, str(found))
    (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    rows, last_at = connection.execute(_CHAIN).fetchone()
    (backup_at,) = connection.execute(_BACKUP).fetchone()
    return RecordsSeen(str(schema), None, int(rows), _time(last_at), _time(backup_at))


def _time(cell: str | None) -> datetime | None:
    return None if cell is None else datetime.fromisoformat(cell)


def is_schema_known(schema: str) -> bool:
    """Say whether this version can open a store with a schema."""
    return schema <= HEAD


def count_unsealed(folder: Path) -> int:
    """Count the photographs and overlays that stand as they came, from before there were keys."""
    return sum(1 for name in ("photos", "overlays") for _ in (folder / name).glob("??/*"))


def server_keys(folder: Path) -> int:
    """Count the server's keys: two stand there only while, or after, a rotation did not end."""
    return sum(1 for _ in (folder / "keys").glob("server-*.key"))


def key_files(folder: Path) -> Iterator[Path]:
    """List the files that nobody but their owner may read."""
    yield from folder.glob("*.key")
    yield from (path for path in (folder / "keys").rglob("*") if path.is_file())
