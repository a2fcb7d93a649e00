"""Where no reader's answer settles a photograph, the committee meets, and signs what it says together."""

import csv
import io
import re
from contextlib import closing
from datetime import timedelta

import pytest

from mottling.errors import Conflict, NotAllowed, RecordRefused, SignInRefused
from mottling.services.agreement import cases_of
from mottling.services.meetings import Said
from mottling.services.office_views import Standing
from mottling.services.views import Answer
from mottling.trial.access import Role
from mottling.trial.committee_records import ConsensusReading
from tests.house import (
    DAY1,
    MONA,
    NINA,
    OLGA,
    RAVI,
    RITA,
    ROSA,
    charter_text,
    confirm,
    lock,
    open_house,
    read,
)

AT = DAY1 + timedelta(hours=5)
PASSWORD = "the password of all"
JOINS = charter_text('third_reader = "decides"', 'third_reader = "joins"')
MEETING = charter_text('third_reader = "decides"', 'third_reader = "meeting"')
ONE, TWO, FOUR = (Answer.scored(score) for score in (1, 2, 4))


def opened(tmp_path, charter):
    house = open_house(tmp_path, charter=charter)
    for user in (RITA, RAVI, ROSA, OLGA):
        house.accounts.add_user(user, PASSWORD, by="setup", at=DAY1)
    return house


@pytest.fixture
def house(tmp_path):
    """Two readers differ, a third joins neither, and the committee meets."""
    with closing(opened(tmp_path, JOINS)) as made:
        confirm(made)
        for reader, answer in ((RITA, ONE), (RAVI, FOUR), (ROSA, TWO)):
            read(made, reader, answer)
        yield made


def record(house, reading_id="", *, by=RITA, said=None, password=PASSWORD):
    """Record what was said of the photograph that waits."""
    house.committee.meetings.record(
        by,
        reading_id or house.committee.meetings.waiting(RITA)[0].reading_id,
        said or Said(FOUR, ["ravi"]),
        password=password,
        meaning="We said this together",
        at=AT,
    )


def line(house):
    (found,) = [one for one in house.office.outcome(OLGA, at=AT) if one.patient == "01-001" and one.bedside]
    return found


def test_three_answers_of_which_none_settles_it_wait_for_the_committee(house):
    assert (line(house).verdict, line(house).standing) == (None, Standing.DISPUTE)
    (waiting,) = house.committee.meetings.waiting(RITA)
    assert waiting.answers == (ONE, TWO, FOUR)
    assert re.fullmatch("[0-9a-f]{32}", waiting.reading_id)


def test_what_is_said_together_is_the_verdict(house):
    record(house)
    assert (line(house).verdict, line(house).standing) == (FOUR, Standing.COMPLETE)
    assert house.committee.meetings.waiting(RITA) == ()
    (said,) = house.office._store.committee.consensus()
    assert (said.by, said.members(), said.answer, said.at) == ("rita", ("ravi", "rita"), FOUR, AT)
    assert house.readout.state().verdicts == 1
    assert house.office._store.verify().clean


def test_it_may_say_what_nobody_had_said_alone_or_that_there_is_no_score(house):
    record(house, said=Said(Answer.not_assessable("dark"), ["rosa"], guests=" Dr Z ", comment="Too dark"))
    assert line(house).verdict == Answer.not_assessable("dark")
    (said,) = house.office._store.committee.consensus()
    assert (said.guests, said.comment) == ("Dr Z", "Too dark")


def test_where_there_is_no_third_reader_two_who_differ_wait_for_the_committee(tmp_path):
    with closing(opened(tmp_path, MEETING)) as house:
        confirm(house)
        for reader, answer in ((RITA, ONE), (RAVI, FOUR)):
            read(house, reader, answer)
        assert house.committee.next_photo(ROSA, at=AT) is None
        assert [one.answers for one in house.committee.meetings.waiting(ROSA)] == [(ONE, FOUR)]
        record(house, by=ROSA)
        assert line(house).verdict == FOUR


def test_a_third_who_joins_one_of_two_settles_it_without_a_meeting(tmp_path):
    with closing(opened(tmp_path, JOINS)) as house:
        confirm(house)
        for reader, answer in ((RITA, ONE), (RAVI, FOUR), (ROSA, FOUR)):
            read(house, reader, answer)
        assert house.committee.meetings.waiting(RITA) == ()
        assert line(house).verdict == FOUR


def test_no_meeting_is_held_where_the_trial_file_has_none(confirmed):
    for reader, answer in ((RITA, ONE), (RAVI, FOUR)):
        read(confirmed, reader, answer)
    assert not confirmed.committee.meetings.are_held()
    assert confirmed.committee.meetings.waiting(RAVI) == ()


def test_nothing_waits_before_all_have_signed(tmp_path):
    with closing(opened(tmp_path, MEETING)) as house:
        confirm(house)
        read(house, RITA, ONE)
        lock(house, RAVI, FOUR)
        assert house.committee.meetings.waiting(RITA) == ()
        with pytest.raises(Conflict, match="0 photographs to read and 1 to sign"):
            house.committee.meetings.waiting(RAVI)


