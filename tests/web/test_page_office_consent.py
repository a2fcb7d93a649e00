"""Consent for retraining on the office's page."""

from contextlib import closing

import pytest

from mottling.web.pages import office
from tests.house import OLGA, charter_text, open_house
from tests.page_visits import Visit


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    charter = charter_text('consent = "implied"', 'consent = "asked"')
    with closing(open_house(tmp_path_factory.mktemp("consent"), charter=charter)) as opened:
        yield opened


def test_consent_is_recorded_and_the_table_says_what_it_means(services):
    olga = Visit(office.build, services, OLGA)
    assert "Given: 0. Refused: 0. Not known: 3." in olga.see("consent")
    noted = olga.answer("note_consent", {"patient": " 01-001 ", "choice": "given", "because": "On paper"})
    assert noted["notice"] == "Consent of 01-001 is recorded"
    assert '<th scope="row">01-001</th><td>Given</td><td>may train</td>' in noted["body"]
    assert (
        "destroy training sets"
        in olga.answer("note_consent", {"patient": "01-002", "choice": "refused"})["notice"]
    )


def test_a_patient_who_is_not_enrolled_is_refused_in_the_language_of_the_page(services):
    olga = Visit(office.build, services, OLGA, "fr")
    assert (
        olga.refused("note_consent", patient="09-999", choice="given") == "Il n’y a pas de patient '09-999'"
    )
