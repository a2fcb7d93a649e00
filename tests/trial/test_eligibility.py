"""Eligibility items: what the trial file may say of them, and what may be said of a patient."""

import pytest
from pydantic import ValidationError

from mottling.shipped import shipped
from mottling.trial.charter import read_charter
from mottling.trial.eligibility import expected, in_one_writing
from mottling.trial.enrolment_plan import EligibilityItem, EnrolmentPlan, ItemKind, RedcapFile

LABEL = {"fr": "Recoloration", "en": "Recoloration"}
ORIGINS = [
    {"code": "lung", "label": {"fr": "Poumon", "en": "Lung"}},
    {"code": "gut", "label": {"fr": "Tube digestif", "en": "Gut"}},
]


def item(kind="seconds", **keys) -> EligibilityItem:
    options = {"options": ORIGINS} if kind == "choice" else {}
    return EligibilityItem.model_validate({"code": "one", "label": LABEL, "kind": kind, **options, **keys})


@pytest.mark.parametrize(
    ("kind", "text", "written"),
    [
        ("score", "0", "0"),
        ("score", "5", "5"),
        ("seconds", "4", "4"),
        ("seconds", "4,50", "4.5"),
        ("seconds", "0.0", "0"),
        ("number", "-3.25", "-3.25"),
        ("number", "100", "100"),
        ("yes_no", "Oui", "yes"),
        ("yes_no", "0", "no"),
        ("choice", "gut", "gut"),
        ("choice", "Tube digestif", "gut"),
        ("choice", "Lung", "lung"),
    ],
)
def test_one_value_has_one_writing(kind, text, written):
    assert in_one_writing(item(kind), text) == written


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("score", "6"),
        ("score", "2.5"),
        ("score", "-1"),
        ("seconds", "-1"),
        ("seconds", "4 s"),
        ("seconds", "nan"),
        ("seconds", "1e3"),
        ("seconds", "inf"),
        ("number", "1234567"),
        ("number", "0.1234"),
        ("yes_no", "2"),
        ("choice", "skin"),
        ("choice", "LUNG"),
    ],
)
def test_what_cannot_be_said_of_an_item_is_none(kind, text):
    assert in_one_writing(item(kind), text) is None


@pytest.mark.parametrize(("text", "is_taken"), [("0.9", False), ("1", True), ("9", True), ("9.1", False)])
def test_bounds_of_the_trial_file_belong_to_what_is_taken(text, is_taken):
    assert (in_one_writing(item("number", least=1, most=9), text) is not None) is is_taken


def test_what_is_expected_is_said():
    assert expected(item("number", least=1, most=9)) == "a number from 1 up to 9"
    assert expected(item("choice")) == "one of lung, gut"


@pytest.mark.parametrize(
    ("kind", "keys", "said"),
    [
        ("score", {"least": 1}, "least and most are for numbers"),
        ("number", {"least": 3, "most": 2}, "least 3.0 of 'one' is more than most 2.0"),
        ("seconds", {"unit": "min"}, "a unit, which is for the kind number"),
        ("number", {"options": ORIGINS}, "two options or more are for the kind choice"),
        ("choice", {"options": ORIGINS[:1]}, "two options or more"),
        ("choice", {"options": [ORIGINS[0], ORIGINS[0]]}, "the option 'lung' of 'one' comes twice"),
        ("number", {"code": "bras"}, "'bras' looks like the treatment arm"),
        ("number", {"label": {"fr": "Traitement", "en": "x"}}, "'Traitement' looks like the treatment arm"),
        ("number", {"code": "Two Words"}, "code"),
        ("number", {"threshold": 3}, "threshold"),
    ],
)
def test_an_item_that_contradicts_itself_or_speaks_of_the_arm_is_refused(kind, keys, said):
    with pytest.raises(ValidationError, match=said):
        item(kind, **keys)


REDCAP = {"patient": ["record_id"], "randomised_at": ["rando"]}


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"randomised_on": ["d"]}, "names randomised_at, or randomised_on and randomised_clock"),
        ({"randomised_at": []}, "names randomised_at, or randomised_on and randomised_clock"),
        ({"randomised_at": [], "randomised_on": ["d"]}, "randomised_on and randomised_clock"),
        ({"initials": ["record_id"]}, "names the column 'record_id' twice"),
        ({"skin_tone": ["rando_arm"]}, "'rando_arm', which looks like the treatment arm"),
        ({"patient": ["patient"], "site": ["site"], "randomised_at": ["randomised_at"]}, "of our own file"),
        ({"fields": ["x"]}, "fields"),
    ],
)
def test_a_block_of_redcap_that_cannot_be_meant_is_refused(keys, said):
    with pytest.raises(ValidationError, match=said):
        RedcapFile.model_validate(REDCAP | keys)


def test_redcaps_own_group_is_a_site_and_no_arm():
    assert RedcapFile.model_validate(REDCAP).site == ("redcap_data_access_group", "Data Access Group")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"items": [{"code": "site", "label": LABEL, "kind": "number"}]}, "'site' of an item comes twice"),
        ({"items": [{"code": "a", "label": LABEL, "kind": "number"}] * 2}, "'a' of an item comes twice"),
        (
            {"redcap": REDCAP | {"items": [{"code": "a", "field": ["x"]}]}},
            "names 'a', which is none of the items",
        ),
        (
            {
                "items": [{"code": "a", "label": LABEL, "kind": "number"}],
                "redcap": REDCAP | {"items": [{"code": "a", "field": [name]} for name in "xy"]},
            },
            "redcap.items names 'a' twice",
        ),
    ],
)
def test_items_are_there_once_and_redcap_names_those_that_there_are(plan, said):
    with pytest.raises(ValidationError, match=said):
        EnrolmentPlan.model_validate(plan)


def test_the_shipped_trial_asks_for_what_its_criterion_is_judged_by_and_sets_no_threshold():
    plan = read_charter(shipped("configs") / "trials" / "i-micro.toml").charter.enrolment
    assert [(one.code, one.kind) for one in plan.items] == [
        ("mottling_included", ItemKind.SCORE),
        ("finger_recoloration", ItemKind.SECONDS),
        ("knee_recoloration", ItemKind.SECONDS),
    ]
    assert {(one.least, one.most, one.required) for one in plan.items} == {(None, None, False)}
    assert plan.visit == "baseline"
