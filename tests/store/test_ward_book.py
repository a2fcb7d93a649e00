import hashlib
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from mottling.errors import Conflict, RecordRefused, StoreRefused
from mottling.trial.office_records import TrialFile
from mottling.trial.records import Answer, Patient, Reveal
from tests.store.acts import NOW, SHA, assessment, enrol, final, new_photo, not_done, own, take
from tests.store.model_acts import measure


@pytest.fixture
def photo_id(store):
    enrol(store)
    return take(store).photo_id


class FullDisk:
    """A shelf on a disk without room."""

    def put(self, data, *, patient):
        raise StoreRefused("No space left on device", remedy="Make room")


class PowerCut:
    """A ledger whose machine dies before the first record is written."""

    def __init__(self, ledger):
        self.reading = ledger.reading

    def writing(self):
        raise ConnectionAbortedError


def _take_many(store):
    for number in range(200):
        take(store, data=str(number).encode())


def test_a_photograph_is_stored_byte_for_byte(store):
    enrol(store)
    data = b"\xff\xd8\xff\xe1 with everything that the camera wrote"
    photo = take(store, data=data)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert store.ward.photo_bytes(photo.photo_id) == data


def test_the_same_upload_twice_is_one_photograph(store):
    enrol(store)
    first = store.ward.add_photo(new_photo())
    assert store.ward.add_photo(new_photo()) == first
    assert len(store.ward.photos()) == 1


def test_an_upload_sent_again_after_the_visit_was_confirmed_is_still_the_same_photograph(store):
    enrol(store)
    first = store.ward.add_photo(new_photo())
    store.ward.confirm(final(first.photo_id))
    assert store.ward.add_photo(new_photo()) == first


@pytest.mark.parametrize(
    "other", [{"data": b"other bytes"}, {"patient": "01-002"}, {"visit": "baseline"}], ids=str
)
def test_a_key_used_for_something_else_is_a_conflict(store, other):
    enrol(store, "01-001", "01-002")
    store.ward.add_photo(new_photo())
    with pytest.raises(Conflict, match="stored before with another"):
        store.ward.add_photo(replace(new_photo(), **other))
    assert (len(store.ward.photos()), store.verify().orphans) == (1, ())


def test_a_photograph_of_nobody_is_refused_and_leaves_nothing(store):
    with pytest.raises(RecordRefused, match="no patient '09-999'"):
        take(store, "09-999")
    assert store.verify().orphans == ()


def test_a_confirmed_visit_takes_no_more_photographs(store, photo_id):
    store.ward.confirm(final(photo_id))
    with pytest.raises(RecordRefused, match="confirmed already"):
        take(store, data=b"a second one")


def test_a_visit_that_was_not_done_takes_no_photograph(store):
    enrol(store)
    store.ward.add_not_done(not_done(visit="day1"))
    with pytest.raises(RecordRefused, match="recorded as not done"):
        take(store, visit="day1")


def test_a_full_disk_stores_neither_photograph_nor_record(store):
    enrol(store)
    store.ward._photos = FullDisk()
    with pytest.raises(StoreRefused, match="No space left"):
        take(store)
    assert store.ward.photos() == ()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_full_disk_under_the_records_leaves_an_orphan_at_most(store):
    enrol(store)
    with store._ledger.database.reading.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StoreRefused, match=r"The server's disk is full\. Nothing was stored"):
        _take_many(store)
    with store._ledger.database.reading.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
    found = store.verify()
    assert (found.clean, len(found.orphans)) == (True, 1)
    assert take(store, data=b"there is room again").photo_id


def test_a_power_cut_between_photograph_and_record_leaves_an_orphan_that_the_next_try_adopts(store):
    enrol(store)
    store.ward._ledger = PowerCut(store._ledger)
    with pytest.raises(ConnectionAbortedError):
        take(store)
    assert store.ward.photos() == ()
    assert len(store.verify().orphans) == 1
    store.ward._ledger = store._ledger
    take(store)
    found = store.verify()
    assert (found.clean, found.orphans, found.files) == (True, (), 1)


def test_the_steps_of_a_photograph_come_together(store, photo_id):
    store.ward.lock_own_score(own(photo_id))
    store.ward.add_assessment(photo_id, assessment(), overlay=b"overlay", by="server", at=NOW)
    store.ward.reveal(Reveal(photo_id=photo_id, by="nina", at=NOW))
    store.ward.confirm(final(photo_id))
    steps = store.ward.photo(photo_id)
    assert steps.own.answer == Answer.scored(2)
    assert steps.assessment.assessment == assessment()
    assert steps.reveal.at == NOW
    assert steps.final.answer == Answer.at_least(3)
    assert store.ward.photos() == (steps,)
    assert store.ward.photos(patient="01-002") == ()


def test_many_photographs_come_with_their_own_steps(store):
    numbers = [f"01-{number:03d}" for number in range(25)]
    enrol(store, *numbers)
    taken = [take(store, number).photo_id for number in numbers]
    store.ward.lock_own_score(own(taken[7], Answer.scored(4)))
    scored = {steps.photo.photo_id: steps.own for steps in store.ward.photos()}
    assert [photo_id for photo_id in taken if scored[photo_id] is not None] == [taken[7]]


