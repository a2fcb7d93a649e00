"""What is kept of programs of hospitals and sponsors: the tokens by which they come in, and what for."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from mottling.trial.records import Code, Name, Record, Sentence, Sha256, Utc

__all__ = ["Scope", "TokenGiven", "TokenRevoked", "scopes_in", "scopes_text"]


class Scope(StrEnum):
    """What a token lets a program do; one may have several. What is not given here, it may not do."""

    OUTCOMES = "outcomes"
    """Reads the outcome of every patient, as the office does."""
    PHOTOS = "photos"
    """Sends photographs of one site's patients with the score that was given at the bedside."""
    STATUS = "status"
    """Asks what became of a photograph or a visit; learns no score."""


_ONE = f"(?:{'|'.join(Scope)})"
ScopesText = Annotated[str, StringConstraints(pattern=rf"^{_ONE}(?: {_ONE})*$")]


class TokenGiven(Record):
    """A token that was made for a program; the token itself was shown once."""

    name: Name
    """Of the program; it is never given again."""
    scopes: ScopesText
    """Words of `Scope`, with a space between two."""
    site: Code | None
    """Whose patients it is for; None for those of the whole trial."""
    token_hash: Sha256
    expires_at: Utc


class TokenRevoked(Record):
    """A token that opens nothing any more, before its time was over."""

    name: Name
    because: Sentence


def scopes_text(scopes: frozenset[Scope]) -> str:
    """Write scopes as a record keeps them."""
    return " ".join(scope for scope in Scope if scope in scopes)


def scopes_in(text: str) -> frozenset[Scope]:
    """Read scopes as a record keeps them."""
    return frozenset(Scope(word) for word in text.split(" "))
