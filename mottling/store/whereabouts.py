"""Where the records of a data folder are: in a file within it, or in the database that it names.

mottling.sqlite   every record
records.url       names the database in which they are instead
"""

from __future__ import annotations

from pathlib import Path

from mottling.errors import StoreRefused
from mottling.store.database import Database
from mottling.store.key_files import write_once
from mottling.store.ledger import Ledger
from mottling.store.migrate import version_of
from mottling.store.postgres import Postgres
from mottling.store.sqlite_file import FILE, SqliteFile

__all__ = ["NOTE", "database_of", "empty_database", "holds_records", "note_records", "records_at"]

NOTE = "records.url"


def holds_records(data: Path) -> bool:
    """Say whether a data folder holds records, or names where they are."""
    return (data / FILE).is_file() or (data / NOTE).is_file()


def records_at(data: Path, asked: str | None) -> str | None:
    """Say in which database the records of a data folder are; None when they are in the folder itself.

    The folder notes it: a command that knows no settings finds them too, and nobody looks for them in another
    place because a line of the settings was changed.

    Args:
        data: The data folder.
        asked: What the settings say; None: nothing.

    Raises:
        StoreRefused: They are elsewhere already.
    """
    path = data / NOTE
    noted = path.read_text("utf-8").strip() if path.is_file() else None
    if asked is None or asked == noted:
        return noted
    if noted is not None or (data / FILE).is_file():
        raise StoreRefused(
            f"The records of {data} are in {noted or 'the folder itself'}, and the settings say {asked}",
            remedy="Correct `records` in the settings, or back up and restore with --records",
        )
    return asked


def database_of(data: Path, asked: str | None) -> Database:
    """Open what keeps the records of a data folder, which exists; a database that is new to it is noted.

    Args:
        data: The data folder.
        asked: What the settings say; None: where they are noted to be.

    Raises:
        StoreRefused: They are elsewhere already, the database does not answer, or it holds other records.
    """
    where = records_at(data, asked)
    if where is None:
        return SqliteFile(data / FILE)
    if (data / NOTE).is_file():
        return Postgres(where)
    found = empty_database(where)
    note_records(data, where)
    return found


def empty_database(url: str) -> Postgres:
    """Open a database that holds no records yet.

    Raises:
        StoreRefused: It does not answer, or holds records: those of another data folder, without whose keys
            nobody reads their photographs.
    """
    found = Postgres(url)
    try:
        _refuse_unfit(found)
    except StoreRefused:
        found.close()
        raise
    return found


def _refuse_unfit(database: Postgres) -> None:
    with Ledger(database).reading() as page:
        if version_of(page.connection) is not None:
            raise StoreRefused(
                f"The database {database.url} holds records already",
                remedy="Name an empty database, or serve the data folder that those records belong to",
            )
        encoding = page.connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        raise StoreRefused(
            f"The database {database.url} keeps text as {encoding}",
            remedy="Make one with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0",
        )


def note_records(data: Path, url: str) -> None:
    """Let a data folder name the database that its records are in.

    Raises:
        StoreRefused: It cannot be written.
    """
    path = data / NOTE
    try:
        write_once(path, f"{url}\n".encode())
    except OSError as error:
        raise StoreRefused(
            f"{path} cannot be written: {error.strerror}", remedy="Correct the rights on the data folder"
        ) from error
