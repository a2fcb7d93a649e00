"""Passwords: kept as argon2id hashes, and as slow for a name that nobody has as for one that somebody has."""

from __future__ import annotations

import re
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from mottling.errors import RecordRefused

__all__ = ["MIN_PASSWORD_SIGNS", "Passwords"]

MIN_PASSWORD_SIGNS = 12
# Far beyond any password a person keeps; what is longer is not hashed at all.
_MAX_PASSWORD_SIGNS = 256
# What guesses begin with: it makes a password no harder to find.
_KNOWN_PIECES = re.compile(
    "1234567890|0987654321|123456|qwertyuiop|azertyuiop|qwerty|azerty|password|motdepasse|mot de passe"
    "|mottling|marbrures|iloprost|reanimation"
)
_MIN_OTHER_SIGNS = 5


class Passwords:
    """Makes and checks the hashes that the store keeps."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Take the costs of RFC 9106's second choice, or those of `hasher`."""
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("of a user who does not exist")

    def hashed(self, password: str, *, name: str) -> str:
        """Hash a new password of a user.

        Raises:
            RecordRefused: It is shorter than 12 characters, longer than 256, or easily guessed.
        """
        if not MIN_PASSWORD_SIGNS <= len(password) <= _MAX_PASSWORD_SIGNS:
            raise RecordRefused(
                f"The password has {len(password)} characters",
                remedy=f"Choose one of {MIN_PASSWORD_SIGNS} to {_MAX_PASSWORD_SIGNS}",
            )
        if _is_easy(password, name):
            raise RecordRefused(
                "The password is easily guessed",
                remedy="Choose a sentence of several words, without your name",
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


def _is_easy(password: str, name: str) -> bool:
    """Say whether hardly anything is left of a password without its user's name and what everybody tries."""
    left = _KNOWN_PIECES.sub("", password.casefold().replace(name.casefold(), ""))
    return len(set(left)) < _MIN_OTHER_SIGNS
