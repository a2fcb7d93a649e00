"""The reading room says nothing of patient, site, visit, model, ward or other readers: not anywhere."""

import io

import pytest
from PIL import Image

from mottling.scale import Zone
from tests.house import NINA, RAVI, RITA, confirm, enrol
from tests.tiny_model import a_jpeg
from tests.web_house import HTML, call, heard, password_of, shown, web_house

ROOM = "/committee/en/"
SECRETS = ["01-001", "02-001", "day1", "day 1", "nina", "noah", "ravi", "tiny", "site", "i-micro", "proposal"]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with web_house(tmp_path_factory.mktemp("blinding")) as made:
        for patient, mottled in [("01-001", [Zone.COIN]), ("02-001", [])]:
            confirm(made.services, patient, data=a_jpeg(mottled), score=4)
        yield made


@pytest.fixture(scope="module")
def rita(house):
    return house.enter(RITA)


@pytest.fixture(scope="module")
def body(rita) -> str:
    return shown(rita, ROOM)["body"]


def reading_id(body: str) -> str:
    return body.partition('name="reading_id" value="')[2].partition('"')[0]


def lock(client, body: str, score: str = "3"):
    form = {"reading_id": reading_id(body), "reading_s": "7.5", "answer": {"score": score}}
    return shown(client, ROOM, "lock", form)


def test_nothing_that_is_shown_says_whose_it_is(body):
    assert [secret for secret in SECRETS if secret in body.lower()] == []


def test_the_document_and_its_configuration_say_nothing(rita):
    document = rita.get(ROOM, headers=HTML).text.lower()
    assert [secret for secret in SECRETS if secret in document] == []


def test_the_stream_says_nothing_but_what_is_shown(rita):
    call(rita, ROOM, fn_index=0, event_data=None, session_hash="stream1")
    said = heard(rita, ROOM, session_hash="stream1").lower()
    assert [secret for secret in SECRETS if secret in said] == []


def test_the_picture_is_pixels_only(rita, body):
    answer = rita.get(f"/committee/readings/{reading_id(body)}/picture")
    assert {"etag", "last-modified", "content-disposition"} & set(answer.headers) == set()
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.format, set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}) == (
        "JPEG",
        True,
    )


def test_a_reading_of_another_reader_is_closed(house, body):
    ravi = house.enter(RAVI)
    assert ravi.get(f"/committee/readings/{reading_id(body)}/picture").status_code == 403
    assert "not" in lock(ravi, body)["problem"][0]


def test_the_ward_and_the_reader_see_other_ids_of_one_photograph(house, body):
    assert house.enter(NINA).get(f"/ward/photos/{reading_id(body)}/picture").status_code in {403, 422}


def test_two_readers_are_given_ids_of_their_own(house, body):
    assert reading_id(shown(house.enter(RAVI), ROOM)["body"]) != reading_id(body)


def test_a_reader_goes_through_all_and_hears_of_no_other(tmp_path):
    with web_house(tmp_path) as house:
        enrol(house.services, "01-003")
        for patient in ("01-001", "01-003"):
            confirm(house.services, patient)
        rita, ravi = house.enter(RITA), house.enter(RAVI)
        first = shown(rita, ROOM)["body"]
        assert "Photograph 1 of 2" in first
        second = lock(rita, first, "2")
        assert second["notice"] == "Your reading is locked"
        assert "Photograph 2 of 2" in second["body"]
        assert "Photograph 1 of 2" in shown(ravi, ROOM)["body"]
        assert "Your readings, not signed yet" in lock(rita, second["body"])["body"]
        sign = {"readings": "2", "password": password_of(RITA)}
        assert "You have read every photograph" in shown(rita, ROOM, "sign", sign)["body"]


def test_a_reading_that_is_locked_stays_locked(house):
    ravi = house.enter(RAVI)
    body = shown(ravi, ROOM)["body"]
    assert lock(ravi, body)["problem"] is None
    again = lock(ravi, body, "5")
    assert again["body"] is None
    assert "locked" in again["problem"][0]


def test_not_assessable_needs_its_reason(house, body):
    form = {"reading_id": reading_id(body), "reading_s": "3", "answer": {"score": "none"}}
    refused = shown(house.enter(RITA), ROOM, "lock", form)
    assert refused["problem"][0] == "Not assessable needs a reason"
