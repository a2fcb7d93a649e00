from dataclasses import replace

import pytest

from mottling.errors import Conflict, RecordRefused
from mottling.store.model_shown import SaidAfter
from mottling.trial.committee_records import RepeatReading, TakenBack
from mottling.trial.reading_plan import Planned
from mottling.trial.records import Answer, Reading, UserDisabled
from tests.store.acts import NOW, add_user, enrol, read, sign, take, take_back


@pytest.fixture
def photo_id(store):
    enrol(store)
    return take(store).photo_id


def _give(store, reader, photo_id):
    return store.committee.assign(reader, choose=lambda _photos, _shown: Planned(photo_id), at=NOW)


def test_two_readers_who_agree_make_the_first_reading_the_verdict(store, photo_id):
    assert read(store, "rita", Answer.scored(3), photo_id=photo_id) is None
    verdict = read(store, "remi", Answer.scored(3), photo_id=photo_id)
    first = store.committee.readings(by="rita")[0]
    assert (verdict.reading_id, verdict.by) == (first.reading_id, "remi")
    assert store.committee.verdicts() == (verdict,)


def test_a_third_reader_decides_when_two_differ(store, photo_id):
    assert read(store, "rita", Answer.scored(3), photo_id=photo_id) is None
    assert read(store, "remi", Answer.scored(1), photo_id=photo_id) is None
    verdict = read(store, "rosa", Answer.scored(2), photo_id=photo_id)
    assert verdict.reading_id == store.committee.readings(by="rosa")[0].reading_id


def test_a_verdict_stands_when_more_is_read(store, photo_id):
    given = [_give(store, reader, photo_id) for reader in ("rita", "remi", "rosa")]
    assert [one.photo_id for one in given] == [photo_id] * 3
    for reader in ("rita", "remi", "rosa"):
        read(store, reader, Answer.scored(0 if reader == "rosa" else 4), photo_id=photo_id)
    assert len(store.committee.verdicts()) == 1
    assert len(store.committee.readings()) == 3


def test_what_waits_for_a_reader_comes_again_until_it_is_locked(store, photo_id):
    other = take(store, visit="baseline").photo_id
    first = _give(store, "rita", photo_id)
    assert _give(store, "rita", other) == first
    read(store, "rita", Answer.scored(0), photo_id=photo_id)
    assert _give(store, "rita", other).photo_id == other


def test_a_photograph_that_was_taken_again_no_longer_waits(store, photo_id):
    _give(store, "rita", photo_id)
    retaken = take(store, data=b"taken again").photo_id
    assert [photo.photo_id for photo in store.committee.photos_to_read()] == [retaken]
    assert _give(store, "rita", retaken).photo_id == retaken


def test_nothing_is_given_when_nothing_is_chosen(store, photo_id):
    assert store.committee.assign("rita", choose=lambda _photos, _shown: None, at=NOW) is None


def test_who_chooses_sees_how_far_each_photograph_is(store, photo_id):
    read(store, "rita", Answer.scored(3), photo_id=photo_id)
    seen = []
    store.committee.assign("remi", choose=lambda photos, _shown: seen.extend(photos), at=NOW)
    assert [(one.photo_id, one.readers, len(one.readings)) for one in seen] == [
        (photo_id, frozenset({"rita"}), 1)
    ]


def test_a_reader_who_left_before_reading_is_no_longer_expected(store, photo_id):
    add_user(store, "rita", role="reader", site=None)
    add_user(store, "remi", role="reader", site=None)
    _give(store, "rita", photo_id)
    read(store, "remi", Answer.scored(1), photo_id=photo_id)
    for name in ("rita", "remi"):
        store.users.disable(UserDisabled(name=name, by="root", at=NOW))
    assert store.committee.photos_to_read()[0].readers == {"remi"}


def test_a_reading_is_locked_once(store, photo_id):
    given = _give(store, "rita", photo_id)
    read(store, "rita", Answer.scored(1), photo_id=photo_id)
    again = _reading(given.reading_id, photo_id, by="rita")
    with pytest.raises(Conflict, match="locked already"):
        store.committee.lock(again)


@pytest.mark.parametrize("wrong", ["reader", "photo", "id"])
def test_a_reading_that_was_not_given_is_refused(store, photo_id, wrong):
    other = take(store, visit="baseline").photo_id
    given = _give(store, "rita", photo_id)
    reading = _reading(
        "no such id" if wrong == "id" else given.reading_id,
        other if wrong == "photo" else photo_id,
        by="remi" if wrong == "reader" else "rita",
    )
    with pytest.raises(RecordRefused, match="was not given to this reader"):
        store.committee.lock(reading)
    assert store.committee.readings() == ()


