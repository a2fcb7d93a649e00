"""The book of PINs: which was chosen on which device, what ended it, and how it was tried since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mottling.store.ledger import Ledger, Page
from mottling.store.schema import KINDS
from mottling.trial.records import PasswordSet, SessionOpened, SignInOutcome, UserDisabled
from mottling.trial.session_records import PinSet, PinTried, SessionPlace, SignedOutEverywhere
from mottling.trial.user_records import UserLock

__all__ = ["PinBook", "PinStanding"]

_PINS = KINDS[PinSet].table
_TRIES = KINDS[PinTried].table
_PLACES = KINDS[SessionPlace].table
_SESSIONS = KINDS[SessionOpened].table
_ENDS = (PasswordSet, SignedOutEverywhere, UserDisabled, UserLock)


@dataclass(frozen=True)
class PinStanding:
    """A PIN that nothing has ended since it was chosen."""

    pin_hash: str
    until: datetime
    """When the last session that a password opened on this device expires, or would have."""
    refused: int
    """Tries since it was chosen or last fitted."""


class PinBook:
    """PINs and tries. They are hashed before they come here, and so are the devices' names."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def choose(self, pin: PinSet, place: SessionPlace) -> None:
        """Record a PIN, and that the session in which it was chosen is on that device."""
        with self._ledger.writing() as pen:
            pen.add(place)
            pen.add(pin)

    def note_try(self, tried: PinTried) -> None:
        """Record a try."""
        with self._ledger.writing() as pen:
            pen.add(tried)

    def names(self, device: str) -> tuple[str, ...]:
        """List who ever chose a PIN on a device."""
        query = select(_PINS.c.by).where(_PINS.c.device_hash == device).distinct().order_by(_PINS.c.by)
        with self._ledger.reading() as page:
            return tuple(page.connection.scalars(query))

    def standing(self, name: str, device: str) -> PinStanding | None:
        """Say how a PIN stands; None where there is none, or where a later act ended it."""
        with self._ledger.reading() as page:
            pin = page.last(PinSet, _PINS.c.by == name, _PINS.c.device_hash == device)
            if pin is None:
                return None
            chosen = page.place(PinSet, _PINS.c.by == name, _PINS.c.device_hash == device)
            if any(page.place(end, KINDS[end].table.c.name == name) > chosen for end in _ENDS):
                return None
            return PinStanding(pin.pin_hash, _until(page, name, device), _refused(page, name, device, chosen))


def _until(page: Page, name: str, device: str) -> datetime:
    place = page.last(SessionPlace, _PLACES.c.by == name, _PLACES.c.device_hash == device)
    assert place is not None, "a PIN was chosen in a session on this device"
    session = page.last(SessionOpened, _SESSIONS.c.token_hash == place.token_hash)
    assert session is not None, "the store keeps to its foreign keys"
    return session.expires_at


def _refused(page: Page, name: str, device: str, chosen: int) -> int:
    """Count the tries that did not fit, from the last one that did, or from the choice on."""
    own = (_TRIES.c.by == name, _TRIES.c.device_hash == device)
    fitted = page.place(PinTried, *own, _TRIES.c.outcome == SignInOutcome.LET_IN.value)
    return len(page.all(PinTried, *own, _TRIES.c.number > max(chosen, fitted)))
