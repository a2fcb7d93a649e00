"""How the tables of a database of PostgreSQL are made, so that what was changed about them is found."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from mottling.errors import StoreRefused
from mottling.store.migrate import migrate

__all__ = ["shape", "shape_as_made"]

# What belongs to a table is told under its name, in the order in which it was made; what has a name of its
# own under that. `{}` holds a name and what is said of it.
_QUERIES = (
    # Tables, views and whatever else rows could be read from, and who may see which rows of it.
    "SELECT relname, concat_ws(' ', relkind, relpersistence, relrowsecurity, relforcerowsecurity)"
    " FROM pg_class WHERE relnamespace = :schema AND relkind IN ('r', 'p', 'v', 'm', 'f')",
    "SELECT relname, concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, attgenerated,"
    " collname, pg_get_expr(adbin, adrelid))"
    " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
    " LEFT JOIN pg_collation ON pg_collation.oid = attcollation"
    " LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
    " WHERE relnamespace = :schema AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped"
    " ORDER BY relname, attnum",
    "SELECT relname, conname || ' ' || pg_get_constraintdef(pg_constraint.oid)"
    " FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid"
    " WHERE connamespace = :schema ORDER BY relname, conname",
    "SELECT relname, pg_get_indexdef(oid) FROM pg_class WHERE relnamespace = :schema AND relkind = 'i'",
    "SELECT tgname, pg_get_triggerdef(pg_trigger.oid) || ' ' || tgenabled::text"
    " FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE relnamespace = :schema AND NOT tgisinternal",
    "SELECT rulename, pg_get_ruledef(pg_rewrite.oid)"
    " FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class"
    " WHERE relnamespace = :schema AND rulename <> '_RETURN'",
    "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = :schema AND prokind = 'f'",
    # Those that keep the links between tables have names of the server's own.
    "SELECT relname, string_agg(tgenabled::text, '' ORDER BY pg_trigger.oid)"
    " FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE relnamespace = :schema AND tgisinternal GROUP BY relname",
)


def shape(connection: Connection) -> Mapping[str, str]:
    """Describe each table, index, trigger and function of the schema that the connection looks into."""
    query = text(
        "SELECT oid, nspname, quote_ident(nspname) FROM pg_namespace WHERE nspname = current_schema()"
    )
    oid, name, quoted = connection.execute(query).one()
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in _QUERIES:
        for relation, said in connection.execute(text(each), {"schema": oid}):
            # Where it stands is no part of how it is made.
            found[relation].append(said.replace(f"{quoted}.", "").replace(f"'{name}'", "''"))
    return {relation: "\n".join(said) for relation, said in found.items()}


@dataclass(frozen=True)
class _Server:
    """Where tables are made for a look at them: servers of one version describe them in the same words."""

    version: str
    engine: Engine = field(compare=False)


def shape_as_made(engine: Engine) -> Mapping[str, str]:
    """Make every table once more, in a schema that is taken back at once, and describe them.

    Raises:
        StoreRefused: The role may not make a schema.
    """
    with engine.connect() as connection:
        version = connection.execute(text("SHOW server_version")).scalar()
    return _shape_on(_Server(str(version), engine))


@cache  # a constant of this version and the server's, that takes a second to make
def _shape_on(server: _Server) -> Mapping[str, str]:
    name = f"mottling_{secrets.token_hex(8)}"
    with server.engine.connect() as connection:
        try:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        except ProgrammingError as error:
            raise StoreRefused(
                "Mottling's role may not make a schema in the database, by which its tables are checked",
                remedy="Give it the right: GRANT CREATE ON DATABASE ... TO ...",
            ) from error
        connection.execute(text(f"SET LOCAL search_path = {name}"))
        migrate(connection)
        found = shape(connection)
        connection.rollback()
    return found
