"""Accounts: who signs in, for how long, and who may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mottling.trial.access import Role

__all__ = ["Accounts", "Session", "User"]


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


class Accounts:
    """Sign-in, sessions and users."""

    def sign_in(self, name: str, password: str, *, at: datetime) -> Session:
        """Open a session.

        Raises:
            SignInRefused: Wrong name or password, a disabled user, or too many tries; the words are the
                same for the first three.
        """
        raise NotImplementedError

    def session(self, token: str, *, at: datetime) -> Session | None:
        """Give the session of a token; None when there is none, it has expired or its user was disabled."""
        raise NotImplementedError

    def sign_out(self, token: str, *, at: datetime) -> None:
        """End a session; nothing happens when it has ended already."""
        raise NotImplementedError

    def add_user(self, user: User, password: str, *, by: str, at: datetime) -> None:
        """Add a user.

        Raises:
            Conflict: The name is taken.
            RecordRefused: The password is shorter than 12 characters, or role and site do not go together.
        """
        raise NotImplementedError

    def disable_user(self, name: str, *, by: str, at: datetime) -> None:
        """Let a user in no more; open sessions end.

        Raises:
            RecordRefused: There is no such user.
        """
        raise NotImplementedError

    def reset_password(self, name: str, password: str, *, by: str, at: datetime) -> None:
        """Give a user another password; open sessions end, a lock-out too.

        Raises:
            RecordRefused: There is no such user, or the password is shorter than 12 characters.
        """
        raise NotImplementedError
