"""What the committee says together is a record of its own kind, and the verdict names it."""

import pytest

from mottling.errors import Conflict, PhotosErased, RecordRefused
from mottling.scale import Status
from mottling.trial.reading_plan import Planned
from mottling.trial.records import Answer
from tests.store.acts import NOW, SHA, enrol, erasure, meet, minutes, read, take


@pytest.fixture
def photo_id(store):
    """Two have read it, and differ."""
    enrol(store)
    made = take(store).photo_id
    read(store, "rita", Answer.scored(1), photo_id=made)
    read(store, "remi", Answer.scored(4), photo_id=made)
    return made


def test_it_is_the_verdict_and_names_who_sat_there_and_what_differed(store, photo_id):
    verdict = meet(store, photo_id=photo_id)
    (said,) = store.committee.consensus()
    assert (verdict.reading_id, verdict.photo_id, verdict.by) == (said.reading_id, photo_id, "rita")
    assert said.members() == ("remi", "rita")
    assert [one.reading_id for one in said.names()] == [one.reading_id for one in store.committee.readings()]
    assert store.committee.verdicts() == ()
    assert store.verify().clean


def test_the_office_sees_it_as_any_verdict(store, photo_id):
    assert store.board.look().photos["01-001", "day1"].verdict is None
    meet(store, photo_id=photo_id, answer=Answer.not_assessable("dark"))
    verdict = store.board.look().photos["01-001", "day1"].verdict
    assert verdict == Answer(Status.NOT_ASSESSABLE, None, "dark")
    with store.committee.looking() as board:
        assert board.settled() == {photo_id}
        assert board.photos_of_readings()["of the meeting"] == photo_id


def test_the_committee_meets_once_about_a_photograph(store, photo_id):
    meet(store, photo_id=photo_id)
    with pytest.raises(Conflict, match="waits for no meeting"):
        meet(store, photo_id=photo_id, answer=Answer.scored(0))
    assert len(store.committee.consensus()) == 1


def test_nothing_is_recorded_of_what_waits_for_no_meeting(store, photo_id):
    with pytest.raises(Conflict, match="waits for no meeting"):
        store.committee.meet(minutes(photo_id), awaits=lambda _: False)
    with pytest.raises(RecordRefused, match="no such photograph"):
        store.committee.meet(minutes("made up"), awaits=lambda _: True)
    assert store.committee.consensus() == ()


def test_nobody_meets_about_what_was_erased(store, photo_id):
    store.vault.erase(erasure())
    with pytest.raises(PhotosErased):
        meet(store, photo_id=photo_id)


def test_what_was_talked_about_does_not_come_back_to_who_sat_there(store, photo_id):
    for reader in ("rita", "rosa"):
        given = store.committee.assign(
            reader, choose=lambda _photos, _shown: Planned(photo_id, is_repeat=True), at=NOW
        )
        assert store.committee.waiting(reader) == given
    meet(store, photo_id=photo_id)
    assert store.committee.waiting("rita") is None
    assert store.committee.waiting("rosa") is not None
    (photo,) = store.committee.photos_to_read()
    assert (photo.verdict, photo.met) == (Answer.scored(3), {"remi", "rita"})


def test_a_meeting_about_a_reading_that_is_not_what_was_read_is_found(store, photo_id):
    meet(store, photo_id=photo_id)
    other = take(store, visit="baseline").photo_id
    (said,) = store.committee.consensus()
    forged = said.model_copy(
        update={
            "photo_id": other,
            "reading_id": "forged",
            "differed": f"{said.names()[0].reading_id} {SHA}",
        }
    )
    with store._ledger.writing() as pen:
        pen.add(forged)
    assert "is about a reading that is not what was read" in store.verify().bad_row.what
