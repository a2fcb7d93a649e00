"""The book of users: who there is, who signed in, which sessions are open."""

from __future__ import annotations

from datetime import datetime

from mottling.trial.records import (
    PasswordSet,
    SessionEnded,
    SessionOpened,
    SignIn,
    UserAccount,
    UserAdded,
    UserDisabled,
)

__all__ = ["UserBook"]


class UserBook:
    """Users, tries to sign in and sessions. Passwords are hashed before they come here."""

    def add(self, user: UserAdded, password: PasswordSet) -> None:
        """Add a user with the first password.

        Raises:
            Conflict: The name is taken.
        """
        raise NotImplementedError

    def find(self, name: str) -> UserAccount | None:
        """Find a user as of now."""
        raise NotImplementedError

    def all(self) -> tuple[UserAccount, ...]:
        """List the users, by name."""
        raise NotImplementedError

    def set_password(self, password: PasswordSet) -> None:
        """Give a user another password; open sessions end and earlier refusals no longer count.

        Raises:
            RecordRefused: There is no such user.
        """
        raise NotImplementedError

    def disable(self, disabled: UserDisabled) -> None:
        """Let a user in no more; open sessions end.

        Raises:
            RecordRefused: There is no such user.
            Conflict: The user is disabled already.
        """
        raise NotImplementedError

    def note_sign_in(self, sign_in: SignIn) -> None:
        """Record a try to sign in."""
        raise NotImplementedError

    def refusals(self, name: str, *, since: datetime) -> int:
        """Count refused tries of a name since a time, the last success and the last new password."""
        raise NotImplementedError

    def open_session(self, session: SessionOpened) -> None:
        """Record a session."""
        raise NotImplementedError

    def find_session(self, token_hash: str, *, at: datetime) -> SessionOpened | None:
        """Find a session that is open at a time: neither ended nor expired."""
        raise NotImplementedError

    def end_session(self, ended: SessionEnded) -> None:
        """End a session; nothing happens when there is none or it was ended already."""
        raise NotImplementedError
