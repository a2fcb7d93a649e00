from datetime import timedelta

import pytest

from mottling.errors import Conflict, RecordRefused
from mottling.trial.access import Role
from mottling.trial.records import PasswordSet, SessionEnded, SignInOutcome, UserDisabled
from mottling.trial.user_records import UserLockAct
from tests.store.acts import NOW, SHA, add_user, change_lock, choose_pin, invitation, session, sign_in


def _new_password(name="nina", minute=0):
    at = NOW + timedelta(minutes=minute)
    return PasswordSet(name=name, password_hash="$argon2id$second", by="root", at=at)


def _is_open(store, at=NOW):
    return store.users.find_session(SHA, at=at) is not None


def test_a_user_is_found_with_role_site_and_password(store):
    add_user(store)
    found = store.users.find("nina")
    assert (found.role, found.site, found.password_hash, found.disabled) == (
        Role.WARD,
        "01",
        "$argon2id$first",
        False,
    )
    assert store.users.find("nobody") is None


def test_a_name_is_taken_once(store):
    add_user(store)
    with pytest.raises(Conflict, match="'nina' is taken"):
        add_user(store)


def test_users_are_listed_by_name(store):
    for name in ("zoe", "anna"):
        add_user(store, name)
    assert [user.name for user in store.users.known()] == ["anna", "zoe"]


def test_the_last_password_is_the_one_that_counts(store):
    add_user(store)
    store.users.set_password(_new_password())
    assert store.users.find("nina").password_hash == "$argon2id$second"


def test_a_session_is_open_until_it_expires(store):
    store.users.open_session(session())
    assert _is_open(store)
    assert not _is_open(store, at=NOW + timedelta(hours=12))


def test_an_open_session_is_found_with_its_user_and_when_it_was_used(store):
    add_user(store)
    assert store.users.open_session_of(SHA, at=NOW) is None
    store.users.open_session(session())
    opened = store.users.open_session_of(SHA, at=NOW)
    assert (opened.session, opened.account, opened.used_at) == (session(), store.users.find("nina"), NOW)
    later = NOW + timedelta(minutes=5)
    store.users.note_use(session(), at=later, every=timedelta(minutes=1))
    assert store.users.open_session_of(SHA, at=later).used_at == later
    store.users.set_password(_new_password())
    assert store.users.open_session_of(SHA, at=later) is None


@pytest.mark.parametrize("kind", UserLockAct)
def test_an_open_session_knows_whether_its_user_is_locked(store, kind):
    add_user(store)
    change_lock(store, UserLockAct.LOCKED)
    if kind is UserLockAct.UNLOCKED:
        change_lock(store, kind, minute=1)
    store.users.open_session(session())
    account = store.users.open_session_of(SHA, at=NOW).account
    assert account == store.users.find("nina")
    assert account.locked is (kind is UserLockAct.LOCKED)


def test_an_open_session_knows_whether_its_user_was_disabled(store):
    add_user(store)
    store.users.disable(UserDisabled(name="nina", by="root", at=NOW))
    store.users.open_session(session())
    assert store.users.open_session_of(SHA, at=NOW).account.disabled


def test_an_open_session_expires(store):
    add_user(store)
    store.users.open_session(session())
    assert store.users.open_session_of(SHA, at=NOW + timedelta(hours=12)) is None


def test_a_session_that_was_ended_is_closed_and_ends_once(store):
    store.users.open_session(session())
    ended = SessionEnded(token_hash=SHA, by="nina", at=NOW)
    store.users.end_session(ended)
    store.users.end_session(ended)
    assert not _is_open(store)
    assert [entry.act for entry in store.office.audit()] == ["session_opened", "session_ended"]


def test_a_session_that_never_was_ends_quietly(store):
    store.users.end_session(SessionEnded(token_hash=SHA, by="nina", at=NOW))
    assert store.office.audit() == ()


def test_a_disabled_user_has_no_session_left(store):
    add_user(store)
    store.users.open_session(session())
    store.users.disable(UserDisabled(name="nina", by="root", at=NOW))
    assert store.users.find("nina").disabled
    assert not _is_open(store)


def test_a_new_password_ends_the_sessions_of_that_user_only(store):
    add_user(store)
    store.users.open_session(session())
    store.users.open_session(session("noah", token_hash="b" * 64))
    store.users.set_password(_new_password())
    assert not _is_open(store)
    assert store.users.find_session("b" * 64, at=NOW) is not None


def test_a_user_is_disabled_once(store):
    add_user(store)
    store.users.disable(UserDisabled(name="nina", by="root", at=NOW))
    with pytest.raises(Conflict, match="disabled already"):
        store.users.disable(UserDisabled(name="nina", by="root", at=NOW))


def test_nobody_is_neither_disabled_nor_given_a_password(store):
    with pytest.raises(RecordRefused, match="no user 'nina'"):
        store.users.disable(UserDisabled(name="nina", by="root", at=NOW))
    with pytest.raises(RecordRefused, match="no user 'nina'"):
        store.users.set_password(_new_password())


def test_refusals_are_counted_by_name_and_from_a_time_on(store):
    for minute in (0, 10, 20):
        store.users.note_sign_in(sign_in(SignInOutcome.REFUSED, minute=minute))
    store.users.note_sign_in(sign_in(SignInOutcome.REFUSED, minute=20, name="noah"))
    assert store.users.refusals("nina", since=NOW + timedelta(minutes=5)) == 2


def test_refusals_before_the_last_success_do_not_count(store):
    for minute, outcome in enumerate((SignInOutcome.REFUSED, SignInOutcome.LET_IN, SignInOutcome.REFUSED)):
        store.users.note_sign_in(sign_in(outcome, minute=minute))
    assert store.users.refusals("nina", since=NOW) == 1


def test_refusals_before_a_new_password_do_not_count(store):
    add_user(store)
    store.users.note_sign_in(sign_in(SignInOutcome.REFUSED, minute=1))
    store.users.set_password(_new_password(minute=2))
    assert store.users.refusals("nina", since=NOW) == 0


def test_a_locked_user_has_no_session_left_and_is_let_in_again_when_unlocked(store):
    add_user(store)
    store.users.open_session(session())
    change_lock(store, UserLockAct.LOCKED)
    assert not store.users.find("nina").is_let_in
    assert not _is_open(store)
    change_lock(store, UserLockAct.UNLOCKED)
    assert store.users.find("nina").is_let_in


def test_refusals_before_an_unlocking_do_not_count(store):
    add_user(store)
    store.users.note_sign_in(sign_in(SignInOutcome.REFUSED, minute=1))
    change_lock(store, UserLockAct.UNLOCKED, minute=2)
    assert store.users.refusals("nina", since=NOW) == 0


def test_nobody_is_locked_twice_or_after_being_disabled(store):
    add_user(store)
    change_lock(store, UserLockAct.LOCKED)
    with pytest.raises(Conflict, match="locked already"):
        change_lock(store, UserLockAct.LOCKED)
    store.users.disable(UserDisabled(name="nina", by="root", at=NOW))
    with pytest.raises(Conflict, match="let in no more"):
        change_lock(store, UserLockAct.UNLOCKED)


def test_a_lock_ends_pins_and_links(store):
    add_user(store)
    store.users.open_session(session())
    choose_pin(store)
    store.invitations.add(invitation("nina"))
    assert [one.name for one in store.invitations.open_ones(at=NOW)] == ["nina"]
    change_lock(store, UserLockAct.LOCKED)
    change_lock(store, UserLockAct.UNLOCKED)
    assert store.users.pins.standing("nina", SHA) is None
    assert store.invitations.open_ones(at=NOW) == ()
