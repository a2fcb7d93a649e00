"""Programs of hospitals and sponsors: which of them come in by a token, for what, and for how long."""

from __future__ import annotations

import logging
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from mottling.errors import RecordRefused
from mottling.services.accounts import User
from mottling.services.tokens import hash_of
from mottling.store.tokens import TokenBook
from mottling.trial.access import Role
from mottling.trial.charter import Charter
from mottling.trial.programs import Scope, TokenGiven, TokenRevoked, scopes_in, scopes_text

__all__ = ["KnownProgram", "Program", "Programs"]

_LOG = logging.getLogger(__name__)
_NAME = re.compile(r"[A-Za-z0-9._-]{1,60}")
# Whoever searches a disk or a repository for lost secrets finds ours by it.
_BEGINS_WITH = "mottling_"
_MOST_DAYS = 366
_MOST_SIGNS = 2000


@dataclass(frozen=True)
class Program:
    """A program that came in by its token."""

    name: str
    scopes: frozenset[Scope]
    site: str | None
    """Code of the site whose patients it is for; None for those of the whole trial."""

    @property
    def by(self) -> str:
        """How records call it: no user has a colon in the name."""
        return f"token:{self.name}"

    def as_ward(self) -> User:
        """Act on the ward of its site."""
        assert self.site is not None, "who sends photographs belongs to a site"
        return User(self.by, Role.WARD, self.site)


@dataclass(frozen=True)
class KnownProgram:
    """A program that was ever given a token."""

    program: Program
    given_by: str
    given_at: datetime
    expires_at: datetime
    revoked_because: str | None
    """None where it was not revoked."""

    def is_let_in(self, *, at: datetime) -> bool:
        """Say whether the token opens anything at a time."""
        return self.revoked_because is None and at < self.expires_at


class Programs:
    """Gives tokens, asks whose one is, and takes them back."""

    def __init__(self, tokens: TokenBook, charter: Charter) -> None:
        self._tokens = tokens
        self._charter = charter

    def let_in(self, program: Program, *, days: int, by: str, at: datetime) -> str:
        """Give a program a token, which is shown this once.

        Args:
            program: Its name, what it may do, and for which site.
            days: How long the token opens.
            by: Who gives it.
            at: Now.

        Raises:
            RecordRefused: It is no name, or scopes, site and days do not go together.
            Conflict: The name is, or was, another token's.
        """
        self._check(program, days)
        token = _BEGINS_WITH + secrets.token_urlsafe(32)
        self._tokens.add(
            TokenGiven(
                by=by,
                at=at,
                name=program.name,
                scopes=scopes_text(program.scopes),
                site=program.site,
                token_hash=hash_of(token),
                expires_at=at + timedelta(days=days),
            )
        )
        _LOG.info("token %s given by %s", program.name, by)
        return token

    def _check(self, program: Program, days: int) -> None:
        if not _NAME.fullmatch(program.name):
            raise RecordRefused(
                f"{program.name!r} is no name of a token",
                remedy="Use up to 60 letters without accents, digits, dots, hyphens and underscores",
            )
        if not 1 <= days <= _MOST_DAYS:
            raise RecordRefused(
                f"The token would open for {days} days",
                remedy=f"Give 1 to {_MOST_DAYS} days, and a new token before they are over",
            )
        _check_scopes(program)
        if program.site is not None:
            self._charter.site(program.site)

    def program(self, token: str, *, at: datetime) -> Program | None:
        """Say whose a token is; None when it is nobody's, has expired or was revoked."""
        found = self._tokens.find(hash_of(token))
        if found is None or found.revoked is not None or at >= found.given.expires_at:
            return None
        return _program(found.given)

    def known(self) -> tuple[KnownProgram, ...]:
        """List every program that was ever given a token, by name."""
        return tuple(
            KnownProgram(
                program=_program(one.given),
                given_by=one.given.by,
                given_at=one.given.at,
                expires_at=one.given.expires_at,
                revoked_because=None if one.revoked is None else one.revoked.because,
            )
            for one in self._tokens.all()
        )

    def revoke(self, name: str, *, because: str, by: str, at: datetime) -> None:
        """Let a token open nothing any more.

        Raises:
            RecordRefused: There is no such token, or the reason is empty or too long.
            Conflict: It is revoked already.
        """
        if not 1 <= len(because.strip()) <= _MOST_SIGNS:
            raise RecordRefused(
                f"The reason has {len(because.strip())} characters",
                remedy=f"Say in at most {_MOST_SIGNS} characters why the token is revoked",
            )
        self._tokens.revoke(TokenRevoked(by=by, at=at, name=name, because=because))
        _LOG.info("token %s revoked by %s", name, by)


def _check_scopes(program: Program) -> None:
    """Refuse scopes that do not go together: who sends own scores learns no outcome from us."""
    if not program.scopes:
        raise RecordRefused("The token has no scope", remedy=f"Give one of {', '.join(Scope)}, or several")
    if Scope.PHOTOS in program.scopes and program.site is None:
        raise RecordRefused(
            "A token that sends photographs belongs to one site", remedy="Give the site's code with --site"
        )
    if {Scope.PHOTOS, Scope.OUTCOMES} <= program.scopes:
        raise RecordRefused(
            "A token that sends own scores may not read outcomes: the ward would learn what readers said",
            remedy="Give two tokens to two programs",
        )


def _program(given: TokenGiven) -> Program:
    return Program(given.name, scopes_in(given.scopes), given.site)
