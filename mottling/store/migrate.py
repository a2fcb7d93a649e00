"""Brings a store to the schema of this version. A store never goes back."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from mottling.errors import SchemaTooNew

__all__ = ["HEAD", "is_up_to_date", "migrate", "version_of"]

HEAD = "0021"
"""The newest step in migrations/versions."""

_FOLDER = Path(__file__).parent / "migrations"


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
    """Bring a store up to date, or to an earlier step, within the transaction that the connection is in."""
    # Alembic is slow to import, and a store is nearly always up to date.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    command.upgrade(config, to)
