"""What SQLite cannot do, said in our words by the code that it gives each kind of failure."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from mottling.errors import ChainBroken, StoreBusy, StoreRefused
from mottling.store.database import WAIT_S

__all__ = ["is_step_wrong", "refusal_of"]

_STEP_IS_WRONG = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT)


def refusal_of(error: DBAPIError) -> StoreRefused | None:
    """Say what SQLite could not do; None for what is a mistake of ours."""
    match _code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusy(
                f"The records were being written by others for more than {WAIT_S:.0f} s",
                remedy="Nothing was stored: try again",
            )
        case sqlite3.SQLITE_FULL:
            return StoreRefused(
                "The server's disk is full",
                remedy="Nothing was stored: tell who looks after the server; try again when there is room",
            )
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return StoreRefused(
                f"The records cannot be read or written: {error.orig}",
                remedy="Nothing was stored: check the disk and the rights on the data folder",
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return ChainBroken(
                f"The file of the records is damaged: {error.orig}", remedy="Restore it from a backup"
            )
    return None


def is_step_wrong(error: DBAPIError) -> bool:
    """Say whether a step of the schema met what it did not expect: a full disk is something else."""
    return _code(error) in _STEP_IS_WRONG


def _code(error: DBAPIError) -> int:
    # The low byte says the kind.
    return int(getattr(error.orig, "sqlite_errorcode", 0)) & 0xFF
