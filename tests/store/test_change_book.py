"""Changes of patients in the store: one person stays one person, under the number that holds now."""

from datetime import timedelta

import pytest

from mottling.errors import Conflict, PhotosErased, RecordRefused
from mottling.trial.changes import Extent
from mottling.trial.records import Answer
from tests.store.acts import NOW, ask, enrol, erasure, final, new_photo, not_done, own, read, take
from tests.store.change_acts import (
    LATER,
    change_everything,
    correct_enrolment,
    correct_number,
    take_back_withdrawal,
    transfer,
    withdraw,
)

BEFORE = NOW - timedelta(hours=1)


def to_read(store):
    return {one.photo_id for one in store.committee.photos_to_read()}


def test_a_corrected_number_is_the_one_that_everything_shows(store):
    enrol(store, "01-001", "01-002")
    photo = take(store)
    store.ward.add_not_done(not_done())
    ask(store)
    store.board.look(), store.committee.photos_to_read(), store.queries.all()
    correct_number(store)
    assert [one.patient for one in store.ward.patients()] == ["01-002", "01-010"]
    assert store.ward.photo(photo.photo_id).photo.patient == "01-010"
    assert [one.patient for one in store.ward.not_done()] == ["01-010"]
    assert store.ward.initials() == {"01-010": "AB", "01-002": "AB"}
    assert {one.asked.patient for one in store.queries.all()} == {"01-010"}
    board = store.board.look()
    assert [one.patient for one in board.patients] == ["01-002", "01-010"]
    assert board.photos.keys() == {("01-010", "day1")}
    assert to_read(store) == {photo.photo_id}


def test_the_person_is_found_by_any_number_that_was_ever_hers(store):
    enrol(store)
    correct_number(store)
    correct_number(store, "01-010", becomes="01-100")
    for number in ("01-001", "01-010", "01-100"):
        assert store.ward.find_patient(number).patient == "01-100"
    assert store.changes.look().former == {"01-100": ("01-001", "01-010")}


def test_a_photograph_that_waited_under_the_old_number_arrives_at_the_person(store):
    enrol(store)
    take(store, key="before")
    correct_number(store)
    assert take(store, key="waited").patient == "01-010"
    assert take(store, key="before").patient == "01-010"
    assert [one.photo.patient for one in store.ward.photos(patient="01-010")] == ["01-010", "01-010"]
    photo_id = store.ward.photos()[0].photo.photo_id
    assert store.ward.photo_bytes(photo_id) == b"a photograph"
    assert store.verify().clean


def test_no_number_is_ever_given_to_two_patients(store):
    enrol(store, "01-001", "01-002")
    correct_number(store)
    for taken in ("01-001", "01-010"):
        with pytest.raises(Conflict, match=taken):
            enrol(store, taken)
        with pytest.raises(Conflict, match="another patient"):
            correct_number(store, "01-002", becomes=taken)
    with pytest.raises(Conflict, match="another patient"):
        correct_number(store, "01-010", becomes="01-002")
    with pytest.raises(Conflict, match="already"):
        correct_number(store, "01-010", becomes="01-010")


def test_a_number_that_was_corrected_by_mistake_is_given_back(store):
    enrol(store)
    correct_number(store)
    correct_number(store, becomes="01-001")
    assert [one.patient for one in store.ward.patients()] == ["01-001"]
    assert store.ward.find_patient("01-010").patient == "01-001"


def test_the_audit_trail_says_both_numbers_and_each_act_the_number_of_its_day(store):
    enrol(store)
    correct_number(store)
    store.ward.add_not_done(not_done("01-001"))
    said = [(one.act, one.subject) for one in store.office.audit()]
    assert said == [
        ("patient_enrolled", "01-001"),
        ("initials_given", "01-001"),
        ("number_corrected", "01-001 → 01-010"),
        ("visit_not_done", "01-010"),
    ]


def test_photographs_are_erased_under_the_new_number(store):
    enrol(store, "01-001", "01-002")
    photo = take(store)
    correct_number(store)
    assert store.vault.erase(erasure("01-010")) == 1
    assert store.ward.erased() == {"01-010"}
    with pytest.raises(PhotosErased):
        store.ward.photo_bytes(photo.photo_id)
    with pytest.raises(PhotosErased):
        take(store, "01-001", key="again")
    assert to_read(store) == set()
    assert store.vault.note_destroyed(by="root", at=LATER) == 0
    assert store.verify().clean


