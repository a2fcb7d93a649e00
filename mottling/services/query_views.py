"""What pages show of queries: which are looked at, what was said, and how long each site has waited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mottling.trial.queries import QueryState

__all__ = [
    "AskedWard",
    "NewQuery",
    "QueryLine",
    "QueryLook",
    "QueryShown",
    "QueryTurn",
    "SeenQueries",
    "SiteQueries",
    "Turn",
]


class QueryShown(StrEnum):
    """Which queries are looked at."""

    OPEN = "open"
    """All but the closed ones."""
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


class Turn(StrEnum):
    """What somebody did in a query."""

    ASKED = "asked"
    ANSWERED = "answered"
    ASKED_AGAIN = "asked_again"
    CLOSED = "closed"


@dataclass(frozen=True)
class NewQuery:
    """What is asked of a site."""

    patient: str
    visit: str
    """Empty is about the patient as a whole."""
    text: str


@dataclass(frozen=True)
class QueryTurn:
    """One step of a query."""

    turn: Turn
    by: str
    at: datetime
    text: str
    """Empty where a query was closed without a word."""


@dataclass(frozen=True)
class QueryLine:
    """One query, with all that was said in it."""

    query_id: str
    site: str
    patient: str
    visit: str | None
    has_photo: bool
    """Whether the visit had a photograph when it was asked."""
    state: QueryState
    since: datetime
    """Since when it stands so."""
    turns: tuple[QueryTurn, ...]
    """The earliest first."""


@dataclass(frozen=True)
class SiteQueries:
    """What one site was asked."""

    site: str
    """Empty is every site."""
    waiting: int
    oldest: datetime | None
    """Since when the one waits that has waited longest."""
    answered: int
    closed: int


@dataclass(frozen=True)
class QueryLook:
    """Which queries are looked at."""

    site: str
    """Empty is every site."""
    shown: QueryShown


@dataclass(frozen=True)
class SeenQueries:
    """The queries that are looked at, and what else could be."""

    look: QueryLook
    lines: tuple[QueryLine, ...]
    """The one that has stood longest first; of closed ones the latest. Of very many, the first ones."""
    count: int
    """How many there are in all."""
    counts: Mapping[QueryShown, int]
    """Of the site."""
    total: SiteQueries
    sites: tuple[SiteQueries, ...]
    """Those that were ever asked, by code."""


@dataclass(frozen=True)
class AskedWard:
    """A question as the ward that is asked sees it."""

    query_id: str
    patient: str
    initials: str
    visit: str | None
    since: datetime
    turns: tuple[QueryTurn, ...]
