"""The store of every schema that there was is kept as a file: each is opened by today's code."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import create_engine

from mottling.errors import SchemaTooNew, StoreRefused
from mottling.store import migrate
from mottling.store.ledger import Ledger
from mottling.store.postgres import Postgres
from mottling.store.store import Store
from mottling.store.whereabouts import note_records
from mottling.trial.records import Answer
from tests.store.acts import NOW, enrol
from tests.store.older_stores import FOLDER, lay_out, schemas, write_missing

KEPT = sorted(path.name.partition(".")[0] for path in FOLDER.glob("*.sql.gz"))


def rows_of(path):
    """Everything in a file by its table, apart from what SQLite and Alembic note for themselves."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 # names of ours
            for (name,) in tables
            if name not in {"alembic_version", "sqlite_sequence"}
        }


def dump_of(path):
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def made_by(path):
    """The tables, indexes and triggers of a file, each as it was made."""
    with closing(sqlite3.connect(path)) as connection:
        return sorted(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))


def a_failing_step(folder, statement):
    """The steps of today and one more after them, which does this at its end."""
    versions = folder / "versions"
    versions.mkdir(parents=True)
    for path in migrate._FOLDER.rglob("*.py"):
        (folder / path.relative_to(migrate._FOLDER)).write_bytes(path.read_bytes())
    (versions / "v9999_fails.py").write_text(
        "from alembic import op\n"
        "from mottling.store.migrations.adding import add_table, text\n"
        f"revision = '9999'\ndown_revision = '{migrate.HEAD}'\nbranch_labels = None\ndepends_on = None\n"
        f"def upgrade():\n    add_table('half', text('what'))\n    {statement}\n",
        "utf-8",
    )
    return folder


def test_the_store_of_every_schema_is_kept():
    assert schemas() == KEPT, "run: python -m tests.store.older_stores"
    assert list(write_missing()) == []


@pytest.mark.parametrize("schema", KEPT)
def test_a_kept_store_is_brought_up_to_date_and_everything_in_it_stays(schema, tmp_path):
    path = lay_out(schema, tmp_path)
    before = rows_of(path)
    with Store.open(tmp_path) as store:
        found = store.verify()
        assert {one.patient for one in store.ward.patients()} >= {"01-001", "09-009"}
        readings = store.committee.readings()
        assert store.users.find("nina").site == "01"
    after = rows_of(path)
    assert (found.bad_row, found.bad_files) == (None, ())
    assert found.hashes == tuple(row[-1] for row in before["audit"])
    assert found.files == 2
    assert Answer.scored(2) in [one.answer for one in readings]
    assert all(before.values()), "it holds a record of every kind that it has a table for"
    assert {name: after[name] for name in before} == before


def test_a_kept_store_takes_new_records_and_gives_its_photograph(tmp_path):
    lay_out("0001", tmp_path)
    with Store.open(tmp_path) as store:
        (first, *_) = store.ward.photos(patient="01-001")
        assert store.ward.photo_bytes(first.photo.photo_id) == b"a photograph"
        enrol(store, "01-002")
        store.vault.rotate(by="root", at=NOW)
        assert store.verify().clean


def test_the_steps_of_today_make_each_schema_as_it_was(tmp_path):
    today = tmp_path / "today.sqlite"
    engine = create_engine(f"sqlite:///{today}")
    for schema in KEPT:
        with engine.begin() as connection:
            migrate.migrate(connection, to=schema)
        assert made_by(today) == made_by(lay_out(schema, tmp_path / schema)), schema
    engine.dispose()


what_fails = pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("op.execute('CREATE TABLE half (number INTEGER)')", "half.* already exists"),
        ('op.execute("INSERT INTO audit (number) VALUES (1)")', "audit"),
    ],
)


@what_fails
def test_a_step_that_fails_leaves_the_old_store_and_says_so(statement, said, tmp_path, monkeypatch):
    path = lay_out("0003", tmp_path / "data")
    before = dump_of(path)
    monkeypatch.setattr(migrate, "_FOLDER", a_failing_step(tmp_path / "steps", statement))
    monkeypatch.setattr(migrate, "HEAD", "9999")
    with pytest.raises(StoreRefused, match=rf"from schema 0003 to 9999: .*{said}") as refused:
        Store.open(tmp_path / "data", serving=True)
    assert "as it was" in refused.value.remedy
    assert dump_of(path) == before
    monkeypatch.undo()
    with Store.open(tmp_path / "data", serving=True) as store:
        assert store.verify().clean


def shape_of(url):
    with closing(Ledger(Postgres(url))) as ledger, ledger.reading() as page:
        return page.database.shape(page.connection)


@what_fails
def test_a_step_that_fails_in_a_database_leaves_it_as_it_was_and_says_so(
    statement, said, postgres, database, tmp_path, monkeypatch
):
    url, data = postgres.url(database), tmp_path / "data"
    data.mkdir()
    note_records(data, url)
    with Store.open(data) as store:
        enrol(store)
    before, head = shape_of(url), migrate.HEAD
    monkeypatch.setattr(migrate, "_FOLDER", a_failing_step(tmp_path / "steps", statement))
    monkeypatch.setattr(migrate, "HEAD", "9999")
    with pytest.raises(StoreRefused, match=rf"from schema {head} to 9999: .*{said}"):
        Store.open(data)
    monkeypatch.undo()
    assert shape_of(url) == before
    with Store.open(data) as store:
        assert store.verify().clean
        assert [one.patient for one in store.ward.patients()] == ["01-001"]


def test_a_kept_store_of_a_later_schema_is_refused_and_left_alone(tmp_path):
    path = lay_out(KEPT[-1], tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9998'")
        connection.commit()
    before = dump_of(path)
    with pytest.raises(SchemaTooNew, match=r"schema 9998.*Use the version of Mottling that wrote it"):
        Store.open(tmp_path)
    assert dump_of(path) == before
