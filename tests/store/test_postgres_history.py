# ruff: noqa: S608 - the tests change history as the owner of the database would, in plain SQL
"""On PostgreSQL history is changed by no statement, and what its owner changed all the same is named."""

from contextlib import closing

import psycopg
import pytest
from psycopg import sql

from mottling.store.ledger import Page
from mottling.store.postgres import Postgres
from mottling.store.schema import KINDS, METADATA
from mottling.store.store import Store
from mottling.store.verify import first_bad_row

TABLES = sorted(METADATA.tables)
GUARDS = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"


@pytest.fixture
def outsider(postgres, full):
    """The same database, opened by another program as its owner; nothing that is tried stays."""
    with closing(postgres.connect(full[1])) as connection:
        connection.autocommit = False
        yield connection
        connection.rollback()


def refused(connection, statement, *values, match="records are added, never changed"):
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match=match), connection.transaction():
        connection.execute(statement, values)


def ways_to_rewrite(table):
    name = sql.Identifier(table)
    for way in (
        "UPDATE {0} SET \"by\" = 'mallory'",
        "UPDATE {0} SET number = number + 1000 WHERE false",
        "DELETE FROM {0}",
        "TRUNCATE {0} CASCADE",
        'INSERT INTO {0} SELECT * FROM {0} ON CONFLICT (number) DO UPDATE SET "by" = excluded."by"',
        "MERGE INTO {0} USING audit AS a ON a.number = {0}.number WHEN MATCHED THEN DELETE",
    ):
        yield sql.SQL(way).format(name)


def test_no_statement_rewrites_a_table(outsider):
    for role in ("origin", "replica"):
        outsider.execute(f"SET session_replication_role = {role}")
        for table in TABLES:
            rows = outsider.execute(sql.SQL("SELECT * FROM {0}").format(sql.Identifier(table))).fetchall()
            assert rows, "the test's store holds a row of every kind"
            for statement in ways_to_rewrite(table):
                refused(outsider, statement)


def forged(number, previous_hash):
    return (number, "now", "mallory", "act", "subject", "c" * 64, previous_hash, "e" * 64)


INSERT = "INSERT INTO public.audit VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"


def test_a_link_cannot_be_forked_or_left_out_even_by_another_program(outsider):
    number, last = outsider.execute("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    for values in (forged(number + 1, "f" * 64), forged(number + 2, last)):
        refused(outsider, INSERT, *values, match="audit goes on from its last row")


def test_a_table_of_the_same_name_that_hides_the_chain_hides_it_from_no_trigger(outsider):
    outsider.execute("CREATE TEMP TABLE audit (number int, hash text)")
    refused(outsider, INSERT, *forged(1, "0" * 64), match="audit goes on from its last row")


def test_what_remembers_the_end_of_the_chain_goes_neither_back_nor_away(outsider):
    refused(outsider, "UPDATE audit_end SET number = number - 1", match="only grows")
    for statement in ("DELETE FROM audit_end", "TRUNCATE audit_end", "INSERT INTO audit_end VALUES (9)"):
        refused(outsider, statement)


def bad_row(postgres, name, *statements, unguarded=False):
    """What a look finds after somebody who may do everything did this; nothing of it stays."""
    with closing(Postgres(postgres.url(name))) as database, database.writing.connect() as connection:
        guards = connection.exec_driver_sql(GUARDS).all() if unguarded else []
        for table in {table for table, _ in guards}:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            connection.exec_driver_sql(statement)
        for table in {table for table, _ in guards}:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        for table, guard in guards:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}")
        return first_bad_row(Page(connection, database))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE readings SET score = 5", "has a record that was changed (reading_locked of"),
        ("UPDATE audit SET \"by\" = 'x' WHERE number = 3", "is not what was written"),
        ("DELETE FROM audit WHERE number = 2", "is missing"),
        ("DELETE FROM verdicts", "has lost its record (verdict_formed of"),
        ("INSERT INTO reveals VALUES (9999, 'x', 'x', 'forged')", "stands in reveals without a link"),
    ],
)
def test_what_was_changed_while_the_triggers_were_off_is_named(postgres, full, statement, said):
    assert said in bad_row(postgres, full[1], statement, unguarded=True).what


def test_a_cut_tail_is_noticed(postgres, full, outsider):
    number, act = outsider.execute("SELECT number, act FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    table = next(kind.table.name for kind in KINDS.values() if kind.act == act)
    cut = [f"DELETE FROM {each} WHERE number = {number}" for each in (table, "audit")]
    found = bad_row(postgres, full[1], *cut, unguarded=True)
    assert (found.number, found.what) == (number, f"is missing: there were {number} rows")


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("DROP TRIGGER finals_refuses_update ON finals", "finals_refuses_update"),
        ("ALTER TABLE finals DISABLE TRIGGER finals_refuses_delete", "finals_refuses_delete"),
        ("ALTER TABLE finals ENABLE TRIGGER finals_refuses_delete", "finals_refuses_delete"),
        (
            "CREATE OR REPLACE FUNCTION records_are_added_never_changed() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NULL; END $$",
            "records_are_added_never_changed",
        ),
        ("CREATE RULE forget AS ON INSERT TO finals DO INSTEAD NOTHING", "forget"),
        ("ALTER TABLE finals ENABLE ROW LEVEL SECURITY", "finals"),
        ("ALTER TABLE finals ALTER score TYPE bigint", "finals"),
        ("ALTER TABLE finals DROP CONSTRAINT score_is_on_the_scale", "finals"),
        ("CREATE VIEW spare AS SELECT * FROM finals", "spare"),
        ("DROP TABLE audit_end", "audit_end"),
    ],
)
def test_what_was_changed_about_the_tables_is_named(postgres, full, statement, name):
    said = f"the table, index or trigger {name} is not as it was made"
    assert said in bad_row(postgres, full[1], statement).what


def test_a_store_with_every_kind_of_record_is_clean(full):
    with Store.open(full[0]) as store:
        found = store.verify()
    assert (found.clean, found.rows, found.files) == (True, len(found.hashes), 2)
