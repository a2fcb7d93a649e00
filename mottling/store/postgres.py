"""A keeper of rows on a server: a database of PostgreSQL, named by its URL.

Who may use it comes from the environment (PGPASSWORD, PGPASSFILE and what else PostgreSQL's own programs
read), never from a file of ours.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url, text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from mottling.errors import StoreRefused
from mottling.store.database import WAIT_S
from mottling.store.postgres_refusals import refusal_of
from mottling.store.postgres_shape import shape, shape_as_made

__all__ = ["Postgres", "RestartPatience"]

_CHAIN_LOCK = 7_783_118_520_260_302
"""The lock that the chain's own trigger takes too: whoever adds waits for whoever does."""

# A writer whose machine lost its power holds the others up no longer than this.
_SILENT_WRITER_S = 60
_CONNECT_S = 10
_OPTIONS = f"-c lock_timeout={WAIT_S:.0f}s -c synchronous_commit=on"
_BEGIN_WRITING = (
    f"SELECT set_config('idle_in_transaction_session_timeout', '{_SILENT_WRITER_S}s', true),"
    f" pg_advisory_xact_lock({_CHAIN_LOCK})"
)
_BEFORE_A_WHOLE_CHAIN = (
    # Nobody waits for whoever fills an empty database, and that may look elsewhere for more than a minute.
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "ALTER TABLE audit DISABLE TRIGGER audit_is_one_chain",
)
_AFTER_A_WHOLE_CHAIN = (
    "UPDATE audit_end SET number = found.last FROM (SELECT max(number) AS last FROM audit) AS found"
    " WHERE found.last IS NOT NULL",
    "ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_is_one_chain",
)
_RESTARTS = ("refused", "No such file", "starting up", "shutting down", "not yet accepting")


@dataclass(frozen=True)
class RestartPatience:
    """For how long a database that restarts is asked again before anybody is told."""

    altogether_s: float = 10.0
    pause_s: float = 0.25


_PATIENCE = RestartPatience()


class Postgres:
    """One database. Nothing is asked of it before something is read or added."""

    def __init__(self, url: str) -> None:
        """Name it.

        Args:
            url: Where it is: `postgresql://user@host/database`.

        Raises:
            StoreRefused: The URL is none of a database, or the package that speaks to it is missing.
        """
        self.url = url
        self._engine = _engine(url)
        self.reading = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        # Each statement sees what was added before the lock was given: the end of the chain is its end.
        self.writing = self._engine.execution_options(isolation_level="READ COMMITTED", writes=True)

    def refusal(self, error: DBAPIError) -> StoreRefused | None:
        """Say in our words what PostgreSQL cannot do; None for what is a mistake of ours."""
        return refusal_of(error)

    def highest_ever(self, connection: Connection) -> int:
        """Ask the row that the chain's trigger keeps; 0 where it is gone, which the shape then shows."""
        is_there = connection.execute(text("SELECT to_regclass('audit_end')")).scalar()
        return int(connection.scalar(text("SELECT max(number) FROM audit_end")) or 0) if is_there else 0

    def shape(self, connection: Connection) -> Mapping[str, str]:
        """Describe each table, index, trigger and function, by name, as it stands."""
        return shape(connection)

    def shape_as_made(self) -> Mapping[str, str]:
        """Describe them as this version makes them, on this server.

        Raises:
            StoreRefused: The role may not make a schema, which is taken back at once.
        """
        return shape_as_made(self._engine)

    def damage(self, connection: Connection) -> str | None:  # noqa: ARG002 # as of an SQLite file
        """Give None: PostgreSQL looks after its own files, and says so where a row cannot be read."""
        return None

    @contextmanager
    def receiving(self, connection: Connection) -> Iterator[None]:
        """Let a whole chain into an empty database in one transaction; who does so computes it anew.

        Meanwhile the trigger rests that holds each link to the one before it and notes the end; the end is
        noted once. PostgreSQL keeps every note until the transaction is over, and looks for the last one
        among all of them: the time would grow with the square of the links.
        """
        for statement in _BEFORE_A_WHOLE_CHAIN:
            connection.execute(text(statement))
        yield
        for statement in _AFTER_A_WHOLE_CHAIN:
            connection.execute(text(statement))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    engine = create_engine(
        _understood(url),
        connect_args={"options": _OPTIONS, "connect_timeout": _CONNECT_S},
        max_overflow=-1,
        pool_pre_ping=True,  # a database that was restarted is met by a new connection
        hide_parameters=True,  # an error ends in the log, which names no patient
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "handle_error", _leave_out_the_row)
    event.listen(engine, "begin", _on_begin)
    return engine


def _leave_out_the_row(context: ExceptionContext) -> None:
    """Keep the first line of what PostgreSQL says: below it stand the values of the row."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


def _understood(url: str) -> Any:
    try:
        found = make_url(url)
    except ArgumentError as error:
        raise _no_database(url) from error
    if found.get_backend_name() != "postgresql" or not found.database:
        raise _no_database(url)
    if found.password is not None or "password" in found.query:
        raise StoreRefused(
            "The URL of the database holds a password",
            remedy="Take it out, and give it as PGPASSWORD or in the file that PGPASSFILE names",
        )
    try:
        import psycopg  # noqa: F401, PLC0415 # whoever keeps records in a file needs no driver
    except ImportError as error:
        raise StoreRefused(
            "The package psycopg, which speaks to PostgreSQL, is not installed",
            remedy="Run pip install -c requirements.lock '.[postgres]'",
        ) from error
    return found.set(drivername="postgresql+psycopg")


def _no_database(url: str) -> StoreRefused:
    return StoreRefused(
        f"{url!r} names no database", remedy="Write postgresql://user@host/database, without a password"
    )


def _connect(
    dialect: Dialect, _record: ConnectionPoolEntry, arguments: tuple[Any, ...], options: dict[str, Any]
) -> Any:
    """Connect; a database that restarts is asked again for a while."""
    until = time.monotonic() + _PATIENCE.altogether_s
    while True:
        try:
            return dialect.connect(*arguments, **options)
        except dialect.loaded_dbapi.OperationalError as error:
            if not any(each in str(error) for each in _RESTARTS) or time.monotonic() > until:
                raise
            time.sleep(_PATIENCE.pause_s)


def _on_begin(connection: Connection) -> None:
    if connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql(_BEGIN_WRITING)
