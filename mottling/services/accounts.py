"""Accounts: who signs in, for how long, and who may not."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from mottling.errors import RecordRefused, SignInRefused
from mottling.services.passwords import Passwords
from mottling.services.pins import Pins, is_pin
from mottling.services.tokens import hash_of
from mottling.settings import SignInLimits
from mottling.store.open_sessions import OpenSession
from mottling.store.own_traces import OwnTraces
from mottling.store.users import UserBook
from mottling.trial.access import Role, belongs_to_a_site
from mottling.trial.charter import Charter
from mottling.trial.no_persons import NoPerson
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
from mottling.trial.session_records import SessionPlace, SignedOutEverywhere

__all__ = ["Accounts", "Session", "User"]

_LOG = logging.getLogger(__name__)
# A use is noted when the last note is older than this part of the idle time: a few rows an hour.
_NOTES_IN_IDLE_TIME = 6
_TRACES = 5
_NAME = re.compile(r"[A-Za-z0-9._-]{1,60}")


@dataclass(frozen=True)
class User:
    """Somebody who is signed in."""

    name: str
    role: Role
    site: str | None
    """Code of the ward's site; None for those who work for the whole trial."""


@dataclass(frozen=True)
class Session:
    """A signed-in user's session."""

    token: str
    """Random; the cookie holds it, the store holds only its hash."""
    user: User
    expires_at: datetime
    idle_s: float = 900.0
    """A page that nobody touches for this long is locked."""


