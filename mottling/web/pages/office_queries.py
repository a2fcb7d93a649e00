"""Queries on the pages of office and monitor: which wait for whom, a new one, and what is said in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from mottling.services.accounts import User
from mottling.services.queries import Queries
from mottling.services.query_views import NewQuery, QueryLine, QueryLook, QueryShown, SiteQueries
from mottling.trial.queries import QueryState
from mottling.web.clocks import Clock
from mottling.web.forms import Form
from mottling.web.pages.query_words import SaidTurn, said_turns
from mottling.web.parts import Deed, Shown
from mottling.web.trial_words import TrialWords

__all__ = ["OpenQueries", "QueryScreens"]

_MOST = 200
"""Of more, the ones that have stood longest; a site or a state is chosen."""

_MaybeCode = Annotated[str, Field(max_length=80)]
_Text = Annotated[str, Field(max_length=4000)]


class _Looked(Form):
    """Which queries are looked at."""

    site: _MaybeCode = ""
    shown: QueryShown = QueryShown.OPEN


class _Whose(Form):
    """What a question may be about, when it is begun from a list."""

    patient: _MaybeCode = ""
    visit: _MaybeCode = ""


class _Ask(_Whose):
    """A question."""

    text: _Text


class _Again(Form):
    """What is asked once more."""

    query_id: _MaybeCode
    text: _Text


class _Close(Form):
    """A query that is closed, with a word why."""

    query_id: _MaybeCode
    because: _Text = ""


@dataclass(frozen=True)
class SaidQuery:
    """One query, ready to show."""

    query_id: str
    patient: str
    about: str
    """The visit, or that it is about the patient as a whole."""
    site: str
    state: QueryState
    age: str
    turns: tuple[SaidTurn, ...]


@dataclass(frozen=True)
class OpenQueries:
    """What one site, or every site, was asked, ready to show."""

    site: str
    label: str
    waiting: int
    oldest: str
    """How long that waits which has waited longest; empty where nothing does."""
    answered: int
    closed: int


@dataclass(frozen=True)
class QueryScreens:
    """The screens of queries within a page."""

    queries: Queries
    trial_words: TrialWords
    shown: Callable[[str, Mapping[str, object]], Shown]
    """Fills a template with what the page shows on each of its screens."""
    may_close: bool

    def deeds(self) -> list[Deed[Any]]:
        """List what may be done."""
        closes = [Deed("query_close", _Close, self.close)] if self.may_close else []
        return [
            Deed("queries", _Looked, self.listed),
            Deed("query_form", _Whose, self.form),
            Deed("query_ask", _Ask, self.ask),
            Deed("query_again", _Again, self.again),
            *closes,
        ]

    def standing(self, user: User, *, at: datetime) -> OpenQueries | None:
        """Say how many queries are open, for the first screen; None where none is."""
        found = self.queries.standing(user)
        return self._site(found, at) if found.waiting or found.answered else None

    def listed(self, user: User, form: _Looked, at: datetime) -> Shown:
        """List the queries of a site and a state."""
        seen = self.queries.seen(user, QueryLook(form.site, form.shown), most=_MOST, at=at)
        values = {
            "look": seen.look,
            "queries": [self._said(one, at) for one in seen.lines],
            "left_out": seen.count - len(seen.lines),
            "counts": seen.counts,
            "sites": [self._site(one, at) for one in seen.sites],
            "may_close": self.may_close,
        }
        return self.shown("office_queries.html", values)

    def form(self, _user: User, form: _Whose, _at: datetime) -> Shown:
        """Ask for a question."""
        charter = self.trial_words.charter
        visits = [(one.code, self.trial_words.visit(one.code)) for one in charter.visits]
        values = {"patient": form.patient, "visit": form.visit, "visits": visits}
        return self.shown("office_query.html", values)

    def ask(self, user: User, form: _Ask, at: datetime) -> Shown:
        """Send a question to the site of a patient."""
        self.queries.ask(user, NewQuery(form.patient, form.visit, form.text), at=at)
        return self._told("query.sent", user, at)

    def again(self, user: User, form: _Again, at: datetime) -> Shown:
        """Ask once more."""
        self.queries.ask_again(user, form.query_id, form.text, at=at)
        return self._told("query.sent", user, at)

    def close(self, user: User, form: _Close, at: datetime) -> Shown:
        """Close a query."""
        self.queries.close(user, form.query_id, because=form.because, at=at)
        return self._told("query.is_closed", user, at)

    def _told(self, key: str, user: User, at: datetime) -> Shown:
        listed = self.listed(user, _Looked(), at)
        return Shown(listed.body, notice=self.trial_words.words.say(key))

    def _said(self, line: QueryLine, at: datetime) -> SaidQuery:
        clock = self._clock(line.site, at)
        visit = line.visit
        return SaidQuery(
            query_id=line.query_id,
            patient=line.patient,
            about=self.trial_words.words.say("query.whole") if visit is None else self._visit(line, visit),
            site=line.site,
            state=line.state,
            age=clock.ago(line.since),
            turns=said_turns(line.turns, clock),
        )

    def _visit(self, line: QueryLine, visit: str) -> str:
        label = self.trial_words.visit(visit)
        return label if line.has_photo else self.trial_words.words.say("query.no_photo", {"visit": label})

    def _site(self, found: SiteQueries, at: datetime) -> OpenQueries:
        words = self.trial_words
        return OpenQueries(
            site=found.site,
            label=words.site(found.site) if found.site else words.words.say("office.every_site"),
            waiting=found.waiting,
            oldest="" if found.oldest is None else self._clock(found.site, at).ago(found.oldest),
            answered=found.answered,
            closed=found.closed,
        )

    def _clock(self, site: str, at: datetime) -> Clock:
        return self.trial_words.clock(site or None, at=at)
