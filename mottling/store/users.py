"""The book of users: who there is, who signed in, which sessions are open."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from mottling.errors import Conflict, RecordRefused
from mottling.store.known_users import KnownUser, known_users
from mottling.store.ledger import Ledger, Page, Pen
from mottling.store.open_sessions import OpenSession, open_session
from mottling.store.own_traces import OwnTraces, own_traces
from mottling.store.pins import PinBook
from mottling.store.rows import time_cell
from mottling.store.schema import KINDS
from mottling.trial.records import (
    PasswordSet,
    SessionEnded,
    SessionOpened,
    SignIn,
    SignInOutcome,
    UserAccount,
    UserAdded,
    UserDisabled,
)
from mottling.trial.session_records import SessionPlace, SessionUsed, SignedOutEverywhere
from mottling.trial.user_records import UserLock, UserLockAct

__all__ = ["UserBook", "end_sessions", "find_user"]

_USERS = KINDS[UserAdded].table
_PASSWORDS = KINDS[PasswordSet].table
_DISABLED = KINDS[UserDisabled].table
_LOCKS = KINDS[UserLock].table
_SIGN_INS = KINDS[SignIn].table
_SESSIONS = KINDS[SessionOpened].table
_SESSION_USES = KINDS[SessionUsed].table
_ENDED_SESSIONS = KINDS[SessionEnded].table


class UserBook:
    """Users, tries to sign in and sessions. Passwords are hashed before they come here."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.pins = PinBook(ledger)

    def add(self, user: UserAdded, password: PasswordSet) -> None:
        """Add a user with the first password.

        Raises:
            Conflict: The name is taken.
        """
        with self._ledger.writing() as pen:
            if find_user(pen, user.name) is not None:
                raise Conflict(f"The name {user.name!r} is taken", remedy="Choose another name")
            pen.add(user)
            pen.add(password)

    def find(self, name: str) -> UserAccount | None:
        """Find a user as of now."""
        with self._ledger.reading() as page:
            return find_user(page, name)

    def known(self) -> tuple[KnownUser, ...]:
        """List everybody who was ever a user, by name."""
        with self._ledger.reading() as page:
            return known_users(page)

    def traces(self, name: str, *, most: int) -> OwnTraces | None:
        """Find what somebody can tell a stranger by, at most so many times of coming in."""
        with self._ledger.reading() as page:
            return own_traces(page, name, most=most)

    def set_password(self, password: PasswordSet) -> None:
        """Give a user another password; open sessions end and earlier refusals no longer count.

        Raises:
            RecordRefused: There is no such user.
        """
        with self._ledger.writing() as pen:
            _existing(pen, password.name)
            pen.add(password)
            end_sessions(pen, password.name, by=password.by, at=password.at)

    def disable(self, disabled: UserDisabled) -> None:
        """Let a user in no more; open sessions end.

        Raises:
            RecordRefused: There is no such user.
            Conflict: The user is disabled already.
        """
        with self._ledger.writing() as pen:
            if _existing(pen, disabled.name).disabled:
                raise Conflict(f"{disabled.name!r} is disabled already", remedy="Nothing is left to do")
            pen.add(disabled)
            end_sessions(pen, disabled.name, by=disabled.by, at=disabled.at)

    def change_lock(self, change: UserLock) -> None:
        """Lock a user, whose open sessions end, or unlock one, for whom earlier refusals no longer count.

        Raises:
            RecordRefused: There is no such user.
            Conflict: The user is locked already, or is let in no more.
        """
        with self._ledger.writing() as pen:
            user = _existing(pen, change.name)
            if user.disabled:
                raise Conflict(f"{change.name!r} is let in no more", remedy="Nothing is left to do")
            if user.locked and change.kind is UserLockAct.LOCKED:
                raise Conflict(f"{change.name!r} is locked already", remedy="Nothing is left to do")
            pen.add(change)
            if change.kind is UserLockAct.LOCKED:
                end_sessions(pen, change.name, by=change.by, at=change.at)

    def note_sign_in(self, sign_in: SignIn) -> None:
        """Record a try to sign in."""
        with self._ledger.writing() as pen:
            pen.add(sign_in)

    def refusals(self, name: str, *, since: datetime) -> int:
        """Count refused tries of a name since a time, the last success, new password or unlocking."""
        with self._ledger.reading() as page:
            tries = page.all(SignIn, _SIGN_INS.c.by == name, _SIGN_INS.c.at >= time_cell(since))
            password = page.last(PasswordSet, _PASSWORDS.c.name == name)
            unlocked = page.last(UserLock, _LOCKS.c.name == name, _LOCKS.c.kind == UserLockAct.UNLOCKED.value)
        from_now_on = [one.at for one in tries if one.outcome is SignInOutcome.LET_IN]
        from_now_on += [one.at for one in (password, unlocked) if one is not None]
        start = max(from_now_on, default=since)
        return sum(one.outcome is SignInOutcome.REFUSED and one.at >= start for one in tries)

    def open_session(self, session: SessionOpened, place: SessionPlace | None = None) -> None:
        """Record a session, and on which device it is where that is known."""
        with self._ledger.writing() as pen:
            pen.add(session)
            if place is not None:
                pen.add(place)

    def find_session(self, token_hash: str, *, at: datetime) -> SessionOpened | None:
        """Find a session that is open at a time: neither ended nor expired."""
        with self._ledger.reading() as page:
            session = page.last(SessionOpened, _SESSIONS.c.token_hash == token_hash)
            ended = page.last(SessionEnded, _ENDED_SESSIONS.c.token_hash == token_hash)
        return session if session is not None and ended is None and at < session.expires_at else None

    def open_session_of(self, token_hash: str, *, at: datetime) -> OpenSession | None:
        """Find a session that is open at a time, with its user and when it was used last."""
        with self._ledger.reading() as page:
            return open_session(page, token_hash, at=at)

    def note_use(self, session: SessionOpened, *, at: datetime, every: timedelta) -> None:
        """Note that an open session is used, unless that was noted a moment ago."""
        with self._ledger.writing() as pen:
            if at - _used_at(pen, session) > every:
                pen.add(SessionUsed(by=session.by, at=at, token_hash=session.token_hash))

    def sign_out_everywhere(self, out: SignedOutEverywhere) -> None:
        """End every session of a user, and every PIN that was chosen before."""
        with self._ledger.writing() as pen:
            pen.add(out)
            end_sessions(pen, out.name, by=out.by, at=out.at)

    def end_session(self, ended: SessionEnded) -> None:
        """End a session; nothing happens when there is none or it was ended already."""
        with self._ledger.writing() as pen:
            known = pen.last(SessionOpened, _SESSIONS.c.token_hash == ended.token_hash)
            if (
                known is not None
                and pen.last(SessionEnded, _ENDED_SESSIONS.c.token_hash == ended.token_hash) is None
            ):
                pen.add(ended)


