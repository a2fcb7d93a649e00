"""What the office records of a patient after enrolment, and what ward, committee and files make of it."""

import csv
import io
from datetime import timedelta

import pytest

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.services.office_views import Look, Standing
from mottling.services.views import Answer, Shot, VisitState
from mottling.trial.changes import Extent
from tests.house import (
    DAY1,
    EMMA,
    MINUTE,
    NINA,
    NOAH,
    OLGA,
    PATIENT,
    RANDOMISED_AT,
    RAVI,
    RITA,
    confirm,
    open_house,
    read,
    take,
)
from tests.tiny_model import a_jpeg

HOUR = timedelta(hours=1)
LATER = DAY1 + timedelta(days=3)
WHY = {"because": "Form of 3 March", "at": LATER}


@pytest.fixture
def house(tmp_path):
    services = open_house(tmp_path)
    yield services
    services.close()


def withdraw(house, patient=PATIENT, *, since=RANDOMISED_AT + HOUR, extent=Extent.VISITS):
    return house.changing.withdraw(OLGA, patient, extent, since=since, **WHY)


def states(house, user=NINA, *, at=DAY1):
    return {
        one.patient: {visit.visit: visit.state for visit in one.visits}
        for one in house.ward.today(user, at=at)
    }


def outcome_of(house, patient=PATIENT):
    return next(one for one in house.results.outcome(OLGA, at=LATER) if one.patient == patient)


def line_of(house, name, patient=PATIENT):
    data = getattr(house.office, name)(OLGA, at=LATER).decode()
    lines = csv.DictReader(io.StringIO(data, newline=""))
    return next(one for one in lines if one["patient"] == patient and one.get("visit") == "day1")


def test_the_ward_is_no_longer_asked_for_who_withdrew(house):
    withdraw(house)
    assert states(house)[PATIENT]["day1"] is VisitState.WITHDRAWN
    assert states(house)["01-002"]["day1"] is VisitState.DUE
    assert outcome_of(house).missing == "withdrawn"
    assert outcome_of(house).detail == "no_more_visits"
    seen = house.office.lines(OLGA, Look("", Standing.WITHDRAWN), most=9, at=DAY1)
    assert {one.patient for one in seen.lines} == {PATIENT}
    counts = [one for one in house.office.completeness(OLGA, at=DAY1) if one.visit == "day1"]
    assert [one.withdrawn for one in counts] == [1, 0, 0]


def test_a_day_that_was_missed_before_the_withdrawal_stays_missed(house):
    withdraw(house, since=DAY1 + 10 * HOUR)
    assert outcome_of(house).missing == "no_record"
    assert states(house, at=LATER)[PATIENT]["day1"] is VisitState.WITHDRAWN


def test_what_was_scored_before_a_withdrawal_stays_and_counts(house):
    confirm(house)
    withdraw(house, since=DAY1 + HOUR)
    read(house, RITA, Answer.scored(2))
    read(house, RAVI, Answer.scored(2))
    assert outcome_of(house).value == 2
    assert outcome_of(house).withdrawn_at == DAY1 + HOUR


def test_a_photograph_that_waited_past_a_withdrawal_is_kept_and_counts_nowhere(house):
    withdraw(house)
    shot = Shot(PATIENT, "day1", a_jpeg(), key="waited", age_s=3600)
    taken = house.ward.take_scored(NINA, shot, Answer.scored(3), at=DAY1)
    again = house.ward.take_scored(NINA, shot, Answer.scored(3), at=DAY1 + MINUTE)
    assert again.photo_id == taken.photo_id
    with pytest.raises(Conflict, match="had withdrawn"):
        house.ward.keep(NINA, taken.photo_id, at=DAY1)
    assert house.ward.proposal(NINA, taken.photo_id, at=DAY1) is None
    assert house.committee.next_photo(RITA, at=DAY1) is None
    assert outcome_of(house).photo_sha256 is None
    standing = house.changing.look_up(OLGA, PATIENT)
    assert (standing.photographs, standing.after_withdrawal) == (1, 1)


def test_a_withdrawal_of_the_wrong_patient_is_taken_back(house):
    withdraw(house)
    standing = house.changing.take_back(OLGA, PATIENT, **WHY)
    assert standing.withdrawal is None
    assert states(house)[PATIENT]["day1"] is VisitState.DUE
    with pytest.raises(Conflict, match="has not withdrawn"):
        house.changing.take_back(OLGA, PATIENT, **WHY)


