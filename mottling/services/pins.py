"""PINs: a quick return for who signed in on a shared tablet by password not long ago.

A PIN opens nothing but on the device where it was chosen, as long as a session lasts that a password opened
there, and until five wrong ones were tried.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from mottling.errors import RecordRefused, SignInRefused
from mottling.services.passwords import Passwords
from mottling.settings import SignInLimits
from mottling.store.pins import PinBook, PinStanding
from mottling.trial.records import SignInOutcome
from mottling.trial.session_records import PinSet, PinTried, SessionPlace

__all__ = ["Pins", "is_pin"]

_PIN = re.compile(r"[0-9]{4,8}")
_RUNS = ("01234567890", "09876543210")
# The middle column of the keys, downwards and upwards: among the first that anybody tries.
_COLUMN = frozenset({"2580", "0852"})


def is_pin(secret: str) -> bool:
    """Say whether something has the form of a PIN; no password is so short."""
    return _PIN.fullmatch(secret) is not None


@dataclass(frozen=True)
class Pins:
    """Sets and tries PINs. `device` is the hash of a device's name."""

    book: PinBook
    passwords: Passwords
    limits: SignInLimits

    def choose(self, pin: str, place: SessionPlace) -> None:
        """Let a user come back by a PIN on the device of a session.

        Raises:
            RecordRefused: It is no PIN, or one that anybody would try first.
        """
        if not is_pin(pin):
            raise RecordRefused("This is no PIN", remedy="Choose 4 to 8 digits")
        if _is_easy(pin):
            raise RecordRefused("This PIN is easily guessed", remedy="Choose other digits")
        hashed = self.passwords.hashed_pin(pin)
        self.book.choose(
            PinSet(by=place.by, at=place.at, device_hash=place.device_hash, pin_hash=hashed), place
        )

    def names(self, device: str, *, at: datetime) -> tuple[str, ...]:
        """List who may come back by PIN on a device now."""
        return tuple(name for name in self.book.names(device) if self._usable(name, device, at=at))

    def try_pin(self, name: str, pin: str, *, device: str, at: datetime) -> datetime:
        """Let somebody in by PIN; gives the time at which the session of the password ends.

        Raises:
            SignInRefused: It is not the PIN, or none opens anything here any more.
        """
        standing = self._usable(name, device, at=at)
        if standing is None:
            raise SignInRefused("No PIN opens this now", remedy="Sign in with your password")
        is_right = self.passwords.fits(pin, standing.pin_hash)
        outcome = SignInOutcome.LET_IN if is_right else SignInOutcome.REFUSED
        self.book.note_try(PinTried(by=name, at=at, device_hash=device, outcome=outcome))
        if not is_right:
            left = self.limits.tries - standing.refused - 1
            raise SignInRefused(
                f"This is not the PIN; tries left: {left}", remedy="Try again, or sign in with your password"
            )
        return standing.until

    def _usable(self, name: str, device: str, *, at: datetime) -> PinStanding | None:
        standing = self.book.standing(name, device)
        if standing is None or standing.refused >= self.limits.tries or at >= standing.until:
            return None
        return standing


def _is_easy(pin: str) -> bool:
    """Say whether a PIN is one sign, a pair over and over, a run of digits or a column of the keys."""
    is_pair = pin == (pin[:2] * 4)[: len(pin)]
    return is_pair or pin in _COLUMN or any(pin in run for run in _RUNS)
