from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mottling.trial.adjudication import (
    PhotoToRead,
    are_far_apart,
    awaits_meeting,
    differ,
    settling_reading,
    wants_reader,
)
from mottling.trial.reading_rules import Bounds, Counts, InDispute, ModelUse, NotAssessable, ReadingRules
from mottling.trial.records import Answer, Reading

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOT_ASSESSABLE = Answer.not_assessable("blurred")
ANSWERS = st.one_of(
    st.builds(Answer.scored, st.integers(0, 5)),
    st.builds(Answer.at_least, st.integers(1, 4)),
    st.builds(Answer.not_assessable, st.sampled_from(["blurred", "dark"])),
)

TWO = ReadingRules()
WIDE = ReadingRules(differ_by=2, counts=Counts.EARLIER)
HIGHER = ReadingRules(differ_by=2, counts=Counts.HIGHER)
LOWER = ReadingRules(differ_by=2, counts=Counts.LOWER)
AS_SCORE = ReadingRules(at_least=Bounds.AS_SCORE, counts=Counts.EARLIER)
REACHED = ReadingRules(at_least=Bounds.REACHED, counts=Counts.HIGHER)
SCORE_COUNTS = ReadingRules(not_assessable=NotAssessable.SCORE_COUNTS)
JOINS = ReadingRules(third_reader=InDispute.JOINS)
MEETING = ReadingRules(third_reader=InDispute.MEETING)
ALONE = ReadingRules(readers_per_photo=1)
RULES = st.sampled_from([TWO, WIDE, HIGHER, LOWER, AS_SCORE, REACHED, SCORE_COUNTS, JOINS, MEETING, ALONE])


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
    assert differ(one, other, rules=TWO) is not same


@pytest.mark.parametrize(
    ("rules", "one", "other", "differs"),
    [
        (WIDE, Answer.scored(2), Answer.scored(3), False),
        (WIDE, Answer.scored(2), Answer.scored(4), True),
        (WIDE, Answer.scored(2), Answer.at_least(2), True),
        (WIDE, Answer.at_least(2), Answer.at_least(3), False),
        (AS_SCORE, Answer.scored(2), Answer.at_least(2), False),
        (AS_SCORE, Answer.scored(3), Answer.at_least(2), True),
        (REACHED, Answer.scored(4), Answer.at_least(2), False),
        (REACHED, Answer.scored(1), Answer.at_least(2), True),
        (REACHED, Answer.at_least(1), Answer.at_least(4), False),
        (SCORE_COUNTS, Answer.scored(1), NOT_ASSESSABLE, False),
        (SCORE_COUNTS, Answer.scored(1), Answer.scored(2), True),
    ],
    ids=str,
)
def test_the_trial_file_says_what_differs_whoever_read_first(rules, one, other, differs):
    assert differ(one, other, rules=rules) == differ(other, one, rules=rules) == differs


@pytest.mark.parametrize(
    ("rules", "answers", "chosen"),
    [
        (WIDE, (Answer.scored(3), Answer.scored(2)), 0),
        (HIGHER, (Answer.scored(2), Answer.scored(3)), 1),
        (HIGHER, (Answer.scored(3), Answer.scored(3)), 0),
        (LOWER, (Answer.scored(3), Answer.scored(2)), 1),
        (LOWER, (NOT_ASSESSABLE, NOT_ASSESSABLE), 0),
        (SCORE_COUNTS, (NOT_ASSESSABLE, Answer.scored(2)), 1),
    ],
    ids=str,
)
def test_of_two_that_agree_and_are_not_the_same_the_trial_file_says_which_counts(rules, answers, chosen):
    both = readings(*answers)
    assert settling_reading(both, rules=rules) == both[chosen]


def test_one_reading_of_two_settles_nothing():
    assert settling_reading(readings(Answer.scored(2)), rules=TWO) is None


def test_the_earlier_of_two_that_agree_is_the_verdict():
    both = readings(Answer.scored(2), Answer.scored(2))
    assert settling_reading(both, rules=TWO) == both[0]


def test_two_that_differ_wait_for_a_third():
    assert settling_reading(readings(Answer.scored(1), Answer.scored(3)), rules=TWO) is None


@pytest.mark.parametrize("third", [Answer.scored(1), Answer.scored(2), NOT_ASSESSABLE], ids=str)
def test_the_third_decides_whatever_the_third_says(third):
    three = readings(Answer.scored(1), Answer.scored(3), third)
    assert settling_reading(three, rules=TWO) == three[2]


def test_a_single_reader_decides_alone():
    one = readings(Answer.scored(4))
    assert settling_reading(one, rules=ReadingRules(readers_per_photo=1)) == one[0]


