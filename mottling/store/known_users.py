"""Everybody who was ever a user: role, site, whether let in, and when last signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from mottling.store.ledger import Page
from mottling.store.schema import KINDS
from mottling.trial.access import Role
from mottling.trial.records import SessionOpened, UserAdded, UserDisabled
from mottling.trial.user_records import UserLock, UserLockAct

__all__ = ["KnownUser", "known_users"]

_SESSIONS = KINDS[SessionOpened].table


@dataclass(frozen=True)
class KnownUser:
    """A user as the list has it: no password, not even its hash."""

    name: str
    role: Role
    site: str | None
    added_at: datetime
    last_in: datetime | None
    """When a session was last opened, by password or PIN."""
    disabled: bool
    locked: bool


def known_users(page: Page) -> tuple[KnownUser, ...]:
    """List them, by name."""
    disabled = {one.name for one in page.all(UserDisabled)}
    last_lock = {one.name: one.kind for one in page.all(UserLock)}
    opened = select(_SESSIONS.c.by, func.max(_SESSIONS.c.at).label("at")).group_by(_SESSIONS.c.by)
    last_in = {row.by: datetime.fromisoformat(row.at) for row in page.connection.execute(opened)}
    added = sorted(page.all(UserAdded), key=lambda one: one.name)
    return tuple(
        KnownUser(
            name=one.name,
            role=one.role,
            site=one.site,
            added_at=one.at,
            last_in=last_in.get(one.name),
            disabled=one.name in disabled,
            locked=last_lock.get(one.name) is UserLockAct.LOCKED,
        )
        for one in added
    )
