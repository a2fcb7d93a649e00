from dataclasses import replace
from datetime import timedelta

import pytest

from mottling.agreement.cases import Case, Repeat, SeenModel
from mottling.agreement.figures import figures_of
from mottling.agreement.reading import Meetings, SecondLooks
from mottling.scale import Status
from mottling.trial.committee_records import ConsensusReading
from mottling.trial.reading_rules import InDispute, ModelUse, ReadingRules
from mottling.trial.records import Answer
from tests.agreement.drawn_cases import BEGAN, a_trial, assessment, case, reading

SITES = ["01", "02", "03"]
ZERO, ONE, TWO = (Answer.scored(score) for score in range(3))
BLURRED = Answer.not_assessable("blurred")


def figures(*cases, readers_per_photo=2):
    return figures_of(cases, sites=SITES, rules=ReadingRules(readers_per_photo=readers_per_photo))


def test_the_reader_whose_name_comes_first_is_the_row_whoever_read_first():
    found = figures(case("1", ("rita", TWO), ("ravi", ONE)))
    assert found.readers.table[1, 2] == 1
    assert {group.name: group.estimates["difference"].value for group in found.readers.by_reader} == {
        "ravi": -1.0,
        "rita": 1.0,
    }


def test_a_third_reading_is_not_compared_and_counts_as_the_verdict():
    found = figures(case("1", ("ravi", ONE), ("rita", TWO), ("rosa", TWO), bedside=ONE))
    assert found.readers.table.sum() == 1
    assert found.bedside.table[1, 2] == 1
    third = found.reading.third
    assert (third.to_third, third.settled_by_two, third.waiting) == (1, 0, 0)
    assert (third.like_first, third.like_other, third.like_neither) == (0, 1, 0)


def test_a_third_who_has_not_read_yet_is_waited_for():
    third = figures(case("1", ("ravi", ONE), ("rita", TWO))).reading.third
    assert (third.to_third, third.waiting, third.share) == (1, 1, 1.0)


def test_what_is_not_assessable_or_a_bound_is_counted_and_not_scored():
    found = figures(
        case("1", ("ravi", BLURRED), ("rita", TWO)),
        case("2", ("ravi", Answer.at_least(2)), ("rita", TWO)),
        case("3", ("ravi", TWO), ("rita", TWO)),
    ).readers
    assert (found.pairs, found.photographs) == (3, 1)
    assert found.statuses[Status.NOT_ASSESSABLE, Status.SCORED] == 1
    assert found.statuses[Status.AT_LEAST, Status.SCORED] == 1
    assert found.with_bounds["exact"].value == 1.0


def test_centres_say_what_is_missing_and_what_cannot_be_judged():
    found = figures(
        Case("1", "01", None), case("2", ("ravi", BLURRED), ("rita", BLURRED)), case("3", ("ravi", ONE))
    )
    first, second, _ = found.centres
    assert (first.visits, first.photographed, first.missing) == (3, 2, 1)
    assert (first.read, first.verdicts, first.not_assessable) == (2, 2, 1)
    assert (second.site, second.visits) == ("02", 0)


def test_a_reader_is_compared_with_himself_on_what_came_back():
    again = (Repeat("ravi", ONE, TWO), Repeat("rita", ONE, ONE))
    found = figures(case("1", ("ravi", ONE), ("rita", ONE), repeats=again)).repeats
    assert found.table[1, 2] == found.table[1, 1] == 1
    assert [(group.name, group.photographs) for group in found.by_reader] == [("ravi", 1), ("rita", 1)]


def test_the_model_abstains_and_that_is_counted_against_what_people_saw():
    found = figures(
        case("1", ("ravi", TWO), ("rita", TWO), assessment=assessment(None)),
        case("2", ("ravi", BLURRED), ("rita", BLURRED), assessment=assessment(None)),
        case("3", ("ravi", TWO), ("rita", TWO), assessment=assessment(2, sure=0.9)),
    ).calibration
    assert (found.assessed, found.abstained, found.abstained_where_scored) == (3, 2, 1)
    assert found.photographs == 1
    assert found.in_set.value == 1.0
    assert found.rates[1].expected == pytest.approx(0.9 + 0.06)
    assert found.rates[1].seen == 1.0
    assert found.rates[1].brier == pytest.approx(0.04**2)


def test_recall_is_counted_by_the_verdicts_score():
    found = figures(
        case("1", ("ravi", TWO), ("rita", TWO), bedside=TWO),
        case("2", ("ravi", TWO), ("rita", TWO), bedside=ONE),
    ).bedside
    assert found.recalls[2] == (2, 1)
    assert found.recalls[0] == (0, 0)


def test_a_single_reader_a_photograph_is_compared_with_nobody():
    found = figures(case("1", ("ravi", TWO)), readers_per_photo=1)
    assert found.readers.pairs == 0
    assert found.reading.third.share is None


def test_a_trial_without_patients_has_no_figure_and_no_error():
    found = figures()
    assert {one.value for one in found.readers.estimates.values()} == {None}
    assert found.reading.times == ()


def test_figures_by_device_are_there_where_the_photograph_names_one():
    pairs = (("ravi", ONE), ("rita", ONE))
    known = case("1", *pairs, device="Maker Tablet 9")
    found = figures(known, case("2", *pairs), case("3", *pairs)).readers
    assert [(group.name, group.photographs) for group in found.by_device] == [("Maker Tablet 9", 1), ("", 2)]


