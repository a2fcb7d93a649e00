"""A photograph that waited on a tablet: sent by its owner's session only, and answered without the model."""

import json

import pytest

from tests.house import NINA, NOAH
from tests.tiny_model import a_jpeg
from tests.web_house import send_photo, web_house

TWO = json.dumps({"score": "2"})


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with web_house(tmp_path_factory.mktemp("arrivals")) as made:
        yield made


def test_the_session_of_another_person_sends_nobodys_photograph(house):
    nina = house.enter(NINA)
    answer = send_photo(nina, a_jpeg(), Mottling_Answer=TWO, Mottling_Owner="noah")
    assert answer.status_code == 401
    assert house.stored_files() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Mottling_Answer": "2"},
        {"Mottling_Answer": json.dumps({"score": "6"})},
        {"Mottling_Answer": json.dumps({"score": "2", "by": "somebody else"})},
        {"Mottling_Answer": TWO, "Mottling_Age": "-1"},
        {"Mottling_Answer": TWO, "Mottling_Age": "1e9"},
        {"Mottling_Answer": TWO, "Mottling_Age": "nan"},
    ],
)
def test_what_no_page_sends_is_refused_and_nothing_is_stored(house, headers):
    answer = send_photo(house.enter(NINA), a_jpeg(), **headers)
    assert answer.status_code == 422
    assert house.stored_files() == []


def test_the_answer_to_a_scored_photograph_says_nothing_of_the_model(house):
    given = send_photo(house.enter(NINA), a_jpeg(), Mottling_Answer=TWO, Idempotency_Key="key-2")
    assert given.status_code == 201
    assert set(given.json()) == {"photo_id", "sha256"}


def test_the_framing_is_one_word(house):
    nina = house.enter(NINA)
    given = nina.post("/ward/framing", content=a_jpeg(), headers={"Origin": house.origin})
    assert given.json() == {"framing": "good"}


def test_what_is_no_photograph_has_no_framing(house):
    nina = house.enter(NINA)
    given = nina.post("/ward/framing", content=b"<svg/>", headers={"Origin": house.origin})
    assert given.status_code == 422


def test_two_people_have_two_keys_that_no_browser_keeps(house):
    answers = [house.enter(user).get("/ward/outbox-key") for user in (NINA, NOAH)]
    assert answers[0].json()["key"] != answers[1].json()["key"]
    assert {answer.headers["cache-control"] for answer in answers} == {"private, no-store"}
