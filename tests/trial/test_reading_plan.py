from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from mottling.trial.adjudication import PhotoToRead
from mottling.trial.reading_plan import Lot, Planned, plan_of
from mottling.trial.reading_rules import ReaderScope, ReaderUse, ReadingRules
from mottling.trial.records import Answer, Reading

RULES = ReadingRules(readers_per_photo=2, repeats_share=0.2, repeat_after=5)
LOT = Lot("the seed of a store", "rita")


def photos(count=100):
    return [PhotoToRead(f"photo {number}", frozenset(), ()) for number in range(count)]


def followed(lot, *, rules=RULES, count=100):
    """Read to the end, asking for the plan anew each time."""
    shown = []
    while True:
        seen = {one.photo_id for one in shown}
        to_read = [
            PhotoToRead(one.photo_id, frozenset({lot.reader} if one.photo_id in seen else ()), ())
            for one in photos(count)
        ]
        plan = plan_of(lot, to_read, shown, rules=rules)
        if not plan:
            return shown
        shown.append(plan[0])


def planned_for(*scopes, photo):
    rules = ReadingRules(readers=scopes)
    return bool(plan_of(LOT, [photo], (), rules=rules))


def at_odds() -> PhotoToRead:
    answers = (Answer.scored(0), Answer.scored(4))
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    read = tuple(
        Reading(reading_id=name, photo_id="p", answer=answer, reading_s=1.0, by=name, at=at)
        for name, answer in zip(("ravi", "rosa"), answers, strict=True)
    )
    return PhotoToRead("p", frozenset({"ravi", "rosa"}), read, site="01")


@pytest.mark.parametrize(
    ("reads", "comes_first", "comes_as_third"),
    [(ReaderUse.ANY, True, True), (ReaderUse.FIRST, True, False), (ReaderUse.THIRD, False, True)],
)
def test_the_trial_file_says_as_which_reader_somebody_is_asked(reads, comes_first, comes_as_third):
    rita = ReaderScope(name="rita", reads=reads)
    assert planned_for(rita, photo=PhotoToRead("p", frozenset(), ())) is comes_first
    assert planned_for(rita, photo=at_odds()) is comes_as_third


def test_a_reader_is_never_given_what_the_trial_file_keeps_from_him():
    rita = ReaderScope(name="rita", keeps_from=("01",))
    assert not planned_for(rita, photo=at_odds())
    assert planned_for(rita, photo=replace(at_odds(), site="02"))
    assert planned_for(replace_name(rita, "ravi"), photo=at_odds())


def replace_name(scope, name):
    return scope.model_copy(update={"name": name})


def test_what_comes_is_what_was_planned():
    assert tuple(followed(LOT)) == plan_of(LOT, photos(), (), rules=RULES)


def test_the_plan_is_the_same_whenever_it_is_made_and_in_whichever_order_photographs_are_listed():
    assert plan_of(LOT, photos(), (), rules=RULES) == plan_of(LOT, photos()[::-1], (), rules=RULES)


def test_every_reader_and_every_store_has_an_order_of_its_own():
    orders = {
        plan_of(lot, photos(), (), rules=RULES)
        for lot in (LOT, Lot("the seed of a store", "ravi"), Lot("another seed", "rita"))
    }
    assert len(orders) == 3


def test_every_photograph_comes_once_and_about_the_share_comes_again():
    plan = plan_of(LOT, photos(500), (), rules=RULES)
    first_ones = [one.photo_id for one in plan if not one.is_repeat]
    again = [one.photo_id for one in plan if one.is_repeat]
    assert sorted(first_ones) == sorted(one.photo_id for one in photos(500))
    assert len(again) == len(set(again))
    assert 70 <= len(again) <= 130


def test_a_repeat_comes_after_others_whose_number_nobody_can_count_on():
    plan = plan_of(LOT, photos(500), (), rules=RULES)
    place = {one.photo_id: at for at, one in enumerate(plan) if not one.is_repeat}
    between = {at - place[one.photo_id] - 1 for at, one in enumerate(plan) if one.is_repeat}
    assert min(between) >= 5
    assert len(between) > 3


def test_of_a_few_photographs_each_reader_is_shown_some_again_by_a_lot_of_his_own():
    # Fourteen photographs at 0.2: of a hundred committees of two, one is shown none of them again.
    rules, few = ReadingRules(repeats_share=0.2, repeat_after=2), photos(14)
    again = np.array(
        [
            [
                sum(one.is_repeat for one in plan_of(Lot(f"store {store}", reader), few, (), rules=rules))
                for reader in ("rita", "ravi")
            ]
            for store in range(500)
        ]
    )
    # Of fourteen about eleven are shown early enough to come back.
    assert 0.19 < again.mean() / 11.4 < 0.21
    alone, both = (again == 0).mean(), (again.sum(1) == 0).mean()
    assert 0.07 < alone < 0.12
    assert 0 < both < 0.02
    assert abs(np.corrcoef(again.T)[0, 1]) < 0.1


def test_who_reads_last_ones_is_not_shown_them_too_soon():
    assert [one for one in plan_of(LOT, photos(5), (), rules=RULES) if one.is_repeat] == []


def test_without_a_share_nothing_comes_back():
    rules = ReadingRules(readers_per_photo=2)
    assert not any(one.is_repeat for one in plan_of(LOT, photos(300), (), rules=rules))


def test_a_photograph_that_was_taken_again_does_not_come_back():
    shown = [Planned(f"gone {number}") for number in range(100)]
    assert plan_of(LOT, [], shown, rules=RULES) == ()


def test_what_two_others_are_reading_is_not_planned():
    taken = PhotoToRead("p", frozenset({"ravi", "rosa"}), ())
    assert plan_of(LOT, [taken], (), rules=RULES) == ()


@pytest.mark.parametrize("what", ["order", "repeat", "wait"])
def test_draws_are_even(what):
    drawn = [LOT.draw(what, f"photo {number}") for number in range(1000)]
    assert min(drawn) >= 0
    assert max(drawn) < 1
    assert 0.45 < sum(drawn) / len(drawn) < 0.55


def test_a_reader_never_gets_the_same_photograph_as_third():
    given = PhotoToRead("p", frozenset({"rita", "ravi"}), readings("rita", "ravi"))
    assert plan_of(LOT, [given], (), rules=RULES) == ()
    assert plan_of(Lot("seed", "rosa"), [given], (), rules=RULES) == (Planned("p"),)


def readings(*names):
    """Readings that differ."""
    return tuple(
        Reading(
            reading_id=name,
            photo_id="p",
            answer=Answer.scored(score),
            reading_s=1,
            by=name,
            at=datetime.now(UTC),
        )
        for score, name in enumerate(names)
    )


def test_what_was_taken_back_from_a_reader_does_not_come_to_him_again():
    kept, lost = (
        PhotoToRead("kept", frozenset(), ()),
        PhotoToRead("lost", frozenset(), (), without=frozenset({"rita"})),
    )
    assert plan_of(LOT, [kept, lost], (), rules=RULES) == (Planned("kept"),)
    assert len(plan_of(Lot("the seed of a store", "ravi"), [kept, lost], (), rules=RULES)) == 2
