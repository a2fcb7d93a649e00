"""What is kept of inviting somebody: a link by which one person chooses a password."""

from __future__ import annotations

from mottling.trial.access import Role
from mottling.trial.records import Code, Name, Record, Sha256, Utc

__all__ = ["Invitation"]


class Invitation(Record):
    """A link that was given to somebody who becomes a user, or to a user who forgot the password."""

    name: Name
    role: Role
    site: Code | None
    token_hash: Sha256
    expires_at: Utc
