"""Several servers hold one data folder where records are in PostgreSQL; a try to sign in is one's turn."""

import threading
from contextlib import ExitStack

import pytest

from mottling.errors import StoreBusy
from mottling.store import lock, migrate
from mottling.store.lock import ServerLock, Turn
from mottling.store.store import Store
from mottling.store.whereabouts import note_records
from tests.store.acts import enrol, take


@pytest.fixture
def data(postgres, database, tmp_path):
    """A data folder whose records are in a database."""
    (tmp_path / "data").mkdir()
    note_records(tmp_path / "data", postgres.url(database))
    return tmp_path / "data"


def test_several_servers_serve_one_folder_and_write_one_chain(data):
    with ExitStack() as stack:
        one, other = (stack.enter_context(Store.open(data, serving=True)) for _ in range(2))
        enrol(one)
        photo = take(other)
        assert one.ward.photo_bytes(photo.photo_id) == b"a photograph"
        assert other.verify().clean


def test_a_later_version_does_not_change_the_tables_under_a_server(data, monkeypatch):
    monkeypatch.setattr("mottling.store.store.WAIT_S", 0.0)
    with Store.open(data, serving=True):
        monkeypatch.setattr(migrate, "HEAD", "9999")
        with pytest.raises(StoreBusy, match="Another server serves"):
            Store.open(data, serving=True)


def test_a_server_waits_for_one_that_brings_the_records_up_to_date(tmp_path, monkeypatch):
    first, second = (ServerLock(tmp_path / "lock") for _ in range(2))
    with first.held():
        monkeypatch.setattr(lock, "WAIT_S", 0.0)
        with pytest.raises(StoreBusy, match="is being brought up to date"):
            second.share()
        monkeypatch.undo()
        waiting = threading.Thread(target=second.share)
        waiting.start()
    waiting.join()
    with pytest.raises(StoreBusy, match="Another server serves"):
        first.take()
    second.close()
    first.close()


def test_a_turn_is_of_one_at_a_time_whoever_made_it(tmp_path):
    inside, most, count = [], [], threading.Lock()

    def work():
        with Turn(tmp_path / "turn").taken():
            with count:
                inside.append(1)
                most.append(len(inside))
            with count:
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most == [1] * 8