def test_figures_by_tone_stand_in_groups_of_the_monk_scale_and_who_has_none_comes_last():
    pairs = (("ravi", ONE), ("rita", ONE))
    cases = [case(str(number), *pairs, tone=tone) for number, tone in enumerate([10, 9, 2, None, 7])]
    found = figures(*cases).readers
    assert [(group.name, group.photographs) for group in found.by_tone] == [
        ("1–2", 1),
        ("7", 1),
        ("9–10", 2),
        ("", 1),
    ]


def test_readers_drift_by_the_month_of_the_reading_and_the_ward_by_that_of_the_photograph():
    late = (reading("ravi", ONE, at=BEGAN + timedelta(days=90)), reading("rita", ONE))
    read_late = replace(case("1", ("ravi", ONE), ("rita", ONE), bedside=ONE), readings=late)
    found = figures(read_late)
    assert [group.name for group in found.readers.by_month] == ["2026-04"]
    assert [group.name for group in found.bedside.by_month] == ["2026-01"]


def seen(before, after, *, counts=False):
    return SeenModel(Answer.scored(before), Answer.scored(after), counts)


def test_where_readers_saw_the_model_they_are_compared_by_what_they_said_before():
    both = {"ravi": seen(2, 1), "rita": seen(1, 1)}
    found = figures(case("1", ("ravi", ONE), ("rita", ONE), seen=both, assessment=assessment(1)))
    assert found.readers.table[2, 1] == 1
    shown = found.model_shown
    assert (shown.answers, shown.changed, shown.to_model) == (2, 1, 1)
    assert (shown.readers.before["exact"].value, shown.readers.after["exact"].value) == (0.0, 1.0)
    assert (shown.with_model.before["exact"].value, shown.with_model.after["exact"].value) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("before", "after", "model", "counted"),
    [(5, 1, 1, "to_model"), (5, 3, 1, "nearer"), (2, 5, 1, "elsewhere"), (2, 3, None, "elsewhere")],
)
def test_where_a_reader_went_who_changed_the_answer_is_counted(before, after, model, counted):
    moved = {"ravi": seen(before, after)}
    found = figures(case("1", ("ravi", ONE), seen=moved, assessment=assessment(model))).model_shown
    assert {name: getattr(found, name) for name in ("to_model", "nearer", "elsewhere")} == {
        "to_model": 0,
        "nearer": 0,
        "elsewhere": 0,
        counted: 1,
    }


def test_every_centre_and_month_has_its_figures():
    found = figures_of(a_trial(45), sites=SITES, rules=ReadingRules()).readers
    assert [group.name for group in found.by_centre] == SITES
    assert [group.name for group in found.by_month] == ["2026-02", "2026-03"], "a month after it was taken"
    assert sum(group.photographs for group in found.by_centre) == found.photographs
    assert all(group.estimates["exact"].low is not None for group in found.by_centre)


def test_a_second_look_is_counted_with_whom_it_goes_and_changes_no_other_figure():
    rules = ReadingRules(model=ModelUse.SECOND_LOOK, second_look_from=2)
    both = (("ada", Answer.scored(4)), ("bea", Answer.scored(4)))

    def looked(patient, said):
        again = None if said is None else reading("cleo", said, photo_id=patient)
        plain = case(patient, *both, assessment=assessment(1))
        return replace(plain, is_looked_at_again=True, second_look=again)

    cases = [
        looked("1", Answer.scored(4)),
        looked("2", Answer.scored(1)),
        looked("3", Answer.not_assessable("dark")),
        looked("4", None),
        case("5", *both, assessment=assessment(1)),
        case("6", *both, assessment=assessment(3)),
    ]
    found = figures_of(cases, sites=["01"], rules=rules).reading
    assert found.second_looks == SecondLooks(
        far_apart=5, asked=4, read=3, like_verdict=1, like_model=1, like_neither=1
    )
    assert [one.reader for one in found.times] == ["ada", "bea"]


def _consensus(score: int) -> ConsensusReading:
    return ConsensusReading(
        reading_id="together",
        photo_id="p",
        answer=Answer.scored(score),
        sat="ada\nbea",
        guests=None,
        comment=None,
        meaning="We said this together",
        differed="",
        by="ada",
        at=BEGAN,
    )


def test_what_the_committee_said_together_is_a_verdict_and_is_counted_as_a_meeting():
    rules = ReadingRules(third_reader=InDispute.JOINS)
    three = (("ada", Answer.scored(0)), ("bea", Answer.scored(2)), ("cleo", Answer.scored(4)))
    met = replace(case("1", *three, bedside=Answer.scored(2)), verdict=_consensus(2))
    met_otherwise = replace(case("2", *three), verdict=_consensus(3))
    waiting = replace(case("3", *three), verdict=None)
    figures = figures_of([met, met_otherwise, waiting], sites=["01"], rules=rules)
    assert figures.reading.meetings == Meetings(held=2, waiting=1, like_a_reader=1, not_assessable=0)
    assert figures.bedside.table[2, 2] == 1
    assert figures.centres[0].verdicts == 2


def test_where_a_third_reader_decides_nothing_waits_for_a_meeting():
    undecided = replace(case("1", ("ada", Answer.scored(0)), ("bea", Answer.scored(2))), verdict=None)
    figures = figures_of([undecided], sites=["01"], rules=ReadingRules())
    assert figures.reading.meetings == Meetings(held=0, waiting=0, like_a_reader=0, not_assessable=0)
    meeting = ReadingRules(third_reader=InDispute.MEETING)
    assert figures_of([undecided], sites=["01"], rules=meeting).reading.meetings.waiting == 1
