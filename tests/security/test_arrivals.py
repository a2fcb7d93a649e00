"""A photograph that waited on a tablet: sent by its owner's session only, and answered without the model."""

import json

import pytest

from tests.house import NINA, NOAH, RITA
from tests.tiny_model import a_jpeg
from tests.web_house import HTML, call, hash_of, send_photo, shown, web_house

TWO = json.dumps({"score": "2"})


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with web_house(tmp_path_factory.mktemp("arrivals")) as made:
        yield made


def test_the_session_of_another_person_sends_nobodys_photograph(house):
    nina, before = house.enter(NINA), house.stored_files()
    answer = send_photo(nina, a_jpeg(), Mottling_Answer=TWO, Mottling_Owner="noah")
    assert answer.status_code == 401
    assert house.stored_files() == before


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
    nina, before = house.enter(NINA), house.stored_files()
    answer = send_photo(nina, a_jpeg(), **headers)
    assert answer.status_code == 422
    assert house.stored_files() == before


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


def test_the_key_of_what_waits_comes_with_the_page_of_its_owner_and_no_browser_keeps_it(house):
    pages = [shown(house.enter(user), "/ward/en/") for user in (NINA, NOAH)]
    assert [page["outbox"]["owner"] for page in pages] == ["nina", "noah"]
    assert len({page["outbox"]["key"] for page in pages}) == 2
    assert pages[0]["outbox"]["key"] == shown(house.enter(NINA), "/ward/fr/")["outbox"]["key"]


def test_what_brings_the_key_is_kept_by_no_browser_and_stands_in_no_document(house):
    nina = house.enter(NINA)
    key = shown(nina, "/ward/en/")["outbox"]["key"]
    call(nina, "/ward/en/", fn_index=0, event_data=None)
    stream = nina.get("/ward/en/gradio_api/queue/data", params={"session_hash": hash_of(nina)})
    assert key in stream.text
    assert stream.headers["cache-control"] == "private, no-store"
    assert key not in nina.get("/ward/en/", headers=HTML).text


def test_the_key_comes_once_and_not_with_each_deed(house):
    assert shown(house.enter(NINA), "/ward/en/", "list")["outbox"] is None


def test_no_other_room_is_given_a_key(house):
    assert shown(house.enter(RITA), "/committee/en/")["outbox"] is None
