# ruff: noqa: S608 - the tests change history as the owner of the database would, in plain SQL
"""A backup of a database reads what was added since the last one, and keeps what it holds already."""

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from mottling.errors import ChainBroken
from mottling.store.ledger import Ledger
from mottling.store.moving import copy_into_file
from mottling.store.postgres import Postgres
from mottling.store.restore import restore
from mottling.store.store import Store
from mottling.store.whereabouts import note_records
from tests.store.acts import NOW, enrol, take


@pytest.fixture
def place(postgres, database, tmp_path):
    """A store in a database, a folder of models, and a backup of one patient and one photograph."""
    (tmp_path / "data").mkdir()
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "registry.json").write_text("{}")
    note_records(tmp_path / "data", postgres.url(database))
    with Store.open(tmp_path / "data") as store:
        enrol(store)
        take(store)
        made = SimpleNamespace(folder=tmp_path, store=store, url=postgres.url(database))
        back_up(made)
        yield made


def back_up(place):
    done = place.store.back_up(place.folder / "out", models=place.folder / "models", at=NOW)
    place.store.back_up_keys(place.folder / "kept", at=NOW)
    return done


def records_of(place):
    (found,) = (place.folder / "out").glob("records-*.sqlite")
    return found


def without_guards(postgres, database, statement):
    """Change a row as whoever owns the tables can."""
    with closing(postgres.connect(database)) as connection:
        connection.execute("ALTER TABLE patients DISABLE TRIGGER ALL")
        connection.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
        connection.execute(statement)
        connection.execute("ALTER TABLE patients ENABLE TRIGGER ALL")
        connection.execute("ALTER TABLE audit ENABLE TRIGGER ALL")


def read_from(place, path):
    """Copy the records into a file that goes on from the last backup; gives how many links were read."""
    ledger = Ledger(Postgres(place.url))
    with closing(ledger):
        return copy_into_file(ledger, path, last=records_of(place))


def test_only_what_is_new_is_read(place):
    new = place.folder / "new.sqlite"
    assert read_from(place, new) == 0
    before = place.store.head(at=NOW).rows
    take(place.store, visit="baseline", data=b"another")
    new.unlink()
    assert read_from(place, new) == place.store.head(at=NOW).rows - before == 1


def test_what_goes_on_from_the_last_backup_comes_back_as_it_is_in_the_database(place):
    take(place.store, visit="baseline", data=b"another")
    done = back_up(place)
    restore(place.folder / "out", place.folder / "again", keys=place.folder / "kept", at=NOW)
    with Store.open(place.folder / "again") as again:
        found = again.verify()
        assert (found.clean, found.rows, found.files) == (True, done.rows, 2)
        assert found.head == place.store.verify().head


def test_a_row_that_was_altered_since_does_not_take_the_place_of_the_one_that_was_kept(
    place, postgres, database
):
    without_guards(postgres, database, "UPDATE patients SET site = '03'")
    take(place.store, visit="baseline", data=b"another")
    back_up(place)
    with closing(sqlite3.connect(records_of(place))) as connection:
        assert connection.execute("SELECT site FROM patients").fetchall() == [("01",)]
    assert "patient_enrolled of 01-001" in place.store.verify().bad_row.what


def test_a_chain_that_was_rewritten_before_the_last_backup_is_refused(place, postgres, database):
    kept = records_of(place).read_bytes()
    last = "SELECT max(number) FROM audit"
    without_guards(postgres, database, f"UPDATE audit SET hash = repeat('e', 64) WHERE number = ({last})")
    with pytest.raises(ChainBroken, match="not those of the last backup"):
        back_up(place)
    assert records_of(place).read_bytes() == kept


def test_records_of_a_backup_that_are_damaged_or_of_an_earlier_schema_are_read_anew(place):
    path = records_of(place)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    back_up(place)
    with closing(sqlite3.connect(records_of(place))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    every = place.store.head(at=NOW).rows
    assert read_from(place, place.folder / "new.sqlite") == every