def test_a_withdrawal_erases_nothing_by_itself_and_says_that_it_should(house):
    photo_id = confirm(house)
    assert not withdraw(house, since=DAY1 + HOUR).is_erasure_asked
    standing = withdraw(house, since=DAY1 + HOUR, extent=Extent.PHOTOGRAPHS)
    assert standing.is_erasure_asked
    assert house.changing.to_erase(OLGA) == (PATIENT,)
    assert house.ward.picture(NINA, photo_id)
    assert house.committee.next_photo(RITA, at=LATER) is None
    house.office.erase_photos(OLGA, PATIENT, reason="As asked", at=LATER)
    assert not house.changing.look_up(OLGA, PATIENT).is_erasure_asked
    assert house.changing.to_erase(OLGA) == ()


@pytest.mark.parametrize("extent", Extent)
def test_a_training_set_leaves_out_who_withdrew(house, tmp_path, extent):
    confirm(house)
    confirm(house, "01-002", data=a_jpeg(legs=1))
    for reader in (RITA, RAVI, RITA, RAVI):
        read(house, reader, Answer.scored(2))
    withdraw(house, since=DAY1 + HOUR, extent=extent)
    assert house.office.freeze(OLGA, tmp_path / "set", at=LATER) == 1
    house.changing.take_back(OLGA, PATIENT, **WHY)
    counted = house.office.freeze(OLGA, tmp_path / "again", at=LATER)
    assert counted == (1 if extent is Extent.TRAINING else 2)


def test_a_reader_who_has_the_photograph_open_sees_it_no_more(house):
    confirm(house)
    given = house.committee.next_photo(RITA, at=LATER)
    assert house.committee.picture(RITA, given.reading_id)
    withdraw(house)
    with pytest.raises(NotAllowed, match="read no more"):
        house.committee.picture(RITA, given.reading_id)


def test_a_withdrawal_before_randomisation_or_to_come_is_refused(house):
    with pytest.raises(RecordRefused, match="before the patient was randomised"):
        withdraw(house, since=RANDOMISED_AT - HOUR)
    with pytest.raises(RecordRefused, match="still to come"):
        withdraw(house, since=LATER + HOUR)
    with pytest.raises(RecordRefused, match="reason"):
        house.changing.withdraw(OLGA, PATIENT, Extent.VISITS, since=DAY1, because=" ", at=LATER)


