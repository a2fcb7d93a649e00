"""Eligibility items in the words of a page: what was said of one, and what cannot be said."""

import pytest

from mottling.shipped import shipped
from mottling.trial.charter import read_charter
from mottling.trial.enrolment_plan import EnrolmentPlan
from mottling.web.pages.enrolment_words import EnrolmentWords
from mottling.web.trial_words import TrialWords
from mottling.web.words import words_in

ITEMS = [
    {"code": "noradrenaline", "label": {"fr": "Noradrénaline", "en": "Noradrenaline"}, "kind": "yes_no"},
    {
        "code": "origin",
        "label": {"fr": "Origine", "en": "Origin"},
        "kind": "choice",
        "options": [
            {"code": "lung", "label": {"fr": "Poumon", "en": "Lung"}},
            {"code": "gut", "label": {"fr": "Tube digestif", "en": "Gut"}},
        ],
    },
    {
        "code": "lactate",
        "label": {"fr": "Lactate", "en": "Lactate"},
        "kind": "number",
        "unit": "mmol/l",
        "least": 0,
        "most": 30,
    },
]


def words(language: str) -> EnrolmentWords:
    shipped_charter = read_charter(shipped("configs") / "trials" / "i-micro.toml").charter
    plan = EnrolmentPlan.model_validate({"items": ITEMS})
    charter = shipped_charter.model_copy(update={"enrolment": plan})
    return EnrolmentWords(TrialWords(charter, words_in(language)))


@pytest.mark.parametrize(
    ("language", "code", "value", "said"),
    [
        ("en", "noradrenaline", "yes", "Yes"),
        ("fr", "noradrenaline", "no", "Non"),
        ("en", "origin", "gut", "Gut"),
        ("fr", "origin", "gut", "Tube digestif"),
        ("en", "lactate", "4.5", "4.5 mmol/l"),
        ("fr", "lactate", "4.5", "4,5 mmol/l"),
    ],
)
def test_what_was_said_of_an_item_is_shown_as_a_person_says_it(language, code, value, said):
    assert words(language).value(code, value) == said


def test_an_item_or_an_option_that_the_trial_file_names_no_longer_is_shown_by_its_code():
    said = words("en")
    assert (said.label("weight"), said.value("weight", "70")) == ("weight", "70")
    assert said.value("origin", "skin") == "skin"
    assert said.wrong("weight", "heavy") == ""


@pytest.mark.parametrize(
    ("language", "code", "text", "why"),
    [
        ("en", "noradrenaline", "perhaps", "Noradrenaline: “perhaps” is not yes or no"),
        ("en", "origin", "skin", "Origin: “skin” is not one of Lung, Gut"),
        ("en", "lactate", "31", "Lactate: “31” is not a number from 0 up to 30"),
        ("fr", "lactate", "31", "Lactate : « 31 » n’est pas un nombre à partir de 0 jusqu’à 30"),
        ("en", "lactate", "4,5", ""),
        ("en", "lactate", "", ""),
    ],
)
def test_what_cannot_be_said_of_an_item_is_told_with_what_can(language, code, text, why):
    assert " ".join(words(language).wrong(code, text).split()) == why  # French sets other spaces


def test_each_item_is_asked_for_with_what_can_be_chosen():
    asked = {one.code: [choice.label for choice in one.choices] for one in words("fr").items()}
    assert asked == {"noradrenaline": ["Oui", "Non"], "origin": ["Poumon", "Tube digestif"], "lactate": []}
