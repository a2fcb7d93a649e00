"""What a store does whose records are in a database of PostgreSQL; what any store does is tested on both."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import func, insert, select

from mottling.errors import StoreBusy, StoreRefused
from mottling.store import postgres as keeper
from mottling.store.ledger import Ledger
from mottling.store.migrate import HEAD, version_of
from mottling.store.postgres import Postgres, RestartPatience
from mottling.store.postgres_shape import _shape_on
from mottling.store.restore import Elsewhere, restore
from mottling.store.schema import AUDIT
from mottling.store.store import Store
from mottling.store.whereabouts import note_records
from mottling.trial.records import SignInOutcome
from tests.store.acts import NOW, enrol, sign_in


@pytest.fixture
def data(postgres, database, tmp_path):
    """A data folder with an empty store in a database of its own."""
    (tmp_path / "data").mkdir()
    note_records(tmp_path / "data", postgres.url(database))
    return tmp_path / "data"


def test_an_empty_database_becomes_a_store_step_by_step(postgres, tmp_path):
    url = postgres.url(postgres.new_database())
    with Store.open(tmp_path / "data", records=url) as store:
        enrol(store)
        with store._ledger.reading() as page:
            assert version_of(page.connection) == HEAD
    assert (tmp_path / "data" / "records.url").read_text() == f"{url}\n"
    assert not (tmp_path / "data" / "mottling.sqlite").exists()
    with Store.open(tmp_path / "data", must_exist=True) as store:
        assert [patient.patient for patient in store.ward.patients()] == ["01-001"]


def test_a_chain_written_by_threads_and_another_process_has_no_gap_and_no_fork(postgres, data, database):
    with closing(postgres.connect()) as connection:
        # Whatever the server holds for usual.
        connection.execute(f"ALTER DATABASE {database} SET default_transaction_isolation = 'serializable'")
    code = (
        "import sys, pathlib\n"
        "from mottling.store.store import Store\n"
        "from mottling.trial.records import SignInOutcome\n"
        "from tests.store.acts import sign_in\n"
        "with Store.open(pathlib.Path(sys.argv[1])) as store:\n"
        "    print('ready', flush=True)\n"
        "    sys.stdin.readline()\n"
        "    for number in range(40): store.users.note_sign_in(sign_in(SignInOutcome.REFUSED))"
    )
    with (
        Store.open(data) as store,
        subprocess.Popen(
            [sys.executable, "-c", code, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other,
    ):
        assert other.stdout.readline() == "ready\n"
        other.stdin.write("go\n")
        other.stdin.flush()
        with ThreadPoolExecutor(8) as pool:
            add = store.users.note_sign_in
            list(pool.map(lambda _: add(sign_in(SignInOutcome.REFUSED)), range(80)))
        assert other.wait() == 0
        found = store.verify()
        assert [entry.number for entry in store.office.audit()] == list(range(1, 121))
    assert (found.clean, found.rows) == (True, 120)


def test_a_writer_that_waits_too_long_is_told_so(postgres, data, database, monkeypatch):
    monkeypatch.setattr(keeper, "_OPTIONS", "-c lock_timeout=50ms")
    with Store.open(data) as store, closing(postgres.connect(database)) as other:
        other.execute(f"SELECT pg_advisory_lock({keeper._CHAIN_LOCK})")
        with pytest.raises(StoreBusy, match=r"being written by others .*Nothing was stored: try again"):
            enrol(store)
        other.execute("SELECT pg_advisory_unlock_all()")
        enrol(store)


def test_nothing_is_added_while_reading(data):
    with (
        Store.open(data) as store,
        pytest.raises(StoreRefused, match="read-only transaction"),
        store._ledger.reading() as page,
    ):
        page.connection.execute(insert(AUDIT).values(number=1))


def test_what_is_read_is_of_one_moment(data):
    with Store.open(data) as store, store._ledger.reading() as page:
        enrol(store, "01-001")
        before = page.connection.scalar(select(func.count()).select_from(AUDIT))
        enrol(store, "01-002")
        assert page.connection.scalar(select(func.count()).select_from(AUDIT)) == before


def test_a_restart_of_the_database_is_waited_for_and_loses_nothing(postgres, data):
    with Store.open(data) as store:
        enrol(store, "01-001")
        postgres.restart()
        enrol(store, "01-002")
        assert store.verify().clean
        assert len(store.ward.patients()) == 2


def test_a_database_that_does_not_come_back_is_said(postgres, data, monkeypatch):
    monkeypatch.setattr(keeper, "_PATIENCE", RestartPatience(altogether_s=0, pause_s=0))
    nowhere = f"postgresql://mottling@/trial?host={data}"
    ledger = Ledger(Postgres(nowhere))
    with closing(ledger), pytest.raises(StoreBusy, match="does not answer, or went away"):
        ledger.reading().__enter__()


def test_a_text_that_cannot_be_stored_is_refused_and_nothing_is(data):
    with Store.open(data) as store:
        with pytest.raises(StoreRefused, match="a character that cannot be stored"):
            store.users.note_sign_in(sign_in(SignInOutcome.REFUSED, name="a\0b"))
        assert store.office.audit() == ()


def test_text_is_sorted_by_its_bytes_whatever_the_language(postgres, database):
    with closing(postgres.connect(database)) as connection:
        found = connection.execute(
            "SELECT DISTINCT collation_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'text'"
        ).fetchall()
    assert found == [("C",)]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://mottling:secret@host/trial", "holds a password"),
        ("postgresql://mottling@host/trial?password=secret", "holds a password"),
        ("postgresql://mottling@host", "names no database"),
        ("sqlite:///trial", "names no database"),
        ("nothing", "names no database"),
    ],
)
def test_a_url_that_names_no_database_or_too_much_is_refused(url, said):
    with pytest.raises(StoreRefused, match=said) as refusal:
        Postgres(url)
    assert "secret" not in str(refusal.value)


def test_a_database_that_holds_records_is_no_new_one(postgres, full, tmp_path):
    with pytest.raises(StoreRefused, match="holds records already"):
        Store.open(tmp_path / "data", records=postgres.url(full[1]))
    assert not (tmp_path / "data" / "records.url").exists()


def test_records_that_are_elsewhere_are_not_looked_for_in_a_new_place(postgres, data, made):
    with pytest.raises(StoreRefused, match=r"are in postgresql://.*and the settings say"):
        Store.open(data, records=postgres.url("another"))
    with pytest.raises(StoreRefused, match="are in the folder itself"):
        Store.open(made / "empty", records=postgres.url("another"))


def test_a_database_that_keeps_text_in_other_letters_is_refused(postgres, tmp_path):
    with closing(postgres.connect()) as connection:
        connection.execute(
            "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0 STRATEGY file_copy"
        )
    with pytest.raises(StoreRefused, match="keeps text as LATIN1"):
        Store.open(tmp_path / "data", records=postgres.url("latin"))


@pytest.fixture
def backed_up(full, tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "registry.json").write_text("{}")
    with Store.open(full[0]) as store:
        store.back_up(tmp_path / "out", models=tmp_path / "models", at=NOW)
        store.back_up_keys(tmp_path / "kept", at=NOW)
        return tmp_path, store.verify().head


def test_a_backup_becomes_a_file_or_a_database_whatever_it_was_made_of(postgres, backed_up):
    place, head = backed_up
    new = postgres.url(postgres.new_database())
    for name, elsewhere in (("file", None), ("database", Elsewhere(records=new))):
        done = restore(place / "out", place / name, keys=place / "kept", at=NOW, elsewhere=elsewhere)
        with Store.open(place / name, must_exist=True) as store:
            found = store.verify()
            assert (found.clean, found.head, found.rows, found.files) == (True, head, done.rows, 2)
        assert (place / name / "mottling.sqlite").exists() == (elsewhere is None)


def test_a_backup_is_not_restored_into_a_database_that_is_taken(postgres, full, backed_up):
    place, _ = backed_up
    taken = Elsewhere(records=postgres.url(full[1]))
    with pytest.raises(StoreRefused, match="holds records already"):
        restore(place / "out", place / "new", keys=place / "kept", at=NOW, elsewhere=taken)
    assert not list(place.glob("new*"))


def test_a_role_that_may_make_no_schema_is_told_what_is_missing(postgres, full):
    with closing(postgres.connect(full[1])) as connection:
        connection.execute("CREATE ROLE reader LOGIN IN ROLE pg_read_all_data")
    _shape_on.cache_clear()
    url = postgres.url(full[1]).replace("//mottling@", "//reader@")
    with closing(Postgres(url)) as database, pytest.raises(StoreRefused, match="GRANT CREATE ON DATABASE"):
        database.shape_as_made()
