"""Queries: the office, or a monitor, asks a site; its ward answers; the office closes. Nothing here unblinds.

A query names a patient, a visit and the photograph of that visit, and never an answer of a reader or a model.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from mottling.errors import NotAllowed, RecordRefused
from mottling.services.accounts import User
from mottling.services.looked import Looked, Screen
from mottling.services.query_views import (
    AskedWard,
    NewQuery,
    QueryLine,
    QueryLook,
    QueryShown,
    QueryTurn,
    SeenQueries,
    SiteQueries,
    Turn,
)
from mottling.store.store import Store
from mottling.trial.access import Act, Role, require
from mottling.trial.charter import Charter
from mottling.trial.office_records import MonitorLook
from mottling.trial.queries import (
    Query,
    QueryAnswered,
    QueryAsked,
    QueryAskedAgain,
    QueryClosed,
    QueryState,
    QueryStep,
)

__all__ = ["TURNS", "Queries", "text_of"]

_ID_BYTES = 8
_MOST_SIGNS = 2000

TURNS: Mapping[type[QueryStep], Turn] = {
    QueryAsked: Turn.ASKED,
    QueryAnswered: Turn.ANSWERED,
    QueryAskedAgain: Turn.ASKED_AGAIN,
    QueryClosed: Turn.CLOSED,
}


class Queries:
    """Questions to sites."""

    def __init__(self, store: Store, charter: Charter) -> None:
        self._store = store
        self._charter = charter

    def seen(self, user: User, look: QueryLook, *, most: int, at: datetime) -> SeenQueries:
        """Give the queries of a site and a state; of many, the first `most`. A monitor's look is recorded."""
        require(user.role, Act.ASK_SITE)
        if user.role is Role.MONITOR:
            self._store.office.note_look(
                MonitorLook(by=user.name, at=at, what=Looked(Screen.QUERIES).written())
            )
        site_of = self._sites()
        queries = self._store.queries.all()
        of_site = [one for one in queries if look.site in ("", site_of[one.asked.patient])]
        chosen = _in_order([one for one in of_site if _is_shown(one, look.shown)], look.shown)
        return SeenQueries(
            look=look,
            lines=tuple(_line(one, site_of) for one in chosen[:most]),
            count=len(chosen),
            counts={shown: sum(_is_shown(one, shown) for one in of_site) for shown in QueryShown},
            total=_counted("", queries),
            sites=_by_site(queries, site_of),
        )

    def standing(self, user: User) -> SiteQueries:
        """Count what every site was asked, for a page about something else."""
        require(user.role, Act.ASK_SITE)
        return _counted("", self._store.queries.all())

    def ask(self, user: User, new: NewQuery, *, at: datetime) -> str:
        """Ask the site of a patient; gives the query's id.

        Raises:
            RecordRefused: There is no such patient or visit, or no question.
        """
        require(user.role, Act.ASK_SITE)
        visit = self._charter.visit(new.visit).code if new.visit else None
        query_id = secrets.token_hex(_ID_BYTES)
        self._store.queries.ask(
            QueryAsked(
                query_id=query_id,
                patient=new.patient.strip(),
                visit=visit,
                photo_id=None,
                text=_said(new.text),
                by=user.name,
                at=at,
            )
        )
        return query_id

    def ask_again(self, user: User, query_id: str, text: str, *, at: datetime) -> None:
        """Ask once more, where the answer leaves something open.

        Raises:
            RecordRefused: There is no such query, or no question.
            Conflict: It waits for an answer, or is closed.
        """
        require(user.role, Act.ASK_SITE)
        self._store.queries.ask_again(
            QueryAskedAgain(query_id=query_id, text=_said(text), by=user.name, at=at)
        )

    def close(self, user: User, query_id: str, *, because: str, at: datetime) -> None:
        """Close a query; one that is not answered needs a word why.

        Raises:
            RecordRefused: There is no such query, or it is not answered and there is no word why.
            Conflict: It is closed already.
        """
        require(user.role, Act.CLOSE_QUERY)
        query = self._store.queries.find(query_id)
        if query is not None and query.state is QueryState.WAITING and not because.strip():
            raise RecordRefused(
                "This query has no answer yet", remedy="Say why it is closed all the same, or wait"
            )
        said = _said(because) if because.strip() else None
        self._store.queries.close(QueryClosed(query_id=query_id, because=said, by=user.name, at=at))

    def of_ward(self, user: User) -> tuple[AskedWard, ...]:
        """List what the user's site is asked and has not answered, the one that waits longest first."""
        require(user.role, Act.WORK_ON_WARD)
        waiting = [one for one in self._store.queries.all() if one.state is QueryState.WAITING]
        if not waiting:
            return ()
        site_of, initials = self._sites(), self._store.ward.initials()
        own = [one for one in waiting if site_of[one.asked.patient] == user.site]
        return tuple(_asked(one, initials) for one in sorted(own, key=lambda one: one.since))

    def asked(self, user: User, query_id: str) -> AskedWard:
        """Give one question to the user's site, answered or not.

        Raises:
            NotAllowed: It is of another site, or there is none.
        """
        require(user.role, Act.WORK_ON_WARD)
        query = self._store.queries.find(query_id)
        patient = None if query is None else self._store.ward.find_patient(query.asked.patient)
        if query is None or patient is None or self._store.changes.look().site_now(patient) != user.site:
            raise NotAllowed("This question is not of your ward", remedy="Choose one of the ward's list")
        return _asked(query, self._store.ward.initials())

    def answer(self, user: User, query_id: str, text: str, *, at: datetime) -> None:
        """Answer what the user's site is asked.

        Raises:
            NotAllowed: It is of another site, or there is none.
            RecordRefused: There is no answer.
            Conflict: It is answered or closed already.
        """
        self.asked(user, query_id)
        self._store.queries.answer(QueryAnswered(query_id=query_id, text=_said(text), by=user.name, at=at))

    def _sites(self) -> Mapping[str, str]:
        """Say where each patient is: who is asked about a patient is who has the patient."""
        board = self._store.board.look()
        return {one.patient: board.changes.site_now(one) for one in board.patients}


