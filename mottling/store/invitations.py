"""The book of invitations: links by which somebody chooses a password, and which of them still open."""

from __future__ import annotations

from datetime import datetime

from mottling.errors import Conflict
from mottling.store.ledger import Ledger, Page
from mottling.store.rows import time_cell
from mottling.store.schema import KINDS
from mottling.store.users import end_sessions, find_user
from mottling.trial.records import PasswordSet, UserAdded, UserDisabled
from mottling.trial.user_records import Invitation, UserLock

__all__ = ["InvitationBook"]

_INVITATIONS = KINDS[Invitation].table
_ENDS = (Invitation, PasswordSet, UserDisabled, UserLock)


class InvitationBook:
    """Invitations. Tokens and passwords are hashed before they come here."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add(self, invitation: Invitation) -> None:
        """Record a link that was given; an earlier one to the same name opens nothing any more."""
        with self._ledger.writing() as pen:
            pen.add(invitation)

    def find(self, token_hash: str, *, at: datetime) -> Invitation | None:
        """Find a link that still opens something."""
        with self._ledger.reading() as page:
            return _find(page, token_hash, at=at)

    def open_ones(self, *, at: datetime) -> tuple[Invitation, ...]:
        """List the links that still open something, the earliest first."""
        with self._ledger.reading() as page:
            given = page.all(Invitation, _INVITATIONS.c.expires_at > time_cell(at))
            return tuple(one for one in given if _find(page, one.token_hash, at=at) is not None)

    def follow(self, token_hash: str, password_hash: str, *, at: datetime) -> Invitation:
        """Give who was invited a password: a new user is added, the sessions of one who was there end.

        Raises:
            Conflict: The link opens nothing any more.
        """
        with self._ledger.writing() as pen:
            found = _find(pen, token_hash, at=at)
            if found is None:
                raise Conflict("This link opens nothing any more", remedy="Ask for another one")
            if find_user(pen, found.name) is None:
                pen.add(UserAdded(by=found.by, at=at, name=found.name, role=found.role, site=found.site))
            pen.add(PasswordSet(by=found.name, at=at, name=found.name, password_hash=password_hash))
            end_sessions(pen, found.name, by=found.name, at=at)
            return found


def _find(page: Page, token_hash: str, *, at: datetime) -> Invitation | None:
    """Find a link unless it expired, was followed, or something came later that takes its place."""
    found = page.last(Invitation, _INVITATIONS.c.token_hash == token_hash)
    if found is None or at >= found.expires_at:
        return None
    given = page.place(Invitation, _INVITATIONS.c.token_hash == token_hash)
    is_over = any(page.place(end, KINDS[end].table.c.name == found.name) > given for end in _ENDS)
    return None if is_over else found
