"""DICOM files, read again by pydicom and highdicom, and judged by dciodvfy."""

import io
import subprocess
import sys
from dataclasses import replace

import highdicom
import numpy as np
import pydicom
import pytest
from PIL import Image

from mottling.errors import ExportRefused
from mottling.exports.dicom import DicomCase, DicomOrigin, dicom, has_answer
from mottling.trial.outcome import Outcome, VisitRecords, visit_outcome
from mottling.trial.records import Answer
from tests.exports.drawn_trial import CHARTER, LATER, extract
from tests.installed import program
from tests.trial.drawn_visits import PATIENT, read_as

ORIGIN = DicomOrigin("I-MICRO", "NCT03788837", "Assistance Publique - Hôpitaux de Paris", "1.2.3")
WIDTH, HEIGHT = 61, 40


def a_picture() -> bytes:
    data = io.BytesIO()
    pixels = np.random.default_rng(7).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    Image.fromarray(pixels).save(data, "JPEG", quality=88)
    return data.getvalue()


def a_border() -> np.ndarray:
    border = np.zeros((HEIGHT, WIDTH), bool)
    border[5:20, 11:47] = True
    return border


JPEG, BORDER = a_picture(), a_border()


def outcomes() -> dict[str, Outcome]:
    return {one.records.patient.patient: one for one in extract().outcomes if has_answer(one)}


def written(outcome: Outcome, *, border=BORDER, origin=ORIGIN) -> dict[str, bytes]:
    return {file.name: file.data for file in dicom(DicomCase(outcome, JPEG, border), origin)}


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """A score with a border, a lower bound, and what is not assessable."""
    found = outcomes()
    return {
        **written(found["01-001"]),
        **written(found["01-002"], border=None),
        **written(found["01-003"], border=None),
    }


def read(data: bytes) -> pydicom.Dataset:
    return pydicom.dcmread(io.BytesIO(data))


def test_what_has_no_answer_has_no_file():
    assert set(outcomes()) == {"01-001", "01-002", "01-003", "02-001"}


def test_a_patient_has_a_photograph_a_score_and_a_border_where_one_was_marked(made):
    assert sorted(made) == [
        "01-001-border.dcm",
        "01-001-photograph.dcm",
        "01-001-score.dcm",
        "01-002-photograph.dcm",
        "01-002-score.dcm",
        "01-003-photograph.dcm",
        "01-003-score.dcm",
    ]


def test_the_photograph_is_the_jpeg_that_was_shown_byte_for_byte(made):
    photo = read(made["01-001-photograph.dcm"])
    (frame,) = pydicom.encaps.generate_frames(photo.PixelData, number_of_frames=1)
    assert frame.rstrip(b"\0") == JPEG.rstrip(b"\0")
    assert (photo.SOPClassUID.name, photo.Rows, photo.Columns) == ("VL Photographic Image Storage", 40, 61)
    with Image.open(io.BytesIO(JPEG)) as shown:
        assert np.array_equal(photo.pixel_array, np.asarray(shown))


def test_the_patient_is_a_number_and_nobody_is_named(made):
    for name, data in made.items():
        found = read(data)
        assert (found.PatientID, found.IssuerOfPatientID) == (name[:6], "NCT03788837")
        persons = [one for one in found.iterall() if one.VR == "PN" or one.keyword == "InstitutionName"]
        assert [one.keyword for one in persons if one.value] == []
        assert [found[key].value for key in ("PatientBirthDate", "PatientSex")] == ["", ""]
        assert found.ClinicalTrialSubjectID == name[:6]
        for said in (b"Exif", b"nina", b"olga", b"QZ", b"\0r0\0", b"HYPERLINK"):
            assert said not in data, (name, said)


def test_each_file_says_that_it_is_research(made):
    for data in made.values():
        found = read(data)
        assert "Not for diagnosis or treatment" in found.PatientComments
        assert found.StudyDescription.startswith("Research")
        assert (found.ClinicalTrialProtocolID, found.ClinicalTrialTimePointID) == ("NCT03788837", "day1")


def test_the_border_is_what_was_marked_on_this_photograph(made, tmp_path):
    (tmp_path / "border.dcm").write_bytes(made["01-001-border.dcm"])
    border = highdicom.seg.segread(tmp_path / "border.dcm")
    photo = read(made["01-001-photograph.dcm"])
    pixels = border.get_pixels_by_source_instance([photo.SOPInstanceUID], combine_segments=True)
    assert np.array_equal(pixels[0] == 1, BORDER)
    segment = border.get_segment_description(1)
    assert segment.segmented_property_type.value == "406128001"
    assert segment.algorithm_type.value == "MANUAL"


