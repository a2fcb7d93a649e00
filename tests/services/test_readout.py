"""The read-out is closed by a signature when every photograph has its verdict, and then nothing is read."""

from contextlib import closing
from datetime import timedelta

import pytest

from mottling.errors import Conflict, NotAllowed, RecordRefused, SignInRefused
from mottling.services.views import Answer
from tests.house import (
    DAY1,
    NINA,
    NOAH,
    OLGA,
    RAVI,
    RITA,
    charter_text,
    confirm,
    open_house,
    read,
    sign,
    take,
)

AT = DAY1 + timedelta(hours=3)
PASSWORD = "the password of somebody"


@pytest.fixture
def office(confirmed):
    """One photograph is to be read, and somebody may close the read-out."""
    for user in (OLGA, RITA):
        confirmed.accounts.add_user(user, PASSWORD, by="setup", at=AT)
    return confirmed


def close(house, name="olga", password=PASSWORD):
    house.readout.close(name, password, meaning="All photographs have their verdict", at=AT)


def read_by_two(house):
    for reader in (RITA, RAVI):
        read(house, reader, Answer.scored(3))


def test_a_read_out_is_open_until_somebody_closes_it(office):
    state = office.readout.state()
    assert (state.is_closed, state.to_read, state.verdicts, state.last) == (False, 1, 0, None)


def test_it_is_not_closed_while_a_photograph_waits_for_its_verdict(office):
    with pytest.raises(Conflict, match="1 photographs wait for a verdict"):
        close(office)


def test_the_trial_file_may_keep_it_open_until_no_visit_is_awaited(tmp_path):
    text = charter_text('closes = "all_signed"', 'closes = "all_visits"')
    with closing(open_house(tmp_path, charter=text)) as house:
        house.accounts.add_user(OLGA, PASSWORD, by="setup", at=AT)
        with pytest.raises(Conflict, match="6 visits are awaited"):
            close(house)
        for patient in ("01-001", "01-002", "02-001"):
            nurse = NINA if patient.startswith("01") else NOAH
            for visit in ("baseline", "day1"):
                house.ward.not_done(nurse, patient, visit=visit, reason="forgotten", at=AT)
        close(house)
        assert house.readout.state().is_closed


def test_closing_is_signed_with_who_when_and_what_it_means(office):
    read_by_two(office)
    close(office)
    last = office.readout.state().last
    assert (last.by, last.at, last.meaning) == ("olga", AT, "All photographs have their verdict")


def test_a_closed_read_out_gives_and_takes_no_reading(office):
    read_by_two(office)
    confirm(office, "02-001")
    waiting = office.committee.next_photo(RITA, at=AT)
    with pytest.raises(Conflict, match="wait for a verdict"):
        close(office)
    office.committee.lock_reading(RITA, waiting.reading_id, Answer.scored(1), reading_s=1, at=AT)
    sign(office, RITA)
    read(office, RAVI, Answer.scored(1))
    close(office)
    confirm(office, "01-002")
    assert office.committee.next_photo(RITA, at=AT) is None


def test_a_photograph_that_the_ward_has_not_confirmed_keeps_nothing_open(office):
    read_by_two(office)
    take(office, "02-001")
    close(office)
    assert office.readout.state().is_closed


def test_a_wrong_password_closes_nothing(office):
    read_by_two(office)
    with pytest.raises(SignInRefused):
        close(office, password="another password")
    assert not office.readout.state().is_closed


def test_a_reader_closes_nothing(office):
    read_by_two(office)
    with pytest.raises(NotAllowed):
        close(office, name="rita")


def test_it_is_closed_once_and_opened_again_with_a_reason(office):
    read_by_two(office)
    with pytest.raises(Conflict, match="is open"):
        office.readout.reopen("olga", PASSWORD, reason="A late photograph", at=AT)
    close(office)
    with pytest.raises(Conflict, match="closed already"):
        close(office)
    office.readout.reopen("olga", PASSWORD, reason="A late photograph", at=AT)
    state = office.readout.state()
    assert (state.is_closed, state.last.meaning) == (False, "A late photograph")


@pytest.mark.parametrize(("reason", "signs"), [("", 0), (" \n", 0), ("x" * 2001, 2001)])
def test_it_is_not_opened_again_without_a_reason_that_can_be_kept(office, reason, signs):
    read_by_two(office)
    close(office)
    with pytest.raises(RecordRefused, match=f"The reason has {signs} characters"):
        office.readout.reopen("olga", PASSWORD, reason=reason, at=AT)
    assert office.readout.state().is_closed
