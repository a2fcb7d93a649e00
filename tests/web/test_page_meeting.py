"""The committee's meeting on the page: blinded, signed, and nobody is told whose answer was which."""

import re
from contextlib import closing

import pytest

from mottling.services.views import Answer
from mottling.web.pages import committee
from tests.house import DAY1, RAVI, RITA, charter_text, confirm, open_house, read
from tests.page_visits import Visit

MEETING = charter_text('third_reader = "decides"', 'third_reader = "meeting"')
PASSWORD = "the password of all"
SECRETS = ["01-001", "day1", "day 1", "nina", "tiny", "site", "i-micro", "proposal", "centre 0"]


@pytest.fixture
def services(tmp_path):
    """Two readers differ."""
    with closing(open_house(tmp_path, charter=MEETING)) as made:
        for user in (RITA, RAVI):
            made.accounts.add_user(user, PASSWORD, by="setup", at=DAY1)
        confirm(made)
        for reader, score in ((RITA, 4), (RAVI, 1)):
            read(made, reader, Answer.scored(score))
        yield made


def form(body: str, **more):
    found = re.search(r'name="reading_id" value="([0-9a-f]{32})"', body)
    sent = {"reading_id": found[1], "password": PASSWORD, "answer": {"score": "3"}, "sat": {"1": "ravi"}}
    return {**sent, **more}


def test_a_reader_who_has_read_all_opens_the_meeting_and_signs_what_is_said(services):
    rita = Visit(committee.build, services, RITA)
    assert 'data-do="meeting"' in rita.see()
    body = rita.see("meeting")
    assert re.findall(r"<li><b>(.*?)</b></li>", body) == ["1", "4"]
    answer = rita.answer("met", form(body))
    assert answer["notice"] == "What the committee says is recorded"
    assert "No photograph waits for the committee" in answer["body"]
    (said,) = services.office._store.committee.consensus()
    assert (said.answer, said.members()) == (Answer.scored(3), ("ravi", "rita"))
    assert said.meaning.startswith("We have looked at this photograph together")


def test_it_says_nothing_of_patient_ward_or_model_and_not_who_had_said_what(services):
    bodies = [Visit(committee.build, services, reader).see("meeting") for reader in (RITA, RAVI)]
    assert [secret for secret in SECRETS if secret in bodies[0].lower()] == []
    said = [re.search(r'<ul class="meeting-said">.*?</ul>', body)[0] for body in bodies]
    assert said[0] == said[1]
    assert "rita" not in said[0]
    assert "ravi" not in said[0]


def test_who_sat_there_with_whom_is_asked(services):
    rita = Visit(committee.build, services, RITA)
    body = rita.see("meeting")
    assert "1 reader sat there" in rita.refused("met", **form(body, sat={}))
    assert "not go together" in rita.refused("met", **form(body, password="another one"))
    assert "not understood" in rita.refused("met", **form(body, sat={"1": "x" * 81}))


def test_the_meeting_stays_shut_while_photographs_wait_for_the_reader(services):
    confirm(services, "01-002")
    rita = Visit(committee.build, services, RITA)
    assert 'data-do="meeting"' not in rita.see()
    assert "You have 1 photographs to read" in rita.refused("meeting")


def test_it_is_said_in_french(services):
    body = Visit(committee.build, services, RAVI, "fr").see("meeting")
    assert "Aucune lecture ne tranche" in body


def test_where_the_trial_file_has_no_meeting_the_page_offers_none(tmp_path):
    with closing(open_house(tmp_path)) as made:
        rita = Visit(committee.build, made, RITA)
        assert 'data-do="meeting"' not in rita.see()
        assert "No photograph waits for the committee" in rita.see("meeting")