class Accounts:
    """Sign-in, sessions and users."""

    def __init__(
        self,
        users: UserBook,
        charter: Charter,
        limits: SignInLimits,
        passwords: Passwords | None = None,
        *,
        turn: Callable[[], AbstractContextManager[None]] | None = None,
    ) -> None:
        """Look after the users of a trial.

        Args:
            users: What is kept of them.
            charter: The trial file.
            limits: How long a session lasts, and what guessing meets.
            passwords: How they are hashed.
            turn: Lets one try come after the other, in all servers of a data folder; None: in this one.
        """
        self._users = users
        self._charter = charter
        self._limits = limits
        self._passwords = passwords or Passwords()
        # One try after the other: tries sent side by side would all be counted too late.
        here = Lock()
        self._one_try: Callable[[], AbstractContextManager[object]] = turn or (lambda: here)
        self._pins = Pins(users.pins, self._passwords, limits)

    def enter(self, name: str, secret: str, *, device: str, at: datetime) -> Session:
        """Open a session by password, or by the PIN of this device; which of them it is shows by its length.

        Raises:
            SignInRefused: As for `sign_in` and `come_back`.
        """
        if is_pin(secret):
            return self.come_back(name, secret, device=device, at=at)
        return self.sign_in(name, secret, device=device, at=at)

    def sign_in(self, name: str, password: str, *, device: str = "", at: datetime) -> Session:
        """Open a session.

        Args:
            name: Of the user.
            password: Of the user.
            device: Name of the browser, to which a PIN can be bound; empty where it keeps none.
            at: Now.

        Raises:
            SignInRefused: Wrong name or password, a disabled user, or too many tries; the words are the
                same for the first three.
        """
        with self._one_try():
            account = self._let_in(name, password, at=at)
        return self._opened(account, until=at + timedelta(hours=self._limits.session_h), device=device, at=at)

    def _opened(self, account: UserAccount, *, until: datetime, device: str, at: datetime) -> Session:
        token = secrets.token_urlsafe(32)
        opened = SessionOpened(by=account.name, at=at, token_hash=hash_of(token), expires_at=until)
        self._users.open_session(opened, _place(account.name, token, device, at=at) if device else None)
        _LOG.info("%s signed in", account.name)
        return self._session(token, account, until)

    def _session(self, token: str, account: UserAccount, until: datetime) -> Session:
        return Session(token, _user(account), until, idle_s=60 * self._limits.idle_min)

    def confirm(self, name: str, password: str, *, at: datetime) -> User:
        """Ask for name and password again, as a signature does; no session is opened.

        Raises:
            SignInRefused: As for `sign_in`.
        """
        with self._one_try():
            return _user(self._let_in(name, password, at=at))

    def choose_pin(self, session: Session, pin: str, *, device: str, at: datetime) -> None:
        """Let a user come back quickly on this device, as long as the session of a password lasts.

        Raises:
            RecordRefused: It is no PIN, or one that is easily guessed.
        """
        self._pins.choose(pin, _place(session.user.name, session.token, device, at=at))

    def may_come_back(self, device: str, *, at: datetime) -> tuple[str, ...]:
        """List who may come back by PIN on a device now."""
        return self._pins.names(hash_of(device), at=at)

    def come_back(self, name: str, pin: str, *, device: str, at: datetime) -> Session:
        """Open a session by PIN; it ends when the one of the password would have.

        Raises:
            SignInRefused: It is not the PIN, or none opens anything here any more.
        """
        with self._one_try():
            until = self._pins.try_pin(name, pin, device=hash_of(device), at=at)
        account = self._users.find(name)
        assert account is not None, "who has a PIN was added"
        return self._opened(account, until=until, device=device, at=at)

    def change_password(self, user: User, old: str, new: str, *, at: datetime) -> None:
        """Let a user choose another password; every session ends, and every PIN.

        Raises:
            SignInRefused: The old one is wrong, or there were too many tries.
            RecordRefused: The new one is too short, or easily guessed.
        """
        self.confirm(user.name, old, at=at)
        self.reset_password(user.name, new, by=user.name, at=at)

    def sign_out_everywhere(self, user: User, *, at: datetime) -> None:
        """End every session of a user, on every device, and every PIN."""
        self._users.sign_out_everywhere(SignedOutEverywhere(by=user.name, at=at, name=user.name))

    def traces(self, user: User) -> OwnTraces:
        """Say to a user when the own password was chosen, and when somebody came in as this user."""
        found = self._users.traces(user.name, most=_TRACES)
        assert found is not None, "who is signed in has a password"
        return found

    def _let_in(self, name: str, password: str, *, at: datetime) -> UserAccount:
        is_a_name = _NAME.fullmatch(name) is not None
        if is_a_name:
            self._refuse_too_many_tries(name, at=at)
        account = self._users.find(name) if is_a_name else None
        kept = account.password_hash if account is not None and account.is_let_in else None
        if not self._passwords.fits(password, kept) or account is None:
            if is_a_name:
                self._users.note_sign_in(SignIn(by=name, at=at, outcome=SignInOutcome.REFUSED))
            raise SignInRefused(
                "Name and password do not go together, or the account is closed",
                remedy="Check both, or ask the trial office for a new password",
            )
        self._users.note_sign_in(SignIn(by=name, at=at, outcome=SignInOutcome.LET_IN))
        return account

    def _refuse_too_many_tries(self, name: str, *, at: datetime) -> None:
        since = at - timedelta(minutes=self._limits.lock_out_min)
        tries = self._users.refusals(name, since=since)
        if tries >= self._limits.tries:
            raise SignInRefused(
                f"{tries} tries were refused within {self._limits.lock_out_min:g} minutes",
                remedy=f"Wait {self._limits.lock_out_min:g} minutes, or ask the office for a new password",
            )

    def session(self, token: str, *, at: datetime) -> Session | None:
        """Give the session of a token; None when there is none, it has expired or its user was disabled."""
        opened = self._users.open_session_of(hash_of(token), at=at)
        if opened is None or not opened.account.is_let_in or self._was_idle(opened, at=at):
            return None
        return self._session(token, opened.account, opened.session.expires_at)

    def _was_idle(self, opened: OpenSession, *, at: datetime) -> bool:
        """End a session that nobody used for too long; note the use of one that goes on."""
        idle = timedelta(minutes=self._limits.idle_min)
        unused, session = at - opened.used_at, opened.session
        if unused > idle:
            self._end(session.token_hash, by=session.by, at=at)
            return True
        if unused > idle / _NOTES_IN_IDLE_TIME:
            self._users.note_use(session, at=at, every=idle / _NOTES_IN_IDLE_TIME)
        return False

    def sign_out(self, token: str, *, at: datetime) -> None:
        """End a session; nothing happens when it has ended already."""
        opened = self._users.find_session(hash_of(token), at=at)
        if opened is not None:
            self._end(opened.token_hash, by=opened.by, at=at)

    def _end(self, token_hash: str, *, by: str, at: datetime) -> None:
        self._users.end_session(SessionEnded(by=by, at=at, token_hash=token_hash))

    def add_user(self, user: User, password: str, *, by: str, at: datetime) -> None:
        """Add a user.

        Raises:
            Conflict: The name is taken.
            RecordRefused: The password is short or easily guessed, or role and site do not go together.
        """
        self.check(user)
        password_hash = self._passwords.hashed(password, name=user.name)
        self._users.add(
            UserAdded(by=by, at=at, name=user.name, role=user.role, site=user.site),
            PasswordSet(by=by, at=at, name=user.name, password_hash=password_hash),
        )

    def find(self, name: str) -> User | None:
        """Find a user who is let in."""
        account = self._users.find(name)
        return None if account is None or not account.is_let_in else _user(account)

    def is_taken(self, name: str) -> bool:
        """Say whether a name is somebody's, also of who is let in no more: in the records it stays his."""
        return self._users.find(name) is not None

    def check(self, user: User) -> None:
        """Refuse what can be no user of this trial.

        Raises:
            RecordRefused: It is no name for a person, or role and site do not go together.
        """
        if not _NAME.fullmatch(user.name):
            raise RecordRefused(
                f"{user.name!r} is no user name",
                remedy="Use up to 60 letters without accents, digits, dots, hyphens and underscores",
            )
        if user.name in set(NoPerson):
            raise RecordRefused(
                f"{user.name!r} is what the records say where no person did something",
                remedy="Choose another name",
            )
        if belongs_to_a_site(user.role) != (user.site is not None):
            needs = "needs a site" if user.site is None else "has no site"
            raise RecordRefused(
                f"The role {user.role.value!r} {needs}, and the site given is {user.site!r}",
                remedy="Give a site to who works on a ward, and to nobody else",
            )
        if user.site is not None:
            self._charter.site(user.site)

    def disable_user(self, name: str, *, by: str, at: datetime) -> None:
        """Let a user in no more; open sessions end.

        Raises:
            RecordRefused: There is no such user.
            Conflict: The user is disabled already.
        """
        self._users.disable(UserDisabled(by=by, at=at, name=name))

    def reset_password(self, name: str, password: str, *, by: str, at: datetime) -> None:
        """Give a user another password; open sessions end, a lock-out too.

        Raises:
            RecordRefused: There is no such user, or the password is short or easily guessed.
        """
        password_hash = self._passwords.hashed(password, name=name)
        self._users.set_password(PasswordSet(by=by, at=at, name=name, password_hash=password_hash))


def _user(account: UserAccount) -> User:
    return User(account.name, account.role, account.site)


def _place(name: str, token: str, device: str, *, at: datetime) -> SessionPlace:
    return SessionPlace(by=name, at=at, token_hash=hash_of(token), device_hash=hash_of(device))
