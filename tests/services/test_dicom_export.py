"""What leaves as DICOM: the photographs behind the outcome, recorded before they leave, and no others."""

import hashlib
import io
import shutil
import zipfile
from contextlib import closing
from datetime import timedelta

import numpy as np
import pydicom
import pytest
from PIL import Image

from mottling.errors import ExportRefused, NotAllowed, StoreRefused
from mottling.scale import Zone
from mottling.services.opening import open_services
from mottling.services.views import Answer
from mottling.trial.markings import Outline, Patch, Point
from tests.house import (
    DAY1,
    MONA,
    NINA,
    OLGA,
    RAVI,
    RITA,
    confirm,
    house_settings,
    lock,
    open_house,
    read,
    sign,
    take,
)
from tests.tiny_model import a_jpeg

LATER = DAY1 + timedelta(hours=3)
PLAIN = a_jpeg([Zone.COIN, Zone.KNEE])
TWO = Answer.scored(2)


def as_a_phone_writes_it(jpeg: bytes) -> bytes:
    """The picture with what a camera says of itself, and of where it is."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Phonemaker", "Phone 7"
    exif.get_ifd(0x8825)[1] = "N"
    data = io.BytesIO()
    with Image.open(io.BytesIO(jpeg)) as picture:
        picture.save(data, "JPEG", exif=exif)
    return data.getvalue()


KNEES = as_a_phone_writes_it(PLAIN)
SIZE = Image.open(io.BytesIO(KNEES)).size


def outline() -> Outline:
    corners = (Point(10, 10), Point(69, 10), Point(69, 49), Point(10, 49))
    return Outline(width_px=SIZE[0], height_px=SIZE[1], patches=(Patch(corners=corners),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One patient has a verdict and a border that a reader marked; another one is only photographed."""
    folder = tmp_path_factory.mktemp("marked")
    with closing(open_house(folder)) as house:
        confirm(house, data=KNEES)
        lock(house, RITA, TWO, outline())
        sign(house, RITA)
        read(house, RAVI, TWO)
        take(house, "01-002", data=a_jpeg())
    return folder


@pytest.fixture(scope="module")
def trial(folder):
    with closing(open_services(house_settings(folder), at=DAY1)) as services:
        yield services


def files_of(trial) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(trial.dicom.packed(OLGA, at=LATER))) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_the_photograph_behind_the_outcome_leaves_with_border_and_score_and_no_other(trial):
    assert set(files_of(trial)) == {
        "01-001-photograph.dcm",
        "01-001-border.dcm",
        "01-001-score.dcm",
        "SHA256SUMS",
    }


def test_nothing_that_the_camera_wrote_leaves_and_no_initials(trial):
    assert b"Phonemaker" in KNEES
    for name, data in files_of(trial).items():
        for said in (b"Exif", b"Phonemaker", b"Phone 7", b"QZ", b"rita", b"nina"):
            assert said not in data, name


def test_the_border_lies_where_the_reader_marked_it(trial):
    border = pydicom.dcmread(io.BytesIO(files_of(trial)["01-001-border.dcm"]))
    assert (border.Columns, border.Rows) == SIZE
    rows, columns = np.nonzero(border.pixel_array)
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (10, 69, 10, 49)


def test_the_folder_holds_what_the_sums_say_and_the_audit_trail_their_hash(trial, tmp_path):
    out = tmp_path / "dicom"
    done = trial.dicom.write(OLGA, out, at=LATER)
    found = {path.name: path.read_bytes() for path in out.iterdir()}
    assert (done.files, done.photographs) == (len(found), 1) == (4, 1)
    sums = found.pop("SHA256SUMS")
    listed = dict(reversed(line.split("  ")) for line in sums.decode().splitlines())
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}
    last = trial.office._store.office.audit()[-1]
    assert (last.act, last.subject) == ("exported", "dicom")
    assert trial.office._store.verify().clean


def test_a_folder_by_command_and_a_file_by_button_hold_the_same(trial, tmp_path):
    trial.dicom.write(OLGA, tmp_path / "dicom", at=LATER)
    assert files_of(trial) == {path.name: path.read_bytes() for path in (tmp_path / "dicom").iterdir()}


def test_erased_photographs_do_not_leave(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "house")
    with closing(open_services(house_settings(tmp_path / "house"), at=DAY1)) as trial:
        trial.office.erase_photos(OLGA, "01-001", reason="Consent withdrawn", at=LATER)
        with pytest.raises(ExportRefused, match="No outcome"):
            trial.dicom.write(OLGA, tmp_path / "dicom", at=LATER)
    assert [path.name for path in tmp_path.iterdir()] == ["house"]


def test_a_folder_that_is_there_is_never_written_over(trial, tmp_path):
    with pytest.raises(ExportRefused, match="exists already"):
        trial.dicom.write(OLGA, tmp_path, at=LATER)


def test_a_folder_that_cannot_be_written_is_refused(trial, tmp_path):
    with pytest.raises(ExportRefused, match="cannot be written"):
        trial.dicom.write(OLGA, tmp_path / "nowhere" / "dicom", at=LATER)


def test_what_cannot_be_recorded_does_not_leave(trial, tmp_path, monkeypatch):
    def refuse(export):
        raise StoreRefused("The disk is full", remedy="Make room")

    monkeypatch.setattr(trial.office._store.office, "note_export", refuse)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StoreRefused, match="disk is full"):
        trial.dicom.write(OLGA, tmp_path / "dicom", at=LATER)
    with pytest.raises(StoreRefused, match="disk is full"):
        trial.dicom.packed(OLGA, at=LATER)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("somebody", [NINA, RITA, MONA])
def test_nobody_but_the_office_takes_them(trial, tmp_path, somebody):
    with pytest.raises(NotAllowed):
        trial.dicom.write(somebody, tmp_path / "dicom", at=LATER)
    with pytest.raises(NotAllowed):
        trial.dicom.packed(somebody, at=LATER)
    assert not (tmp_path / "dicom").exists()
