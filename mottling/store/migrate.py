"""Brings a store to the schema of this version. A store never goes back."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError

from mottling.errors import SchemaTooNew, StoreRefused
from mottling.store import postgres_refusals, sqlite_refusals

__all__ = ["HEAD", "is_up_to_date", "migrate", "version_of"]

HEAD = "0024"
"""The newest step in migrations/versions."""

_FOLDER = Path(__file__).parent / "migrations"
_IS_STEP_WRONG = {
    "sqlite": sqlite_refusals.is_step_wrong,
    "postgresql": postgres_refusals.is_step_wrong,
}


def version_of(connection: Connection) -> str | None:
    """Read which schema a store has; None when it has none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def is_up_to_date(connection: Connection) -> bool:
    """Say whether a store has the schema of this version.

    Raises:
        SchemaTooNew: A later version wrote it.
    """
    version = version_of(connection)
    if version is not None and version > HEAD:
        raise SchemaTooNew(
            f"The store has schema {version}; this version of Mottling knows schemas up to {HEAD}",
            remedy="Use the version of Mottling that wrote it, or a later one",
        )
    return version == HEAD


def migrate(connection: Connection, *, to: str = "head") -> None:
    """Bring a store up to date, or to an earlier step, within the transaction that the connection is in.

    Raises:
        StoreRefused: A step found what it did not expect; with the transaction all of it is undone.
    """
    # Alembic is slow to import, and a store is nearly always up to date.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    before, wanted = version_of(connection), HEAD if to == "head" else to
    try:
        command.upgrade(config, to)
    except DatabaseError as error:
        # A full disk and the like is said by the ledger, in the same words as ever.
        if not _IS_STEP_WRONG[connection.dialect.name](error):
            raise
        raise StoreRefused(
            f"The store could not be brought from schema {before} to {wanted}: {error.orig}",
            remedy="It is as it was: use the version of Mottling that wrote it, and report this sentence",
        ) from error
