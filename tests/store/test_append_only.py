# ruff: noqa: S608 - the tests rewrite history as somebody with the file would, in plain SQL
import sqlite3

import pytest
from sqlalchemy import text

from mottling.store.schema import AUDIT, KINDS, METADATA
from mottling.store.store import Store
from tests.store.acts import do_everything

TABLES = sorted(METADATA.tables)


def _columns(connection, table):
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def _rows(connection, table):
    return connection.execute(f"SELECT * FROM {table} ORDER BY number").fetchall()


def _names(columns):
    return ", ".join(f'"{column}"' for column in columns)


def _ways_to_rewrite(connection, table):
    columns = _columns(connection, table)
    values = ", ".join("?" for _ in columns)
    row = _rows(connection, table)[0]
    later = (row[0] + 1000, *row[1:])
    insert = f"{table} ({_names(columns)}) VALUES ({values})"
    yield f'UPDATE {table} SET "by" = ?', ("mallory",)
    yield f'UPDATE OR REPLACE {table} SET "by" = ?', ("mallory",)
    yield f"UPDATE {table} SET number = number + 1000", ()
    yield f"DELETE FROM {table}", ()
    yield f"INSERT OR REPLACE INTO {insert}", row
    yield f"REPLACE INTO {insert}", row
    yield f'INSERT INTO {insert} ON CONFLICT (number) DO UPDATE SET "by" = excluded."by"', row
    if table == "audit" or KINDS_WITH_UNIQUE[table]:
        yield f"INSERT OR REPLACE INTO {insert}", later


KINDS_WITH_UNIQUE = {
    kind.table.name: any(
        len(c.columns) for c in kind.table.constraints if type(c).__name__ == "UniqueConstraint"
    )
    for kind in KINDS.values()
}


def _try_all(connection, table):
    before = _rows(connection, table)
    for statement, values in list(_ways_to_rewrite(connection, table)):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement, values)
        connection.rollback()
        assert _rows(connection, table) == before, statement


@pytest.mark.parametrize("table", TABLES)
def test_no_statement_rewrites_a_table(outsider, table):
    assert _rows(outsider, table), "the test's store holds a row of every kind"
    _try_all(outsider, table)


@pytest.mark.parametrize("table", TABLES)
def test_no_statement_rewrites_a_table_with_our_own_settings(outsider, table):
    for pragma in ("recursive_triggers=ON", "foreign_keys=ON"):
        outsider.execute(f"PRAGMA {pragma}")
    _try_all(outsider, table)


def test_a_link_cannot_be_forked_or_left_out_even_by_another_program(outsider):
    number, *row = _rows(outsider, "audit")[-1]
    insert = f"INSERT INTO audit ({_names(_columns(outsider, 'audit'))}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    *content, _previous, last_hash = row
    for forged in (
        (number + 1, *content, "f" * 64, "e" * 64),
        (number + 2, *content, last_hash, "e" * 64),
    ):
        with pytest.raises(sqlite3.IntegrityError, match="audit goes on from its last row"):
            outsider.execute(insert, forged)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_our_own_connection_holds_every_pragma(store):
    with store._ledger.reading() as page:
        found = [
            page.connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        ]
    assert found == ["wal", 2, 1, 1]


def test_every_kind_of_record_has_a_table_and_an_act_of_its_own():
    assert {kind.table for kind in KINDS.values()} == set(METADATA.tables.values()) - {AUDIT}
    assert len({kind.act for kind in KINDS.values()}) == len(KINDS)


def test_a_record_comes_back_as_it_went_in(tmp_path):
    with Store.open(tmp_path / "a") as store:
        do_everything(store)
        with store._ledger.reading() as page:
            first = {kind: page.all(kind) for kind in KINDS}
    with Store.open(tmp_path / "a") as store, store._ledger.reading() as page:
        assert {kind: page.all(kind) for kind in KINDS} == first
        assert all(first.values())