def test_nobody_who_is_not_enrolled_changes(store):
    for act in (withdraw, take_back_withdrawal, transfer, correct_number, correct_enrolment):
        with pytest.raises(RecordRefused, match="no patient '01-001'"):
            act(store)


def test_what_was_taken_after_a_withdrawal_is_kept_and_given_to_nobody(store):
    enrol(store)
    before = store.ward.add_photo(new_photo(key="before", taken_at=BEFORE))
    withdraw(store)
    after = take(store, key="after")
    assert [one.photo.photo_id for one in store.ward.photos()] == [before.photo_id]
    assert [one.photo.photo_id for one in store.ward.photos_after_withdrawal()] == [after.photo_id]
    assert to_read(store) == {before.photo_id}
    assert store.board.look().photos["01-001", "day1"].taken_at == BEFORE
    assert store.ward.photo_bytes(after.photo_id) == b"a photograph"


def test_a_withdrawal_that_is_taken_back_brings_the_photograph_back(store):
    enrol(store)
    photo = take(store)
    withdraw(store)
    assert (to_read(store), store.ward.photos()) == (set(), ())
    assert store.board.look().photos == {}
    take_back_withdrawal(store)
    assert to_read(store) == {photo.photo_id}
    assert store.board.look().photos.keys() == {("01-001", "day1")}
    with pytest.raises(Conflict, match="has not withdrawn"):
        take_back_withdrawal(store)


def test_photographs_that_are_to_be_erased_are_given_to_no_reader(store):
    enrol(store)
    photo = store.ward.add_photo(new_photo(taken_at=BEFORE))
    store.ward.lock_own_score(own(photo.photo_id))
    store.ward.confirm(final(photo.photo_id))
    read(store, "rita", Answer.scored(2), photo_id=photo.photo_id)
    withdraw(store, extent=Extent.PHOTOGRAPHS)
    assert to_read(store) == set()
    assert store.ward.photos()[0].photo.photo_id == photo.photo_id


def test_the_last_word_about_a_withdrawal_counts(store):
    enrol(store)
    withdraw(store)
    with pytest.raises(Conflict, match="already"):
        withdraw(store)
    withdraw(store, since=BEFORE, extent=Extent.TRAINING)
    withdrawal = store.changes.look().withdrawals["01-001"]
    assert (withdrawal.since, withdrawal.extent) == (BEFORE, Extent.TRAINING)


def test_a_patient_is_on_the_list_of_the_site_of_now(store):
    enrol(store, "01-001", "01-002")
    transfer(store)
    assert [one.patient for one in store.ward.patients(site="01")] == ["01-002"]
    (moved,) = store.ward.patients(site="02")
    assert (moved.patient, moved.site) == ("01-001", "01")
    with pytest.raises(Conflict, match="at site 02"):
        transfer(store)


def test_a_photograph_keeps_the_site_where_it_was_taken(store):
    enrol(store)
    store.ward.add_photo(new_photo(visit="baseline", key="before", taken_at=BEFORE))
    take(store, key="after")
    transfer(store)
    assert [one.site for one in store.committee.photos_to_read()] == ["01", "02"]


def test_a_later_word_about_an_earlier_time_takes_the_place_of_a_transfer(store):
    enrol(store)
    transfer(store, since=NOW)
    transfer(store, site="01", since=BEFORE)
    (patient,) = store.ward.patients()
    changes = store.changes.look()
    assert (changes.site_at(patient, LATER), changes.site_now(patient)) == ("01", "01")


def test_a_corrected_enrolment_holds_from_the_beginning(store):
    enrol(store)
    take(store)
    store.board.look(), store.committee.photos_to_read()
    correct_enrolment(store, site="03")
    (patient,) = store.ward.patients()
    assert (patient.site, patient.randomised_at) == ("03", LATER)
    assert store.board.look().patients == (patient,)
    assert [one.site for one in store.committee.photos_to_read()] == ["03"]
    with pytest.raises(Conflict, match="already"):
        correct_enrolment(store, site="03")


def test_every_change_is_listed_with_who_when_and_why(store):
    enrol(store)
    change_everything(store, "01-001", becomes="01-010")
    found = store.changes.all()
    assert {one.patient for one in found} == {"01-010"}
    assert [one.because for one in found] == ["Said so", "Another patient", "Moved", "Typed wrong", "Misread"]
    assert {(one.by, one.at) for one in found} == {("olga", LATER)}
    assert store.verify().clean