def test_who_has_photographs_to_read_hears_of_no_disagreement(house):
    (waiting,) = house.committee.meetings.waiting(RITA)
    confirm(house, "01-002")
    with pytest.raises(Conflict, match="You have 1 photographs to read and 0 to sign"):
        house.committee.meetings.waiting(RITA)
    with pytest.raises(Conflict, match="1 photographs to read"):
        house.committee.picture(RITA, waiting.reading_id)
    with pytest.raises(Conflict, match="1 photographs to read"):
        record(house, waiting.reading_id)


def test_the_photograph_is_shown_to_readers_as_any_other_and_to_nobody_else(house):
    (waiting,) = house.committee.meetings.waiting(RITA)
    assert house.committee.picture(RITA, waiting.reading_id) == house.committee.picture(
        RAVI, waiting.reading_id
    )
    for stranger in (NINA, OLGA):
        with pytest.raises(NotAllowed):
            house.committee.picture(stranger, waiting.reading_id)
        with pytest.raises(NotAllowed):
            house.committee.meetings.waiting(stranger)
    record(house)
    with pytest.raises(NotAllowed):
        house.committee.picture(RITA, waiting.reading_id)


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        (Said(FOUR, []), "1 reader sat there; at least 2 must"),
        (Said(FOUR, ["rita"]), "1 reader sat there"),
        (Said(FOUR, ["nina"]), "'nina' is no reader of this committee"),
        (Said(Answer.scored(9), ["ravi"]), "is no answer"),
        (Said(FOUR, ["ravi"], comment="x" * 2001), "2001 characters"),
        (Said(Answer.not_assessable("bored"), ["ravi"]), "is no reason for not assessable"),
    ],
)
def test_a_meeting_needs_two_readers_and_an_answer_that_the_trial_knows(house, said, refused):
    with pytest.raises(RecordRefused, match=refused):
        record(house, said=said)
    assert line(house).verdict is None


def test_who_left_sits_at_no_meeting(house):
    house.accounts.disable_user("ravi", by="setup", at=AT)
    with pytest.raises(RecordRefused, match="'ravi' is no reader"):
        record(house)
    assert house.committee.meetings.readers(RITA) == ("rita", "rosa")


def test_it_is_signed_with_the_password_of_who_writes_it_down(house):
    with pytest.raises(SignInRefused):
        record(house, password="another password")
    with pytest.raises(NotAllowed, match="No meeting is open"):
        record(house, "made up")
    assert line(house).verdict is None


def test_it_is_recorded_once(house):
    (waiting,) = house.committee.meetings.waiting(RITA)
    record(house)
    with pytest.raises(NotAllowed):
        record(house, waiting.reading_id, said=Said(ONE, ["ravi"]))


def test_the_committee_does_not_meet_after_the_read_out_is_closed(house):
    record(house)
    house.readout.close("olga", PASSWORD, meaning="All are read", at=AT)
    assert house.committee.meetings.waiting(RITA) == ()


def test_the_table_of_readings_has_it_with_who_sat_there(house):
    record(house, said=Said(FOUR, ["ravi"], guests="Dr Z", comment="A shadow"))
    data = house.office.readings_csv(OLGA, at=AT).decode()
    rows = [one for one in csv.DictReader(io.StringIO(data, newline="")) if one["accepted"] == "yes"]
    (row,) = rows
    assert (row["kind"], row["by"], row["score"]) == ("consensus", "rita", "4")
    assert (row["sat"], row["guests"], row["comment"]) == ("ravi, rita", "Dr Z", "A shadow")


def test_the_outcome_goes_back_to_it(house):
    record(house)
    (row,) = [one for one in house.results.outcome(OLGA, at=AT) if one.patient == "01-001"]
    (said,) = house.office._store.committee.consensus()
    assert (row.value, row.record_id, row.answered_by) == (4, said.reading_id, "rita")


def test_the_agreement_report_takes_it_as_the_verdict(house):
    record(house)
    cases = cases_of(house.office._store, house.charter, at=AT)
    (case,) = [one for one in cases if one.readings]
    assert isinstance(case.verdict, ConsensusReading)
    assert len(case.readings) == 3


def test_a_monitor_hears_of_no_meeting_before_the_read_out_is_closed(house):
    def acts():
        seen = house.monitoring.audit(MONA, before=None, most=500, at=AT)
        return {one.act for one in seen.lines}

    record(house)
    assert "consensus_recorded" not in acts()
    house.readout.close("olga", PASSWORD, meaning="All are read", at=AT)
    assert {"consensus_recorded", "verdict_formed_together"} <= acts()


def test_only_readers_sit_there(house):
    assert {Role.READER} == {
        house.accounts.find(name).role for name in house.committee.meetings.readers(RITA)
    }


def test_a_meeting_shows_nothing_of_a_site_to_whom_the_trial_file_keeps_from_it(tmp_path):
    kept = '[[reading.readers]]\nname = "rita"\nkeeps_from = ["01"]\n'
    text = charter_text('third_reader = "decides"', 'third_reader = "meeting"')
    with closing(
        open_house(tmp_path, charter=text.replace("batch_size = 40", f"batch_size = 40\n{kept}"))
    ) as house:
        confirm(house)
        assert house.committee.next_photo(RITA, at=DAY1) is None
        for reader, score in ((RAVI, 0), (ROSA, 4)):
            read(house, reader, Answer.scored(score))
        (shown,) = house.committee.meetings.waiting(RAVI)
        assert house.committee.meetings.waiting(RITA) == ()
        with pytest.raises(NotAllowed):
            house.committee.picture(RITA, shown.reading_id)
