# ruff: noqa: S608 - history is changed as the owner of the database would, in plain SQL
"""The written list of attempts to change history, by whoever owns the database of PostgreSQL.

Each is tried in a transaction that is taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from mottling.store.ledger import Page
from mottling.store.postgres import Postgres
from mottling.store.verify import first_bad_row

__all__ = ["IN_THE_DATABASE", "DatabaseAttempt", "tried"]

_GUARDS = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
_TRIGGERS = "a trigger"
_SCORE = "UPDATE readings SET score = 5"
_LAST = "(SELECT max(number) FROM audit)"


@dataclass(frozen=True)
class DatabaseAttempt:
    """One attempt."""

    what: str
    meets: str
    """A part of the sentence that refuses or finds it."""
    do: Callable[[Connection], None]
    by: str = "`mottling verify`"
    """What refuses or finds it."""


def tried(url: str, attempt: DatabaseAttempt) -> str:
    """Make an attempt; gives the sentence that refuses it, or what verify finds; nothing of it stays."""
    with closing(Postgres(url)) as database, database.writing.connect() as connection:
        try:
            attempt.do(connection)
        except IntegrityError as error:
            return str(error.orig)
        return str(first_bad_row(Page(connection, database)))


def _said(*statements: str) -> Callable[[Connection], None]:
    def do(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return do


def _unguarded(*statements: str) -> Callable[[Connection], None]:
    """Switch the triggers off, change, switch them on as they were."""

    def do(connection: Connection) -> None:
        guards = connection.exec_driver_sql(_GUARDS).all()
        tables = sorted({table for table, _ in guards})
        _said(*(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in tables))(connection)
        _said(*statements)(connection)
        _said(*(f"ALTER TABLE {table} ENABLE TRIGGER ALL" for table in tables))(connection)
        _said(*(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for table, name in guards))(connection)

    return do


IN_THE_DATABASE: Sequence[DatabaseAttempt] = (
    DatabaseAttempt("change a reader's score", "added, never changed", _said(_SCORE), _TRIGGERS),
    DatabaseAttempt(
        "change it in a session that plays a replica, where usual triggers rest",
        "added, never changed",
        _said("SET session_replication_role = replica", _SCORE),
        _TRIGGERS,
    ),
    DatabaseAttempt("delete readings", "added, never changed", _said("DELETE FROM readings"), _TRIGGERS),
    DatabaseAttempt(
        "empty a table by `TRUNCATE`", "added, never changed", _said("TRUNCATE patients CASCADE"), _TRIGGERS
    ),
    DatabaseAttempt(
        "change a record by `ON CONFLICT DO UPDATE`",
        "added, never changed",
        _said(
            'INSERT INTO finals SELECT * FROM finals ON CONFLICT (number) DO UPDATE SET "by" = excluded."by"'
        ),
        _TRIGGERS,
    ),
    DatabaseAttempt(
        "delete by `MERGE`",
        "added, never changed",
        _said("MERGE INTO finals USING audit AS a ON a.number = finals.number WHEN MATCHED THEN DELETE"),
        _TRIGGERS,
    ),
    DatabaseAttempt(
        "let the chain fork behind a temporary table of its name",
        "audit goes on from its last row",
        _said(
            "CREATE TEMP TABLE audit (number int, hash text)",
            "INSERT INTO public.audit VALUES"
            " (1, 'now', 'mallory', 'act', 'x', repeat('c', 64), repeat('0', 64), repeat('e', 64))",
        ),
        _TRIGGERS,
    ),
    DatabaseAttempt(
        "set back what remembers the end of the chain",
        "only grows",
        _said("UPDATE audit_end SET number = number - 1"),
        _TRIGGERS,
    ),
    DatabaseAttempt(
        "change a score while the triggers are off, and switch them on",
        "has a record that was changed (reading_locked",
        _unguarded(_SCORE),
    ),
    DatabaseAttempt(
        "change who acted, in the link",
        "is not what was written",
        _unguarded("UPDATE audit SET \"by\" = 'mallory' WHERE number = 3"),
    ),
    DatabaseAttempt(
        "delete a record", "has lost its record (verdict_formed", _unguarded("DELETE FROM verdicts")
    ),
    DatabaseAttempt(
        "cut the last record off",
        "is missing: there were",
        _unguarded(
            f"DELETE FROM snapshots WHERE number = {_LAST}", f"DELETE FROM audit WHERE number = {_LAST}"
        ),
    ),
    DatabaseAttempt(
        "put a record beside the chain",
        "stands in reveals without a link",
        _unguarded("INSERT INTO reveals VALUES (9999, 'x', 'x', 'forged')"),
    ),
    DatabaseAttempt(
        "leave a trigger switched off",
        "finals_refuses_delete is not as it was made",
        _said("ALTER TABLE finals DISABLE TRIGGER finals_refuses_delete"),
    ),
    DatabaseAttempt(
        "let the triggers call a function that does nothing",
        "records_are_added_never_changed is not as it was made",
        _said(
            "CREATE OR REPLACE FUNCTION records_are_added_never_changed() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NULL; END $$"
        ),
    ),
    DatabaseAttempt(
        "let a rule swallow what is added",
        "forget is not as it was made",
        _said("CREATE RULE forget AS ON INSERT TO finals DO INSTEAD NOTHING"),
    ),
    DatabaseAttempt(
        "hide rows by row level security",
        "finals is not as it was made",
        _said("ALTER TABLE finals ENABLE ROW LEVEL SECURITY"),
    ),
    DatabaseAttempt(
        "loosen what a score may be",
        "finals is not as it was made",
        _said("ALTER TABLE finals DROP CONSTRAINT score_is_on_the_scale"),
    ),
)
"""By whoever owns the database."""
