"""The coordinator: how far readers are, photographs taken back, and no answer of anybody."""

from datetime import timedelta

import pytest

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.services.views import Answer
from tests.house import ADAM, CORA, DAY1, MONA, NINA, OLGA, RANDOMISED_AT, RAVI, RITA, ROSA, lock, read

LATER = DAY1 + timedelta(hours=3)


@pytest.fixture
def trial(confirmed):
    """One photograph is confirmed, and three readers are users."""
    for reader in (RITA, RAVI, ROSA):
        confirmed.accounts.add_user(reader, "a long password", by="setup", at=RANDOMISED_AT)
    return confirmed


def reader(trial, name):
    return next(one for one in trial.coordination.progress(CORA).readers if one.name == name)


def counts(trial) -> tuple[int, int, int, int]:
    progress = trial.coordination.progress(CORA)
    return progress.unread, progress.begun, progress.at_odds, progress.state.verdicts


def test_photographs_are_counted_by_how_far_they_are_read(trial):
    assert counts(trial) == (1, 0, 0, 0)
    read(trial, RITA, Answer.scored(1))
    assert counts(trial) == (0, 1, 0, 0)
    read(trial, RAVI, Answer.scored(4))
    assert counts(trial) == (0, 0, 1, 0)
    read(trial, ROSA, Answer.scored(4))
    assert counts(trial) == (0, 0, 0, 1)


def test_each_reader_has_a_line_and_who_is_let_in_no_more_has_none(trial):
    trial.accounts.disable_user("rosa", by="adam", at=LATER)
    trial.administration.lock(ADAM, "ravi", at=LATER)
    lines = {one.name: one.is_let_in for one in trial.coordination.progress(CORA).readers}
    assert lines == {"ravi": False, "rita": True}


def test_a_reader_who_has_a_photograph_is_seen_to_have_it_and_since_when(trial):
    trial.committee.next_photo(RITA, at=LATER)
    assert reader(trial, "rita").waiting_since == LATER
    assert (reader(trial, "rita").progress.to_read, reader(trial, "rita").progress.read) == (1, 0)
    assert reader(trial, "ravi").waiting_since is None


def test_what_a_reader_locked_and_did_not_sign_is_counted(trial):
    lock(trial, RITA, Answer.scored(3))
    assert reader(trial, "rita").progress.read_in_batch == 1
    assert reader(trial, "rita").last_read_at == DAY1 + timedelta(hours=2)


def test_a_photograph_that_is_taken_back_goes_to_another_reader_and_not_to_the_same_one(trial):
    trial.committee.next_photo(RITA, at=LATER)
    trial.committee.next_photo(RAVI, at=LATER)
    assert trial.committee.next_photo(ROSA, at=LATER) is None
    given = next(one for one in trial.coordination.progress(CORA).given if one.reader == "rita")
    trial.coordination.take_back(CORA, given.reading_id, because="Rita is on leave", at=LATER)
    assert trial.committee.next_photo(RITA, at=LATER) is None
    assert trial.committee.next_photo(ROSA, at=LATER) is not None


def test_who_still_has_the_page_open_is_told_that_the_photograph_went_to_another_reader(trial):
    given = trial.committee.next_photo(RITA, at=LATER)
    trial.coordination.take_back(CORA, given.reading_id, because="On leave", at=LATER)
    with pytest.raises(Conflict, match="given to another reader"):
        trial.committee.lock_reading(RITA, given.reading_id, Answer.scored(1), reading_s=3, at=LATER)


def test_a_photograph_is_not_taken_back_without_a_reason(trial):
    given = trial.committee.next_photo(RITA, at=LATER)
    with pytest.raises(RecordRefused, match="0 characters"):
        trial.coordination.take_back(CORA, given.reading_id, because=" ", at=LATER)


def test_nothing_that_a_coordinator_sees_says_what_was_answered_or_of_whom(trial):
    read(trial, RITA, Answer.not_assessable("blurred"))
    trial.committee.next_photo(RAVI, at=LATER)
    seen = repr(trial.coordination.progress(CORA))
    for secret in ("01-001", "blurred", "not_assessable", "day1", "score"):
        assert secret not in seen


@pytest.mark.parametrize("somebody", [NINA, RITA, OLGA, ADAM])
def test_nobody_else_sees_how_far_readers_are(trial, somebody):
    with pytest.raises(NotAllowed):
        trial.coordination.progress(somebody)


def test_a_monitor_sees_how_far_readers_are_and_takes_nothing_back(trial):
    given = trial.committee.next_photo(RITA, at=LATER)
    assert trial.coordination.progress(MONA).readers
    with pytest.raises(NotAllowed):
        trial.coordination.take_back(MONA, given.reading_id, because="On leave", at=LATER)
