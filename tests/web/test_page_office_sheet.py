"""A patient's sheet on the office's page: items beside the photograph, who said them, their correction."""

import re

import pytest

from mottling.services.views import Shot
from mottling.web.pages import monitor, office
from tests.house import MONA, NINA, OLGA, RANDOMISED_AT, open_house
from tests.page_visits import Visit
from tests.tiny_model import a_jpeg

PATIENT = "01-001"
LINE = f"{PATIENT},01,{RANDOMISED_AT.isoformat()},3,4.5"
FILE = f"patient,site,randomised_at,mottling_included,finger_recoloration\n{LINE}\n".encode()
CORRECTED = {"patient": PATIENT, "item": "finger_recoloration", "version": "1", "because": "The other hand"}


@pytest.fixture
def services(tmp_path):
    made = open_house(tmp_path)
    made.enrolling.enrol(OLGA, FILE, at=RANDOMISED_AT)
    yield made
    made.close()


@pytest.fixture
def olga(services):
    return Visit(office.build, services, OLGA)


def items(body: str) -> dict[str, str]:
    """What counts of each item, by its name."""
    return dict(re.findall(r"<h3>([^<]*) <b>([^<]*)</b></h3>", body))


def test_each_line_of_the_list_leads_to_the_sheet(olga):
    listed = olga.see("patients")
    assert f'data-do="sheet" data-with-patient="{PATIENT}"' in listed


def test_a_sheet_says_each_item_in_the_language_of_the_page(services, olga):
    assert items(olga.see("sheet", patient=PATIENT)) == {
        "Mottling score when included": "3",
        "Finger recoloration": "4.5 s",
        "Knee recoloration": "–",
    }
    french = Visit(office.build, services, OLGA, "fr").see("sheet", patient=PATIENT)
    assert items(french)["Recoloration du doigt"] == "4,5 s"


def test_beside_it_stands_the_photograph_of_the_visit(services, olga):
    assert "No photograph." in olga.see("sheet", patient=PATIENT)
    shot = Shot(PATIENT, "baseline", a_jpeg(), key="early")
    photo_id = services.ward.take_photo(NINA, shot, at=RANDOMISED_AT).photo_id
    assert f'src="/office/photos/{photo_id}/picture"' in olga.see("sheet", patient=PATIENT)


def test_a_correction_shows_both_versions_and_who_said_them(olga):
    answer = olga.answer("correct_item", CORRECTED | {"text": "5"})
    assert "what was said before stays on record" in answer["notice"]
    assert items(answer["body"])["Finger recoloration"] == "5 s"
    turns = re.findall(r'turn-who">([^<]*) <span>olga', answer["body"])
    assert [one for one in turns if one.endswith("s")] == ["5 s", "4.5 s"]
    assert "The other hand" in answer["body"]


def test_what_cannot_be_said_is_told_beside_the_field_with_what_was_typed(olga):
    body = olga.see("correct_item", **(CORRECTED | {"text": "slow"}))
    assert "Finger recoloration: “slow” is not a number of seconds" in body
    assert 'value="slow"' in body
    assert 'value="The other hand"' in body
    assert items(body)["Finger recoloration"] == "4.5 s"


def test_a_correction_without_a_reason_is_refused(olga):
    assert "The reason has 0 characters" in olga.refused(
        "correct_item", **(CORRECTED | {"because": "", "text": "5"})
    )


def test_a_monitor_finds_no_way_to_a_sheet(services):
    mona = Visit(monitor.build, services, MONA)
    assert 'data-do="sheet"' not in mona.see("patients")
    assert "not understood" in mona.refused("sheet", patient=PATIENT)
