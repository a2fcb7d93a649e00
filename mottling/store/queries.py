"""The book of queries: questions to sites, kept in memory as far as the chain has come.

Records are added and never changed, so a look reads only what was added since the look before.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from mottling.errors import Conflict, RecordRefused
from mottling.store.changes import corrected_after
from mottling.store.ledger import Ledger, Page
from mottling.store.news import end_of_chain
from mottling.store.schema import KINDS
from mottling.trial.queries import (
    Query,
    QueryAnswered,
    QueryAsked,
    QueryAskedAgain,
    QueryClosed,
    QueryState,
)
from mottling.trial.records import Patient, Photo, Record

__all__ = ["QueryBook"]

_STEPS = (QueryAsked, QueryAnswered, QueryAskedAgain, QueryClosed)
_PHOTOS = KINDS[Photo].table


class QueryBook:
    """Queries. Safe to use from several threads."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = Lock()
        self._upto = 0
        self._queries: dict[str, Query] = {}

    def all(self) -> tuple[Query, ...]:
        """List every query that was ever asked, the earliest first."""
        with self._lock, self._ledger.reading() as page:
            self._catch_up(page)
            return tuple(self._queries.values())

    def find(self, query_id: str) -> Query | None:
        """Find a query."""
        with self._lock, self._ledger.reading() as page:
            self._catch_up(page)
            return self._queries.get(query_id)

    def ask(self, asked: QueryAsked) -> None:
        """Ask a site; of a visit, the photograph that stands now is named by the record.

        Raises:
            RecordRefused: There is no such patient.
        """
        with self._ledger.writing() as pen:
            if pen.last(Patient, pen.is_of(Patient, asked.patient)) is None:
                raise RecordRefused(
                    f"Patient {asked.patient!r} is not enrolled", remedy="Check the number and ask again"
                )
            photo = pen.last(Photo, pen.is_of(Photo, asked.patient), _PHOTOS.c.visit == asked.visit)
            pen.add(asked.model_copy(update={"photo_id": None if photo is None else photo.photo_id}))

    def answer(self, answered: QueryAnswered) -> None:
        """Record what the ward answers.

        Raises:
            RecordRefused: There is no such query.
            Conflict: It is answered or closed already.
        """
        self._add(answered, while_it_is={QueryState.WAITING})

    def ask_again(self, asked: QueryAskedAgain) -> None:
        """Ask once more.

        Raises:
            RecordRefused: There is no such query.
            Conflict: It waits for an answer, or is closed.
        """
        self._add(asked, while_it_is={QueryState.ANSWERED})

    def close(self, closed: QueryClosed) -> None:
        """Close a query.

        Raises:
            RecordRefused: There is no such query.
            Conflict: It is closed already.
        """
        self._add(closed, while_it_is={QueryState.WAITING, QueryState.ANSWERED})

    def _add(
        self, step: QueryAnswered | QueryAskedAgain | QueryClosed, *, while_it_is: set[QueryState]
    ) -> None:
        # The lock comes second: who reads holds it, and waits for no writer.
        with self._ledger.writing() as pen, self._lock:
            self._catch_up(pen)
            query = self._queries.get(step.query_id)
            if query is None:
                raise RecordRefused("There is no such query", remedy="Choose one of the list")
            if query.state not in while_it_is:
                raise Conflict(_STANDS[query.state], remedy="Look at the query again")
            pen.add(step)

    def _catch_up(self, page: Page) -> None:
        upto = end_of_chain(page)
        if upto > self._upto and corrected_after(page, self._upto):
            self._upto = 0  # the number of whom they are about may be another one
        for step in page.in_order(_STEPS, after=self._upto) if upto > self._upto else ():
            self._take(step)
        self._upto = upto

    def _take(self, step: Record) -> None:
        match step:
            case QueryAsked():
                self._queries[step.query_id] = Query(step)
            case QueryAnswered() | QueryAskedAgain():
                before = self._queries[step.query_id]
                self._queries[step.query_id] = replace(before, said=(*before.said, step))
            case QueryClosed():
                self._queries[step.query_id] = replace(self._queries[step.query_id], closed=step)


_STANDS = {
    QueryState.WAITING: "This query waits for its answer",
    QueryState.ANSWERED: "This query is answered already",
    QueryState.CLOSED: "This query is closed already",
}
