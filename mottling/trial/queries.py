"""What is kept of queries: a question to a site, what its ward answers, and when the office closes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mottling.trial.records import Code, Record, Sentence

__all__ = [
    "Query",
    "QueryAnswered",
    "QueryAsked",
    "QueryAskedAgain",
    "QueryClosed",
    "QueryState",
    "QueryStep",
]


class QueryAsked(Record):
    """A question to a site about one of its patients."""

    query_id: Code
    """Random: says nothing of the patient."""
    patient: Code
    visit: Code | None
    """None is about the patient as a whole."""
    photo_id: Code | None
    """The visit's photograph, as it was when the question was asked."""
    text: Sentence


class QueryAnswered(Record):
    """What the ward of the site answered."""

    query_id: Code
    text: Sentence


class QueryAskedAgain(Record):
    """What was asked once more, because the answer left something open."""

    query_id: Code
    text: Sentence


class QueryClosed(Record):
    """The office closed a query, answered or not."""

    query_id: Code
    because: Sentence | None
    """None where the answer says it all."""


QueryStep = QueryAsked | QueryAnswered | QueryAskedAgain | QueryClosed


class QueryState(StrEnum):
    """Who has to do something next."""

    WAITING = "waiting"
    """The ward of the site."""
    ANSWERED = "answered"
    """The office: to close it, or to ask again."""
    CLOSED = "closed"
    """Nobody."""


@dataclass(frozen=True)
class Query:
    """A question with all that was said since, the earliest first."""

    asked: QueryAsked
    said: tuple[QueryAnswered | QueryAskedAgain, ...] = ()
    closed: QueryClosed | None = None

    @property
    def state(self) -> QueryState:
        """Say who has to do something next."""
        if self.closed is not None:
            return QueryState.CLOSED
        is_answered = bool(self.said) and isinstance(self.said[-1], QueryAnswered)
        return QueryState.ANSWERED if is_answered else QueryState.WAITING

    @property
    def steps(self) -> tuple[QueryStep, ...]:
        """Give every record of it, the earliest first."""
        return (self.asked, *self.said, *([] if self.closed is None else [self.closed]))

    @property
    def since(self) -> datetime:
        """Say since when it stands as it does."""
        return self.steps[-1].at
