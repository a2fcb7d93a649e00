"""Following an invitation over raw HTTP: its code is in no address that is sent, and in no log."""

from datetime import UTC, datetime

import pytest

from tests.house import NINA, RITA
from tests.web_house import web_house

SENTENCE = "a sentence of several words"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with web_house(tmp_path_factory.mktemp("invitations")) as made:
        yield made


def code_for(house, user) -> str:
    return house.services.invitations.invite(user, by="adam", at=datetime.now(UTC))


def follow(house, code: str, new: str = SENTENCE, again: str = SENTENCE):
    form = {"code": code, "new": new, "again": again, "language": "en"}
    browser = house.visitor()
    return browser, browser.post("/invitation", data=form, headers={"Origin": house.origin})


def test_who_follows_the_link_is_signed_in_on_the_own_page(house):
    browser, answer = follow(house, code_for(house, NINA))
    assert answer.headers["location"] == "/ward/en/"
    assert browser.get("/").headers["location"].startswith("/ward/")


def test_a_link_that_opens_nothing_says_so_and_lets_nobody_in(house):
    browser, answer = follow(house, "made up")
    assert answer.status_code == 422
    assert "This link opens nothing any more" in answer.text
    assert "mottling" not in browser.cookies


def test_two_passwords_that_differ_leave_the_link_open(house):
    code = code_for(house, RITA)
    assert "The two passwords differ" in follow(house, code, again="another sentence of words")[1].text
    assert follow(house, code)[1].status_code == 303


def test_the_page_of_a_link_takes_no_code_from_the_address_and_runs_no_inline_script(house):
    answer = house.visitor().get("/invitation?code=abc&language=en")
    assert "abc" not in answer.text
    assert "<script>" not in answer.text
    assert answer.headers["cache-control"] == "private, no-store"


def test_following_a_link_from_elsewhere_is_refused(house):
    answer = house.visitor().post(
        "/invitation", data={"code": "x"}, headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403
