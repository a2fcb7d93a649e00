"""A photograph whose verdict lies far from the model is read once more: nobody is told, and it stays."""

import csv
import io
from contextlib import closing
from datetime import timedelta

import pytest

from mottling.errors import Conflict
from mottling.scale import Zone
from mottling.services.agreement import cases_of
from mottling.services.views import Answer, Progress
from mottling.trial.access import Role
from tests.house import (
    CORA,
    DAY1,
    MONA,
    OLGA,
    RAVI,
    RITA,
    ROSA,
    charter_text,
    confirm,
    lock,
    open_house,
    read,
    sign,
)
from tests.tiny_model import a_jpeg

AT = DAY1 + timedelta(hours=3)
SECOND_LOOK = charter_text('model = "silent"', 'model = "second_look"\nsecond_look_from = 2')
# The tiny model gives this photograph a low score.
KNEES = a_jpeg([Zone.COIN])
FIVE = Answer.scored(5)


@pytest.fixture
def house(tmp_path):
    """Two readers agree on a verdict that lies far from what the model said."""
    with closing(open_house(tmp_path, charter=SECOND_LOOK)) as made:
        confirm(made, data=KNEES)
        for reader in (RITA, RAVI):
            read(made, reader, FIVE)
        yield made


def verdict(house):
    (line,) = [one for one in house.office.outcome(OLGA, at=AT) if one.bedside is not None]
    return line.verdict


def acts(house):
    return [one.act for one in house.office._store.office.audit()]


def case(house):
    (found,) = [one for one in cases_of(house.office._store, house.charter, at=AT) if one.readings]
    return found


def test_one_more_reader_is_given_it_and_the_verdict_stays(house):
    assert verdict(house) == FIVE
    assert house.committee.progress(ROSA) == Progress(read=0, to_read=1, read_in_batch=0, batch=1)
    read(house, ROSA, Answer.scored(1))
    assert verdict(house) == FIVE
    assert house.committee.next_photo(ROSA, at=AT) is None
    assert house.office._store.verify().clean


def test_each_use_is_recorded_by_the_server_and_names_the_verdict(house):
    assert "second_look_asked" not in acts(house)
    given = house.committee.next_photo(ROSA, at=AT)
    (asked,) = house.office._store.committee.second_looks()
    (formed,) = house.office._store.committee.verdicts()
    assert (asked.reading_id, asked.by, asked.verdict_id) == (given.reading_id, "server", formed.reading_id)
    assert acts(house)[-2:] == ["reading_assigned", "second_look_asked"]


def test_only_one_more_reader_is_asked_and_never_one_who_has_read_it(house):
    for reader in (RITA, RAVI):
        assert house.committee.next_photo(reader, at=AT) is None
    house.committee.next_photo(ROSA, at=AT)
    assert house.committee.next_photo(ROSA.__class__("rhea", Role.READER, None), at=AT) is None


def test_what_is_taken_back_goes_to_another_reader(house):
    given = house.committee.next_photo(ROSA, at=AT)
    house.coordination.take_back(CORA, given.reading_id, because="She is away", at=AT)
    rhea = ROSA.__class__("rhea", Role.READER, None)
    assert house.committee.next_photo(rhea, at=AT) is not None
    assert house.committee.next_photo(ROSA, at=AT) is None


@pytest.mark.parametrize("charter", [charter_text(), SECOND_LOOK.replace("from = 2", "from = 5")])
def test_nobody_is_asked_where_the_model_is_silent_or_near_enough(tmp_path, charter):
    with closing(open_house(tmp_path, charter=charter)) as house:
        confirm(house, data=KNEES)
        for reader in (RITA, RAVI):
            read(house, reader, FIVE)
        assert house.committee.next_photo(ROSA, at=AT) is None


def test_a_verdict_that_cannot_be_judged_lies_far_from_nothing(tmp_path):
    with closing(open_house(tmp_path, charter=SECOND_LOOK)) as house:
        confirm(house, data=KNEES)
        for reader in (RITA, RAVI):
            read(house, reader, Answer.not_assessable("blurred"))
        assert house.committee.next_photo(ROSA, at=AT) is None


def test_the_read_out_closes_without_waiting_for_it(house):
    house.accounts.add_user(OLGA, "the password of olga", by="setup", at=DAY1)
    house.readout.close("olga", "the password of olga", meaning="All are read", at=AT)
    assert house.committee.next_photo(ROSA, at=AT) is None


def test_the_read_out_does_not_close_over_one_that_is_locked_and_not_signed(house):
    house.accounts.add_user(OLGA, "the password of olga", by="setup", at=DAY1)
    lock(house, ROSA, Answer.scored(1))
    with pytest.raises(Conflict, match="1 readings are not signed"):
        house.readout.close("olga", "the password of olga", meaning="All are read", at=AT)
    sign(house, ROSA)
    house.readout.close("olga", "the password of olga", meaning="All are read", at=AT)
    assert house.readout.state().is_closed


def test_the_report_counts_it_and_compares_it_with_nobody_else(house):
    assert (case(house).is_looked_at_again, case(house).second_look) == (False, None)
    read(house, ROSA, Answer.scored(2))
    found = case(house)
    assert found.is_looked_at_again
    assert found.second_look.answer == Answer.scored(2)
    assert [one.by for one in found.readings] == ["rita", "ravi"]


def test_the_table_of_readings_marks_it(house):
    read(house, ROSA, Answer.scored(1))
    rows = csv.DictReader(io.StringIO(house.office.readings_csv(OLGA, at=AT).decode(), newline=""))
    marked = {row["by"]: row["second_look"] for row in rows if row["kind"] == "committee"}
    assert marked == {"rita": "no", "ravi": "no", "rosa": "yes"}


def test_a_monitor_does_not_see_it_while_the_read_out_is_open(house):
    house.committee.next_photo(ROSA, at=AT)
    seen = house.monitoring.audit(MONA, before=None, most=500, at=AT)
    assert "second_look_asked" not in {one.act for one in seen.lines}
