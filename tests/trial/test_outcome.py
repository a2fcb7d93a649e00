import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mottling.scale import SCORES, Status
from mottling.trial.changes import Changes, Extent, Transfer, Withdrawal
from mottling.trial.charter import Endpoint
from mottling.trial.outcome import Bound, Missing, PhotoRead, VisitRecords, outcome_of, visit_outcome
from mottling.trial.outcome_rules import AtLeast, OutcomeRules, OutsideWindow
from mottling.trial.records import Answer, NotDone
from tests.trial.drawn_visits import (
    CHARTER,
    DAY1,
    LATER,
    PATIENT,
    hours,
    not_done,
    photo,
    photographs,
    read_as,
)

FEW = settings(max_examples=40)

OWN, FINAL, VERDICT = Answer.scored(1), Answer.scored(2), Answer.scored(3)


def outcome(*photos: PhotoRead, reason: str | None = None, at=LATER, charter=CHARTER):
    gone = None if reason is None else not_done(reason)
    return visit_outcome(VisitRecords(PATIENT, DAY1, photos, gone), charter, at=at)


def ruled(**rules) -> object:
    return CHARTER.model_copy(update={"outcome": CHARTER.outcome.model_copy(update=rules)})


@pytest.mark.parametrize(
    ("endpoint", "outcome"), [(Endpoint.OWN, OWN), (Endpoint.FINAL, FINAL), (Endpoint.VERDICT, VERDICT)]
)
def test_the_outcome_is_the_answer_that_the_trial_file_names(endpoint, outcome):
    assert outcome_of(endpoint, own=OWN, final=FINAL, verdict=VERDICT) == outcome


@pytest.mark.parametrize("endpoint", Endpoint)
def test_a_missing_answer_is_never_taken_from_another_one(endpoint):
    answers = {Endpoint.OWN: OWN, Endpoint.FINAL: FINAL, Endpoint.VERDICT: VERDICT} | {endpoint: None}
    found = outcome_of(
        endpoint,
        own=answers[Endpoint.OWN],
        final=answers[Endpoint.FINAL],
        verdict=answers[Endpoint.VERDICT],
    )
    assert found is None


@pytest.mark.parametrize("score", SCORES)
def test_a_verdict_is_the_value_and_names_its_reading(score):
    found = outcome(read_as(Answer.scored(score)))
    assert (found.value, found.bound, found.missing) == (score, Bound.EXACT, None)
    assert (found.source.kind, found.source.record_id, found.source.by) == (Endpoint.VERDICT, "a0", "r0")


def test_at_least_is_a_lower_bound_and_marked():
    found = outcome(read_as(Answer.at_least(3)))
    assert (found.value, found.bound) == (3, Bound.AT_LEAST)


def test_at_least_is_no_value_where_the_trial_file_says_so():
    found = outcome(read_as(Answer.at_least(3)), charter=ruled(at_least=AtLeast.MISSING))
    assert (found.value, found.missing, found.detail) == (None, Missing.AT_LEAST_ONLY, "3")


def test_not_assessable_is_no_value_and_never_zero():
    found = outcome(read_as(Answer.not_assessable("dark")))
    assert (found.value, found.missing, found.detail) == (None, Missing.NOT_ASSESSABLE, "dark")


@pytest.mark.parametrize(
    ("reason", "missing"),
    [
        ("died", Missing.DIED),
        ("left_unit", Missing.DISCHARGED),
        ("consent_withdrawn", Missing.WITHDRAWN),
        ("forgotten", Missing.NOT_DONE),
    ],
)
def test_what_was_not_done_has_the_reason_that_the_trial_file_counts_it_as(reason, missing):
    found = outcome(reason=reason)
    assert (found.value, found.missing, found.detail) == (None, missing, reason)


@pytest.mark.parametrize(
    ("at_h", "missing"),
    [
        (17.9, Missing.NOT_YET),
        (18, Missing.DUE),
        (30, Missing.DUE),
        (30.1, Missing.NO_RECORD),
    ],
)
def test_without_a_photograph_the_window_says_why(at_h, missing):
    assert outcome(at=hours(at_h)).missing is missing


def test_the_last_photograph_counts_even_when_only_an_earlier_one_was_read():
    found = outcome(read_as(Answer.scored(4), "early"), photo("late", at_h=25))
    assert (found.value, found.missing) == (None, Missing.WITH_READERS)


def test_the_photograph_that_was_stored_last_counts_as_for_the_ward_though_the_clock_was_put_back():
    found = outcome(read_as(Answer.scored(4), "first", at_h=25), read_as(Answer.scored(2), "second", at_h=24))
    assert found.value == 2


def test_a_photograph_outside_its_window_counts_and_is_flagged():
    found = outcome(read_as(Answer.scored(2), at_h=31))
    assert (found.value, found.outside_window) == (2, True)


def test_a_photograph_that_waited_on_the_tablet_is_of_the_time_when_it_was_taken():
    found = outcome(photo(at_h=40, taken_h=24))
    assert (found.outside_window, found.missing) == (False, Missing.WITH_READERS)


def test_a_photograph_outside_its_window_is_no_value_where_the_trial_file_says_so():
    charter = ruled(outside_window=OutsideWindow.MISSING)
    assert outcome(read_as(Answer.scored(2), at_h=31), charter=charter).missing is Missing.OUTSIDE_WINDOW
    assert outcome(read_as(Answer.scored(2), at_h=30), charter=charter).value == 2


