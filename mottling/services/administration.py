"""The administrator: who may come in, as what, and who may not. Sees no patient, photograph or score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mottling.errors import Conflict, RecordRefused
from mottling.services.accounts import User
from mottling.services.invitations import Invitations
from mottling.settings import SignInLimits
from mottling.store.known_users import KnownUser
from mottling.store.users import UserBook
from mottling.trial.access import Act, Role, require
from mottling.trial.session_records import SignedOutEverywhere
from mottling.trial.user_records import Invitation, UserLock, UserLockAct

__all__ = ["Administration", "InvitationLink", "UserLine", "UserState"]


class UserState(StrEnum):
    """Whether somebody may come in, in the order in which the list shows it."""

    INVITED = "invited"
    """A link was given, and nobody has followed it yet."""
    OPEN = "open"
    GUESSED = "guessed"
    """Too many passwords were wrong: nobody comes in for a while."""
    LOCKED = "locked"
    """Until an administrator unlocks it."""
    WITHDRAWN = "withdrawn"
    """For good; the name stays this person's in the records."""


@dataclass(frozen=True)
class UserLine:
    """One user, or somebody who was invited."""

    name: str
    role: Role
    site: str | None
    state: UserState
    last_in: datetime | None
    link_until: datetime | None
    """Until when a link opens that was given; None where there is none."""


@dataclass(frozen=True)
class InvitationLink:
    """A link that was just given. Its code is nowhere else: the store has only its hash."""

    name: str
    code: str
    until: datetime


@dataclass(frozen=True)
class Administration:
    """What an administrator does; every act asks for the role and is recorded with who did it."""

    users: UserBook
    invitations: Invitations
    limits: SignInLimits

    def people(self, user: User, *, at: datetime) -> tuple[UserLine, ...]:
        """List users and who was invited, by name."""
        require(user.role, Act.MANAGE_USERS)
        links = {one.name: one for one in self.invitations.book.open_ones(at=at)}
        known = self.users.known()
        lines = [self._line(one, links.get(one.name), at=at) for one in known]
        lines += [_invited(links[name]) for name in links.keys() - {one.name for one in known}]
        return tuple(sorted(lines, key=lambda line: line.name.casefold()))

    def _line(self, known: KnownUser, link: Invitation | None, *, at: datetime) -> UserLine:
        until = None if link is None else link.expires_at
        state = self._state(known, at=at)
        return UserLine(known.name, known.role, known.site, state, known.last_in, until)

    def _state(self, known: KnownUser, *, at: datetime) -> UserState:
        if known.disabled:
            return UserState.WITHDRAWN
        if known.locked:
            return UserState.LOCKED
        since = at - timedelta(minutes=self.limits.lock_out_min)
        tries = self.users.refusals(known.name, since=since)
        return UserState.GUESSED if tries >= self.limits.tries else UserState.OPEN

    def person(self, user: User, name: str, *, at: datetime) -> UserLine:
        """Find one of the list.

        Raises:
            RecordRefused: There is nobody of this name.
        """
        for line in self.people(user, at=at):
            if line.name == name:
                return line
        raise RecordRefused(f"There is no user {name!r}", remedy="Give the name as it was added")

    def invite(self, user: User, invited: User, *, at: datetime) -> InvitationLink:
        """Invite somebody. A link that the same name was given before opens nothing any more.

        Raises:
            Conflict: The name is taken.
            RecordRefused: It is no name, or role and site do not go together.
        """
        require(user.role, Act.MANAGE_USERS)
        code = self.invitations.invite(invited, by=user.name, at=at)
        return self._link(invited.name, code, at=at)

    def link(self, user: User, name: str, *, at: datetime) -> InvitationLink:
        """Give another link: to choose another password, or to who has not followed the first one.

        Raises:
            RecordRefused: There is nobody of this name.
            Conflict: The account is locked or withdrawn.
        """
        line = self.person(user, name, at=at)
        if line.state is UserState.INVITED:
            return self.invite(user, User(name, line.role, line.site), at=at)
        code = self.invitations.invite_back(name, by=user.name, at=at)
        return self._link(name, code, at=at)

    def _link(self, name: str, code: str, *, at: datetime) -> InvitationLink:
        return InvitationLink(name, code, at + timedelta(hours=self.limits.invitation_h))

    def lock(self, user: User, name: str, *, at: datetime) -> None:
        """Let somebody in no more until unlocked: sessions, PINs and links end.

        Raises:
            RecordRefused: It is the own account, or nobody's.
            Conflict: It is locked or withdrawn already.
        """
        _refuse_own(user, name)
        self._change_lock(user, name, UserLockAct.LOCKED, at=at)

    def unlock(self, user: User, name: str, *, at: datetime) -> None:
        """Let somebody in again, whom an administrator locked or who tried too many passwords.

        Raises:
            RecordRefused: There is nobody of this name.
            Conflict: Nothing is locked.
        """
        if self.person(user, name, at=at).state not in (UserState.LOCKED, UserState.GUESSED):
            raise Conflict(f"The account of {name!r} is not locked", remedy="Nothing is left to do")
        self._change_lock(user, name, UserLockAct.UNLOCKED, at=at)

    def _change_lock(self, user: User, name: str, kind: UserLockAct, *, at: datetime) -> None:
        require(user.role, Act.MANAGE_USERS)
        self.users.change_lock(UserLock(by=user.name, at=at, name=name, kind=kind))

    def withdraw(self, user: User, name: str, *, at: datetime) -> None:
        """Take the role from somebody, for good; sessions end, and what was read stays.

        Raises:
            RecordRefused: It is the own account, or nobody's.
            Conflict: It is withdrawn already.
        """
        require(user.role, Act.MANAGE_USERS)
        _refuse_own(user, name)
        self.invitations.accounts.disable_user(name, by=user.name, at=at)

    def sign_out_everywhere(self, user: User, name: str, *, at: datetime) -> None:
        """End every session of somebody, on every device, and every PIN.

        Raises:
            RecordRefused: There is nobody of this name who ever came in.
        """
        if self.person(user, name, at=at).state is UserState.INVITED:
            raise RecordRefused(f"{name!r} has not followed the link yet", remedy="Nothing is left to do")
        self.users.sign_out_everywhere(SignedOutEverywhere(by=user.name, at=at, name=name))


def _invited(link: Invitation) -> UserLine:
    return UserLine(link.name, link.role, link.site, UserState.INVITED, None, link.expires_at)


def _refuse_own(user: User, name: str) -> None:
    """Keep one administrator who can come in."""
    if user.name == name:
        raise RecordRefused("This is your own account", remedy="Ask another administrator")