@given(st.lists(ANSWERS, max_size=5), RULES)
def test_a_verdict_is_always_a_reading_that_a_person_gave(answers, rules):
    given_ones = readings(*answers)
    chosen = settling_reading(given_ones, rules=rules)
    assert chosen is None or chosen in given_ones


@given(st.lists(ANSWERS, max_size=5), st.lists(ANSWERS, max_size=2), RULES)
def test_a_verdict_never_changes_when_more_is_read(answers, more, rules):
    chosen = settling_reading(readings(*answers), rules=rules)
    if chosen is not None:
        assert settling_reading(readings(*answers, *more), rules=rules) == chosen


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
    assert wants_reader(photo, rules=TWO) == wants


ONE, TWO_, THREE = (Answer.scored(score) for score in (1, 2, 3))


@pytest.mark.parametrize(
    ("rules", "answers", "chosen"),
    [
        (JOINS, (ONE, THREE, THREE), 2),
        (JOINS, (ONE, THREE, ONE), 2),
        (JOINS, (ONE, THREE, TWO_), None),
        (JOINS, (ONE, THREE, NOT_ASSESSABLE), None),
        (JOINS, (ONE, THREE), None),
        (JOINS, (ONE, ONE), 0),
        (MEETING, (ONE, THREE, THREE), None),
        (MEETING, (ONE, ONE), 0),
    ],
    ids=str,
)
def test_a_third_who_joins_nobody_settles_nothing_where_the_committee_meets(rules, answers, chosen):
    said = readings(*answers)
    assert settling_reading(said, rules=rules) == (None if chosen is None else said[chosen])


@pytest.mark.parametrize(
    ("rules", "answers", "given_to", "wants", "meets"),
    [
        (JOINS, (ONE, THREE), (), True, False),
        (JOINS, (ONE, THREE), ("c",), False, False),
        (JOINS, (ONE, THREE, TWO_), (), False, True),
        (JOINS, (ONE, THREE, ONE), (), False, False),
        (MEETING, (ONE,), (), True, False),
        (MEETING, (ONE,), ("b",), False, False),
        (MEETING, (ONE, THREE), (), False, True),
        (MEETING, (ONE, ONE), (), False, False),
        (MEETING, (ONE, THREE), ("c",), False, False),
        (TWO, (ONE, THREE), (), True, False),
        (TWO, (ONE, THREE, TWO_), (), False, False),
        (ALONE, (ONE,), (), False, False),
    ],
)
def test_the_committee_meets_when_all_have_read_and_no_reading_settles_it(
    rules, answers, given_to, wants, meets
):
    photo = to_read(given_to=given_to, answers=answers)
    assert wants_reader(photo, rules=rules) is wants
    assert awaits_meeting(photo, rules=rules) is meets


def test_a_photograph_that_has_its_verdict_waits_for_nobody():
    photo = replace(to_read(answers=(ONE, THREE)), verdict=TWO_)
    for rules in (TWO, JOINS, MEETING):
        assert not wants_reader(photo, rules=rules)
        assert not awaits_meeting(photo, rules=rules)


@given(st.lists(ANSWERS, max_size=4), RULES)
def test_no_photograph_waits_for_a_reader_and_a_meeting_at_once(answers, rules):
    photo = to_read(answers=answers)
    settled = settling_reading(photo.readings, rules=rules) is not None
    assert settled + wants_reader(photo, rules=rules) + awaits_meeting(photo, rules=rules) == 1


LOOK = ReadingRules(model=ModelUse.SECOND_LOOK, second_look_from=2)


@pytest.mark.parametrize(
    ("proposed", "verdict", "apart"),
    [
        (ONE, THREE, True),
        (THREE, ONE, True),
        (TWO_, THREE, False),
        (Answer.at_least(3), ONE, True),
        (Answer.at_least(1), THREE, False),
        (ONE, Answer.at_least(3), True),
        (Answer.at_least(1), Answer.at_least(4), False),
        (ONE, NOT_ASSESSABLE, False),
        (None, THREE, False),
    ],
    ids=str,
)
def test_model_and_verdict_lie_apart_as_far_as_both_can_be_sure_of(proposed, verdict, apart):
    assert are_far_apart(proposed, verdict, rules=LOOK) is apart
    assert not are_far_apart(proposed, verdict, rules=TWO)


def test_a_second_look_is_asked_for_once_and_not_after_a_meeting():
    photo = replace(to_read(answers=(THREE, THREE)), verdict=THREE, proposed=ONE)
    assert wants_reader(photo, rules=LOOK)
    assert not wants_reader(photo, rules=TWO)
    assert not wants_reader(replace(photo, is_looked_at_again=True), rules=LOOK)
    assert not wants_reader(replace(photo, met=frozenset({"a", "b"})), rules=LOOK)
    assert not wants_reader(replace(photo, proposed=TWO_), rules=LOOK)
