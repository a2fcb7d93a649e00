"""The administrator: invites, locks, withdraws; and is the only one who may."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from mottling.errors import Conflict, NotAllowed, RecordRefused, SignInRefused
from mottling.services.accounts import User
from mottling.services.administration import Administration, UserState
from mottling.settings import SignInLimits
from mottling.store.store import Store
from mottling.trial.access import Role
from tests.services.cheap_accounts import invitations_of

AT = datetime(2026, 4, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADAM = User("adam", Role.ADMINISTRATOR, None)
NINA = User("nina", Role.WARD, "01")
RITA = User("rita", Role.READER, None)
PASSWORD = "a long password"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A store in which Adam and Nina are users."""
    folder = tmp_path_factory.mktemp("administration") / "data"
    with Store.open(folder) as opened:
        for user in (ADAM, NINA):
            _administration(opened).invitations.accounts.add_user(user, PASSWORD, by="command", at=AT)
    return folder


@pytest.fixture
def store(made, tmp_path):
    shutil.copytree(made, tmp_path / "data")
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def administration(store):
    return _administration(store)


def _administration(store: Store) -> Administration:
    return Administration(store.users, invitations_of(store), SignInLimits())


def states(administration, *, at=AT) -> dict[str, UserState]:
    return {line.name: line.state for line in administration.people(ADAM, at=at)}


def sign_in(administration, name="nina", password=PASSWORD, *, at=AT):
    return administration.invitations.accounts.sign_in(name, password, at=at)


def test_the_list_has_role_site_and_the_last_sign_in(administration):
    sign_in(administration, at=AT + MINUTE)
    adam, nina = administration.people(ADAM, at=AT + 2 * MINUTE)
    assert (nina.name, nina.role, nina.site, nina.last_in) == ("nina", Role.WARD, "01", AT + MINUTE)
    assert (adam.site, adam.last_in) == (None, None)


def test_who_was_invited_is_on_the_list_until_the_link_is_followed_and_then_as_a_user(administration):
    given = administration.invite(ADAM, RITA, at=AT)
    assert states(administration)["rita"] is UserState.INVITED
    administration.invitations.follow(given.code, PASSWORD, at=AT)
    assert states(administration)["rita"] is UserState.OPEN


def test_an_invitation_that_nobody_followed_leaves_the_list_with_its_link(administration):
    given = administration.invite(ADAM, RITA, at=AT)
    assert "rita" not in states(administration, at=given.until)


def test_another_link_to_who_was_invited_ends_the_first_one(administration):
    first = administration.invite(ADAM, RITA, at=AT)
    second = administration.link(ADAM, "rita", at=AT)
    with pytest.raises(Conflict, match="opens nothing any more"):
        administration.invitations.follow(first.code, PASSWORD, at=AT)
    assert administration.invitations.follow(second.code, PASSWORD, at=AT) == "rita"


def test_a_link_lets_a_user_choose_another_password(administration):
    given = administration.link(ADAM, "nina", at=AT)
    assert administration.person(ADAM, "nina", at=AT).link_until == given.until
    administration.invitations.follow(given.code, "another long password", at=AT)
    assert sign_in(administration, password="another long password").user == NINA


def test_a_locked_user_is_signed_out_and_comes_in_again_when_unlocked(administration):
    token = sign_in(administration).token
    administration.lock(ADAM, "nina", at=AT)
    assert administration.invitations.accounts.session(token, at=AT) is None
    with pytest.raises(SignInRefused, match="the account is closed"):
        sign_in(administration)
    administration.unlock(ADAM, "nina", at=AT)
    assert sign_in(administration).user == NINA


def test_who_tried_too_many_passwords_is_let_try_again(administration):
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sign_in(administration, password="a wrong password")
    later = AT + MINUTE
    assert states(administration, at=later)["nina"] is UserState.GUESSED
    administration.unlock(ADAM, "nina", at=later)
    assert sign_in(administration, at=later).user == NINA


def test_an_account_that_is_open_is_not_unlocked(administration):
    with pytest.raises(Conflict, match="is not locked"):
        administration.unlock(ADAM, "nina", at=AT)


def test_a_withdrawn_user_is_let_in_no_more_and_the_name_is_nobody_elses(administration):
    administration.withdraw(ADAM, "nina", at=AT)
    assert states(administration)["nina"] is UserState.WITHDRAWN
    with pytest.raises(SignInRefused):
        sign_in(administration)
    with pytest.raises(Conflict, match="is taken"):
        administration.invite(ADAM, NINA, at=AT)
    with pytest.raises(Conflict, match="let in"):
        administration.link(ADAM, "nina", at=AT)


def test_signing_out_everywhere_ends_sessions_and_leaves_the_account_open(administration):
    token = sign_in(administration).token
    administration.sign_out_everywhere(ADAM, "nina", at=AT)
    assert administration.invitations.accounts.session(token, at=AT) is None
    assert states(administration)["nina"] is UserState.OPEN


def test_nobody_who_never_came_in_is_signed_out(administration):
    administration.invite(ADAM, RITA, at=AT)
    with pytest.raises(RecordRefused, match="has not followed the link"):
        administration.sign_out_everywhere(ADAM, "rita", at=AT)


@pytest.mark.parametrize("act", ["lock", "withdraw"])
def test_an_administrator_does_not_lock_himself_out(administration, act):
    with pytest.raises(RecordRefused, match="your own account"):
        getattr(administration, act)(ADAM, "adam", at=AT)


@pytest.mark.parametrize("act", ["person", "link", "lock", "unlock", "withdraw", "sign_out_everywhere"])
def test_nobody_of_this_name_is_said_so(administration, act):
    with pytest.raises(RecordRefused, match="no user 'nobody'"):
        getattr(administration, act)(ADAM, "nobody", at=AT)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_sees_or_changes_who_may_come_in(administration, role):
    somebody = User("olga", role, "01" if role is Role.WARD else None)
    for act in ("person", "link", "lock", "unlock", "withdraw", "sign_out_everywhere"):
        with pytest.raises(NotAllowed):
            getattr(administration, act)(somebody, "nina", at=AT)
    with pytest.raises(NotAllowed):
        administration.people(somebody, at=AT)
    with pytest.raises(NotAllowed):
        administration.invite(somebody, RITA, at=AT)
    assert states(administration) == {"adam": UserState.OPEN, "nina": UserState.OPEN}


def test_each_act_is_recorded_with_who_did_it(administration, store):
    administration.invite(ADAM, RITA, at=AT)
    administration.lock(ADAM, "nina", at=AT)
    administration.unlock(ADAM, "nina", at=AT)
    administration.sign_out_everywhere(ADAM, "nina", at=AT)
    administration.withdraw(ADAM, "nina", at=AT)
    acts = [(one.act, one.subject) for one in store.office.audit() if one.by == "adam"]
    assert acts == [
        ("user_invited", "rita"),
        ("user_lock_changed", "nina"),
        ("user_lock_changed", "nina"),
        ("signed_out_everywhere", "nina"),
        ("user_disabled", "nina"),
    ]
