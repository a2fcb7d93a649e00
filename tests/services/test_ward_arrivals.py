"""A photograph that comes with its own score: perhaps late, or twice, or after a crash in between."""

from contextlib import closing
from datetime import timedelta

import pytest

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.scale import Zone
from mottling.services.opening import open_services
from mottling.services.views import Answer, Framing, Shot
from tests.house import DAY1, MINUTE, NINA, NOAH, RITA, charter_text, house_settings, open_house, take
from tests.tiny_model import a_jpeg

TWO = Answer.scored(2)


def shot(*, age_s: float = 0.0, key: str = "key-1") -> Shot:
    return Shot("01-001", "day1", a_jpeg([Zone.COIN, Zone.KNEE]), key, age_s)


def test_photograph_and_own_score_are_stored_and_the_model_has_read(house):
    photo_id = house.ward.take_scored(NINA, shot(), TWO, at=DAY1).photo_id
    assert house.ward.photo(NINA, photo_id).own == TWO
    assert house.ward.proposal(NINA, photo_id, at=DAY1).assessment.score == 2


def test_sent_twice_it_is_stored_once(house):
    first, again = (house.ward.take_scored(NINA, shot(), TWO, at=DAY1 + n * MINUTE) for n in (0, 1))
    assert first == again


def test_sent_again_after_a_crash_behind_the_photograph_the_score_is_locked(house):
    photo_id = house.ward.take_photo(NINA, shot(), at=DAY1).photo_id
    assert house.ward.take_scored(NINA, shot(), TWO, at=DAY1 + MINUTE).photo_id == photo_id
    assert house.ward.photo(NINA, photo_id).own == TWO


