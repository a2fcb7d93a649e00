"""Invitations: links by which somebody chooses a password that nobody else ever sees."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from mottling.errors import Conflict
from mottling.services.accounts import Accounts, User
from mottling.services.passwords import Passwords
from mottling.services.tokens import hash_of
from mottling.settings import SignInLimits
from mottling.store.invitations import InvitationBook
from mottling.trial.user_records import Invitation

__all__ = ["Invitations"]


@dataclass(frozen=True)
class Invitations:
    """Gives links and follows them. A link opens once, for a few days, and only the newest of a name."""

    book: InvitationBook
    accounts: Accounts
    passwords: Passwords
    limits: SignInLimits

    def invite(self, user: User, *, by: str, at: datetime) -> str:
        """Invite somebody who becomes this user by following the link; gives the link's code.

        Raises:
            Conflict: The name is taken.
            RecordRefused: It is no name, or role and site do not go together.
        """
        self.accounts.check(user)
        if self.accounts.is_taken(user.name):
            raise Conflict(f"The name {user.name!r} is taken", remedy="Choose another name")
        return self._given(user, by=by, at=at)

    def invite_back(self, name: str, *, by: str, at: datetime) -> str:
        """Let a user choose another password; gives the link's code. Until then the present one opens.

        Raises:
            Conflict: There is no such user, or none who is let in.
        """
        user = self.accounts.find(name)
        if user is None:
            raise Conflict(f"Nobody is let in as {name!r}", remedy="Give the name as it was added")
        return self._given(user, by=by, at=at)

    def _given(self, user: User, *, by: str, at: datetime) -> str:
        code = secrets.token_urlsafe(32)
        self.book.add(
            Invitation(
                by=by,
                at=at,
                name=user.name,
                role=user.role,
                site=user.site,
                token_hash=hash_of(code),
                expires_at=at + timedelta(hours=self.limits.invitation_h),
            )
        )
        return code

    def follow(self, code: str, password: str, *, at: datetime) -> str:
        """Choose a password by a link; gives the name that it opens for.

        Raises:
            Conflict: The link opens nothing any more.
            RecordRefused: The password is too short or easily guessed; the link stays open.
        """
        found = self.book.find(hash_of(code), at=at)
        if found is None:
            raise Conflict("This link opens nothing any more", remedy="Ask for another one")
        hashed = self.passwords.hashed(password, name=found.name)
        return self.book.follow(hash_of(code), hashed, at=at).name
