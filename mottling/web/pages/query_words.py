"""Queries in the words of a page: who said what and when, and what the ward is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mottling.services.query_views import AskedWard, QueryTurn, Turn
from mottling.web.clocks import Clock
from mottling.web.trial_words import TrialWords

__all__ = ["Asked", "SaidTurn", "asked_in_words", "said_turns"]


@dataclass(frozen=True)
class SaidTurn:
    """One step of a query, ready to show."""

    turn: Turn
    by: str
    at: str
    text: str


@dataclass(frozen=True)
class Asked:
    """One question to the ward, ready to show."""

    query_id: str
    patient: str
    initials: str
    about: str
    """The visit, or that it is about the patient as a whole."""
    turns: tuple[SaidTurn, ...]


def said_turns(turns: Sequence[QueryTurn], clock: Clock) -> tuple[SaidTurn, ...]:
    """Say the steps of a query, the earliest first."""
    return tuple(SaidTurn(one.turn, one.by, clock.moment(one.at), one.text) for one in turns)


def asked_in_words(asked: AskedWard, trial_words: TrialWords, clock: Clock) -> Asked:
    """Say a question in the words of the page."""
    return Asked(
        query_id=asked.query_id,
        patient=asked.patient,
        initials=asked.initials,
        about=trial_words.words.say("query.whole") if asked.visit is None else trial_words.visit(asked.visit),
        turns=said_turns(asked.turns, clock),
    )
