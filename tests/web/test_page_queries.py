"""Queries on the pages: the office asks, the ward's list shows it and answers, the office closes."""

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from mottling.services.query_views import NewQuery
from mottling.web.pages import monitor, office, ward
from tests.house import MONA, NINA, NOAH, OLGA, open_house
from tests.page_visits import Visit


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    with closing(open_house(tmp_path_factory.mktemp("queries"))) as made:
        yield made


@pytest.fixture(scope="module")
def olga(services):
    return Visit(office.build, services, OLGA)


@pytest.fixture(scope="module")
def mona(services):
    return Visit(monitor.build, services, MONA)


@pytest.fixture(scope="module")
def nina(services):
    return Visit(ward.build, services, NINA)


def ask(services, text="Is the time right?", patient="01-001", *, ago=timedelta()) -> str:
    return services.queries.ask(OLGA, NewQuery(patient, "day1", text), at=datetime.now(UTC) - ago)


def about(body: str, text: str) -> str:
    """The card of the query with this text."""
    return next(one for one in re.findall(r"<article.*?</article>", body, re.DOTALL) if text in one)


def test_a_question_goes_to_the_wards_list_and_its_answer_comes_back(olga, nina, services):
    said = olga.answer("query_ask", {"patient": "01-002", "visit": "day1", "text": "Which leg is it?"})
    assert said["notice"] == "The question is on the site’s list"
    assert "Day 1, no photograph yet" in about(said["body"], "Which leg is it?")
    listed = nina.see()
    assert "Questions of the trial office" in listed
    offered = re.findall(r'data-do="query" data-with-query_id="(\w+)"', listed)
    (query_id,) = (one for one in offered if "Which leg is it?" in nina.see("query", query_id=one))
    answered = nina.answer("query_answer", {"query_id": query_id, "text": "The left one"})
    assert answered["notice"] == "Your answer is with the trial office"
    assert "Which leg is it?" not in answered["body"]
    card = about(olga.see("queries", shown="answered"), "Which leg is it?")
    assert "nina answered" in card
    assert "The left one" in card
    closed = olga.answer("query_close", {"query_id": query_id, "because": ""})
    assert closed["notice"] == "The question is closed"
    assert "olga closed it" in about(olga.see("queries", shown="closed"), "Which leg is it?")


def test_an_answer_that_leaves_something_open_is_asked_again(olga, nina, services):
    query_id = ask(services, "By whose clock?")
    nina.see("query_answer", query_id=query_id, text="Ours")
    olga.see("query_again", query_id=query_id, text="The tablet’s?")
    assert "The tablet’s?" in nina.see("query", query_id=query_id)


def test_the_first_page_says_how_many_wait_and_since_when(olga, services):
    ask(services, "Old", ago=timedelta(days=5))
    body = olga.see()
    assert re.search(r"\d+ wait for a site, \d+ are answered", body)
    assert "The oldest waits for 5 d" in body


def test_a_site_is_asked_from_the_list_of_patients(olga):
    body = olga.see("patients")
    assert 'data-do="query_form" data-with-patient="01-001" data-with-visit="day1"' in body
    form = olga.see("query_form", patient="01-001", visit="day1")
    assert 'name="patient" value="01-001"' in form
    assert '<option value="day1" selected>' in form


def test_another_wards_list_has_no_question_of_this_site(services):
    ask(services)
    assert "Questions of the trial office" not in Visit(ward.build, services, NOAH).see()


def test_a_question_about_nobody_is_refused(olga):
    assert "'09-999' is not enrolled" in olga.refused("query_ask", patient="09-999", visit="", text="Who?")


def test_a_monitor_asks_and_has_no_button_to_close(mona, services):
    mona.see("query_ask", patient="01-001", visit="", text="May I see the source?")
    body = mona.see("queries")
    assert "May I see the source?" in body
    assert 'data-do="query_close"' not in body
    assert "not understood" in mona.refused("query_close", query_id="q", because="x")


def test_what_somebody_wrote_is_text_and_never_a_tag(olga, nina, services):
    query_id = ask(services, "<b>bold</b>")
    for body in (
        olga.answer("queries")["body"],
        nina.answer("query", {"query_id": query_id})["body"],
        nina.answer()["body"],
    ):
        assert "<b>bold</b>" not in body
        assert "&lt;b&gt;bold&lt;/b&gt;" in body


def test_the_pages_say_it_in_french(services):
    ask(services)
    assert "Questions aux centres" in Visit(office.build, services, OLGA, "fr").see("queries")
    assert "Questions de la coordination" in Visit(ward.build, services, NINA, "fr").see()


def test_a_page_whose_site_is_asked_nothing_shows_no_heading(tmp_path):
    with closing(open_house(tmp_path)) as fresh:
        assert "Questions of the trial office" not in Visit(ward.build, fresh, NINA).see()
        assert "asked-sites" not in Visit(office.build, fresh, OLGA).see()