def _said(text: str) -> str:
    if not text.strip() or len(text) > _MOST_SIGNS:
        raise RecordRefused(
            f"The text has {len(text.strip())} characters",
            remedy=f"Write a sentence, in at most {_MOST_SIGNS} characters",
        )
    return text.strip()


def _is_shown(query: Query, shown: QueryShown) -> bool:
    if shown is QueryShown.OPEN:
        return query.state is not QueryState.CLOSED
    return query.state.value == shown.value


def _in_order(queries: Sequence[Query], shown: QueryShown) -> list[Query]:
    return sorted(queries, key=lambda one: one.since, reverse=shown is QueryShown.CLOSED)


def _by_site(queries: Sequence[Query], site_of: Mapping[str, str]) -> tuple[SiteQueries, ...]:
    found: dict[str, list[Query]] = {}
    for query in queries:
        found.setdefault(site_of[query.asked.patient], []).append(query)
    return tuple(_counted(site, found[site]) for site in sorted(found))


def _counted(site: str, queries: Sequence[Query]) -> SiteQueries:
    states = Counter(one.state for one in queries)
    waiting = [one.since for one in queries if one.state is QueryState.WAITING]
    return SiteQueries(
        site=site,
        waiting=states[QueryState.WAITING],
        oldest=min(waiting, default=None),
        answered=states[QueryState.ANSWERED],
        closed=states[QueryState.CLOSED],
    )


def _line(query: Query, site_of: Mapping[str, str]) -> QueryLine:
    asked = query.asked
    return QueryLine(
        query_id=asked.query_id,
        site=site_of[asked.patient],
        patient=asked.patient,
        visit=asked.visit,
        has_photo=asked.photo_id is not None,
        state=query.state,
        since=query.since,
        turns=_turns(query),
    )


def _asked(query: Query, initials: Mapping[str, str]) -> AskedWard:
    asked = query.asked
    return AskedWard(
        query_id=asked.query_id,
        patient=asked.patient,
        initials=initials.get(asked.patient, ""),
        visit=asked.visit,
        since=query.since,
        turns=_turns(query),
    )


def _turns(query: Query) -> tuple[QueryTurn, ...]:
    return tuple(QueryTurn(TURNS[type(one)], one.by, one.at, text_of(one)) for one in query.steps)


def text_of(step: QueryStep) -> str:
    """Give what was written in a step; empty where a query was closed without a word."""
    return (step.because or "") if isinstance(step, QueryClosed) else step.text
