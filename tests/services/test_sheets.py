"""A patient's sheet: items beside the photograph of then, corrected by a new version with its reason."""

import csv
import io

import pytest

from mottling.errors import Conflict, NotAllowed, PhotosErased, RecordRefused
from mottling.services.sheets import ItemCorrection
from mottling.services.views import Answer, Shot
from tests.house import DAY1, EMMA, MONA, NINA, NOAH, OLGA, RANDOMISED_AT, RAVI, RITA
from tests.tiny_model import a_jpeg

DATA = b"""patient,site,randomised_at,mottling_included,skin_tone
01-001,01,2026-03-02T08:00+00:00,3,8
"""
ITEM = "mottling_included"


def correction(text="2", *, version=1, because="Read from the wrong line", patient="01-001", item=ITEM):
    return ItemCorrection(patient, item, version, text, because)


def correct(house, *args, **fields) -> None:
    house.sheets.correct(OLGA, correction(*args, **fields), at=DAY1)


@pytest.fixture
def said(house):
    """A house in which the score when included is recorded of one patient."""
    assert house.enrolling.enrol(OLGA, DATA, at=RANDOMISED_AT).stored
    return house


def item_of(house, code=ITEM):
    sheet = house.sheets.of(OLGA, "01-001", at=DAY1)
    return next(one for one in sheet.items if one.code == code)


def test_a_sheet_says_how_a_patient_was_enrolled(said):
    sheet = said.sheets.of(OLGA, "01-001", at=DAY1)
    assert (sheet.patient.site, sheet.initials, sheet.skin_tone) == ("01", "QZ", 8)
    assert [(one.code, one.value, one.version) for one in sheet.items] == [
        ("mottling_included", "3", 1),
        ("finger_recoloration", None, 0),
        ("knee_recoloration", None, 0),
    ]


def test_beside_the_items_stand_the_photograph_and_the_score_of_the_visit(said):
    assert said.sheets.of(OLGA, "01-001", at=DAY1).beside.photo_id is None
    shot = Shot("01-001", "baseline", a_jpeg(), key="baseline")
    photo_id = said.ward.take_photo(NINA, shot, at=RANDOMISED_AT).photo_id
    said.ward.lock_own_score(NINA, photo_id, Answer.scored(3), at=RANDOMISED_AT)
    said.ward.proposal(NINA, photo_id, at=RANDOMISED_AT)
    said.ward.keep(NINA, photo_id, at=RANDOMISED_AT)
    beside = said.sheets.of(OLGA, "01-001", at=DAY1).beside
    assert (beside.code, beside.photo_id, beside.bedside) == ("baseline", photo_id, Answer.scored(3))
    assert (beside.taken_at, beside.verdict) == (RANDOMISED_AT, None)
    assert said.sheets.picture(OLGA, photo_id).startswith(b"\xff\xd8")
    said.office.erase_photos(OLGA, "01-001", reason="Withdrawn", at=DAY1)
    assert said.sheets.of(OLGA, "01-001", at=DAY1).beside.photo_id is None
    with pytest.raises(PhotosErased):
        said.sheets.picture(OLGA, photo_id)


def test_a_correction_supersedes_and_what_was_said_stays(said):
    correct(said)
    assert [(one.value, one.because) for one in item_of(said).versions] == [
        ("2", "Read from the wrong line"),
        ("3", None),
    ]
    assert said.sheets._store.verify().clean


def test_what_was_never_said_is_said_without_a_reason(said):
    correct(said, "4,5", item="knee_recoloration", version=0, because="")
    assert item_of(said, "knee_recoloration").value == "4.5"


def test_what_was_said_can_be_taken_back_and_said_again(said):
    correct(said, "")
    assert (item_of(said).value, item_of(said).version) == (None, 2)
    correct(said, "3", version=2, because="It was right")
    assert item_of(said).value == "3"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "6"}, "'6' is not a score from 0 to 5"),
        ({"because": " "}, "The reason has 0 characters"),
        ({"because": "x" * 2001}, "The reason has 2001 characters"),
        ({"text": "3"}, "is recorded already"),
        ({"item": "arm"}, "'arm' is no eligibility item"),
        ({"patient": "01-999"}, "Patient '01-999' is not enrolled"),
        ({"item": "knee_recoloration", "version": 0, "text": ""}, "is recorded already"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_nothing_is_recorded(said, fields, words):
    before = len(said.sheets._store.office.audit())
    with pytest.raises(RecordRefused, match=words):
        correct(said, **fields)
    assert len(said.sheets._store.office.audit()) == before


def test_what_was_recorded_meanwhile_is_not_written_over_unseen(said):
    correct(said)
    with pytest.raises(Conflict, match="Something else was recorded"):
        correct(said, "1")


@pytest.mark.parametrize("user", [NINA, NOAH, RITA, RAVI, MONA, EMMA])
def test_nobody_but_the_office_sees_a_sheet_or_corrects_it(said, user):
    with pytest.raises(NotAllowed):
        said.sheets.of(user, "01-001", at=DAY1)
    with pytest.raises(NotAllowed):
        said.sheets.picture(user, "any")
    with pytest.raises(NotAllowed):
        said.sheets.correct(user, correction(), at=DAY1)


def test_every_version_leaves_with_its_reason_and_the_last_one_counts(said):
    correct(said)
    rows = list(csv.DictReader(io.StringIO(said.office.eligibility_csv(OLGA, at=DAY1).decode())))
    assert [(row["patient"], row["value"], row["counts"], row["because"]) for row in rows] == [
        ("01-001", "3", "no", ""),
        ("01-001", "2", "yes", "Read from the wrong line"),
    ]
    assert {(row["label"], row["kind"], row["unit"]) for row in rows} == {
        ("Mottling score when included", "score", "")
    }


def test_the_ward_hears_nothing_of_items(said):
    today = str(said.ward.today(NINA, at=DAY1))
    assert "01-001" in today
    assert "mottling_included" not in today
