"""Invitations: a link that one person follows once, and only the newest one."""

from datetime import UTC, datetime, timedelta

import pytest

from mottling.errors import Conflict, RecordRefused
from mottling.services.accounts import User
from mottling.store.store import Store
from mottling.trial.access import Role
from tests.services.cheap_accounts import invitations_of

AT = datetime(2026, 4, 1, 12, tzinfo=UTC)
NINA = User("nina", Role.WARD, "01")
PASSWORD, ANOTHER = "a long password", "another long password"
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def invitations(store):
    return invitations_of(store)


def closed(invitations, code, *, at=AT + HOUR) -> None:
    with pytest.raises(Conflict, match="opens nothing any more"):
        invitations.follow(code, ANOTHER, at=at)


def test_who_follows_a_link_is_a_user_with_the_password_that_was_chosen(invitations):
    code = invitations.invite(NINA, by="command", at=AT)
    assert invitations.accounts.find("nina") is None
    assert invitations.follow(code, PASSWORD, at=AT + HOUR) == "nina"
    assert invitations.accounts.sign_in("nina", PASSWORD, at=AT + HOUR).user == NINA


def test_a_link_opens_once(invitations):
    code = invitations.invite(NINA, by="command", at=AT)
    invitations.follow(code, PASSWORD, at=AT + HOUR)
    closed(invitations, code)


def test_a_link_opens_for_three_days(invitations):
    closed(invitations, invitations.invite(NINA, by="command", at=AT), at=AT + 72 * HOUR)


def test_only_the_newest_link_of_a_name_opens(invitations):
    first, second = (invitations.invite(NINA, by="command", at=AT) for _ in range(2))
    closed(invitations, first)
    assert invitations.follow(second, PASSWORD, at=AT + HOUR) == "nina"


def test_a_password_that_is_refused_leaves_the_link_open(invitations):
    code = invitations.invite(NINA, by="command", at=AT)
    with pytest.raises(RecordRefused, match="The password has 5 characters"):
        invitations.follow(code, "short", at=AT + HOUR)
    assert invitations.follow(code, PASSWORD, at=AT + HOUR) == "nina"


def test_a_code_that_was_never_given_opens_nothing(invitations):
    closed(invitations, "made up")


def test_the_store_never_sees_the_code(invitations, store, tmp_path):
    code = invitations.invite(NINA, by="command", at=AT)
    store.close()
    assert all(code.encode() not in path.read_bytes() for path in (tmp_path / "data").rglob("*.sqlite*"))


def test_a_name_that_is_taken_is_not_invited(invitations):
    invitations.accounts.add_user(NINA, PASSWORD, by="command", at=AT)
    with pytest.raises(Conflict, match="is taken"):
        invitations.invite(NINA, by="command", at=AT)


def test_the_name_of_who_is_let_in_no_more_is_not_given_to_somebody_else(invitations):
    invitations.accounts.add_user(NINA, PASSWORD, by="command", at=AT)
    invitations.accounts.disable_user("nina", by="command", at=AT)
    with pytest.raises(Conflict, match="is taken"):
        invitations.invite(NINA, by="command", at=AT)


def test_what_can_be_no_user_is_not_invited(invitations):
    with pytest.raises(RecordRefused, match="needs a site"):
        invitations.invite(User("nina", Role.WARD, None), by="command", at=AT)


def test_a_user_who_is_invited_back_chooses_another_password_and_every_session_ends(invitations):
    accounts = invitations.accounts
    accounts.add_user(NINA, PASSWORD, by="command", at=AT)
    token = accounts.sign_in("nina", PASSWORD, at=AT).token
    code = invitations.invite_back("nina", by="command", at=AT)
    assert accounts.session(token, at=AT) is not None
    invitations.follow(code, ANOTHER, at=AT + HOUR / 6)
    assert accounts.session(token, at=AT + HOUR / 6) is None
    assert accounts.sign_in("nina", ANOTHER, at=AT + HOUR).user == NINA


def test_a_link_of_a_user_who_was_disabled_meanwhile_opens_nothing(invitations):
    invitations.accounts.add_user(NINA, PASSWORD, by="command", at=AT)
    code = invitations.invite_back("nina", by="command", at=AT)
    invitations.accounts.disable_user("nina", by="command", at=AT)
    closed(invitations, code)
    with pytest.raises(Conflict, match="Nobody is let in"):
        invitations.invite_back("nina", by="command", at=AT)
