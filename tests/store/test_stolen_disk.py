"""What somebody reads from the disk of a server: without the keys no picture, with them every one."""

import re
import shutil
from pathlib import Path

import pytest

from mottling.errors import StoreRefused
from mottling.store.store import Store
from tests.store.acts import NOW, do_everything, enrol, own, take
from tests.store.model_acts import assessment

PAGE = Path(__file__).parents[2] / "docs" / "validation" / "privacy.md"
PHOTO = b"\xff\xd8\xff\xe0 a photograph that nobody is to read " + bytes(range(256)) * 40
OVERLAY = b"\xff\xd8\xff\xe0 an overlay that nobody is to read " + bytes(range(255, -1, -1)) * 40
# What the records hold of patients and staff in clear: a number, the initials, who works there, a reason.
IN_CLEAR = (b"01-001", b"nina", b"The thigh too")


@pytest.fixture
def disk(made, tmp_path):
    """A data folder with every kind of record, a photograph and its overlay, the server stopped."""
    shutil.copytree(made / "empty", tmp_path / "data")
    with Store.open(tmp_path / "data") as store:
        do_everything(store)
        enrol(store, "07-001")
        photo = take(store, "07-001", data=PHOTO, key="stolen")
        store.ward.lock_own_score(own(photo.photo_id))
        store.ward.add_assessment(photo.photo_id, assessment(), overlay=OVERLAY, by="server", at=NOW)
    return tmp_path / "data", photo.photo_id


@pytest.fixture
def stolen(disk, tmp_path):
    """The same folder in a thief's hands, when the folder of keys lay on another disk."""
    folder, photo_id = disk
    shutil.copytree(folder, tmp_path / "stolen", ignore=shutil.ignore_patterns("keys"))
    return tmp_path / "stolen", photo_id


def _files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def _said_where():
    table = PAGE.read_text().split("## What is kept")[1].split("\n\n")[1]
    cells = [line.split("|")[4] for line in table.splitlines()[2:]]
    return {(re.findall(r"`([^`]+)`", cell)[0], "encrypted" in cell) for cell in cells}


def test_no_stretch_of_a_picture_stands_on_a_stolen_disk(stolen):
    for name, content in _files(stolen[0]).items():
        for picture in (PHOTO, OVERLAY):
            found = [at for at in range(0, len(picture) - 16, 16) if picture[at : at + 16] in content]
            assert not found, name


def test_a_store_without_its_keys_opens_no_picture(stolen):
    folder, photo_id = stolen
    with Store.open(folder) as store, pytest.raises(StoreRefused):
        store.ward.photo_bytes(photo_id)


def test_what_is_in_clear_is_what_the_page_on_privacy_says(stolen):
    sealed = {name.rstrip("/") for name, encrypted in _said_where() if encrypted}
    clear = {name for name, encrypted in _said_where() if not encrypted}
    files = _files(stolen[0])
    readable = {name for name, content in files.items() if any(word in content for word in IN_CLEAR)}
    assert (sealed, readable) == ({"photos", "overlays"}, clear)
    in_sealed = [content for name, content in files.items() if name.split("/")[0] in sealed]
    assert len(in_sealed) >= 2
    assert all(content.startswith(b"MTLSEAL1") for content in in_sealed)


def test_with_the_keys_beside_it_as_they_lie_by_default_the_thief_reads_every_picture(disk, tmp_path):
    folder, photo_id = disk
    shutil.copytree(folder, tmp_path / "whole")
    with Store.open(tmp_path / "whole") as store:
        assert store.ward.photo_bytes(photo_id) == PHOTO
