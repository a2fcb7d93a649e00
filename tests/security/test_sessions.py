"""Sessions: lock-out, expiry, signing out, and the flags of the cookie."""

from datetime import UTC, datetime

import pytest

from mottling.services.accounts import User
from mottling.trial.access import Role
from tests.house import EMMA, NINA, RAVI, RITA, ROSA
from tests.web_house import HTML, password_of, web_house

NEMO = User("nemo", Role.ENGINEER, None)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with web_house(tmp_path_factory.mktemp("sessions")) as made:
        yield made


def test_wrong_name_and_wrong_password_are_answered_alike(web):
    web.enter(EMMA)
    unknown, wrong = (web.sign_in(user, password="x" * 20) for user in (NEMO, EMMA))
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.text.replace("nemo", "") == wrong.text.replace(EMMA.name, "")
    assert "set-cookie" not in wrong.headers or "mottling=" not in wrong.headers["set-cookie"]


def test_too_many_tries_lock_a_name_out_with_the_right_password_too(house):
    house.add(NINA)
    for _ in range(5):
        house.sign_in(NINA, password="wrong")
    assert house.sign_in(NINA).status_code == 401
    house.add(RAVI)
    assert house.sign_in(RAVI).status_code == 303


def test_a_session_ends_by_signing_out(house):
    rita = house.enter(RITA)
    house.tokens.clear()
    token = rita.cookies["mottling"]
    answer = rita.post("/sign-out", headers={"Origin": house.origin})
    assert answer.headers["location"].startswith("/sign-in")
    assert "clear-site-data" not in answer.headers, "a photograph that waits on the tablet would be lost"
    again = house.visitor()
    again.cookies.set("mottling", token)
    assert again.get("/committee/fr/gradio_api/app_id").status_code == 401


def test_signing_out_is_no_link(house):
    rita = house.enter(ROSA)
    assert rita.get("/sign-out").status_code == 404
    assert rita.get("/").status_code == 303


def test_the_session_of_a_user_who_is_disabled_ends(house):
    emma = house.enter(EMMA)
    assert emma.get("/").status_code == 303
    house.services.accounts.disable_user(EMMA.name, by="adam", at=datetime.now(UTC))
    assert emma.get("/").status_code == 401


def test_a_token_that_nobody_was_given_opens_nothing(web):
    client = web.visitor()
    client.cookies.set("mottling", "x" * 43)
    assert client.get("/", headers=HTML).headers["location"].startswith("/sign-in")


def test_a_token_in_the_address_opens_nothing(web):
    token = web.enter(RITA).cookies["mottling"]
    assert web.visitor().get(f"/committee/fr/gradio_api/app_id?mottling={token}").status_code == 401


def test_the_cookie_is_for_http_and_this_site_only(web):
    web.enter(EMMA)
    cookie = web.sign_in(EMMA).headers["set-cookie"]
    assert cookie.startswith("mottling=")
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_behind_tls_the_cookie_is_of_this_host_and_secure(tmp_path):
    with web_house(tmp_path, behind_tls=True) as house:
        house.add(RITA)
        answer = house.sign_in(RITA)
        form = {"name": RITA.name, "password": password_of(RITA), "language": "en"}
        plain = house.visitor().post("/sign-in", data=form, headers={"Origin": "http://testserver"})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-mottling=")
    assert {"HttpOnly", "Path=/", "SameSite=strict", "Secure"} <= set(cookie.split("; "))
    assert "max-age" in answer.headers["strict-transport-security"]
    assert plain.status_code == 403
