"""Passwords: kept as argon2id hashes, and as slow for a name that nobody has as for one that somebody has."""

from __future__ import annotations

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from mottling.errors import RecordRefused

__all__ = ["MIN_PASSWORD_SIGNS", "Passwords"]

MIN_PASSWORD_SIGNS = 12
# Far beyond any password a person keeps; what is longer is not hashed at all.
_MAX_PASSWORD_SIGNS = 256


class Passwords:
    """Makes and checks the hashes that the store keeps."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Take the costs of RFC 9106's second choice, or those of `hasher`."""
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("of a user who does not exist")

    def hashed(self, password: str) -> str:
        """Hash a new password.

        Raises:
            RecordRefused: It is shorter than 12 characters, or longer than 256.
        """
        if not MIN_PASSWORD_SIGNS <= len(password) <= _MAX_PASSWORD_SIGNS:
            raise RecordRefused(
                f"The password has {len(password)} characters",
                remedy=f"Choose one of {MIN_PASSWORD_SIGNS} to {_MAX_PASSWORD_SIGNS}",
            )
        return self._hasher.hash(password)

    def hashed_pin(self, pin: str) -> str:
        """Hash a PIN; whoever takes it has checked that it is one."""
        return self._hasher.hash(pin)

    def fits(self, password: str, kept: str | None) -> bool:
        """Say whether a password is the one that was hashed; never for a user without a hash."""
        if len(password) > _MAX_PASSWORD_SIGNS:
            return False
        try:
            self._hasher.verify(kept or self._nobody, password)
        except VerificationError:
            return False
        return kept is not None
