"""Who works in the demo's trial: seven to sign in as, and three who only fill the past."""

from __future__ import annotations

from mottling.services.accounts import User
from mottling.trial.access import Role

__all__ = ["NURSES", "OFFICE", "OTHERS", "READERS", "SHOWN"]

NURSES = {
    "01": User("nina", Role.WARD, "01"),
    "02": User("noah", Role.WARD, "02"),
    "03": User("nora", Role.WARD, "03"),
}
READERS = (
    User("rita", Role.READER, None),
    User("ravi", Role.READER, None),
    User("rosa", Role.READER, None),
)
"""The first has read nothing yet: every photograph still waits for her."""
OFFICE = User("olga", Role.OFFICE, None)
OTHERS = (
    User("cora", Role.COORDINATOR, None),
    User("mona", Role.MONITOR, None),
    User("adam", Role.ADMINISTRATOR, None),
)
"""Who did nothing yet that the trial would show."""

SHOWN = (NURSES["01"], READERS[0], READERS[1], OFFICE, *OTHERS)
"""Whom a visitor can sign in as."""
