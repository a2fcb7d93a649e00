"""The administrator's page over real services."""

import re
from datetime import UTC, datetime

import pytest

from mottling.web.pages import accounts
from tests.house import ADAM, DAY1, NINA, RITA, confirm, open_house
from tests.page_visits import Visit

PASSWORD = "a long password"


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    """Adam and Nina are users; Nina has photographed and scored."""
    made = open_house(tmp_path_factory.mktemp("accounts"))
    for user in (ADAM, NINA):
        made.accounts.add_user(user, PASSWORD, by="setup", at=DAY1)
    confirm(made, "01-001", score=4)
    yield made
    made.close()


@pytest.fixture
def adam(services):
    return Visit(accounts.build, services, ADAM)


def rows(body: str) -> list[str]:
    found = re.findall(r"<tr data-find=.*?</tr>", body, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def code_in(body: str) -> str:
    return re.search(r'value="/invitation#([^"]+)"', body)[1]


def test_everybody_is_listed_with_role_site_and_state(adam):
    assert "nina Ward Centre 01 Open – Open nina" in rows(adam.see())
    assert "adam Administrator – Open – Open adam" in rows(adam.see())


def test_inviting_shows_a_link_this_once_that_makes_a_user(adam, services):
    body = adam.see("invite", name="rosa", role="reader", site="01")
    code = code_in(body)
    assert any("rosa Reader – Invited" in one for one in rows(adam.see("accounts", state="invited")))
    assert "#" + code not in adam.see("account", name="rosa")
    assert services.invitations.follow(code, PASSWORD, at=datetime.now(UTC)) == "rosa"


def test_a_site_goes_with_the_role_of_the_ward_only(adam):
    adam.see("invite", name="ned", role="ward", site="02")
    assert any("ned Ward Centre 02 Invited" in one for one in rows(adam.see("accounts", state="invited")))


def test_a_role_or_a_site_that_there_is_not_is_refused(adam):
    assert "not understood" in adam.refused("invite", name="x", role="king", site="")
    assert "no site" in adam.refused("invite", name="x", role="ward", site="99")
    assert "no user name" in adam.refused("invite", name="a b", role="reader", site="")


def test_an_account_is_locked_and_unlocked(adam):
    locked = adam.see("lock", name="nina")
    assert 'data-do="unlock"' in locked
    assert 'data-do="lock"' not in locked
    assert 'data-do="lock"' in adam.see("unlock", name="nina")


def test_withdrawing_a_role_is_asked_first_and_then_leaves_nothing_to_do(adam, services):
    services.accounts.add_user(RITA, PASSWORD, by="setup", at=DAY1)
    assert 'data-do="withdraw"' in adam.see("withdraw_form", name="rita")
    body = adam.see("withdraw", name="rita")
    assert set(re.findall(r'data-do="(\w+)"', body)) == {"accounts"}


def test_the_own_account_offers_neither_lock_nor_withdrawal(adam):
    done = set(re.findall(r'data-do="(\w+)"', adam.see("account", name="adam")))
    assert done == {"accounts", "link", "sign_out"}
    assert "your own account" in adam.refused("lock", name="adam")


def test_nothing_here_says_anything_of_a_patient(adam):
    seen = adam.see() + adam.see("account", name="nina") + adam.see("invite_form")
    assert [secret for secret in ("01-001", "day1", "QZ", "photo_id", "overlay") if secret in seen] == []


def test_somebody_else_is_refused_every_deed(services):
    rita = Visit(accounts.build, services, RITA)
    for deed in ("accounts", "account", "link", "lock", "unlock", "sign_out", "withdraw"):
        form = {} if deed == "accounts" else {"name": "nina"}
        assert "may not add or disable users" in rita.refused(deed, **form)
    assert "may not" in rita.refused("invite", name="x", role="administrator", site="")
