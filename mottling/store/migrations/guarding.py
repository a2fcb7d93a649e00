"""What keeps records as they were written: triggers, in the words of the database that the step runs on."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

__all__ = ["guard", "guard_the_chain", "is_postgresql", "make_functions", "sorted_by_bytes"]

# PostgreSQL's lock for whoever adds to the chain, held until the transaction ends: a number of ours.
_CHAIN_LOCK = 7_783_118_520_260_302
_REFUSED = "USING ERRCODE = 'integrity_constraint_violation'"


def is_postgresql() -> bool:
    """Say on which of the two the step runs."""
    return op.get_bind().dialect.name == "postgresql"


def sorted_by_bytes(parts: Iterable[SchemaItem]) -> list[SchemaItem]:
    """Let PostgreSQL sort text as SQLite does, whatever the language of the database."""
    found = list(parts)
    for part in found:
        if is_postgresql() and isinstance(part, sa.Column) and isinstance(part.type, sa.Text):
            part.type = sa.Text(collation="C")
    return found


def guard(table: str, once: tuple[tuple[str, ...], ...]) -> None:
    """Refuse whatever would change a row or take it away.

    Args:
        table: Its name.
        once: Columns that together may come once.
    """
    if is_postgresql():
        _guard_on_postgresql(table)
    else:
        _guard_on_sqlite(table, once)


def _guard_on_sqlite(table: str, once: tuple[tuple[str, ...], ...]) -> None:
    """Refuse UPDATE and DELETE, and an INSERT OR REPLACE that would put one row in another's place.

    SQLite runs the delete triggers of a replaced row only where `recursive_triggers` is on, and whoever opens
    the file with another program has it off: the third trigger does not depend on it.
    """
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table}: records are added, never changed'); END"
        )
    same = [" AND ".join(f'"{column}" = NEW."{column}"' for column in columns) for columns in once]
    taken = " OR ".join(["number = NEW.number", *(f"({each})" for each in same)])
    op.execute(
        f"CREATE TRIGGER {table}_refuses_replacement BEFORE INSERT ON {table}"  # noqa: S608 # names of ours
        f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken})"
        f" BEGIN SELECT RAISE(ABORT, '{table}: a record is there already'); END"
    )


def _guard_on_postgresql(table: str) -> None:
    """Refuse UPDATE, DELETE and TRUNCATE, by whichever statement they come: ON CONFLICT and MERGE too."""
    for verb in ("UPDATE", "DELETE", "TRUNCATE"):
        trigger = f"{table}_refuses_{verb.lower()}"
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {verb} ON {table} FOR EACH STATEMENT"
            " EXECUTE FUNCTION records_are_added_never_changed()"
        )
        # Also for a session that plays a replica.
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def guard_the_chain() -> None:
    """Let the chain only go on from its last row."""
    if is_postgresql():
        _keep_the_end()
        op.execute(
            "CREATE TRIGGER audit_is_one_chain BEFORE INSERT ON audit FOR EACH ROW"
            " EXECUTE FUNCTION audit_goes_on()"
        )
        op.execute("ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_is_one_chain")
        return
    op.execute(
        "CREATE TRIGGER audit_is_one_chain BEFORE INSERT ON audit WHEN"  # noqa: S608 # constants only
        " NEW.number != (SELECT coalesce(max(number), 0) + 1 FROM audit)"
        " OR NEW.previous_hash != coalesce("
        f"(SELECT hash FROM audit ORDER BY number DESC LIMIT 1), '{'0' * 64}')"
        " BEGIN SELECT RAISE(ABORT, 'audit goes on from its last row'); END"
    )


def make_functions() -> None:
    """Make what PostgreSQL's triggers call; each looks into its own schema, whatever the session looks into.

    SQLite's triggers say themselves what they do.
    """
    if not is_postgresql():
        return
    _make_function(
        "records_are_added_never_changed",
        f"RAISE EXCEPTION '%: records are added, never changed', TG_TABLE_NAME {_REFUSED};",
    )
    _make_function(
        "audit_goes_on",
        # Whoever adds a row by hand waits for other writers too; what they added is seen after the wait.
        f"PERFORM pg_advisory_xact_lock({_CHAIN_LOCK});"  # noqa: S608 # constants only
        " SELECT number, hash INTO last FROM audit ORDER BY number DESC LIMIT 1;"
        " IF NEW.number <> coalesce(last.number, 0) + 1"
        " OR NEW.previous_hash <> coalesce(last.hash, repeat('0', 64)) THEN"
        f" RAISE EXCEPTION 'audit goes on from its last row' {_REFUSED}; END IF;"
        " UPDATE audit_end SET number = NEW.number;"
        " RETURN NEW;",
        declares="last record;",
    )
    _make_function(
        "audit_end_only_grows",
        f"IF NEW.number <= OLD.number THEN RAISE EXCEPTION 'audit_end only grows' {_REFUSED}; END IF;"
        " RETURN NEW;",
    )


def _make_function(name: str, body: str, *, declares: str = "") -> None:
    (schema,) = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).one()
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema}, pg_temp"
        f" AS $$ DECLARE {declares} BEGIN {body} END $$"
    )


def _keep_the_end() -> None:
    """Remember the highest number that there ever was, as SQLite does by itself: a cut tail is noticed."""
    op.create_table("audit_end", sa.Column("number", sa.Integer, nullable=False))
    op.execute("INSERT INTO audit_end VALUES (0)")
    refuses = "EXECUTE FUNCTION records_are_added_never_changed()"
    for name, when in (
        ("audit_end_only_grows", "UPDATE ON audit_end FOR EACH ROW EXECUTE FUNCTION audit_end_only_grows()"),
        ("audit_end_is_one", f"INSERT OR DELETE OR TRUNCATE ON audit_end FOR EACH STATEMENT {refuses}"),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {when}")
        op.execute(f"ALTER TABLE audit_end ENABLE ALWAYS TRIGGER {name}")
