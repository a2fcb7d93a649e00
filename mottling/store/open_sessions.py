"""Whose an open session is, and when it was used last: in one question, for each request asks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, exists, select

from mottling.store.ledger import Page
from mottling.store.schema import KINDS
from mottling.trial.access import Role
from mottling.trial.records import (
    PasswordSet,
    SessionEnded,
    SessionOpened,
    UserAccount,
    UserAdded,
    UserDisabled,
)
from mottling.trial.session_records import SessionUsed
from mottling.trial.user_records import UserLock, UserLockAct

__all__ = ["OpenSession", "open_session"]

_SESSIONS = KINDS[SessionOpened].table
_USERS = KINDS[UserAdded].table
_ENDED = KINDS[SessionEnded].table
_DISABLED = KINDS[UserDisabled].table


@dataclass(frozen=True)
class OpenSession:
    """A session that has neither ended nor expired."""

    session: SessionOpened
    used_at: datetime
    """When it was last used, as far as that was noted."""
    account: UserAccount
    """Its user as of now."""


def _last(kind: type[Any], column: str, where: str, is_: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Ask for a value of the record of a kind that was added last."""
    table = KINDS[kind].table
    found = select(table.c[column]).where(table.c[where] == is_)
    return found.order_by(table.c.number.desc()).limit(1).scalar_subquery()


def _asked() -> Select[Any]:
    token_hash, name = _SESSIONS.c.token_hash, _SESSIONS.c.by
    asked = select(
        _SESSIONS.c.by,
        _SESSIONS.c.at,
        token_hash,
        _SESSIONS.c.expires_at,
        _USERS.c.role,
        _USERS.c.site,
        _last(SessionUsed, "at", "token_hash", token_hash).label("used_at"),
        _last(PasswordSet, "password_hash", "name", name).label("password_hash"),
        _last(UserLock, "kind", "name", name).label("lock"),
        exists().where(_DISABLED.c.name == name).label("disabled"),
    )
    is_open = ~exists().where(_ENDED.c.token_hash == token_hash)
    return asked.join(_USERS, _USERS.c.name == name).where(token_hash == bindparam("wanted"), is_open)


# Made once: to make it takes longer than to ask it.
_ASKED = _asked()


def open_session(page: Page, token_hash: str, *, at: datetime) -> OpenSession | None:
    """Find the session of a token that is open at a time, with its user."""
    row = page.connection.execute(_ASKED, {"wanted": token_hash}).first()
    if row is None or at >= datetime.fromisoformat(row.expires_at):
        return None
    session = SessionOpened(
        by=row.by,
        at=datetime.fromisoformat(row.at),
        token_hash=row.token_hash,
        expires_at=datetime.fromisoformat(row.expires_at),
    )
    account = UserAccount(
        row.by,
        Role(row.role),
        row.site,
        row.password_hash,
        bool(row.disabled),
        row.lock == UserLockAct.LOCKED.value,
    )
    return OpenSession(
        session, session.at if row.used_at is None else datetime.fromisoformat(row.used_at), account
    )
