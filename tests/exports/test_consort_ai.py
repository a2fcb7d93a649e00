"""The CONSORT-AI page: its facts counted by hand from the drawn trial, its items whole in both languages."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from mottling.exports.consort_ai import ITEMS, consort_ai, facts_of
from mottling.exports.texts import texts_in
from mottling.scale import Status
from mottling.trial.changes import Changes, Extent, Transfer, Withdrawal
from mottling.trial.charter import Endpoint
from mottling.trial.outcome import visit_outcome
from tests.exports.drawn_trial import MODEL, extract
from tests.exports.html_tidy import wrong_in
from tests.trial.drawn_visits import hours


def page(*, language="en", is_closed=False, of=None) -> str:
    return consort_ai(of or extract(), language=language, is_closed=is_closed).data.decode()


def said(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("</style>")[2]).split())


class Addresses(HTMLParser):
    """Collects what a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("src", "href", "action", "data", "srcset")]


def test_the_facts_are_those_of_the_records():
    facts = facts_of(extract())
    assert (facts.patients, facts.sites, facts.photographs, facts.replaced) == (7, 2, 6, 1)
    assert dict(facts.not_done) == {"died": 1}
    assert dict(facts.read_by_model) == {Status.SCORED: 1, Status.AT_LEAST: 1}
    assert dict(facts.committee_not_assessable) == {"dark": 1}
    assert [(one.name, one.sha256, one.photographs) for one in facts.models] == [
        (MODEL.name, MODEL.sha256, 2)
    ]


def changed():
    """The trial, with two withdrawals, a transfer between two photographs, and two corrections."""
    made, because = extract(), {"because": "Said so", "by": "olga", "at": hours(40)}
    changes = Changes(
        withdrawals={
            "01-001": Withdrawal(patient="01-001", since=hours(30), extent=Extent.TRAINING, **because),
            "02-002": Withdrawal(patient="02-002", since=hours(1), extent=Extent.VISITS, **because),
        },
        transfers={"02-001": (Transfer(patient="02-001", site="01", since=hours(25), **because),)},
        former={"01-003": ("01-030",)},
        re_enrolled=frozenset({"01-003", "01-004"}),
    )
    records = [replace(one.records, changes=changes) for one in made.outcomes]
    outcomes = tuple(visit_outcome(one, made.charter, at=made.made_at) for one in records)
    return replace(made, outcomes=outcomes, after_withdrawal=2)


def test_withdrawals_transfers_and_corrections_are_counted_as_they_hold():
    facts = facts_of(changed())
    assert facts.changes.withdrawn == {Extent.VISITS: 1, Extent.TRAINING: 1}
    # Baseline and day 1 of 02-002; the photograph of 01-001 is from before.
    assert (facts.changes.withdrawn_visits, facts.changes.after_withdrawal) == (2, 2)
    assert (facts.changes.transferred, facts.changes.elsewhere, facts.changes.corrected) == (1, 1, 2)
    assert (facts.patients, facts.photographs, dict(facts.not_done)) == (7, 6, {"died": 1})


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Who withdrew, by what from: further visits 1,"
            " further visits with erasure of photographs and no training ever 1.",
        ),
        ("fr", "sans photographie parce que le patient s’était retiré : 2."),
    ],
)
def test_the_page_says_who_withdrew(language, sentence):
    assert sentence in said(page(of=changed(), language=language))
    assert "by what from: none" in said(page())


def test_where_both_gave_a_score_the_model_is_compared_with_the_committee():
    # Only 01-001: the model said 1 and the committee 3; of 01-003 neither has a score.
    facts = facts_of(extract())
    assert (facts.compared, facts.exact, facts.within_one) == (1, 0, 0)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_all_fourteen_items_are_answered(language):
    html = page(language=language)
    assert len(ITEMS) == len(set(ITEMS)) == 14
    assert html.count('class="asks"') == 14
    assert not re.search(r"\{\w*\}", said(html))
    assert f'<html lang="{language}">' in html


def test_the_two_languages_say_the_same_things():
    places = re.compile(r"\{(\w+)\}")
    french, english = texts_in("fr").texts, texts_in("en").texts
    assert french.keys() == english.keys()
    for key, text in english.items():
        assert set(places.findall(text)) == set(places.findall(french[key])), key


def test_while_the_read_out_is_open_nothing_says_how_often_the_model_was_right():
    assert "1 and the committee" not in said(page())
    assert "The read-out is open" in said(page())
    assert "Of 1 photographs with a score of the committee and one of the model" in said(page(is_closed=True))


def test_it_names_the_model_by_its_hash_and_counts_what_could_not_be_judged():
    text = said(page())
    assert "tiny 2 2026-" in text
    assert MODEL.sha256 in text
    assert "by the committee: Too dark or too bright 1" in text
    assert "recorded as not done, by reason: Died before the visit 1" in text


def test_what_the_trial_file_decides_is_said():
    made = extract()
    silent = made.charter.model_copy(update={"proposal_on_ward": False, "endpoint": Endpoint.OWN})
    other = said(page(of=replace(made, charter=silent)))
    assert "The ward never sees what the model proposes." in other
    assert "The outcome is the ward’s own score" in other
    assert "The outcome is the committee’s verdict" in said(page())


def test_it_says_that_it_is_research_and_learned_from_made_photographs():
    assert "research software" in said(page())
    assert "learned from made photographs" in said(page())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_program_that_is_not_ours_finds_nothing_wrong_in_the_page(language):
    assert wrong_in(page(language=language).encode()) == []
    assert wrong_in(page(language=language).replace("</h1>", "", 1).encode())


def test_it_fetches_nothing():
    reader = Addresses()
    reader.feed(page())
    assert reader.found == []
    assert "<script" not in page()
    assert "url(" not in page()


def test_the_same_records_give_the_same_bytes():
    assert page() == page()


def test_a_trial_without_a_photograph_has_its_page_too():
    text = said(page(of=replace(extract(), outcomes=()), is_closed=True))
    assert "No model has read a photograph of this trial yet." in text
    assert "by reason: none" in text
