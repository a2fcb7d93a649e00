"""The book of eligibility: versions are added one upon the other, and a store from before takes them too."""

from contextlib import closing

import pytest

from mottling.errors import Conflict, RecordRefused
from mottling.store.store import Store
from tests.store.acts import enrol, said_of_knee
from tests.store.older_stores import lay_out


def test_the_last_version_counts_and_every_one_stays(store):
    enrol(store)
    store.eligibility.note([said_of_knee("4")])
    store.eligibility.note([said_of_knee("5", version=2), said_of_knee(None, version=3)])
    assert [one.value for one in store.eligibility.all()] == ["4", "5", None]
    assert store.eligibility.last()["01-001", "knee"].version == 3
    assert store.verify().clean


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_that_does_not_follow_on_the_last_one_is_refused_with_all_beside_it(store, version):
    enrol(store, "01-001", "01-002")
    store.eligibility.note([said_of_knee("4")])
    with pytest.raises(Conflict, match="Something else was recorded of knee"):
        store.eligibility.note([said_of_knee("2", patient="01-002"), said_of_knee("5", version=version)])
    assert [one.value for one in store.eligibility.all()] == ["4"]


def test_of_a_patient_who_is_not_enrolled_nothing_is_recorded(store):
    with pytest.raises(RecordRefused, match="There is no patient '01-001'"):
        store.eligibility.note([said_of_knee("4")])


def test_what_comes_with_patients_comes_as_a_whole(store):
    enrol(store)
    with pytest.raises(Conflict):
        store.ward.enrol([], values=[said_of_knee("4"), said_of_knee("5")])
    assert store.eligibility.all() == ()


def test_a_person_whose_number_is_corrected_keeps_the_items(store):
    enrol(store)
    store.eligibility.note([said_of_knee("4")])
    store.changes.correct_number("01-001", "01-009", because="Misread", by="olga", at=said_of_knee("4").at)
    assert set(store.eligibility.last()) == {("01-009", "knee")}
    store.eligibility.note([said_of_knee("5", version=2, patient="01-009")])
    assert store.eligibility.last()["01-009", "knee"].value == "5"
    assert store.verify().clean


def test_a_store_from_before_knows_no_items_and_takes_them_now(tmp_path):
    lay_out("0022", tmp_path)
    with closing(Store.open(tmp_path)) as store:
        assert store.eligibility.all() == ()
        patient = store.ward.patients()[0].patient
        store.eligibility.note([said_of_knee("4", patient=patient)])
        assert store.eligibility.last()[patient, "knee"].value == "4"
        assert store.verify().clean