def _reading(reading_id, photo_id, *, by):
    return Reading(
        reading_id=reading_id, photo_id=photo_id, answer=Answer.scored(5), reading_s=1.0, by=by, at=NOW
    )


def _give_again(store, reader, photo_id):
    return store.committee.assign(
        reader, choose=lambda _photos, _shown: Planned(photo_id, is_repeat=True), at=NOW
    )


def _again(given, score):
    return RepeatReading(
        reading_id=given.reading_id,
        photo_id=given.photo_id,
        answer=Answer.scored(score),
        reading_s=1.0,
        by=given.by,
        at=NOW,
    )


def test_a_photograph_that_comes_back_waits_like_any_other_until_it_is_locked(store, photo_id):
    read(store, "rita", Answer.scored(3), photo_id=photo_id)
    given = _give_again(store, "rita", photo_id)
    assert _give(store, "rita", photo_id) == store.committee.waiting("rita") == given
    assert store.committee.find_assignment(given.reading_id) == given
    store.committee.lock(_again(given, 3))
    assert store.committee.waiting("rita") is None
    assert store.committee.shown("rita") == (Planned(photo_id), Planned(photo_id, is_repeat=True))


def test_a_repeat_settles_nothing_and_is_no_reading(store, photo_id):
    read(store, "rita", Answer.scored(3), photo_id=photo_id)
    store.committee.lock(_again(_give_again(store, "rita", photo_id), 3))
    assert sign(store, "rita", settle=lambda readings: readings[0]) == ()
    assert store.committee.verdicts() == ()
    assert len(store.committee.readings()) == len(store.committee.repeats()) == 1
    assert len(store.committee.photos_to_read()[0].readings) == 1


def test_a_repeat_is_locked_once_and_not_as_a_first_reading(store, photo_id):
    read(store, "rita", Answer.scored(3), photo_id=photo_id)
    given = _give_again(store, "rita", photo_id)
    with pytest.raises(RecordRefused, match="was not given to this reader"):
        store.committee.lock(_reading(given.reading_id, photo_id, by="rita"))
    store.committee.lock(_again(given, 3))
    with pytest.raises(Conflict, match="locked already"):
        store.committee.lock(_again(given, 4))


def test_what_a_store_draws_from_stays_the_same(store, photo_id):
    seed = store.committee.seed()
    read(store, "rita", Answer.scored(3), photo_id=photo_id)
    assert store.committee.seed() == seed


def test_what_was_taken_back_waits_no_more_and_the_reader_is_not_expected(store, photo_id):
    take_back(store, "rita", photo_id=photo_id)
    assert store.committee.waiting("rita") is None
    (photo,) = store.committee.photos_to_read()
    assert (photo.readers, photo.without) == (frozenset(), {"rita"})


def test_what_was_taken_back_is_not_locked_any_more(store, photo_id):
    reading_id = take_back(store, "rita", photo_id=photo_id)
    reading = Reading(
        reading_id=reading_id, photo_id=photo_id, answer=Answer.scored(1), reading_s=1, by="rita", at=NOW
    )
    with pytest.raises(Conflict, match="given to another reader"):
        store.committee.lock(reading)


def test_only_what_waits_is_taken_back(store, photo_id):
    read(store, "rita", Answer.scored(2), photo_id=photo_id)
    (reading,) = store.committee.readings()
    taken = TakenBack(reading_id=reading.reading_id, because="On leave", by="cora", at=NOW)
    with pytest.raises(Conflict, match="is read"):
        store.committee.take_back(taken)
    with pytest.raises(RecordRefused, match="No reader has"):
        store.committee.take_back(taken.model_copy(update={"reading_id": "none"}))


def test_what_a_reader_says_after_the_model_was_shown_is_said_once(store, photo_id):
    given = _give(store, "rita", photo_id)
    store.committee.lock(
        Reading(
            reading_id=given.reading_id,
            photo_id=photo_id,
            answer=Answer.scored(3),
            reading_s=7.5,
            by="rita",
            at=NOW,
        )
    )
    said = SaidAfter(given.reading_id, "rita", Answer.scored(2), True, "The thigh too", NOW)
    with pytest.raises(Conflict, match="was not shown yet"):
        store.committee.say_after(said)
    store.committee.show_model(given.reading_id, by="rita", at=NOW)
    store.committee.say_after(said)
    with pytest.raises(Conflict, match="This is answered already"):
        store.committee.say_after(replace(said, answer=Answer.scored(1)))
    assert store.committee.batch("rita")[-1].reading.answer == Answer.scored(2)
