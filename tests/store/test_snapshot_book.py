"""The book of snapshots: one after the other, each made from the very end of the chain."""

from contextlib import closing

import pytest

from mottling.errors import Conflict
from mottling.store.store import Store
from tests.store.acts import enrol, freeze, take
from tests.store.test_older_stores import write_as


def test_a_snapshot_is_kept_as_it_was_given(store):
    enrol(store)
    snapshot = freeze(store)
    assert store.office.snapshots() == (snapshot,)
    assert store.verify().clean


def test_a_snapshot_of_an_earlier_end_is_refused(store):
    enrol(store)
    end = store.office.end()
    take(store)
    store.office.end = lambda: end
    with pytest.raises(Conflict, match="while the outcome was frozen"):
        freeze(store)
    assert store.office.snapshots() == ()


def test_a_store_of_the_first_version_takes_a_snapshot(tmp_path):
    write_as(tmp_path, "0001")
    with closing(Store.open(tmp_path)) as store:
        snapshot = freeze(store)
        assert store.office.snapshots() == (snapshot,)
        assert store.verify().clean
