"""The report is one file in two languages, says what it is not, and is drawn from the figures."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mottling.agreement.cases import SeenModel
from mottling.agreement.figures import figures_of
from mottling.agreement.report import Origin, report_html
from mottling.agreement.texts import texts_in
from mottling.trial.reading_rules import ReadingRules
from mottling.trial.records import Answer
from tests.agreement.drawn_cases import a_trial, assessment, case

ORIGIN = Origin(
    trial="TRIAL & CO",
    registration="NCT00000000",
    made_at=datetime(2026, 4, 1, 9, 30, tzinfo=UTC),
    version="9.9",
    is_open=False,
    sites={"01": "Centre <one>", "02": "Centre two", "03": "Centre three"},
    reading=ReadingRules(repeats_share=0.1),
)


@pytest.fixture(scope="module")
def figures():
    return figures_of(a_trial(40), sites=list(ORIGIN.sites), rules=ReadingRules())


@pytest.fixture(scope="module")
def english(figures):
    return report_html(figures, ORIGIN, language="en")


def test_it_asks_nothing_of_anywhere(english):
    assert re.findall(r"<(?:script|link|img|iframe|object)\b", english) == []
    assert re.findall(r"(?:src|href|url)\s*[=(]", english) == []


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ["It is not a measure of truth", "made photographs", "treatment arm", "2026-04-01 09:30 UTC"]),
        ("fr", ["Ce n’est pas une mesure de la vérité", "photographies fabriquées", "bras de traitement"]),
    ],
)
def test_it_says_what_it_is_and_is_not(figures, language, says):
    report = report_html(figures, ORIGIN, language=language)
    assert f'<html lang="{language}">' in report
    assert [sentence for sentence in says if sentence not in report] == []


@pytest.mark.parametrize(
    ("rule", "language", "says"),
    [
        (
            "joins",
            "en",
            ["one of the two, else the committee meets", "Meetings held: 0"],
        ),
        ("meeting", "en", ["This trial has no third reader", "The committee&#39;s meetings"]),
        ("meeting", "fr", ["Cet essai n’a pas de troisième lecteur", "Les réunions du comité"]),
    ],
)
def test_it_says_whether_the_committee_meets(figures, rule, language, says):
    origin = replace(ORIGIN, reading=ReadingRules(third_reader=rule))
    report = report_html(figures, origin, language=language)
    assert [sentence for sentence in says if sentence not in report] == []


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "one reader reads each photograph"), ("fr", "un seul lecteur lit chaque photographie")],
)
def test_where_one_reader_reads_alone_it_says_so(figures, language, says):
    origin = replace(ORIGIN, reading=ReadingRules(readers_per_photo=1))
    assert says in report_html(figures, origin, language=language)


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (ReadingRules(), "it was silent"),
        (
            ReadingRules(model="second_look", second_look_from=2),
            "lie 2 scores apart, or more",
        ),
    ],
)
def test_it_says_where_the_model_stood(figures, rules, says):
    assert says in report_html(figures, replace(ORIGIN, reading=rules), language="en")


@pytest.mark.parametrize(
    ("counts", "says"),
    [(False, "the model changed no verdict"), (True, "formed by people who had seen the model")],
)
def test_it_says_what_seeing_the_model_did_and_which_answer_counts(counts, says):
    one, two = (Answer.scored(score) for score in (1, 2))
    seen = {name: SeenModel(two, one, counts) for name in ("ravi", "rita")}
    cases = [case("1", ("ravi", one), ("rita", one), seen=seen, assessment=assessment(1))]
    rules = ReadingRules(model="after_lock", model_shown_counts="after" if counts else "before")
    report = report_html(
        figures_of(cases, sites=["01"], rules=rules), replace(ORIGIN, reading=rules), language="en"
    )
    assert says in report
    assert "changed: 2, of them to what the model said: 2" in report
    assert "Readers were shown it once" in report


def test_a_forest_is_drawn_by_device_and_by_tone_where_they_are_known(figures, english):
    assert "of no patient who is compared here is the skin tone recorded" in english
    known = [
        replace(one, device=f"Tablet {number % 2} <X> with a name that is far too long", tone=1 + number % 10)
        for number, one in enumerate(a_trial(12))
    ]
    report = report_html(figures_of(known, sites=["01"], rules=ReadingRules()), ORIGIN, language="en")
    labels = re.findall(r'aria-label="([^"]*)"', report)
    for by in ("by device", "by skin tone"):
        assert sum(label.endswith(by) for label in labels) == 4 * 3
    assert ">9–10<" in report
    assert "Tablet 1 &lt;X&gt; with a n…" in report


def test_of_a_trial_without_meetings_it_says_nothing_about_them(english):
    assert "Meetings held" not in english


def test_both_languages_have_the_same_words():
    assert set(texts_in("fr").texts) == set(texts_in("en").texts)


def test_names_are_escaped(english):
    assert "Centre &lt;one&gt;" in english
    assert "Centre <one>" not in english
    assert "TRIAL &amp; CO" in english


def test_every_drawing_is_whole(english):
    drawings = re.findall(r"<svg.*?</svg>", english, re.DOTALL)
    assert len(drawings) == 4 * 6 + 2
    for drawing in drawings:
        assert ET.fromstring(drawing).get("aria-label")  # noqa: S314 # ours


def test_the_table_shows_each_count(figures, english):
    table = ET.fromstring(re.search(r"<svg.*?</svg>", english, re.DOTALL).group())  # noqa: S314 # ours
    written = [int(text.text) for text in table.iter("text") if text.get("class") in {"light", "dark"}]
    assert sorted(written) == sorted(figures.readers.table[figures.readers.table > 0].tolist())


def test_a_report_of_an_open_read_out_warns(figures, english):
    assert "nobody who reads may see it" not in english
    report = report_html(figures, replace(ORIGIN, is_open=True), language="en")
    assert "nobody who reads may see it" in report


def test_numbers_are_written_as_the_language_does(figures):
    value = figures.readers.estimates["ac2"].value
    assert f"{value:.3f}" in report_html(figures, ORIGIN, language="en")
    assert f"{value:.3f}".replace(".", ",") in report_html(figures, ORIGIN, language="fr")


def test_the_same_figures_give_the_same_report(figures, english):
    assert report_html(figures, ORIGIN, language="en") == english


def test_what_is_not_estimable_is_said_so():
    report = report_html(figures_of([], sites=["01"], rules=ReadingRules()), ORIGIN, language="en")
    assert "There is no pair of scores to compare" in report
    assert re.findall(r"\bnan\b", report, re.IGNORECASE) == []
