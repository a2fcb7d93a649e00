"""Enrolment on the office's page: one patient by form, many by file, each problem beside what it is about."""

import base64
import html
import re
from contextlib import closing

import pytest

from mottling.web.pages import office
from tests.house import NINA, OLGA, RANDOMISED_AT, charter_text, open_house
from tests.page_visits import Visit

ONE = {"patient": "01-020", "site": "01", "day": "2026-03-02", "clock": "14:05"}
REDCAP = """
[enrolment.redcap]
patient = ["record_id"]
randomised_at = ["rando_dt"]
event = ["inclusion_arm_1"]

# One block a centre."""
EXPORT = """record_id,redcap_event_name,redcap_data_access_group,rando_dt,comment
01-031,inclusion_arm_1,01,2026-03-02 09:00,
01-031,day_1_arm_1,01,,
01-032,inclusion_arm_1,01,,
"""


@pytest.fixture
def services(tmp_path):
    with closing(open_house(tmp_path, charter=charter_text("\n# One block a centre.", REDCAP))) as made:
        yield made


@pytest.fixture
def olga(services):
    return Visit(office.build, services, OLGA)


def sent(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def faults(body: str) -> dict[str, str]:
    """What is said beside the fields, by field."""
    return dict(re.findall(r'<small class="fault" id="fault-(\w+)">([^<]*)<', body))


def is_enrolled(services, number: str) -> bool:
    return number in str(services.ward.today(NINA, at=RANDOMISED_AT))


def test_the_form_asks_for_all_that_the_trial_file_names_and_says_whose_clock(olga):
    body = olga.see("enrolment")
    assert set(re.findall(r'name="((?:items\.)?\w+)"', body)) >= {
        *ONE,
        "initials",
        "skin_tone",
        "items.mottling_included",
        "items.finger_recoloration",
        "items.knee_recoloration",
    }
    assert "As the clock of the site shows it (Europe/Paris)." in body
    assert "Criterion of the registry: more than 3 s." in body


def test_a_patient_is_enrolled_by_form_and_a_second_press_changes_nothing(olga, services):
    first = olga.answer("enrol_one", {**ONE, "items": {"mottling_included": "3"}})
    assert first["notice"] == "Patient 01-020 is enrolled"
    assert is_enrolled(services, "01-020")
    acts = len(services.office._store.office.audit())
    again = olga.answer("enrol_one", {**ONE, "items": {"mottling_included": "3"}})
    assert again["notice"] == "Patient 01-020 is enrolled already with the same data"
    assert len(services.office._store.office.audit()) == acts


def test_the_next_patient_begins_with_the_same_site_and_an_empty_form(olga):
    body = olga.see("enrol_one", **ONE)
    assert '<option value="01" selected>' in body
    assert 'name="patient" value=""' in body


def test_each_field_says_its_own_problem_and_keeps_what_was_typed(olga, services):
    wrong = {"patient": "1", "initials": "Dupont", "items": {"knee_recoloration": "slow"}}
    body = olga.see("enrol_one", **(ONE | wrong))
    assert faults(body) == {
        "patient": "“1” is no patient number of this trial",
        "initials": "“Dupont” are not two or three capital letters",
        "knee_recoloration": "Knee recoloration: “slow” is not a number of seconds",
    }
    assert re.search(r'value="Dupont"[^>]*aria-invalid="true" aria-describedby="fault-initials"', body)
    assert body.count("data-focus") == 1
    assert len(services.office._store.ward.patients()) == 3


def test_what_was_left_out_is_asked_for(olga):
    assert faults(olga.see("enrol_one")) == {
        "patient": "This is needed",
        "site": "This is needed",
        "time": "This is needed",
    }


def test_an_hour_that_was_twice_is_asked_about_and_one_that_never_was_refused(olga):
    never = olga.see("enrol_one", **(ONE | {"day": "2026-03-29", "clock": "02:30"}))
    assert "was on no clock of the site" in faults(never)["time"]
    assert 'name="hour"' not in never
    twice = ONE | {"day": "2025-10-26", "clock": "02:30"}
    asked = olga.see("enrol_one", **twice)
    assert "was twice on the clocks" in faults(asked)["time"]
    assert re.findall(r'name="hour" value="(\w+)"', asked) == ["first", "second"]
    assert "is enrolled" in olga.answer("enrol_one", {**twice, "hour": "second"})["notice"]


def test_sites_in_several_zones_have_theirs_beside_their_names(tmp_path):
    other = charter_text('code = "03"\nname = "Centre 03"\ntime_zone = "Europe/Paris"', OF_REUNION)
    with closing(open_house(tmp_path, charter=other)) as services:
        body = Visit(office.build, services, OLGA).see("enrolment")
    assert "01 · Centre 01 (Europe/Paris)" in body
    assert "03 · Saint-Denis (Indian/Reunion)" in body


OF_REUNION = 'code = "03"\nname = "Saint-Denis"\ntime_zone = "Indian/Reunion"'


def test_what_somebody_types_is_text_on_the_page(services):
    answer = Visit(office.build, services, OLGA).answer("enrol_one", ONE | {"patient": '"><b>x</b>'})
    assert "<b>x</b>" not in answer["body"]
    assert '"><b>x</b>' in html.unescape(answer["body"])


def test_a_french_page_has_no_english_sentence_beside_a_field(services):
    french = Visit(office.build, services, OLGA, "fr")
    wrong = ONE | {"clock": "", "items": {"finger_recoloration": "vite", "mottling_included": "7"}}
    said = faults(french.see("enrol_one", **wrong))
    assert said["time"].endswith("n’est pas une date avec son heure, comme 2026-03-29 14:05")
    assert "un nombre de secondes" in said["finger_recoloration"]
    assert "un score de 0 à 5" in said["mottling_included"]


def test_an_export_of_redcap_is_checked_with_what_was_skipped_and_then_enrolled(olga, services):
    body = olga.see("check", data=sent(EXPORT))
    assert "New patients to enrol: 1" in body
    assert "Rows of other events or instruments, skipped: 1" in body
    assert "Records without a randomisation yet, skipped: 1" in body
    olga.see("enrol", data=sent(EXPORT))
    assert is_enrolled(services, "01-031")
    assert not is_enrolled(services, "01-032")


def test_an_export_with_the_arm_is_refused_whole(olga):
    data = sent(EXPORT.replace("comment", "rando_arm"))
    assert "looks like the treatment arm" in olga.refused("check", data=data)


def test_what_a_file_adds_to_patients_who_are_enrolled_is_offered_to_be_recorded(olga):
    time = RANDOMISED_AT.isoformat()
    data = sent(f"patient,site,randomised_at,finger_recoloration\n01-001,01,{time},4\n")
    body = olga.see("check", data=data)
    assert "completed by this file: 1" in body
    assert "Record what was missing (1)" in body
    assert "Record what was missing" not in olga.see("enrol", data=data)
    assert "Record what was missing" not in olga.see("check", data=data)