def test_readers_who_differ_are_a_dispute_until_the_third_one_has_read():
    one, other = Answer.scored(2), Answer.scored(3)
    assert outcome(photo(readings=(one,))).missing is Missing.WITH_READERS
    assert outcome(photo(readings=(one, other))).missing is Missing.IN_DISPUTE
    assert outcome(photo(readings=(one, other, one), verdict=2)).value == 2


@pytest.mark.parametrize(("endpoint", "value"), [(Endpoint.OWN, 1), (Endpoint.FINAL, 2)])
def test_the_ward_s_answer_counts_where_it_is_the_endpoint(endpoint, value):
    charter = CHARTER.model_copy(update={"endpoint": endpoint})
    found = outcome(photo(own=OWN, final=FINAL, readings=(VERDICT,), verdict=0), charter=charter)
    assert (found.value, found.source.record_id) == (value, "a")
    assert outcome(photo(readings=(VERDICT,), verdict=0), charter=charter).missing is Missing.ON_WARD


charters = st.builds(
    lambda endpoint, outside, bound: CHARTER.model_copy(
        update={
            "endpoint": endpoint,
            "outcome": OutcomeRules(outside_window=outside, at_least=bound, died=("died",)),
        }
    ),
    st.sampled_from(Endpoint),
    st.sampled_from(OutsideWindow),
    st.sampled_from(AtLeast),
)
reasons = st.none() | st.sampled_from([one.code for one in CHARTER.reasons_not_done])
times = st.floats(0, 200).map(hours)


@FEW
@given(photographs(), reasons, charters, times)
def test_every_visit_has_a_value_or_a_reason_and_never_both(photos, reason, charter, at):
    found = outcome(*photos, reason=reason, charter=charter, at=at)
    assert (found.value is None) is (found.missing is not None) is (found.bound is None)
    assert found.value is None or found.value in SCORES
    assert found.detail is None or found.missing is not None


@FEW
@given(photographs(), reasons, charters, times)
def test_a_value_is_what_one_person_said_of_the_last_photograph(photos, reason, charter, at):
    found = outcome(*photos, reason=reason, charter=charter, at=at)
    if found.value is not None:
        last = photos[-1]
        said = [one.answer for one in (last.steps.own, last.steps.final, *last.readings) if one is not None]
        bound = Status.SCORED if found.bound is Bound.EXACT else Status.AT_LEAST
        assert Answer(bound, found.value) in said


@FEW
@given(photographs(), reasons, charters, times, st.randoms())
def test_the_order_of_readings_does_not_matter(photos, reason, charter, at, rng: random.Random):
    found = outcome(*photos, reason=reason, charter=charter, at=at)
    shuffled = [
        PhotoRead(one.steps, tuple(rng.sample(one.readings, len(one.readings))), one.verdict)
        for one in photos
    ]
    again = outcome(*shuffled, reason=reason, charter=charter, at=at)
    kept = ("value", "bound", "missing", "detail", "source", "outside_window")
    assert [getattr(found, name) for name in kept] == [getattr(again, name) for name in kept]


@pytest.mark.parametrize(
    ("since_h", "missing", "detail"),
    [
        (-1.0, Missing.WITHDRAWN, Extent.VISITS),
        (30.0, Missing.WITHDRAWN, Extent.VISITS),
        (30.5, Missing.NO_RECORD, None),
    ],
)
def test_who_withdrew_before_the_window_closed_has_no_value_and_it_says_from_what(since_h, missing, detail):
    said = Withdrawal(
        patient=PATIENT.patient,
        since=hours(since_h),
        extent=Extent.VISITS,
        because="Said so",
        by="olga",
        at=hours(31),
    )
    records = VisitRecords(PATIENT, DAY1, (), None, Changes(withdrawals={PATIENT.patient: said}))
    found = visit_outcome(records, CHARTER, at=LATER)
    assert (found.value, found.missing, found.detail) == (None, missing, detail)


@pytest.mark.parametrize(("not_done", "missing"), [(False, Missing.ERASED), (True, Missing.NOT_DONE)])
def test_a_visit_whose_photograph_was_erased_and_is_left_out_says_so_before_a_withdrawal(not_done, missing):
    said = Withdrawal(
        patient=PATIENT.patient,
        since=hours(1),
        extent=Extent.PHOTOGRAPHS,
        because="Form",
        by="olga",
        at=LATER,
    )
    why = NotDone(patient=PATIENT.patient, visit="day1", reason="forgotten", by="nina", at=LATER)
    changes = Changes(withdrawals={PATIENT.patient: said})
    records = VisitRecords(PATIENT, DAY1, (), why if not_done else None, changes, is_erased=True)
    found = visit_outcome(records, CHARTER, at=LATER)
    assert (found.value, found.missing, found.is_settled) == (None, missing, True)


def test_the_outcome_names_when_its_answer_was_given():
    read = read_as(Answer.scored(2))
    assert outcome(read).source.at == read.verdict.at


@pytest.mark.parametrize(("at_h", "taken_h", "site"), [(24, None, "01"), (72, None, "02"), (72, 24, "01")])
def test_a_photograph_is_of_the_site_where_the_patient_was_when_it_was_taken(at_h, taken_h, site):
    moved = Transfer(patient="01-001", site="02", since=hours(48), because="Moved", by="olga", at=LATER)
    changes = Changes(transfers={"01-001": (moved,)})
    taken = photo(at_h=at_h, taken_h=taken_h)
    assert VisitRecords(PATIENT, DAY1, (taken,), None, changes).site_of(taken.steps) == site
