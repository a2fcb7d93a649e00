"""Who stands in the records where no person did something. Nobody who signs in may be called so."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["NoPerson"]


class NoPerson(StrEnum):
    """What the records have in place of a name."""

    SERVER = "server"
    """The server by itself."""
    COMMAND = "command"
    """Whoever sits at the server's own terminal."""
    RESTORE = "restore"
    """A backup that came back."""
    DEMO = "demo"
    """The made-up trial."""