def test_an_own_score_is_locked_once(store, photo_id):
    store.ward.lock_own_score(own(photo_id))
    with pytest.raises(Conflict, match=r"own score .* locked already"):
        store.ward.lock_own_score(own(photo_id, Answer.scored(3)))


def test_a_final_record_is_there_once(store, photo_id):
    store.ward.confirm(final(photo_id))
    with pytest.raises(Conflict, match=r"final record .* there already"):
        store.ward.confirm(final(photo_id))


@pytest.mark.parametrize("act", ["lock_own_score", "confirm"])
def test_nothing_is_recorded_of_a_photograph_that_is_not_there(store, act):
    record = {"lock_own_score": own, "confirm": final}[act]("no such id")
    with pytest.raises(RecordRefused, match="no such photograph"):
        getattr(store.ward, act)(record)


def test_the_first_reveal_is_the_one_that_counts(store, photo_id):
    first = Reveal(photo_id=photo_id, by="nina", at=NOW)
    later = Reveal(photo_id=photo_id, by="noah", at=NOW.replace(hour=9))
    assert store.ward.reveal(first) == first
    assert store.ward.reveal(later) == first


def test_a_photograph_is_assessed_once(store, photo_id):
    first = store.ward.add_assessment(photo_id, assessment(), overlay=b"first", by="server", at=NOW)
    again = store.ward.add_assessment(photo_id, assessment(), overlay=b"second", by="server", at=NOW)
    assert again == first
    assert store.ward.overlay(photo_id) == b"first"


def test_a_photograph_without_overlay_has_none(store, photo_id):
    assert store.ward.overlay(photo_id) is None
    store.ward.add_assessment(photo_id, assessment(), overlay=None, by="server", at=NOW)
    assert store.ward.overlay(photo_id) is None


def test_a_visit_with_a_photograph_was_done(store, photo_id):
    with pytest.raises(Conflict, match="has a photograph"):
        store.ward.add_not_done(not_done(visit="day1"))


def test_a_visit_is_not_done_once(store):
    enrol(store)
    store.ward.add_not_done(not_done())
    with pytest.raises(Conflict, match="not done already"):
        store.ward.add_not_done(not_done())
    assert store.ward.not_done() == (not_done(),)


def test_enrolment_is_all_or_nothing(store):
    enrol(store, "01-001")
    with pytest.raises(Conflict, match="01-001 is enrolled already"):
        enrol(store, "01-002", "01-001")
    assert [patient.patient for patient in store.ward.patients()] == ["01-001"]


def test_patients_are_listed_by_site(store):
    enrol(store, "02-001", "01-002", "01-001")
    assert [patient.patient for patient in store.ward.patients(site="01")] == ["01-001", "01-002"]
    assert store.ward.find_patient("03-001") is None


def test_times_are_kept_in_utc_to_the_microsecond(store):
    local = datetime(2026, 3, 29, 3, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    store.ward.enrol([Patient(patient="01-001", site="01", randomised_at=local, by="olga", at=NOW)])
    found = store.ward.find_patient("01-001").randomised_at
    assert found == local
    assert found.isoformat() == "2026-03-29T01:30:00.123456+00:00"


def test_a_changed_trial_file_is_a_new_record_and_the_same_one_is_none(store):
    first = TrialFile(trial="T", sha256=SHA, text="a", by="server", at=NOW)
    for file in (first, first, first.model_copy(update={"sha256": "b" * 64}), first):
        store.ward.use_trial_file(file)
    assert [entry.act for entry in store.office.audit()] == ["trial_file_used"] * 3


def test_a_store_belongs_to_one_trial(store):
    first = TrialFile(trial="T", sha256=SHA, text="a", by="server", at=NOW)
    store.ward.use_trial_file(first)
    with pytest.raises(Conflict, match="belongs to the trial T, not U"):
        store.ward.use_trial_file(first.model_copy(update={"trial": "U"}))


def test_a_photograph_that_waited_on_the_tablet_keeps_the_time_when_it_was_taken(store):
    enrol(store)
    taken_at = NOW - timedelta(hours=3)
    photo = store.ward.add_photo(new_photo(taken_at=taken_at))
    steps = store.ward.photo(photo.photo_id)
    assert (steps.taken_at, steps.photo.at) == (taken_at, NOW)


def test_one_that_did_not_wait_was_taken_when_it_came(store):
    enrol(store)
    assert store.ward.photo(take(store).photo_id).taken_at == NOW


def test_a_photographs_distance_is_kept_once(store, photo_id):
    measure(store, photo_id, 0.75)
    measure(store, photo_id, 0.9)
    assert store.ward.distances() == {photo_id: 0.75}
    assert store.verify().clean


def test_of_a_photograph_that_is_not_there_no_distance_is_kept(store):
    with pytest.raises(RecordRefused):
        measure(store, "nowhere")
