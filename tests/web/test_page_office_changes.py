"""What changes about a patient, on the office's page."""

from contextlib import closing

import pytest

from mottling.web.pages import office
from tests.house import OLGA, PATIENT, RANDOMISED_AT, charter_text, open_house, take
from tests.page_visits import Visit

WHEN = {"day": "2026-03-02", "clock": "10:00", "because": "Form <b>1</b>"}


@pytest.fixture
def services(tmp_path):
    with closing(open_house(tmp_path)) as opened:
        yield opened


def test_a_withdrawal_is_recorded_by_the_clock_of_the_site_and_offers_the_erasure(services):
    take(services)
    olga = Visit(office.build, services, OLGA)
    assert "Nothing has changed about any patient." in olga.see("changes")
    form = {"patient": PATIENT, "extent": "erase_photographs", **WHEN}
    noted = olga.answer("withdraw", form)
    assert noted["notice"] == "Recorded: 01-001 has withdrawn"
    assert "can still be read" in noted["body"]
    assert "Form &lt;b&gt;1&lt;/b&gt;" in noted["body"]
    since = services.changing.look_up(OLGA, PATIENT).withdrawal.since
    assert since.isoformat() == "2026-03-02T09:00:00+00:00"
    assert 'data-with-patient="01-001"' in olga.see("changes").partition("<table")[0]
    erased = olga.answer("erase_withdrawn", {"patient": PATIENT, "because": "As asked"})
    assert erased["notice"] == "The photographs of 01-001 are erased"
    assert "can still be read" not in erased["body"]
    taken_back = olga.answer("take_back_withdrawal", {"patient": PATIENT, "because": "An error"})
    assert "Withdrawal taken back" in taken_back["body"]


@pytest.mark.parametrize(
    ("rule", "says"), [("stay", "Scores stay."), ("left_out", "Scores are shown nowhere and count nowhere")]
)
def test_before_photographs_are_erased_the_page_says_what_becomes_of_the_scores(tmp_path, rule, says):
    charter = charter_text('scores_of_erased = "stay"', f'scores_of_erased = "{rule}"')
    with closing(open_house(tmp_path, charter=charter)) as services:
        take(services)
        form = {"patient": PATIENT, "extent": "erase_photographs", **WHEN}
        assert says in Visit(office.build, services, OLGA).answer("withdraw", form)["body"]


def test_a_number_is_corrected_and_the_old_one_finds_the_patient(services):
    olga = Visit(office.build, services, OLGA)
    noted = olga.answer("correct_number", {"patient": PATIENT, "becomes": " 01-071 ", "because": "Typed"})
    assert "was 01-001" in noted["body"]
    assert "<b>01-071</b>" in olga.see("change_of", patient=PATIENT)


def test_a_transfer_and_a_corrected_enrolment_are_recorded(services):
    olga = Visit(office.build, services, OLGA)
    moved = olga.answer("transfer", {"patient": PATIENT, "site": "02", **WHEN})
    assert "Site where the patient is now" in moved["body"]
    corrected = olga.answer(
        "correct_enrolment", {"patient": PATIENT, "site": "03", **WHEN, "clock": "07:30:10"}
    )
    assert corrected["notice"] == "Recorded: the enrolment of 01-001 is corrected"
    standing = services.changing.look_up(OLGA, PATIENT)
    assert (standing.site, standing.site_now) == ("03", "02")
    assert standing.randomised_at < RANDOMISED_AT


def test_a_time_that_no_clock_showed_once_is_refused_in_the_language_of_the_page(services):
    olga = Visit(office.build, services, OLGA, "fr")
    form = {"patient": PATIENT, "extent": "no_more_visits", **WHEN, "day": "2026-03-29", "clock": "02:30"}
    assert olga.refused("withdraw", **form) == "Les horloges n’ont jamais montré 02:30 ce jour-là"
    assert olga.refused("withdraw", **{**form, "clock": "soon"}) == "Le jour et l’heure ne sont pas complets"
