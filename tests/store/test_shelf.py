import resource
from contextlib import contextmanager

import pytest

from mottling.errors import StoreRefused
from mottling.store.shelf import Shelf

DATA = b"\xff\xd8 the bytes as they came"
PLACE = "ab/photograph"


@contextmanager
def a_disk_that_takes(size_bytes):
    """Files can grow to this size only: the system itself refuses the rest."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _put(shelf, data=DATA):
    shelf.put(PLACE, data, is_sound=lambda found: found == data)


def test_bytes_come_back_unchanged_from_their_place(tmp_path):
    shelf = Shelf(tmp_path)
    _put(shelf)
    assert shelf.get(PLACE) == DATA
    assert list(shelf.places()) == [PLACE]
    assert shelf.has(PLACE)


def test_sound_bytes_stay_as_they_were_written_first(tmp_path):
    shelf = Shelf(tmp_path)
    _put(shelf)
    written_at = (tmp_path / PLACE).stat().st_mtime_ns
    shelf.put(PLACE, b"sealed another time", is_sound=lambda found: found == DATA)
    assert (tmp_path / PLACE).stat().st_mtime_ns == written_at


def test_a_torn_file_is_written_again_when_its_bytes_come_again(tmp_path):
    shelf = Shelf(tmp_path)
    _put(shelf)
    (tmp_path / PLACE).write_bytes(DATA[:5])
    _put(shelf)
    assert shelf.get(PLACE) == DATA


def test_what_is_not_there_is_none(tmp_path):
    assert Shelf(tmp_path).get(PLACE) is None
    assert not Shelf(tmp_path).has(PLACE)


def test_a_disk_that_takes_no_more_leaves_the_shelf_as_it_was(tmp_path):
    shelf = Shelf(tmp_path)
    with a_disk_that_takes(100), pytest.raises(StoreRefused, match=r"could not be stored.*make room"):
        _put(shelf, b"x" * 5000)
    assert list(shelf.places()) == []
    _put(shelf, b"x" * 5000)
    assert len(list(shelf.places())) == 1


def test_what_is_removed_is_gone_with_what_a_torn_write_left_beside_it(tmp_path):
    shelf = Shelf(tmp_path)
    _put(shelf)
    (tmp_path / f"{PLACE}#1").write_bytes(DATA[:5])
    shelf.remove(PLACE)
    shelf.remove(PLACE)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_places_of_one_folder_are_listed_alone(tmp_path):
    shelf = Shelf(tmp_path)
    _put(shelf)
    shelf.put("cd/other", DATA, is_sound=lambda found: found == DATA)
    assert list(shelf.places("cd")) == ["cd/other"]