def contents(data: bytes, tmp_path) -> dict[str, object]:
    (tmp_path / "score.dcm").write_bytes(data)
    items = highdicom.sr.srread(tmp_path / "score.dcm").content[0].ContentSequence
    return {item.name.value: item for item in items}


def test_a_score_is_a_number_that_was_inferred_from_the_photograph(made, tmp_path):
    said = contents(made["01-001-score.dcm"], tmp_path)
    assert said["mottling-score"].value == 3
    (image,) = said["mottling-score"].ContentSequence
    assert image.relationship_type.value == "INFERRED FROM"
    photo, border = read(made["01-001-photograph.dcm"]), read(made["01-001-border.dcm"])
    assert image.referenced_sop_instance_uid == photo.SOPInstanceUID
    assert said["mottled-border"].referenced_sop_instance_uid == border.SOPInstanceUID
    assert (said["answer"].value, said["answer-of"].value) == ("a0", "verdict")


def test_a_lower_bound_is_no_score(made, tmp_path):
    said = contents(made["01-002-score.dcm"], tmp_path)
    assert said["mottling-score-at-least"].value == 3
    assert "mottling-score" not in said


def test_not_assessable_is_an_answer_with_its_reason_and_no_number(made, tmp_path):
    said = contents(made["01-003-score.dcm"], tmp_path)
    assert said["mottling-score"].value.value == "not-assessable"
    assert said["reason"].value == "dark"


def test_all_files_of_a_visit_are_one_study_with_a_series_each(made):
    files = [read(data) for name, data in made.items() if name.startswith("01-001")]
    assert len({one.StudyInstanceUID for one in files}) == 1
    assert len({one.SeriesInstanceUID for one in files}) == len({one.SOPInstanceUID for one in files}) == 3
    assert len({read(data).StudyInstanceUID for data in made.values()}) == 3


def test_the_same_records_give_the_same_bytes(made):
    assert written(outcomes()["01-001"]) == {name: made[name] for name in made if name.startswith("01-001")}


def outcome_with(answer: Answer) -> Outcome:
    records = VisitRecords(PATIENT, CHARTER.visit("day1"), (read_as(answer),), None)
    return visit_outcome(records, CHARTER, at=LATER)


def test_another_answer_is_another_report_of_the_same_photograph():
    two, three = (
        {name[7:]: read(data) for name, data in written(outcome_with(Answer.scored(score))).items()}
        for score in (2, 3)
    )
    assert two["photograph.dcm"].SOPInstanceUID == three["photograph.dcm"].SOPInstanceUID
    assert two["score.dcm"].SOPInstanceUID != three["score.dcm"].SOPInstanceUID


def test_without_a_sponsor_the_trial_is_its_number():
    photo = read(
        written(outcome_with(Answer.scored(0)), border=None, origin=replace(ORIGIN, sponsor=None))[
            "01-001-photograph.dcm"
        ]
    )
    assert "ClinicalTrialSponsorName" not in photo
    assert photo.IssuerOfPatientID == "NCT03788837"


@pytest.mark.parametrize("name", ["N" * 65, "NCT\\1"])
def test_a_name_that_dicom_cannot_hold_is_refused(name):
    with pytest.raises(ExportRefused, match="no place for"):
        written(outcome_with(Answer.scored(0)), origin=replace(ORIGIN, registration=name))


def test_without_the_packages_it_says_which_one_and_how_to_install_it(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("mottling.exports.dicom_")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "highdicom", None)
    monkeypatch.setitem(sys.modules, "highdicom.seg", None)
    with pytest.raises(ExportRefused, match="need the package highdicom") as refused:
        written(outcome_with(Answer.scored(0)))
    assert "[dicom]" in refused.value.remedy


@pytest.fixture(scope="module")
def dciodvfy() -> str:
    """The validator of dicom3tools."""
    return program("dciodvfy", "dicom3tools")


def errors_of(dciodvfy: str, path) -> list[str]:
    judged = subprocess.run([dciodvfy, "-new", path], capture_output=True, text=True, check=False)
    said = (judged.stdout + judged.stderr).splitlines()
    return [line for line in said if line.startswith("Error")]


def test_dciodvfy_finds_no_error_in_any_file(dciodvfy, made, tmp_path):
    bare = written(outcomes()["02-001"], origin=replace(ORIGIN, sponsor=None))
    for name, data in {**made, **bare}.items():
        (tmp_path / name).write_bytes(data)
        assert errors_of(dciodvfy, tmp_path / name) == [], name


def test_dciodvfy_finds_what_is_missing(dciodvfy, made, tmp_path):
    photo = read(made["01-001-photograph.dcm"])
    del photo.PatientOrientation
    photo.save_as(tmp_path / "photo.dcm")
    assert any("PatientOrientation" in line for line in errors_of(dciodvfy, tmp_path / "photo.dcm"))