def test_sent_again_after_a_crash_behind_the_score_the_model_reads(house, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(house.ward._model, "read", lambda *_args, **_named: None)
        photo_id = house.ward.take_scored(NINA, shot(), TWO, at=DAY1).photo_id
    assert house.ward.proposal(NINA, photo_id, at=DAY1) is None
    house.ward.take_scored(NINA, shot(), TWO, at=DAY1 + MINUTE)
    assert house.ward.proposal(NINA, photo_id, at=DAY1 + MINUTE).assessment.score == 2


def test_sent_again_while_the_first_try_is_at_work_it_is_not_refused(house, monkeypatch):
    lock = house.ward._book.lock_own_score

    def lock_behind_the_first_try(own):
        lock(own.model_copy(update={"at": DAY1}))
        lock(own)

    monkeypatch.setattr(house.ward._book, "lock_own_score", lock_behind_the_first_try)
    photo_id = house.ward.take_scored(NINA, shot(), TWO, at=DAY1 + MINUTE).photo_id
    assert house.ward.photo(NINA, photo_id).own == TWO
    assert house.ward.proposal(NINA, photo_id, at=DAY1 + MINUTE).assessment.score == 2


def test_sent_again_with_another_score_while_the_first_try_is_at_work_it_is_refused(house, monkeypatch):
    lock = house.ward._book.lock_own_score

    def lock_behind_the_first_try(own):
        lock(own.model_copy(update={"answer": Answer.scored(3)}))
        lock(own)

    monkeypatch.setattr(house.ward._book, "lock_own_score", lock_behind_the_first_try)
    with pytest.raises(Conflict, match="locked already"):
        house.ward.take_scored(NINA, shot(), TWO, at=DAY1)


def test_another_score_under_the_same_key_is_refused(house):
    house.ward.take_scored(NINA, shot(), TWO, at=DAY1)
    with pytest.raises(Conflict, match="locked already"):
        house.ward.take_scored(NINA, shot(), Answer.scored(3), at=DAY1)


def test_a_score_that_is_none_leaves_no_photograph_behind(house):
    with pytest.raises(RecordRefused):
        house.ward.take_scored(NINA, shot(), Answer.not_assessable("no reason of the trial"), at=DAY1)
    assert house.ward.today(NINA, at=DAY1)[0].visits[1].photo_id is None


def test_a_photograph_that_waited_for_the_network_counts_as_taken_when_it_was(house):
    came_at = DAY1 + timedelta(hours=9)
    taken = house.ward.take_scored(NINA, shot(age_s=8 * 3600), TWO, at=came_at)
    assert not taken.outside_window
    assert house.ward.photo(NINA, taken.photo_id).taken_at == DAY1 + timedelta(hours=1)


def test_one_that_came_at_once_has_the_time_of_its_record(house):
    taken = house.ward.take_scored(NINA, shot(age_s=20), TWO, at=DAY1)
    assert house.ward.photo(NINA, taken.photo_id).taken_at == DAY1


@pytest.mark.parametrize("age_s", [-1.0, 40 * 24 * 3600.0, float("nan")])
def test_an_age_that_no_tablet_sends_is_refused(house, age_s):
    with pytest.raises(RecordRefused, match="seconds old"):
        house.ward.take_scored(NINA, shot(age_s=age_s), TWO, at=DAY1)


@pytest.mark.parametrize(
    ("up_to", "framing"),
    [
        (Zone.BEYOND_GROIN, Framing.GOOD),
        (Zone.UPPER_THIGH, Framing.GOOD),
        (Zone.LOWER_THIGH, Framing.ENDS_LOW),
        (Zone.KNEE, Framing.ENDS_LOW),
    ],
)
def test_a_picture_that_ends_too_low_is_known_before_the_patient_is_covered(house, up_to, framing):
    assert house.ward.framing(NINA, a_jpeg(up_to=up_to)) is framing


@pytest.mark.parametrize("up_to", [Zone.BEYOND_GROIN, Zone.KNEE])
def test_the_framing_says_nothing_of_mottling(house, up_to):
    mottled, clean = a_jpeg([Zone.COIN, Zone.KNEE], up_to=up_to), a_jpeg(up_to=up_to)
    assert house.ward.framing(NINA, mottled) is house.ward.framing(NINA, clean)


def test_who_is_not_of_a_ward_asks_for_no_framing_and_no_key(house):
    with pytest.raises(NotAllowed):
        house.ward.framing(RITA, a_jpeg())
    with pytest.raises(NotAllowed):
        house.ward.outbox_key(RITA)


def test_the_key_of_the_tablets_is_a_persons_own_and_the_same_after_a_restart(house, tmp_path):
    keys = house.ward.outbox_key(NINA), house.ward.outbox_key(NOAH)
    assert keys[0] != keys[1]
    house.close()
    with closing(open_services(house_settings(tmp_path), at=DAY1)) as again:
        assert again.ward.outbox_key(NINA) == keys[0]


def test_the_model_reads_each_photograph_of_a_visit_once_the_own_score_of_the_last_is_locked(house):
    first, last = take(house, data=a_jpeg([Zone.COIN]), key="first"), take(house, key="last")
    assert house.ward._book.photo(first).assessment is None
    with pytest.raises(NotAllowed, match="own score is not locked"):
        house.ward.proposals_beside(NINA, last, at=DAY1)
    house.ward.lock_own_score(NINA, last, Answer.scored(2), at=DAY1)
    with pytest.raises(NotAllowed, match="not shown yet"):
        house.ward.overlay(NINA, first)
    (beside,) = house.ward.proposals_beside(NINA, last, at=DAY1)
    steps = house.ward._book.photo(first)
    assert (beside.photo_id, beside.assessment.sha256) == (first, steps.photo.sha256)
    assert (beside.assessment.score, house.ward.proposal(NINA, last, at=DAY1).assessment.score) == (1, 0)
    assert (steps.own, steps.reveal.by) == (None, "nina")
    assert house.ward.overlay(NINA, first)[:2] == b"\xff\xd8"


def test_where_the_trial_file_hides_the_proposal_no_earlier_one_is_revealed_either(tmp_path):
    hidden = charter_text("proposal_on_ward = true", "proposal_on_ward = false")
    with closing(open_house(tmp_path, charter=hidden)) as house:
        first, last = take(house, key="first"), take(house, key="last")
        house.ward.lock_own_score(NINA, last, Answer.scored(2), at=DAY1)
        assert house.ward.proposals_beside(NINA, last, at=DAY1) == ()
        assert house.ward._book.photo(first).reveal is None


def test_who_has_seen_a_proposal_gives_no_own_score_of_another_photograph(house):
    first = take(house, key="first")
    house.ward.lock_own_score(NINA, first, Answer.scored(2), at=DAY1)
    house.ward.proposal(NINA, first, at=DAY1 + timedelta(minutes=2))
    later = DAY1 + timedelta(minutes=3)
    with pytest.raises(RecordRefused, match="was shown already"):
        house.ward.take_scored(NINA, shot(key="after"), TWO, at=later)
    before = house.ward.take_scored(NINA, shot(key="before", age_s=120.0), TWO, at=later)
    assert house.ward.today(NINA, at=later)[0].visits[1].photo_id == before.photo_id


def test_the_proposal_for_a_photograph_that_was_taken_again_is_not_shown_before_the_later_own_score(house):
    first = take(house, key="first")
    house.ward.lock_own_score(NINA, first, Answer.scored(2), at=DAY1)
    last = take(house, key="last")
    with pytest.raises(Conflict, match="later photograph"):
        house.ward.proposal(NINA, first, at=DAY1)
    house.ward.lock_own_score(NINA, last, Answer.scored(3), at=DAY1)
    assert [one.photo_id for one in house.ward.proposals_beside(NINA, last, at=DAY1)] == [first]
