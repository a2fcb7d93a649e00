"""What is kept of who may come in: invitations, by which one person chooses a password, and locks."""

from __future__ import annotations

from enum import StrEnum

from mottling.trial.access import Role
from mottling.trial.records import Code, Name, Record, Sha256, Utc

__all__ = ["Invitation", "UserLock", "UserLockAct"]


class Invitation(Record):
    """A link that was given to somebody who becomes a user, or to a user who forgot the password."""

    name: Name
    role: Role
    site: Code | None
    token_hash: Sha256
    expires_at: Utc


class UserLockAct(StrEnum):
    """What was done to a user's access."""

    LOCKED = "locked"
    UNLOCKED = "unlocked"


class UserLock(Record):
    """A user is let in no more until unlocked, or is let in again; earlier tries count no more."""

    name: Name
    kind: UserLockAct
