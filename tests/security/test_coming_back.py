"""Coming back by PIN, leaving everywhere, another password, and a server that begins again, over raw HTTP."""

from contextlib import closing

import pytest
from starlette.testclient import TestClient

from mottling.services.accounts import User
from mottling.services.opening import open_services
from mottling.trial.access import Role
from mottling.web.server import build_app
from tests.house import MINUTE, NINA, NOAH, RANDOMISED_AT, RAVI, RITA, ROSA, house_settings
from tests.tiny_model import a_jpeg
from tests.web_house import HTML, call, password_of, send_photo, shown, web_house

NELL = User("nell", Role.WARD, "01")
OTTO = User("otto", Role.READER, None)
PIN = "4715"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with web_house(tmp_path_factory.mktemp("coming_back")) as made:
        for user in (NINA, NOAH, NELL, RITA, RAVI, ROSA):
            made.add(user)
        yield made


def send(browser, path: str, *, accept: str = "text/html", **form: str):
    headers = {"Origin": str(browser.base_url).rstrip("/"), "Accept": accept, "Accept-Language": "en"}
    return browser.post(path, data={"language": "en", **form}, headers=headers)


def tablet_of(house, user, browser=None):
    """A browser in which somebody has signed in by password."""
    browser = browser or house.visitor()
    assert send(browser, "/sign-in", name=user.name, password=password_of(user)).status_code == 303
    return browser


def test_a_pin_brings_back_on_the_same_tablet_only(house):
    tablet = tablet_of(house, NINA)
    assert "said-notice" in send(tablet, "/access/pin", pin=PIN).text
    send(tablet, "/sign-out")
    assert tablet.get("/").status_code == 401
    assert 'value="nina"' in tablet.get("/sign-in?language=en").text
    assert send(tablet, "/sign-in", name="nina", password=PIN).headers["location"] == "/ward/en/"
    assert tablet.get("/").status_code == 303

    elsewhere = house.visitor()
    assert 'value="nina"' not in elsewhere.get("/sign-in?language=en").text
    assert send(elsewhere, "/sign-in", name="nina", password=PIN).status_code == 401


def test_two_people_of_one_tablet_come_back_each_by_an_own_pin(house):
    tablet = tablet_of(house, NELL, tablet_of(house, NOAH))
    send(tablet, "/access/pin", pin="9038")
    assert send(tablet, "/sign-in", name="noah", password="9038").status_code == 401
    assert send(tablet, "/sign-in", name="nell", password="9038").status_code == 303


def test_five_wrong_pins_end_it(house):
    tablet = tablet_of(house, NINA)
    send(tablet, "/access/pin", pin=PIN)
    for _ in range(5):
        assert send(tablet, "/sign-in", name="nina", password="5174").status_code == 401
    assert send(tablet, "/sign-in", name="nina", password=PIN).status_code == 401
    assert 'value="nina"' not in tablet.get("/sign-in?language=en").text


def test_a_pin_that_is_none_is_refused_in_words(house):
    answer = send(tablet_of(house, NINA), "/access/pin", pin="12")
    assert answer.status_code == 422
    assert "This is no PIN" in answer.text


def test_a_page_that_was_locked_goes_on_when_its_owner_is_back(house):
    tablet = tablet_of(house, RITA)
    send(tablet, "/access/pin", pin=PIN)
    page = {"fn_index": 0, "event_data": None, "session_hash": "thepage"}
    assert call(tablet, "/committee/en/", **page).status_code == 200
    send(tablet, "/sign-out")
    assert call(tablet, "/committee/en/", **page).status_code == 401
    answer = send(tablet, "/sign-in", accept="application/json", name="rita", password=PIN)
    assert (answer.status_code, answer.content) == (204, b"")
    assert call(tablet, "/committee/en/", **page).status_code == 200


def test_a_script_that_is_not_let_in_is_told_why(house):
    answer = send(house.visitor(), "/sign-in", accept="application/json", name="rita", password="0000")
    assert answer.status_code == 401
    assert answer.json()["message"] == "No PIN opens this now"


def test_signing_out_everywhere_ends_every_session_and_the_pin_at_once(house):
    one, other = tablet_of(house, RAVI), tablet_of(house, RAVI)
    send(one, "/access/pin", pin=PIN)
    assert call(one, "/committee/en/", fn_index=0, event_data=None, session_hash="open").status_code == 200
    assert send(other, "/access/everywhere").headers["location"].startswith("/sign-in")
    for browser in (one, other):
        assert browser.get("/").status_code == 401
        assert browser.get("/committee/en/", headers=HTML).status_code == 303
    assert one.get("/committee/en/gradio_api/queue/data?session_hash=open").status_code == 401
    assert call(one, "/committee/en/", fn_index=1, event_data=None).status_code == 401
    assert send(one, "/sign-in", name="ravi", password=PIN).status_code == 401


def test_a_photograph_of_a_session_that_was_ended_elsewhere_is_not_taken(house):
    tablet, other = tablet_of(house, NINA), tablet_of(house, NINA)
    send(other, "/access/everywhere")
    assert send_photo(tablet, a_jpeg()).status_code == 401


def test_another_password_is_chosen_with_the_present_one_and_ends_every_session(house):
    one, other = tablet_of(house, ROSA), tablet_of(house, ROSA)
    wrong = send(one, "/access/password", old="not her password", new="quite another sentence")
    assert wrong.status_code == 422
    assert one.get("/").status_code == 303
    chosen = send(one, "/access/password", old=password_of(ROSA), new="quite another sentence")
    assert chosen.headers["location"].startswith("/sign-in")
    assert [browser.get("/").status_code for browser in (one, other)] == [401, 401]
    assert send(one, "/sign-in", name="rosa", password="quite another sentence").status_code == 303


def test_the_name_of_a_tablet_is_for_http_and_this_site_only(house):
    form = {"name": "noah", "password": password_of(NOAH), "language": "en"}
    answer = house.visitor().post("/sign-in", data=form, headers={"Origin": house.origin})
    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith("mottling-device=")]
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))


@pytest.mark.parametrize("path", ["/access/pin", "/access/password", "/access/everywhere"])
def test_who_is_not_signed_in_changes_nothing(house, path):
    assert send(house.visitor(), path, accept="*/*", pin=PIN).status_code == 401


def test_a_server_that_begins_again_signs_nobody_out(tmp_path):
    with web_house(tmp_path) as first:
        token = first.enter(NINA).cookies["mottling"]
    settings = house_settings(tmp_path)
    with (
        closing(open_services(settings, at=RANDOMISED_AT + MINUTE)) as services,
        TestClient(build_app(services, settings), base_url=first.origin) as nina,
    ):
        nina.cookies.set("mottling", token)
        assert shown(nina, "/ward/en/")["outbox"]["owner"] == "nina"


def test_the_own_access_says_when_the_password_was_chosen_and_who_came_in(house):
    house.add(OTTO)
    tablet = tablet_of(house, OTTO)
    before = tablet.get("/access?language=en").text.count("<li>today at ")
    tablet_of(house, OTTO)
    shown = tablet.get("/access?language=en").text
    assert shown.count("<li>today at ") == before + 1
    assert "Password chosen: " in shown
    assert "nina" not in shown
