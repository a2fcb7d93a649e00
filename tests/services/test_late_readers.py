"""Who is late, and by how many days: by the trial file, also who never opened the reading room."""

from contextlib import closing
from datetime import timedelta

import pytest

from mottling.services.views import Answer
from tests.house import (
    CORA,
    DAY1,
    RANDOMISED_AT,
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

THREE_DAYS = charter_text("late_after_days = 7", "late_after_days = 3")
CONFIRMED_AT = DAY1 + timedelta(minutes=3)
READ_AT = DAY1 + timedelta(hours=2)


@pytest.fixture
def house(tmp_path):
    """One photograph is confirmed, and three readers are users."""
    with closing(open_house(tmp_path, charter=THREE_DAYS)) as made:
        for reader in (RITA, RAVI, ROSA):
            made.accounts.add_user(reader, "a long password", by="setup", at=RANDOMISED_AT)
        confirm(made)
        yield made


def late(house, name, at):
    found = house.coordination.progress(CORA)
    (line,) = [one for one in found.readers if one.name == name]
    return found.days_late(line.oldest, at=at)


@pytest.mark.parametrize(("days", "by"), [(2, 0), (3, 0), (3.9, 0), (4, 1), (10, 7)])
def test_who_never_opens_the_reading_room_is_late_with_what_is_in_the_list(house, days, by):
    assert late(house, "rosa", CONFIRMED_AT + timedelta(days=days)) == by


def test_who_has_nothing_to_read_is_never_late(house):
    for reader in (RITA, RAVI):
        read(house, reader, Answer.scored(2))
    for reader in (RITA, RAVI, ROSA):
        assert late(house, reader.name, DAY1 + timedelta(days=99)) == 0


def test_what_is_read_and_not_signed_is_late_too(house):
    lock(house, RITA, Answer.scored(2))
    assert late(house, "rita", READ_AT + timedelta(days=5)) == 2
    sign(house, RITA)
    assert late(house, "rita", READ_AT + timedelta(days=5)) == 0


def test_a_third_reader_is_late_from_the_moment_when_the_two_differ(house):
    read(house, RITA, Answer.scored(1))
    read(house, RAVI, Answer.scored(4))
    with house.office._store.committee.looking() as board:
        (photo,) = board.to_read()
        # The signatures of the house are all of this moment.
        assert board.readable_since(photo.photo_id) == CONFIRMED_AT
    assert late(house, "rosa", CONFIRMED_AT + timedelta(days=4)) == 1


def test_what_a_reader_was_given_is_late_from_when_it_was_given(house):
    for reader in (RITA, RAVI):
        house.committee.next_photo(reader, at=READ_AT)
    assert late(house, "rita", READ_AT + timedelta(days=4)) == 1
    assert late(house, "rosa", READ_AT + timedelta(days=99)) == 0