def find_user(page: Page, name: str) -> UserAccount | None:
    """Find a user as of now."""
    user = page.last(UserAdded, _USERS.c.name == name)
    password = page.last(PasswordSet, _PASSWORDS.c.name == name)
    if user is None or password is None:
        return None
    disabled = page.last(UserDisabled, _DISABLED.c.name == name) is not None
    lock = page.last(UserLock, _LOCKS.c.name == name)
    locked = lock is not None and lock.kind is UserLockAct.LOCKED
    return UserAccount(user.name, user.role, user.site, password.password_hash, disabled, locked)


def _existing(page: Page, name: str) -> UserAccount:
    user = find_user(page, name)
    if user is None:
        raise RecordRefused(f"There is no user {name!r}", remedy="Give the name as it was added")
    return user


def _used_at(page: Page, session: SessionOpened) -> datetime:
    used = page.last(SessionUsed, _SESSION_USES.c.token_hash == session.token_hash)
    return session.at if used is None else used.at


def end_sessions(pen: Pen, name: str, *, by: str, at: datetime) -> None:
    """End every open session of a user."""
    ended = select(_ENDED_SESSIONS.c.token_hash)
    open_now = (_SESSIONS.c.expires_at > time_cell(at), _SESSIONS.c.token_hash.not_in(ended))
    for session in pen.all(SessionOpened, _SESSIONS.c.by == name, *open_now):
        pen.add(SessionEnded(token_hash=session.token_hash, by=by, at=at))
