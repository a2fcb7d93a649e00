"""What is kept of coming back: where sessions were opened and when used, PINs, signing out everywhere."""

from __future__ import annotations

from mottling.trial.records import Name, Record, Sha256, SignInOutcome

__all__ = ["PinSet", "PinTried", "SessionPlace", "SessionUsed", "SignedOutEverywhere"]


class SessionPlace(Record):
    """The device on which a session was opened."""

    token_hash: Sha256
    device_hash: Sha256


class SessionUsed(Record):
    """An open session that was used; noted from time to time, not at each request."""

    token_hash: Sha256


class SignedOutEverywhere(Record):
    """The end of every session of a user, and of every PIN."""

    name: Name


class PinSet(Record):
    """A PIN that the user `by` chose on a device: only its argon2 hash."""

    device_hash: Sha256
    pin_hash: Name


class PinTried(Record):
    """A try to come back by PIN; `by` is the name that was given."""

    device_hash: Sha256
    outcome: SignInOutcome
