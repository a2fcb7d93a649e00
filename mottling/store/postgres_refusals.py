"""What PostgreSQL cannot do, said in our words by the five letters that it gives each kind of failure."""

from __future__ import annotations

import logging

from sqlalchemy.exc import DataError, DBAPIError, OperationalError

from mottling.errors import ChainBroken, StoreBusy, StoreRefused
from mottling.store.database import WAIT_S

__all__ = ["first_line", "is_step_wrong", "refusal_of"]

_LOG = logging.getLogger(__name__)

_OTHERS_WRITE = ("55P03", "40001", "40P01", "53300")
_DISK_FULL = ("53100",)
_UNUSABLE = ("25006", "42501", "58030", "53200")
_DAMAGED = ("XX001", "XX002")
_NO_TEXT = ("22021",)
# All that begin so: the connection was lost, the server stops or starts, a silent writer was cut off.
_WENT_AWAY = ("08", "57P", "25P03")
# All that begin so: a row, a constraint or a statement that is wrong, and what a trigger raises.
_STEP_IS_WRONG = ("22", "23", "42", "P0")
_MAY_NOT = "42501"


def refusal_of(error: DBAPIError) -> StoreRefused | None:
    """Say what PostgreSQL could not do; None for what is a mistake of ours."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return _of_the_driver(error)
    if state in _OTHERS_WRITE:
        return StoreBusy(
            f"The records were being written by others for more than {WAIT_S:.0f} s",
            remedy="Nothing was stored: try again",
        )
    return _went_away(error) if state.startswith(_WENT_AWAY) else _of_the_server(state, error)


def is_step_wrong(error: DBAPIError) -> bool:
    """Say whether a step of the schema met what it did not expect: a full disk is something else."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return state.startswith(_STEP_IS_WRONG) and state != _MAY_NOT


def _of_the_server(state: str, error: DBAPIError) -> StoreRefused | None:
    if state in _DISK_FULL:
        return StoreRefused(
            "The disk of the database is full",
            remedy="Nothing was stored: tell who looks after the server; try again when there is room",
        )
    if state in _UNUSABLE:
        return StoreRefused(
            f"The records cannot be read or written: {first_line(error)}",
            remedy="Nothing was stored: check the database and the rights of Mottling's role in it",
        )
    if state in _DAMAGED:
        return ChainBroken(
            f"The database of the records is damaged: {first_line(error)}",
            remedy="Restore it from a backup",
        )
    return _no_such_text() if state in _NO_TEXT else None


def _of_the_driver(error: DBAPIError) -> StoreRefused | None:
    """Judge what the driver says by itself: that nobody answers, or that a text cannot be sent."""
    if isinstance(error, DataError):
        return _no_such_text()
    return _went_away(error) if isinstance(error, OperationalError) else None


def _went_away(error: DBAPIError) -> StoreBusy:
    _LOG.warning("the database: %s", first_line(error))
    return StoreBusy(
        "The database of the records does not answer, or went away",
        remedy="Look whether your last step was stored, and try again in a while",
    )


def _no_such_text() -> StoreRefused:
    return StoreRefused(
        "A text holds a character that cannot be stored", remedy="Nothing was stored: type it anew"
    )


def first_line(error: DBAPIError) -> str:
    """Give what PostgreSQL says, without the hints after it."""
    return str(error.orig).partition("\n")[0]
