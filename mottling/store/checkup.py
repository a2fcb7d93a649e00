"""A look at a data folder that changes nothing in it: what a person who runs the server should know."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from mottling.store.migrate import HEAD

__all__ = ["RecordsSeen", "count_unsealed", "is_schema_known", "key_files", "look_at_records", "server_keys"]


@dataclass(frozen=True)
class RecordsSeen:
    """The file of the records, as it stands."""

    schema: str | None
    """None when the file is no store, or damaged."""
    damage: str | None
    """What SQLite says is wrong with the file."""
    rows: int = 0
    last_at: datetime | None = None
    """When the last record was added."""
    backup_at: datetime | None = None
    """When the last backup was made."""


def look_at_records(folder: Path) -> RecordsSeen | None:
    """Look at the records of a data folder; None when there are none."""
    path = folder / "mottling.sqlite"
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


def _look(connection: sqlite3.Connection) -> RecordsSeen:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        return RecordsSeen(None, str(found))
    (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    rows, last_at = connection.execute("SELECT count(*), max(at) FROM audit").fetchone()
    (backup_at,) = connection.execute("SELECT max(at) FROM exports WHERE kind = 'backup'").fetchone()
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
