"""The book of queries: who has to do something next, and what comes too late."""

from contextlib import closing

import pytest

from mottling.errors import Conflict, RecordRefused
from mottling.store.store import Store
from mottling.trial.queries import QueryState
from tests.store.acts import answer, ask, ask_a_site, ask_again, close_query, enrol, take


def test_a_query_waits_is_answered_asked_again_and_closed(store):
    enrol(store)
    seen = []
    for step in (ask, answer, ask_again, answer, close_query):
        step(store)
        (query,) = store.queries.all()
        seen.append(query.state.value)
    assert seen == ["waiting", "answered", "waiting", "answered", "closed"]
    assert [one.by for one in query.steps] == ["olga", "nina", "olga", "nina", "olga"]


def test_of_a_visit_the_photograph_that_stands_is_named(store):
    enrol(store)
    take(store, data=b"the first")
    photo_id = take(store, data=b"the second").photo_id
    ask(store, "of day 1")
    ask(store, "of the patient", visit=None)
    assert [one.asked.photo_id for one in store.queries.all()] == [photo_id, None]


def test_nobody_is_asked_about_a_patient_who_is_not_there(store):
    with pytest.raises(RecordRefused, match="'01-001' is not enrolled"):
        ask(store)
    assert store.queries.all() == ()


@pytest.mark.parametrize(
    ("before", "step", "why"),
    [
        ([], ask_again, "waits for its answer"),
        ([answer], answer, "answered already"),
        ([close_query], answer, "closed already"),
        ([close_query], close_query, "closed already"),
        ([answer, close_query], ask_again, "closed already"),
    ],
)
def test_what_comes_out_of_turn_is_refused_and_leaves_nothing(store, before, step, why):
    enrol(store)
    ask(store)
    for one in before:
        one(store)
    steps = store.queries.all()[0].steps
    with pytest.raises(Conflict, match=why):
        step(store)
    assert store.queries.all()[0].steps == steps


def test_a_query_that_is_not_there_is_refused(store):
    with pytest.raises(RecordRefused, match="no such query"):
        answer(store, "q9")
    assert store.queries.find("q9") is None


def test_what_another_process_asks_is_seen(store, tmp_path):
    enrol(store)
    with closing(Store.open(tmp_path / "data")) as other:
        assert other.queries.all() == ()
        ask(store)
        answer(other)
    assert store.queries.find("q1").state is QueryState.ANSWERED


def test_a_store_that_was_opened_anew_has_the_same_queries(store, tmp_path):
    enrol(store)
    ask_a_site(store)
    with closing(Store.open(tmp_path / "data")) as again:
        assert again.queries.all() == store.queries.all()
