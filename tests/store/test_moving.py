"""A chain that moves from a file into a database: it arrives whole, and is guarded there as it was."""

import tracemalloc
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import text

from mottling.errors import StoreRefused
from mottling.store.copies import copy_whole, put_back
from mottling.store.ledger import Ledger
from mottling.store.migrate import migrate
from mottling.store.moving import copy_into_database
from mottling.store.postgres import Postgres
from mottling.store.sqlite_file import SqliteFile
from mottling.trial.records import SignInOutcome
from tests.store.acts import sign_in

# More than PostgreSQL keeps on one page, were the end of the chain noted at each.
LINKS = 400
LARGE_BYTES = 16 * 2**20


@pytest.fixture
def moved(postgres, tmp_path):
    """A database into which a file with records was copied, by its name."""
    with closing(Ledger(SqliteFile(tmp_path / "mottling.sqlite"))) as ledger, ledger.writing() as pen:
        migrate(pen.connection)
        for _ in range(LINKS):
            pen.add(sign_in(SignInOutcome.REFUSED))
    name = postgres.new_database()
    copy_into_database(tmp_path / "mottling.sqlite", postgres.url(name))
    with closing(postgres.connect(name)) as connection:
        yield connection


def test_the_end_of_a_chain_that_arrives_whole_is_noted_once_and_not_at_each_link(moved):
    assert moved.execute("SELECT number FROM audit_end").fetchall() == [(LINKS,)]
    (pages,) = moved.execute("SELECT pg_relation_size('audit_end') / 8192").fetchone()
    assert pages == 1


@pytest.mark.parametrize(("number", "follows"), [(LINKS + 1, LINKS - 1), (LINKS + 2, LINKS)])
def test_a_chain_that_arrived_goes_on_from_its_last_row_only(moved, number, follows):
    (before,) = moved.execute("SELECT hash FROM audit WHERE number = %s", (follows,)).fetchone()
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="goes on from its last row"):
        moved.execute(
            'INSERT INTO audit (number, "at", "by", act, subject, content_hash, previous_hash, hash)'
            " VALUES (%s, 'now', 'me', 'forged', 'x', 'x', %s, 'x')",
            (number, before),
        )


def test_whoever_fills_an_empty_database_is_not_cut_off_as_a_silent_writer(postgres, database):
    asks = text("SHOW idle_in_transaction_session_timeout")
    with closing(Ledger(Postgres(postgres.url(database)))) as ledger, ledger.writing() as pen:
        assert pen.connection.scalar(asks) == "1min"
        with pen.database.receiving(pen.connection):
            assert pen.connection.scalar(asks) == "0"


def test_a_large_file_goes_into_a_set_and_back_without_being_held_in_memory(tmp_path):
    source = tmp_path / "records"
    source.write_bytes(bytes(LARGE_BYTES))
    tracemalloc.start()
    try:
        copied = copy_whole(source, tmp_path / "out", "records-1.sqlite")
        put_back(tmp_path / "out", copied, tmp_path / "new" / "records")
        _, most_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "new" / "records").stat().st_size == copied.size_bytes == LARGE_BYTES
    assert most_bytes < LARGE_BYTES / 2


def test_what_is_not_what_was_copied_never_stands_in_its_place(tmp_path):
    source = tmp_path / "records"
    source.write_bytes(b"every record")
    copied = copy_whole(source, tmp_path / "out", "records-1.sqlite")
    (tmp_path / "out" / copied.path).write_bytes(b"other records")
    with pytest.raises(StoreRefused, match=r"records-1\.sqlite is not what was copied"):
        put_back(tmp_path / "out", copied, tmp_path / "new" / "records")
    assert not list((tmp_path / "new").iterdir())