@pytest.mark.parametrize("user", [NINA, RITA, EMMA], ids=lambda user: user.name)
def test_only_the_office_changes_anything(house, user):
    acts = (
        lambda: house.changing.withdraw(user, PATIENT, Extent.VISITS, since=DAY1, **WHY),
        lambda: house.changing.take_back(user, PATIENT, **WHY),
        lambda: house.changing.transfer(user, PATIENT, "02", since=DAY1, **WHY),
        lambda: house.changing.correct_number(user, PATIENT, "01-010", **WHY),
        lambda: house.changing.correct_enrolment(user, PATIENT, "02", randomised_at=DAY1, **WHY),
        lambda: house.changing.look_up(user, PATIENT),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_the_new_site_has_the_patient_and_the_old_one_no_longer(house):
    photo_id = take(house)
    house.changing.transfer(OLGA, PATIENT, "02", since=DAY1 + HOUR, **WHY)
    assert PATIENT not in states(house, NINA)
    assert PATIENT in states(house, NOAH)
    with pytest.raises(NotAllowed):
        house.ward.picture(NINA, photo_id)
    with pytest.raises(NotAllowed):
        house.ward.not_done(NINA, PATIENT, visit="baseline", reason="died", at=LATER)
    assert house.ward.picture(NOAH, photo_id)
    house.ward.lock_own_score(NOAH, photo_id, Answer.scored(1), at=LATER)


def test_a_photograph_from_before_a_transfer_comes_from_the_old_site_and_stays_its(house):
    house.changing.transfer(OLGA, PATIENT, "02", since=DAY1, **WHY)
    old = Shot(PATIENT, "day1", a_jpeg(), key="from 01", age_s=3 * 3600)
    taken = house.ward.take_scored(NINA, old, Answer.scored(3), at=DAY1 + HOUR)
    with pytest.raises(NotAllowed):
        house.ward.photo(NINA, taken.photo_id)
    with pytest.raises(NotAllowed):
        house.ward.take_photo(NINA, Shot(PATIENT, "day1", a_jpeg(), key="late"), at=DAY1 + HOUR)
    assert house.ward.photo(NOAH, taken.photo_id).own == Answer.scored(3)
    line = line_of(house, "outcome_csv")
    assert (line["site"], line["photo_site"], line["site_now"]) == ("01", "01", "02")
    assert line_of(house, "readings_csv")["photo_site"] == "01"


def test_a_query_follows_the_patient(house):
    from mottling.services.query_views import NewQuery  # noqa: PLC0415 - one test's

    query_id = house.queries.ask(OLGA, NewQuery(PATIENT, "", "Is it so?"), at=DAY1)
    house.changing.transfer(OLGA, PATIENT, "02", since=DAY1, **WHY)
    assert house.queries.of_ward(NINA) == ()
    with pytest.raises(NotAllowed):
        house.queries.asked(NINA, query_id)
    assert [one.query_id for one in house.queries.of_ward(NOAH)] == [query_id]


def test_a_corrected_number_is_everywhere_and_the_old_one_still_finds_the_person(house):
    photo_id = confirm(house)
    standing = house.changing.correct_number(OLGA, PATIENT, "01-071", **WHY)
    assert (standing.patient, standing.former_numbers) == ("01-071", (PATIENT,))
    assert house.changing.look_up(OLGA, f" {PATIENT} ").patient == "01-071"
    assert "01-071" in states(house)
    assert house.ward.photo(NINA, photo_id).patient == "01-071"
    assert outcome_of(house, "01-071").former_numbers == PATIENT
    assert line_of(house, "outcome_csv", "01-071")["photo_sha256"]
    with pytest.raises(RecordRefused, match="not a number of the form"):
        house.changing.correct_number(OLGA, PATIENT, "71", **WHY)


def test_the_pseudonym_stays_when_the_number_changes(house, tmp_path):
    confirm(house)
    for reader in (RITA, RAVI):
        read(house, reader, Answer.scored(2))
    house.office.freeze(OLGA, tmp_path / "before", at=LATER)
    house.changing.correct_number(OLGA, PATIENT, "01-071", **WHY)
    house.office.freeze(OLGA, tmp_path / "after", at=LATER)
    before, after = ((tmp_path / name / "manifest.jsonl").read_text() for name in ("before", "after"))
    assert before.splitlines()[1:] == after.splitlines()[1:]


def test_windows_follow_a_corrected_time_of_randomisation(house):
    confirm(house)
    assert not outcome_of(house).outside_window
    house.changing.correct_enrolment(OLGA, PATIENT, "01", randomised_at=RANDOMISED_AT - 9 * HOUR, **WHY)
    assert outcome_of(house).outside_window
    assert line_of(house, "outcome_csv")["outside_window"] == "yes"
    seen = house.office.lines(OLGA, Look("", Standing.ALL), most=9, at=LATER)
    late = [one for one in seen.lines if (one.patient, one.visit) == (PATIENT, "day1")]
    assert [one.outside_window for one in late] == [True]


def test_a_corrected_site_is_the_site_of_the_outcome(house):
    house.changing.correct_enrolment(OLGA, PATIENT, "02", randomised_at=RANDOMISED_AT, **WHY)
    assert outcome_of(house).site == "02"
    assert PATIENT in states(house, NOAH)
    assert PATIENT not in states(house, NINA)


def test_a_diff_explains_what_comes_of_changes(house):
    house.results.freeze(OLGA, because=None, at=LATER)
    house.changing.correct_number(OLGA, PATIENT, "01-071", **WHY)
    withdraw(house, "01-002")
    house.results.freeze(OLGA, because="Two changes", at=LATER)
    diff = house.results.diff(OLGA, 1, 2)
    said = {one.change.patient: [act.act for act in one.acts] for one in diff.changes}
    assert said == {"01-002": ["patient_withdrawn"], "01-071": ["number_corrected"]}
    assert [one.change.before for one in diff.changes] == ["no_record", "no_record"]
