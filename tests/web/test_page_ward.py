"""The ward's page, from the list to the record, over real services."""

import re
from contextlib import closing

import pytest

from mottling.scale import Zone
from mottling.services.views import Shot
from mottling.web.pages import ward as ward_page
from tests.house import DAY1, NINA, NOAH, enrol, open_house, take
from tests.page_visits import Visit
from tests.tiny_model import a_jpeg

PATIENTS = iter(f"01-{number:03d}" for number in range(11, 99))


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    """A trial; each test takes a patient of its own from site 01."""
    with closing(open_house(tmp_path_factory.mktemp("ward"))) as made:
        yield made


@pytest.fixture(scope="module")
def nina(services):
    return Visit(ward_page.build, services, NINA)


@pytest.fixture
def patient(services) -> str:
    return enrolled(services)


@pytest.fixture
def photo_id(services, patient) -> str:
    """A day-1 photograph of the patient that nobody has scored."""
    return take(services, patient)


def row_of(body: str, patient: str, visit: str = "Day 1") -> str:
    """The row of a patient's visit on the list."""
    rows = re.findall(r"<li data-find=.*?</li>", body, re.DOTALL)
    (row,) = [one for one in rows if patient in one and visit in one]
    return row


def test_the_list_leads_from_a_missing_photograph_to_the_camera(nina, patient):
    row = row_of(nina.see(), patient)
    assert 'data-do="open"' in row
    assert "Photograph" in row
    camera = nina.see("open", patient=patient, visit="day1")
    assert f'data-slot="patient">{patient}</strong>' in camera
    assert 'data-slot="initials">QZ</span>' in camera
    assert f'data-patient="{patient}" data-visit="day1"' in camera
    assert 'data-mark="late"' in camera


def test_the_whole_way_ends_with_a_record(nina, services, patient):
    photo_id = services.ward.take_photo(
        NINA, Shot(patient, "day1", a_jpeg(), f"key of {patient}"), at=DAY1
    ).photo_id
    nina.see("photo", photo_id=photo_id)
    proposal = nina.see("lock", photo_id=photo_id, answer={"score": "0"})
    assert "Keep my score: 0" in proposal
    assert "Stored" in nina.see("keep", photo_id=photo_id)
    assert services.ward.photo(NINA, photo_id).final.score == 0
    assert 'data-do="photo"' in row_of(nina.see("list"), patient)


def test_nothing_of_the_model_is_on_the_page_before_the_own_score_is_locked(nina, photo_id):
    asked = nina.see("photo", photo_id=photo_id)
    assert "Once locked, it cannot be changed" in asked
    assert "/overlay" not in asked
    assert "tiny" not in asked


def test_the_proposal_stands_beside_the_own_score_and_says_what_it_is(nina, photo_id):
    proposal = nina.see("lock", photo_id=photo_id, answer={"score": "2", "at_least": "true"})
    assert f"/ward/photos/{photo_id}/overlay" in proposal
    assert "this model learned from made photographs" in proposal
    assert "Keep my score: at least 2" in proposal


def test_a_tablet_that_lost_its_page_goes_on_at_the_same_step(nina, patient, photo_id):
    nina.see("lock", photo_id=photo_id, answer={"score": "1"})
    row = row_of(nina.see(), patient)
    assert "Score locked, not yet confirmed" in row
    assert "Keep my score: 1" in nina.see("open", patient=patient, visit="day1")


def test_another_score_is_stored_with_its_reason_and_the_first_one_is_kept(nina, photo_id):
    nina.see("lock", photo_id=photo_id, answer={"score": "1"})
    assert "Your locked score is 1" in nina.see("change_form", photo_id=photo_id)
    stored = nina.see("change", photo_id=photo_id, answer={"score": "3"}, because="A patch was missed")
    assert "Your first score, 1, is kept too." in stored


def test_another_score_without_a_reason_is_refused(nina, photo_id):
    nina.see("lock", photo_id=photo_id, answer={"score": "1"})
    assert nina.refused("change", photo_id=photo_id, answer={"score": "3"}, because=" ")


def test_not_assessable_asks_for_its_reason(nina, photo_id):
    assert "needs a reason" in nina.refused("lock", photo_id=photo_id, answer={"score": "none"})
    locked = nina.see("lock", photo_id=photo_id, answer={"score": "none", "reason": "blurred"})
    assert "Keep my score: not assessable (Blurred)" in locked


def test_a_photograph_can_be_taken_again_until_it_is_scored(nina, patient, photo_id):
    assert 'data-do="retake"' in nina.see("photo", photo_id=photo_id)
    assert "photo-camera" in nina.see("retake", patient=patient, visit="day1")


def test_each_earlier_photograph_of_the_visit_has_its_own_proposal_once_the_score_is_locked(
    nina, services, patient, photo_id
):
    last = take(services, patient, data=a_jpeg([Zone.COIN]), key=f"last of {patient}")
    assert photo_id not in nina.see("photo", photo_id=last)
    body = nina.see("lock", photo_id=last, answer={"score": "2"})
    beside = body[body.index('class="beside"') :]
    assert f'src="/ward/photos/{photo_id}/overlay"' in beside
    assert re.search(r"<b>The model proposes 0</b> No mottling seen", beside)
    assert "Keep my score: 2" in body[: -len(beside)]
    assert 'class="beside"' not in nina.see(
        "lock", photo_id=take(services, enrolled(services)), answer={"score": "2"}
    )


def enrolled(services) -> str:
    number = next(PATIENTS)
    enrol(services, number)
    return number


def test_a_visit_that_was_not_done_is_stored_with_its_reason(nina, patient):
    asked = nina.see("not_done_form", patient=patient, visit="day1")
    assert "Died before the visit" in asked
    answer = nina.answer("not_done", {"patient": patient, "visit": "day1", "reason": "died"})
    assert answer["notice"] == f"{patient}, Day 1: stored as not done."
    row = row_of(answer["body"], patient)
    assert "Died before the visit" in row
    assert "<button" not in row


def test_a_patient_of_another_site_has_no_camera_here(nina):
    assert "has no visit" in nina.refused("open", patient="02-001", visit="day1")


def test_a_photograph_of_another_site_cannot_be_opened(services, photo_id):
    assert Visit(ward_page.build, services, NOAH).refused("photo", photo_id=photo_id)


def test_a_form_with_more_than_was_asked_is_refused(nina, photo_id):
    assert "not understood" in nina.refused("photo", photo_id=photo_id, by="somebody else")


def test_the_page_speaks_french(services, photo_id):
    asked = Visit(ward_page.build, services, NINA, "fr").see("photo", photo_id=photo_id)
    assert "Verrouiller mon score" in asked
