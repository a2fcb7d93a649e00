from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mottling.trial.adjudication import PhotoToRead, agree, settling_reading, wants_reader
from mottling.trial.records import Answer, Reading

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOT_ASSESSABLE = Answer.not_assessable("blurred")
ANSWERS = st.one_of(
    st.builds(Answer.scored, st.integers(0, 5)),
    st.builds(Answer.at_least, st.integers(1, 4)),
    st.builds(Answer.not_assessable, st.sampled_from(["blurred", "dark"])),
)


def readings(*answers):
    return tuple(
        Reading(reading_id=f"r{n}", photo_id="p", answer=answer, reading_s=1.0, by=f"reader {n}", at=AT)
        for n, answer in enumerate(answers)
    )


def to_read(photo_id="p", *, given_to=(), answers=()):
    read = readings(*answers)
    return PhotoToRead(photo_id, frozenset(given_to) | {one.by for one in read}, read)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Answer.scored(2), Answer.scored(2), True),
        (Answer.scored(2), Answer.scored(3), False),
        (Answer.scored(2), Answer.at_least(2), False),
        (Answer.at_least(2), Answer.at_least(2), True),
        (Answer.scored(0), NOT_ASSESSABLE, False),
        (NOT_ASSESSABLE, Answer.scored(0), False),
        (NOT_ASSESSABLE, Answer.not_assessable("dark"), True),
    ],
)
def test_answers_agree_when_they_say_the_same(one, other, same):
    assert agree(one, other) == same


def test_one_reading_of_two_settles_nothing():
    assert settling_reading(readings(Answer.scored(2)), readers_per_photo=2) is None


def test_the_earlier_of_two_that_agree_is_the_verdict():
    both = readings(Answer.scored(2), Answer.scored(2))
    assert settling_reading(both, readers_per_photo=2) == both[0]


def test_two_that_differ_wait_for_a_third():
    assert settling_reading(readings(Answer.scored(1), Answer.scored(3)), readers_per_photo=2) is None


@pytest.mark.parametrize("third", [Answer.scored(1), Answer.scored(2), NOT_ASSESSABLE], ids=str)
def test_the_third_decides_whatever_the_third_says(third):
    three = readings(Answer.scored(1), Answer.scored(3), third)
    assert settling_reading(three, readers_per_photo=2) == three[2]


def test_a_single_reader_decides_alone():
    one = readings(Answer.scored(4))
    assert settling_reading(one, readers_per_photo=1) == one[0]


@given(st.lists(ANSWERS, max_size=5), st.sampled_from([1, 2]))
def test_a_verdict_is_always_a_reading_that_a_person_gave(answers, readers_per_photo):
    given_ones = readings(*answers)
    chosen = settling_reading(given_ones, readers_per_photo=readers_per_photo)
    assert chosen is None or chosen in given_ones


@given(st.lists(ANSWERS, max_size=5), st.lists(ANSWERS, max_size=2))
def test_a_verdict_never_changes_when_more_is_read(answers, more):
    chosen = settling_reading(readings(*answers), readers_per_photo=2)
    if chosen is not None:
        assert settling_reading(readings(*answers, *more), readers_per_photo=2) == chosen


@pytest.mark.parametrize(
    ("given_to", "answers", "wants"),
    [
        ((), (), True),
        (("a",), (), True),
        (("a", "b"), (), False),
        (("a",), (Answer.scored(1),), False),
        ((), (Answer.scored(1), Answer.scored(1)), False),
        ((), (Answer.scored(1), Answer.scored(2)), True),
        (("c",), (Answer.scored(1), Answer.scored(2)), False),
        ((), (Answer.scored(1), Answer.scored(2), Answer.scored(5)), False),
    ],
)
def test_a_photograph_wants_two_readers_and_a_third_when_they_differ(given_to, answers, wants):
    photo = to_read(given_to=given_to, answers=answers)
    assert wants_reader(photo, readers_per_photo=2) == wants
