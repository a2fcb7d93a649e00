"""The DICOM export in an archive as hospitals have: sent over DICOM, found, and the same when given back."""

import io
from collections.abc import Iterator

import highdicom
import numpy as np
import pydicom
import pytest
from PIL import Image

from tests.exports.test_dicom import BORDER, JPEG, made  # noqa: F401 - a fixture
from tests.pacs_server import Archive, archive


@pytest.fixture(scope="module")
def sent(made, tmp_path_factory) -> Iterator[tuple[Archive, dict[str, bytes]]]:  # noqa: F811
    """An archive to which every file of three patients was sent, and the files by their SOP instance UID."""
    folder = tmp_path_factory.mktemp("pacs")
    paths = [folder / name for name in made]
    for path in paths:
        path.write_bytes(made[path.name])
    with archive(folder) as found:
        said = found.send(*paths)
        assert said.count("Received Store Response (Success)") == len(made), said
        yield found, {str(_read(data).SOPInstanceUID): data for data in made.values()}


def _read(data: bytes) -> pydicom.Dataset:
    return pydicom.dcmread(io.BytesIO(data))


def _kept(found: Archive) -> dict[str, bytes]:
    """What the archive gives out again, by SOP instance UID."""
    files = [found.get(f"/instances/{one}/file") for one in found.listed("/instances")]
    return {str(_read(data).SOPInstanceUID): data for data in files}


def test_the_archive_gives_out_each_file_with_every_value_that_it_was_sent(sent):
    found, files = sent
    kept = _kept(found)
    assert kept.keys() == files.keys()
    for uid, data in files.items():
        assert _read(kept[uid]) == _read(data), uid
        assert _read(kept[uid]).file_meta.TransferSyntaxUID == _read(data).file_meta.TransferSyntaxUID


def test_the_archive_has_a_study_for_each_patient_with_its_series(sent):
    found, files = sent
    studies = [found.listed(f"/studies/{one}") for one in found.listed("/studies")]
    series = {one["PatientMainDicomTags"]["PatientID"]: len(one["Series"]) for one in studies}
    assert series == {"01-001": 3, "01-002": 2, "01-003": 2}
    assert len(files) == sum(series.values())


def test_a_patient_s_study_is_found_by_the_number(sent):
    found, _ = sent
    said = found.search(PatientID="01-002", StudyInstanceUID="", ModalitiesInStudy="")
    assert said.count("(Pending)") == 1
    assert "SR\\XC" in said
    assert "(Pending)" not in found.search(PatientID="09-999")


def test_the_photograph_that_comes_back_is_the_one_that_was_shown_to_the_byte(sent):
    found, _ = sent
    (photo,) = (
        one for one in map(_read, _kept(found).values()) if (one.PatientID, one.Modality) == ("01-001", "XC")
    )
    (frame,) = pydicom.encaps.generate_frames(photo.PixelData, number_of_frames=1)
    assert frame.rstrip(b"\0") == JPEG.rstrip(b"\0")


def test_the_archive_itself_can_draw_the_photograph(sent):
    """What a viewer shows: Orthanc decodes the JPEG that lies in the file."""
    found, _ = sent
    for one in found.listed("/instances"):
        tags = found.listed(f"/instances/{one}/simplified-tags")
        if tags["Modality"] == "XC":
            with Image.open(io.BytesIO(found.get(f"/instances/{one}/preview"))) as drawn:
                shown = np.asarray(drawn.convert("RGB"), int)
            with Image.open(io.BytesIO(JPEG)) as picture:
                assert np.abs(shown - np.asarray(picture, int)).mean() < 2


def test_the_border_that_comes_back_is_what_was_marked(sent, tmp_path):
    found, _ = sent
    (data,) = (data for data in _kept(found).values() if _read(data).Modality == "SEG")
    (tmp_path / "border.dcm").write_bytes(data)
    border = highdicom.seg.segread(tmp_path / "border.dcm")
    (source,) = border.get_source_image_uids()
    pixels = border.get_pixels_by_source_instance([source[2]], combine_segments=True)
    assert np.array_equal(pixels[0] == 1, BORDER)
