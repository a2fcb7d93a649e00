"""What somebody can tell a stranger by: when the own password was chosen, and when somebody came in by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mottling.store.ledger import Page
from mottling.store.schema import KINDS
from mottling.trial.records import PasswordSet, SessionOpened

__all__ = ["OwnTraces", "own_traces"]

_PASSWORDS = KINDS[PasswordSet].table
_SESSIONS = KINDS[SessionOpened].table


@dataclass(frozen=True)
class OwnTraces:
    """Of one user; nobody else is shown them."""

    password_at: datetime
    entered_at: tuple[datetime, ...]
    """When a session was opened, by password or PIN, the latest first."""


def own_traces(page: Page, name: str, *, most: int) -> OwnTraces | None:
    """Find them; None where there is no such user."""
    password = page.last(PasswordSet, _PASSWORDS.c.name == name)
    if password is None:
        return None
    query = select(_SESSIONS.c.at).where(_SESSIONS.c.by == name)
    latest = page.connection.execute(query.order_by(_SESSIONS.c.number.desc()).limit(most)).scalars()
    return OwnTraces(password.at, tuple(datetime.fromisoformat(at) for at in latest))
