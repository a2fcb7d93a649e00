import hashlib
import resource
from contextlib import contextmanager

import pytest

from mottling.errors import ChainBroken, StoreRefused
from mottling.store.shelf import Shelf

DATA = b"\xff\xd8 the bytes as they came"
SHA = hashlib.sha256(DATA).hexdigest()


@contextmanager
def a_disk_that_takes(size_bytes):
    """Files can grow to this size only: the system itself refuses the rest."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_bytes_come_back_unchanged_under_their_hash(tmp_path):
    shelf = Shelf(tmp_path)
    assert shelf.put(DATA) == SHA
    assert shelf.get(SHA) == DATA
    assert list(shelf.names()) == [SHA]


def test_the_same_bytes_twice_are_one_file(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.put(DATA)
    path = tmp_path / SHA[:2] / SHA
    written_at = path.stat().st_mtime_ns
    shelf.put(DATA)
    assert path.stat().st_mtime_ns == written_at


def test_a_torn_file_is_written_again_when_its_bytes_come_again(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.put(DATA)
    (tmp_path / SHA[:2] / SHA).write_bytes(DATA[:5])
    shelf.put(DATA)
    assert shelf.get(SHA) == DATA


def test_a_changed_file_is_never_given_out(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.put(DATA)
    (tmp_path / SHA[:2] / SHA).write_bytes(b"something else")
    with pytest.raises(ChainBroken, match="is not what was stored"):
        shelf.get(SHA)


def test_a_missing_file_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(ChainBroken, match=r"cannot be read.*restore it from a backup"):
        Shelf(tmp_path).get(SHA)


def test_a_disk_that_takes_no_more_leaves_the_shelf_as_it_was(tmp_path):
    shelf = Shelf(tmp_path)
    with a_disk_that_takes(100), pytest.raises(StoreRefused, match=r"could not be stored.*make room"):
        shelf.put(b"x" * 5000)
    assert list(shelf.names()) == []
    shelf.put(b"x" * 5000)
    assert len(list(shelf.names())) == 1


def test_what_a_torn_write_left_beside_the_files_is_not_listed(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.put(DATA)
    (tmp_path / SHA[:2] / f"{SHA}#1").write_bytes(DATA[:5])
    assert list(shelf.names()) == [SHA]
