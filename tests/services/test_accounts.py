"""Accounts: who is let in, for how long, and what a guess learns."""

from datetime import UTC, datetime, timedelta

import pytest

from mottling.errors import Conflict, RecordRefused, SignInRefused
from mottling.services.accounts import User
from mottling.store.store import Store
from mottling.trial.access import Role
from tests.services.cheap_accounts import accounts_of

AT = datetime(2026, 4, 1, 12, tzinfo=UTC)
NINA = User("nina", Role.WARD, "01")
PASSWORD = "a long password"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def accounts(store):
    made = accounts_of(store)
    made.add_user(NINA, PASSWORD, by="command", at=AT)
    return made


def refusal(accounts, name, password, *, at=AT):
    with pytest.raises(SignInRefused) as refused:
        accounts.sign_in(name, password, at=at)
    return str(refused.value)


def test_who_signs_in_has_a_session_until_it_expires(accounts):
    session = accounts.sign_in("nina", PASSWORD, at=AT)
    assert session.user == NINA
    assert accounts.session(session.token, at=AT + MINUTE).user == NINA


def test_the_store_never_sees_the_token(accounts, store, tmp_path):
    token = accounts.sign_in("nina", PASSWORD, at=AT).token
    store.close()
    assert all(token.encode() not in path.read_bytes() for path in (tmp_path / "data").rglob("*.sqlite*"))


def test_wrong_name_wrong_password_and_disabled_user_get_the_same_words(accounts):
    wrong = {refusal(accounts, "nina", "not her password"), refusal(accounts, "nobody", PASSWORD)}
    accounts.disable_user("nina", by="command", at=AT)
    assert {*wrong, refusal(accounts, "nina", PASSWORD)} == wrong
    assert len(wrong) == 1


@pytest.mark.parametrize("name", ["", "nina\x00", "n" * 500, "né à Paris", "nina; drop table"])
def test_what_can_be_no_name_is_refused_with_the_same_words(accounts, name):
    assert refusal(accounts, name, PASSWORD) == refusal(accounts, "nobody", PASSWORD)


@pytest.mark.parametrize("name", ["nina", "nobody"])
def test_the_sixth_try_is_refused_unread_whether_the_name_exists_or_not(accounts, name):
    for _ in range(5):
        refusal(accounts, name, "not her password")
    assert "5 tries were refused" in refusal(accounts, name, PASSWORD)


def test_a_lock_out_ends_after_its_time_however_often_somebody_knocks(accounts):
    for _ in range(5):
        refusal(accounts, "nina", "not her password")
    for minute in range(1, 15):
        refusal(accounts, "nina", PASSWORD, at=AT + minute * MINUTE)
    assert accounts.sign_in("nina", PASSWORD, at=AT + 16 * MINUTE).user == NINA


def test_a_new_password_ends_a_lock_out_and_open_sessions(accounts):
    token = accounts.sign_in("nina", PASSWORD, at=AT).token
    for _ in range(5):
        refusal(accounts, "nina", "not her password")
    accounts.reset_password("nina", "another long password", by="command", at=AT + MINUTE)
    assert accounts.session(token, at=AT + MINUTE) is None
    assert accounts.sign_in("nina", "another long password", at=AT + MINUTE).user == NINA


def test_a_success_makes_earlier_slips_forgotten(accounts):
    for _ in range(4):
        refusal(accounts, "nina", "not her password")
    accounts.sign_in("nina", PASSWORD, at=AT + MINUTE)
    refusal(accounts, "nina", "not her password", at=AT + 2 * MINUTE)
    assert accounts.sign_in("nina", PASSWORD, at=AT + 2 * MINUTE).user == NINA


def test_a_session_ends_twelve_hours_after_it_began_however_busy(accounts):
    token = accounts.sign_in("nina", PASSWORD, at=AT).token
    for quarters in range(1, 48):
        assert accounts.session(token, at=AT + quarters * 15 * MINUTE)
    assert accounts.session(token, at=AT + timedelta(hours=12, seconds=1)) is None


def test_a_session_that_nobody_uses_for_a_quarter_of_an_hour_ends_for_good(accounts):
    token = accounts.sign_in("nina", PASSWORD, at=AT).token
    assert accounts.session(token, at=AT + 16 * MINUTE) is None
    assert accounts.session(token, at=AT + MINUTE) is None


def test_signing_out_ends_the_session_and_twice_is_no_error(accounts):
    token = accounts.sign_in("nina", PASSWORD, at=AT).token
    accounts.sign_out(token, at=AT)
    accounts.sign_out(token, at=AT)
    assert accounts.session(token, at=AT) is None


def test_a_disabled_user_has_no_session_any_more(accounts):
    token = accounts.sign_in("nina", PASSWORD, at=AT).token
    accounts.disable_user("nina", by="command", at=AT)
    assert accounts.session(token, at=AT) is None


def test_a_token_that_was_never_given_opens_nothing(accounts):
    assert accounts.session("made up", at=AT) is None


@pytest.mark.parametrize(
    ("user", "words"),
    [
        (User("noah", Role.WARD, None), "needs a site"),
        (User("rita", Role.READER, "01"), "has no site"),
        (User("noah", Role.WARD, "99"), "is no site"),
        (User("no ah", Role.READER, None), "is no user name"),
    ],
)
def test_a_user_whose_role_and_site_do_not_go_together_is_refused(accounts, user, words):
    with pytest.raises(RecordRefused, match=words):
        accounts.add_user(user, PASSWORD, by="command", at=AT)


@pytest.mark.parametrize("name", ["server", "command"])
def test_nobody_is_called_as_the_records_call_who_is_no_person(accounts, name):
    with pytest.raises(RecordRefused, match="no person"):
        accounts.add_user(User(name, Role.READER, None), PASSWORD, by="command", at=AT)


def test_a_name_is_given_once(accounts):
    with pytest.raises(Conflict):
        accounts.add_user(NINA, PASSWORD, by="command", at=AT)


@pytest.mark.parametrize("password", ["eleven sign", "x" * 257])
def test_a_password_too_short_or_too_long_is_refused(accounts, password):
    with pytest.raises(RecordRefused, match="The password has"):
        accounts.reset_password("nina", password, by="command", at=AT)


@pytest.mark.parametrize(
    "password",
    ["aaaaaaaaaaaa", "ninanina-nina", "123456789012", "password1234", "Mottling-Mottling", "NINA qwertyuiop"],
)
def test_a_password_of_the_name_or_of_what_everybody_tries_is_refused(accounts, password):
    with pytest.raises(RecordRefused, match="easily guessed"):
        accounts.reset_password("nina", password, by="command", at=AT)


def test_a_user_chooses_another_password_with_the_present_one(accounts):
    token = accounts.sign_in("nina", PASSWORD, at=AT).token
    with pytest.raises(SignInRefused):
        accounts.change_password(NINA, "not her password", "another long password", at=AT)
    assert accounts.session(token, at=AT) is not None
    accounts.change_password(NINA, PASSWORD, "another long password", at=AT)
    assert accounts.session(token, at=AT) is None
    assert accounts.sign_in("nina", "another long password", at=AT).user == NINA


def test_nobody_can_be_disabled_who_does_not_exist(accounts):
    with pytest.raises(RecordRefused):
        accounts.disable_user("nobody", by="command", at=AT)
