import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from mottling.errors import ChainBroken, SchemaTooNew, StoreBusy, StoreRefused
from mottling.store import migrate
from mottling.store.schema import METADATA
from mottling.store.store import Store
from tests.store.acts import enrol


def _run(tmp_path, code):
    return subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )


def test_an_empty_folder_becomes_a_store(tmp_path):
    with Store.open(tmp_path / "new" / "data") as store:
        enrol(store)
        assert [patient.patient for patient in store.ward.patients()] == ["01-001"]


def test_a_store_that_must_exist_is_not_made(tmp_path):
    with pytest.raises(StoreRefused, match="holds no records"):
        Store.open(tmp_path / "data", must_exist=True)
    assert not (tmp_path / "data").exists()


def test_a_second_server_is_refused(tmp_path):
    with (
        Store.open(tmp_path, serving=True),
        pytest.raises(StoreBusy, match=r"Another server serves .*Stop it first"),
    ):
        Store.open(tmp_path, serving=True)


def test_another_process_cannot_serve_the_same_folder(tmp_path):
    code = (
        "import sys, pathlib; from mottling.store.store import Store; from mottling.errors import StoreBusy\n"
        "try: Store.open(pathlib.Path(sys.argv[1]), serving=True)\n"
        "except StoreBusy as error: print(error); sys.exit(3)"
    )
    with Store.open(tmp_path, serving=True):
        found = _run(tmp_path, code)
    assert (found.returncode, "Another server serves" in found.stdout) == (3, True)


def test_a_command_reads_and_adds_beside_a_server(tmp_path):
    with Store.open(tmp_path, serving=True) as server, Store.open(tmp_path) as command:
        enrol(command)
        assert server.ward.find_patient("01-001") is not None


def test_a_server_that_stopped_leaves_the_folder_to_the_next(tmp_path):
    Store.open(tmp_path, serving=True).close()
    Store.open(tmp_path, serving=True).close()


def test_a_server_that_was_killed_leaves_the_folder_and_what_it_stored(tmp_path):
    code = (
        "import os, sys, pathlib, signal; from mottling.store.store import Store\n"
        "from tests.store.acts import enrol\n"
        "store = Store.open(pathlib.Path(sys.argv[1]), serving=True); enrol(store)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert _run(tmp_path, code).returncode == -signal.SIGKILL
    with Store.open(tmp_path, serving=True) as store:
        assert store.ward.find_patient("01-001") is not None
        assert store.verify().clean


def test_a_later_schema_is_refused_and_left_alone(tmp_path):
    Store.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "mottling.sqlite")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(SchemaTooNew, match=r"schema 9999.*knows schemas up to"):
        Store.open(tmp_path)


def test_a_store_from_before_the_first_step_is_brought_up_to_date(tmp_path):
    with closing(sqlite3.connect(tmp_path / "mottling.sqlite")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.commit()
    with Store.open(tmp_path) as store, store._ledger.reading() as page:
        assert migrate.version_of(page.connection) == migrate.HEAD


def test_an_older_store_that_is_being_served_is_not_changed_under_the_server(tmp_path, monkeypatch):
    with Store.open(tmp_path, serving=True):
        monkeypatch.setattr(migrate, "HEAD", "9999")
        with pytest.raises(StoreBusy):
            Store.open(tmp_path)


def test_the_newest_step_is_the_head():
    assert ScriptDirectory(str(migrate._FOLDER)).get_heads() == [migrate.HEAD]


def test_the_steps_make_the_tables_that_the_code_uses(store):
    # Which on PostgreSQL remembers what SQLite remembers by itself.
    known = {"include_name": lambda name, kind, _: (kind, name) != ("table", "audit_end")}
    with store._ledger.reading() as page:
        context = MigrationContext.configure(page.connection, opts=known)
        assert compare_metadata(context, METADATA) == []


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "mottling.sqlite").write_bytes(b"not a database, but long enough to be looked at" * 40)
    with pytest.raises(ChainBroken, match="is damaged"):
        Store.open(tmp_path)


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreRefused, match="cannot be used"):
        Store.open(tmp_path / "data")


def test_a_refused_folder_is_let_go(tmp_path):
    (tmp_path / "mottling.sqlite").write_bytes(b"no database" * 400)
    with pytest.raises(StoreRefused):
        Store.open(tmp_path, serving=True)
    (tmp_path / "mottling.sqlite").unlink()
    Store.open(tmp_path, serving=True).close()
