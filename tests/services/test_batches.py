"""A batch is signed with the password; until then a reading counts for nothing and may change."""

from contextlib import closing
from datetime import timedelta

import pytest

from mottling.errors import Conflict, NotAllowed, RecordRefused, SignInRefused
from mottling.services.views import Answer
from tests.house import DAY1, OLGA, RAVI, RITA, ROSA, confirm, lock, open_house, read, sign

AT = DAY1 + timedelta(hours=3)
PASSWORD = "the password of rita"
THREE, FOUR = Answer.scored(3), Answer.scored(4)


@pytest.fixture
def house(tmp_path):
    """One photograph is read by Rita, who has not signed."""
    with closing(open_house(tmp_path)) as made:
        made.accounts.add_user(RITA, PASSWORD, by="setup", at=DAY1)
        confirm(made)
        lock(made, RITA, THREE)
        yield made


def signed_by_rita(house, *, password=PASSWORD, readings=1):
    house.committee.sign(RITA, password, meaning="These are my answers", readings=readings, at=AT)


def change(house, answer, *, reader=RITA, because="I had looked at the shadow"):
    (one,) = house.committee.batch(RITA)
    house.committee.change_reading(reader, one.reading_id, answer, because=because, at=AT)


def test_what_is_not_signed_counts_for_nothing(house):
    read(house, RAVI, THREE)
    assert house.readout.state().verdicts == 0
    assert house.readout.state().unsigned == 1
    assert [one.answer for one in house.committee.batch(RITA)] == [THREE]
    signed_by_rita(house)
    assert house.readout.state().verdicts == 1
    assert house.readout.state().unsigned == 0
    assert house.committee.batch(RITA) == ()


def test_no_third_reader_is_asked_before_both_have_signed(house):
    read(house, RAVI, Answer.scored(0))
    assert house.committee.next_photo(ROSA, at=AT) is None
    signed_by_rita(house)
    assert house.committee.next_photo(ROSA, at=AT) is not None


def test_a_signature_says_who_when_and_what_and_names_each_reading_by_its_hash(house):
    signed_by_rita(house)
    entries = house.office._store.office.audit()
    signature = entries[-1]
    assert (signature.act, signature.by, signature.at) == ("batch_signed", "rita", AT)
    (reading,) = [one for one in entries if one.act == "reading_locked"]
    with house.committee._book.looking() as board:
        (locked,) = [board.locked(reading.subject)]
    assert locked.content_hash == reading.content_hash


def test_a_reading_changes_before_the_signature_by_a_record_with_a_reason(house):
    change(house, FOUR)
    read(house, RAVI, FOUR)
    (one,) = house.committee.batch(RITA)
    assert (one.answer, one.is_changed) == (FOUR, True)
    signed_by_rita(house)
    (line,) = [one for one in house.office.outcome(OLGA, at=AT) if one.verdict]
    assert line.verdict == FOUR
    acts = [one.act for one in house.office._store.office.audit()]
    assert acts.index("reading_locked") < acts.index("reading_changed") < acts.index("batch_signed")
    assert house.office._store.verify().clean


@pytest.mark.parametrize(
    ("answer", "because", "refused"),
    [
        (FOUR, "  ", RecordRefused),
        (FOUR, "x" * 2001, RecordRefused),
        (THREE, "Nothing changes", Conflict),
        (Answer.scored(9), "No such score", RecordRefused),
    ],
)
def test_a_change_needs_a_reason_and_another_answer(house, answer, because, refused):
    with pytest.raises(refused):
        change(house, answer, because=because)


def test_nobody_changes_the_reading_of_another(house):
    with pytest.raises(NotAllowed):
        change(house, FOUR, reader=RAVI)


def test_what_is_signed_stays(house):
    (one,) = house.committee.batch(RITA)
    signed_by_rita(house)
    with pytest.raises(Conflict, match="is signed, and stays"):
        house.committee.change_reading(RITA, one.reading_id, FOUR, because="Too late", at=AT)
    with pytest.raises(RecordRefused, match="nothing to sign"):
        signed_by_rita(house)


def test_the_signature_needs_the_password_and_what_the_reader_saw(house):
    with pytest.raises(SignInRefused):
        signed_by_rita(house, password="another password")
    with pytest.raises(Conflict, match="1 readings are to be signed, and the page showed 2"):
        signed_by_rita(house, readings=2)
    with pytest.raises(NotAllowed):
        house.committee.sign(OLGA, PASSWORD, meaning="x", readings=1, at=AT)


def test_the_read_out_does_not_close_over_what_is_not_signed(house):
    house.accounts.add_user(OLGA, "the password of olga", by="setup", at=DAY1)
    for reader in (RAVI, ROSA):
        read(house, reader, THREE) if house.committee.next_photo(reader, at=AT) else None
    sign(house, RITA)
    confirm(house, "01-002")
    for reader in (RAVI, ROSA):
        read(house, reader, FOUR)
    assert house.committee.next_photo(RITA, at=AT) is None
    house.readout.close("olga", "the password of olga", meaning="All are read", at=AT)
    assert house.readout.state().is_closed
    with pytest.raises(Conflict, match="closed"):
        signed_by_rita(house)
