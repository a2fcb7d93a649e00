"""Queries to a site: who may do which step, what is counted, and that nothing in them unblinds."""

from dataclasses import fields
from datetime import timedelta

import pytest

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.services.query_views import AskedWard, NewQuery, QueryLine, QueryLook, QueryShown, QueryTurn
from mottling.services.snapshots import _patients_of_subjects
from mottling.services.views import Answer
from mottling.trial.queries import QueryState
from tests.house import ADAM, CORA, DAY1, EMMA, MONA, NINA, NOAH, OLGA, RAVI, RITA, read

LATER = DAY1 + timedelta(hours=3)
OPEN = QueryLook("", QueryShown.OPEN)
QUESTION = NewQuery("01-001", "day1", "Was the photograph taken at 9:00?")


def seen(trial, look=OPEN, user=OLGA):
    return trial.queries.seen(user, look, most=9, at=LATER)


def test_a_site_is_asked_answers_and_the_office_closes(house):
    query_id = house.queries.ask(OLGA, QUESTION, at=LATER)
    (asked,) = house.queries.of_ward(NINA)
    assert (asked.patient, asked.visit, asked.turns[-1].text) == ("01-001", "day1", QUESTION.text)
    house.queries.answer(NINA, query_id, " Yes, at 9:02 ", at=LATER)
    assert house.queries.of_ward(NINA) == ()
    (line,) = seen(house).lines
    assert (line.state, line.site, line.turns[-1].text) == (QueryState.ANSWERED, "01", "Yes, at 9:02")
    house.queries.close(OLGA, query_id, because="", at=LATER)
    assert seen(house).lines == ()
    (closed,) = seen(house, QueryLook("01", QueryShown.CLOSED)).lines
    assert [(one.turn.value, one.by) for one in closed.turns] == [
        ("asked", "olga"),
        ("answered", "nina"),
        ("closed", "olga"),
    ]


def test_each_step_is_in_the_audit_trail(house):
    query_id = house.queries.ask(MONA, QUESTION, at=LATER)
    house.queries.answer(NINA, query_id, "Yes", at=LATER)
    house.queries.ask_again(OLGA, query_id, "By which clock?", at=LATER)
    house.queries.close(OLGA, query_id, because="The site is closed", at=LATER)
    acts = [(one.act, one.by, one.subject) for one in house.office._store.office.audit()][-4:]
    assert acts == [
        ("query_asked", "mona", query_id),
        ("query_answered", "nina", query_id),
        ("query_asked_again", "olga", query_id),
        ("query_closed", "olga", query_id),
    ]
    assert house.office._store.verify().clean


def test_what_waits_is_counted_by_site_with_the_longest_wait(house):
    house.queries.ask(OLGA, QUESTION, at=LATER)
    house.queries.ask(OLGA, NewQuery("01-002", "", "Is the number right?"), at=LATER - timedelta(days=2))
    answered = house.queries.ask(OLGA, NewQuery("02-001", "", "Is it?"), at=LATER)
    house.queries.answer(NOAH, answered, "It is", at=LATER)
    found = seen(house)
    assert [(one.site, one.waiting, one.answered) for one in found.sites] == [("01", 2, 0), ("02", 0, 1)]
    assert (found.total.waiting, found.total.oldest) == (2, LATER - timedelta(days=2))
    assert found.counts == {"open": 3, "waiting": 2, "answered": 1, "closed": 0}
    assert [one.patient for one in found.lines] == ["01-002", "01-001", "02-001"]


def test_a_query_without_an_answer_is_closed_only_with_a_word_why(house):
    query_id = house.queries.ask(OLGA, QUESTION, at=LATER)
    with pytest.raises(RecordRefused, match="no answer yet"):
        house.queries.close(OLGA, query_id, because=" ", at=LATER)
    house.queries.close(OLGA, query_id, because="Asked twice", at=LATER)
    with pytest.raises(Conflict, match="closed already"):
        house.queries.answer(NINA, query_id, "Yes", at=LATER)


def test_a_ward_neither_sees_nor_answers_what_another_site_is_asked(house):
    query_id = house.queries.ask(OLGA, QUESTION, at=LATER)
    assert house.queries.of_ward(NOAH) == ()
    for look in (
        lambda: house.queries.asked(NOAH, query_id),
        lambda: house.queries.answer(NOAH, query_id, "Yes", at=LATER),
    ):
        with pytest.raises(NotAllowed, match="not of your ward"):
            look()


@pytest.mark.parametrize("somebody", [NINA, RITA, EMMA, ADAM, CORA])
def test_nobody_else_asks_or_sees_what_was_asked(house, somebody):
    for act in (
        lambda: house.queries.ask(somebody, QUESTION, at=LATER),
        lambda: seen(house, user=somebody),
        lambda: house.queries.close(somebody, "q", because="x", at=LATER),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_monitor_asks_and_leaves_it_to_the_office_to_close(house):
    query_id = house.queries.ask(MONA, QUESTION, at=LATER)
    with pytest.raises(NotAllowed, match="may not close a query"):
        house.queries.close(MONA, query_id, because="Mine", at=LATER)
    seen(house, user=MONA)
    last = house.office._store.office.audit()[-1]
    assert (last.act, last.by, last.subject) == ("looked", "mona", "queries")


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_a_question_says_something_and_not_too_much(house, text):
    with pytest.raises(RecordRefused, match="characters"):
        house.queries.ask(OLGA, NewQuery("01-001", "", text), at=LATER)


def test_a_visit_that_the_trial_does_not_have_is_refused(house):
    with pytest.raises(RecordRefused, match="is no visit"):
        house.queries.ask(OLGA, NewQuery("01-001", "day9", "Why?"), at=LATER)


def test_what_a_ward_is_shown_has_no_place_for_an_answer_of_the_committee(confirmed):
    for reader in (RITA, RAVI):
        read(confirmed, reader, Answer.scored(5))
    confirmed.queries.ask(OLGA, QUESTION, at=LATER)
    (asked,) = confirmed.queries.of_ward(NINA)
    assert [one.name for one in fields(AskedWard)] == [
        "query_id",
        "patient",
        "initials",
        "visit",
        "since",
        "turns",
    ]
    assert not {"rita", "ravi", "scored"} & set(repr(asked).lower().replace("'", " ").split())
    shown = {one.name for row in (QueryLine, QueryTurn) for one in fields(row)}
    assert not shown & {"verdict", "outcome", "score", "answer", "own", "final"}


def test_a_difference_between_snapshots_is_explained_by_a_query_too(house):
    query_id = house.queries.ask(OLGA, QUESTION, at=LATER)
    assert _patients_of_subjects(house.office._store)[query_id] == "01-001"
