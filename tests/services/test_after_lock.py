"""Where the trial file shows the model to readers: only after the lock, each step a record, and reported."""

import csv
import io
from contextlib import closing
from datetime import timedelta

import pytest

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.scale import Zone
from mottling.services.agreement import cases_of
from mottling.services.views import Answer
from tests.house import DAY1, OLGA, RAVI, RITA, charter_text, confirm, lock, open_house, sign
from tests.tiny_model import a_jpeg

AT = DAY1 + timedelta(hours=3)
KNEES = a_jpeg([Zone.COIN])
ONE, TWO, FIVE = (Answer.scored(score) for score in (1, 2, 5))


def shown_after_lock(counts: str) -> str:
    return charter_text('model = "silent"', f'model = "after_lock"\nmodel_shown_counts = "{counts}"')


def a_house(folder, counts="before"):
    return closing(open_house(folder, charter=shown_after_lock(counts)))


@pytest.fixture
def house(tmp_path):
    """The model scores the one photograph 1; the answer before it is shown is the reader's."""
    with a_house(tmp_path) as made:
        confirm(made, data=KNEES)
        yield made


def acts(house):
    return [one.act for one in house.office._store.office.audit()]


def see(house, reader=RITA):
    """Look at what the model said of the reading that was locked last."""
    (reading_id,) = house.committee.after_lock.waiting(reader)
    return house.committee.after_lock.show(reader, reading_id, at=AT)


def say(house, answer, *, reader=RITA, because="The thigh too"):
    said = see(house, reader)
    house.committee.after_lock.say(reader, said.reading_id, answer, because=because, at=AT)


def is_shut(house, reading_id, reader=RITA) -> bool:
    """Say whether neither what the model said nor its drawing comes to a reader."""
    for act in (house.committee.after_lock.overlay, see_at_once(house)):
        with pytest.raises(NotAllowed, match="Nothing is shown"):
            act(reader, reading_id)
    return True


def see_at_once(house):
    return lambda reader, reading_id: house.committee.after_lock.show(reader, reading_id, at=AT)


def test_nothing_is_shown_before_the_lock_and_nothing_to_anybody_else(house):
    given = house.committee.next_photo(RITA, at=AT)
    assert is_shut(house, given.reading_id)
    lock(house, RITA, FIVE)
    assert is_shut(house, given.reading_id, RAVI)
    assert see(house).assessment.score == 1
    assert house.committee.after_lock.overlay(RITA, given.reading_id).startswith(b"\xff\xd8")
    assert is_shut(house, given.reading_id, RAVI)


def test_before_the_moment_and_after_are_three_records(house):
    lock(house, RITA, FIVE)
    see(house)
    say(house, ONE)
    steps = ["reading_locked", "model_shown_to_reader", "reading_answered_after_model"]
    assert acts(house)[-3:] == steps
    (one,) = house.committee.batch(RITA)
    assert (one.answer, one.after, one.may_change) == (FIVE, ONE, False)
    sign(house, RITA)
    assert house.office._store.verify().clean


def test_who_keeps_the_answer_needs_no_reason_and_who_changes_it_does(house):
    lock(house, RITA, FIVE)
    with pytest.raises(RecordRefused, match="0 characters"):
        say(house, TWO, because=" ")
    reading_id = see(house).reading_id
    house.committee.after_lock.keep(RITA, reading_id, at=AT)
    with pytest.raises(NotAllowed, match="Nothing is shown"):
        house.committee.after_lock.keep(RITA, reading_id, at=AT)
    assert house.committee.after_lock.waiting(RITA) == ()


def test_a_batch_is_not_signed_before_its_reader_has_answered_to_the_model(house):
    house.accounts.add_user(RITA, "the password of rita", by="setup", at=DAY1)
    lock(house, RITA, FIVE)
    with pytest.raises(Conflict, match="Of 1 readings you have not answered"):
        house.committee.sign(RITA, "the password of rita", meaning="Mine", readings=1, at=AT)


def test_what_was_said_before_the_model_was_shown_changes_no_more(house):
    lock(house, RITA, FIVE)
    reading_id = see(house).reading_id
    change = house.committee.change_reading
    with pytest.raises(Conflict, match="what you had said before stays"):
        change(RITA, reading_id, ONE, because="I see it now", at=AT)
    say(house, ONE)
    with pytest.raises(Conflict, match="what you had said before stays"):
        change(RITA, reading_id, ONE, because="I see it now", at=AT)


@pytest.mark.parametrize(("counts", "verdict"), [("before", FIVE), ("after", ONE)])
def test_the_trial_file_says_which_answer_is_the_readers(tmp_path, counts, verdict):
    with a_house(tmp_path, counts) as house:
        confirm(house, data=KNEES)
        for reader in (RITA, RAVI):
            lock(house, reader, FIVE)
            say(house, ONE, reader=reader)
            sign(house, reader)
        (line,) = [one for one in house.office.outcome(OLGA, at=AT) if one.bedside is not None]
        assert line.verdict == verdict
        assert house.office._store.verify().clean


def test_where_the_answer_after_counts_it_may_change_until_it_is_signed(tmp_path):
    with a_house(tmp_path, "after") as house:
        confirm(house, data=KNEES)
        lock(house, RITA, FIVE)
        say(house, ONE)
        (one,) = house.committee.batch(RITA)
        house.committee.change_reading(RITA, one.reading_id, TWO, because="The knee too", at=AT)
        (one,) = house.committee.batch(RITA)
        assert (one.answer, one.is_changed) == (TWO, True)
        sign(house, RITA)
        (found,) = [case for case in cases_of(house.office._store, house.charter, at=AT) if case.readings]
        assert (found.seen["rita"].before, found.seen["rita"].after) == (FIVE, TWO)


def test_the_table_of_readings_has_both_answers_and_marks_the_one_that_counts(house):
    for reader in (RITA, RAVI):
        lock(house, reader, FIVE)
        say(house, ONE, reader=reader)
        sign(house, reader)
    rows = list(csv.DictReader(io.StringIO(house.office.readings_csv(OLGA, at=AT).decode(), newline="")))
    said = [(row["kind"], row["score"], row["accepted"]) for row in rows if row["by"] == "rita"]
    assert said == [("committee", "5", "yes"), ("committee_after_model", "1", "no")]
    assert {row["because"] for row in rows if row["kind"] == "committee_after_model"} == {"The thigh too"}


def test_where_the_model_is_silent_nothing_waits(tmp_path):
    with closing(open_house(tmp_path)) as house:
        confirm(house, data=KNEES)
        lock(house, RITA, FIVE)
        assert house.committee.after_lock.waiting(RITA) == ()
        assert is_shut(house, house.committee.batch(RITA)[0].reading_id)


def test_of_a_photograph_that_was_erased_nothing_waits(house):
    lock(house, RITA, FIVE)
    house.office.erase_photos(OLGA, "01-001", reason="Consent withdrawn", at=AT)
    assert house.committee.after_lock.waiting(RITA) == ()
