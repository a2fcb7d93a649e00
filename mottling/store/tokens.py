"""The book of tokens: those by which programs come in, and which were revoked."""

from __future__ import annotations

from dataclasses import dataclass

from mottling.errors import Conflict, RecordRefused
from mottling.store.ledger import Ledger, Page
from mottling.store.schema import KINDS
from mottling.trial.programs import TokenGiven, TokenRevoked

__all__ = ["KnownToken", "TokenBook"]

_TOKENS = KINDS[TokenGiven].table
_REVOKED = KINDS[TokenRevoked].table


@dataclass(frozen=True)
class KnownToken:
    """A token that was given, and how it was revoked, if it was."""

    given: TokenGiven
    revoked: TokenRevoked | None


class TokenBook:
    """Tokens. They are hashed before they come here."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add(self, token: TokenGiven) -> None:
        """Record a token that was given.

        Raises:
            Conflict: The name is, or was, another token's.
        """
        with self._ledger.writing() as pen:
            if _find(pen, token.name) is not None:
                raise Conflict(
                    f"The name {token.name!r} is taken, and stays so in the records",
                    remedy="Choose another name, such as one with the year",
                )
            pen.add(token)

    def find(self, token_hash: str) -> KnownToken | None:
        """Find a token by its hash, expired or revoked or not."""
        with self._ledger.reading() as page:
            given = page.last(TokenGiven, _TOKENS.c.token_hash == token_hash)
            return None if given is None else _known(page, given)

    def all(self) -> tuple[KnownToken, ...]:
        """List every token that was ever given, by name."""
        with self._ledger.reading() as page:
            given = sorted(page.all(TokenGiven), key=lambda one: one.name)
            return tuple(_known(page, one) for one in given)

    def revoke(self, revoked: TokenRevoked) -> None:
        """Let a token open nothing any more.

        Raises:
            RecordRefused: There is no such token.
            Conflict: It is revoked already.
        """
        with self._ledger.writing() as pen:
            given = _find(pen, revoked.name)
            if given is None:
                raise RecordRefused(
                    f"There is no token {revoked.name!r}", remedy="See `mottling token list` for the names"
                )
            if _known(pen, given).revoked is not None:
                raise Conflict(f"{revoked.name!r} is revoked already", remedy="Nothing is left to do")
            pen.add(revoked)


def _find(page: Page, name: str) -> TokenGiven | None:
    return page.last(TokenGiven, _TOKENS.c.name == name)


def _known(page: Page, given: TokenGiven) -> KnownToken:
    return KnownToken(given, page.last(TokenRevoked, _REVOKED.c.name == given.name))
