"""A folder that leaves is there whole or not at all."""

import pytest

from mottling.errors import ExportRefused, StoreRefused
from mottling.services.new_folder import new_folder


def names(folder):
    return [path.name for path in folder.iterdir()]


def written_until(error, *, folder):
    with new_folder(folder) as making:
        (making / "a.csv").write_bytes(b"a")
        raise error


def test_the_folder_has_its_name_only_once_all_was_written(tmp_path):
    with new_folder(tmp_path / "out") as making:
        (making / "a.csv").write_bytes(b"a")
        assert not (tmp_path / "out").exists()
    assert (tmp_path / "out" / "a.csv").read_bytes() == b"a"
    assert names(tmp_path) == ["out"]


def test_what_is_refused_meanwhile_leaves_nothing(tmp_path):
    refused = StoreRefused("The audit trail cannot be written", remedy="Make room")
    with pytest.raises(StoreRefused) as met:
        written_until(refused, folder=tmp_path / "out")
    assert met.value is refused
    assert names(tmp_path) == []


def test_a_disk_that_fails_is_named_with_the_folder_and_leaves_nothing(tmp_path):
    full = OSError(28, "No space left on device")
    with pytest.raises(ExportRefused, match=r"out cannot be written: No space left on device"):
        written_until(full, folder=tmp_path / "out")
    assert names(tmp_path) == []


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(ExportRefused, match="out exists already"), new_folder(tmp_path / "out"):
        raise AssertionError("nothing is written over it")
    assert names(tmp_path) == ["out"]
