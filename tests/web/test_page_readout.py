"""The coordinator's page over real services."""

import re

import pytest

from mottling.services.views import Answer
from mottling.web.pages import readout
from tests.house import CORA, DAY1, MONA, RANDOMISED_AT, RAVI, RITA, ROSA, confirm, open_house, read
from tests.page_visits import Visit

PASSWORD = "a long password"


@pytest.fixture
def services(tmp_path):
    """01-001 has a verdict; 01-002 waits with Rita."""
    made = open_house(tmp_path)
    for user in (RITA, RAVI, ROSA, CORA):
        made.accounts.add_user(user, PASSWORD, by="setup", at=RANDOMISED_AT)
    confirm(made, "01-001", score=2)
    for reader in (RITA, RAVI):
        read(made, reader, Answer.not_assessable("blurred"))
    confirm(made, "01-002", score=2)
    made.committee.next_photo(RITA, at=DAY1)
    yield made
    made.close()


@pytest.fixture
def cora(services):
    return Visit(readout.build, services, CORA)


def text_of(body: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def given_in(body: str) -> str:
    return re.search(r'data-with-reading_id="(\w+)"', body)[1]


def test_the_page_counts_photographs_and_each_readers_work(cora):
    said = text_of(cora.see())
    assert "Decided 1 / 2" in said
    assert "Not read yet 1" in said
    assert re.search(r"rita – 1 0 1 \d+ d", said)
    assert re.search(r"ravi – 1 0 1 \d+ d(?: \d+ h)? \d+ d late", said)
    assert "more than 7 days, as the trial file says" in said


def test_a_text_reminds_a_reader_and_says_nothing_of_photographs(cora):
    body = cora.see("remind", name="rita")
    # In the trial's own language, whatever that of the page.
    assert "1 à lire" in body
    assert "Mottling sends nothing" in body


def test_a_photograph_is_taken_back_with_a_reason(cora, services):
    reading_id = given_in(cora.see())
    assert 'data-do="take_back"' in cora.see("take_back_form", reading_id=reading_id)
    assert "0 characters" in cora.refused("take_back", reading_id=reading_id, because="")
    assert "None waits." in cora.see("take_back", reading_id=reading_id, because="On leave")
    assert services.committee.next_photo(ROSA, at=DAY1) is not None


def test_the_read_out_is_not_closed_before_it_may_be(cora):
    assert 'data-do="close"' in cora.see("close_form")
    assert "wait for a verdict" in cora.refused("close", password=PASSWORD)


def test_the_read_out_is_closed_with_a_password_and_opened_again_with_a_reason(cora, services):
    read(services, RITA, Answer.scored(2))
    read(services, RAVI, Answer.scored(2))
    assert "do not go together" in cora.refused("close", password="not hers")
    assert "The read-out is closed" in cora.see("close", password=PASSWORD)
    assert 'data-do="reopen"' in cora.see("close_form")
    assert "The read-out is open" in cora.see("reopen", password=PASSWORD, because="A late photograph")


def test_nothing_on_the_page_says_whose_a_photograph_is_or_what_was_answered(cora):
    seen = cora.see() + cora.see("take_back_form", reading_id=given_in(cora.see()))
    secrets = ("01-001", "01-002", "Day 1", "Centre", "QZ", "blurred", "assessable", "Blurred")
    assert [secret for secret in secrets if secret in seen] == []


def test_a_monitor_is_refused_every_deed_of_a_coordinator(cora, services):
    reading_id = given_in(cora.see())
    services.accounts.add_user(MONA, PASSWORD, by="setup", at=RANDOMISED_AT)
    mona = Visit(readout.build, services, MONA)
    assert "may not" in mona.refused("take_back", reading_id=reading_id, because="On leave")
    assert "may not" in mona.refused("close", password=PASSWORD)
    assert "may not" in mona.refused("reopen", password=PASSWORD, because="x")
