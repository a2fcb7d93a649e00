"""Photographs are made view by view, and what is finished stays."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.sources.rendered import find_rendered, read_rendered
from training.synthesize import main

_FEW = ["--views", "2", "--dressings", "2", "--long-side-px", "96", "--workers", "1", "--seed", "5"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made") / "photos"
    assert main([str(made), *_FEW]) == 0
    return made


def test_each_view_is_dressed_as_often_as_was_asked(folder):
    assert [files.record.stem for files in find_rendered(folder)] == [
        "000000-0", "000000-1", "000001-0", "000001-1",
    ]  # fmt: skip


def test_a_record_tells_scene_and_appearance(folder):
    record = json.loads(find_rendered(folder)[0].record.read_text())
    assert record["scene"]["camera"]["framing"]
    assert 1 <= record["appearance"]["skin"]["tone"] <= 10


def test_labels_have_the_size_of_their_photograph(folder):
    for files in find_rendered(folder):
        sample = read_rendered(files, with_twin=True)
        assert sample.zones.shape == sample.mottling.shape == sample.photo.shape[:2]
        assert max(sample.photo.shape[:2]) == 96


def test_two_dressings_of_one_view_show_the_same_zones(folder):
    first, second = (read_rendered(files, with_twin=False) for files in find_rendered(folder)[:2])
    assert np.array_equal(first.zones, second.zones)
    assert not np.array_equal(first.photo, second.photo)


def test_what_is_finished_is_not_made_again_and_what_is_missing_is(folder):
    kept, lost = (files.record for files in find_rendered(folder)[1:3])
    before = kept.stat().st_mtime_ns, lost.read_bytes()
    lost.unlink()
    assert main([str(folder), *_FEW, "--workers", "2"]) == 0
    assert (kept.stat().st_mtime_ns, lost.read_bytes()) == before


def test_a_folder_without_real_materials_is_refused_with_a_sentence(tmp_path, capsys):
    given = [str(tmp_path / "out"), "--preview", "--real", str(tmp_path)]
    assert main(given) == 1
    assert "holds no photograph of a fabric" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


def test_real_materials_are_drawn_from_where_they_lie(tmp_path):
    real = _materials(tmp_path / "real")
    out = tmp_path / "out"
    alone = [str(out), "--views", "1", "--dressings", "1", "--long-side-px", "64", "--workers", "1"]
    assert main([*alone, "--real", str(real)]) == 0
    assert len(find_rendered(out)) == 1


def _materials(folder: Path) -> Path:
    """Draw twelve pictures of each kind: one in five is kept apart by its name."""
    rng = np.random.default_rng(0)
    places = {"materials/fabric": "{}_color.jpg", "materials/background/photos": "{}.jpg", "skin": "{}.jpg"}
    for place, name in places.items():
        (folder / place).mkdir(parents=True)
        for number in range(12):
            picture = rng.integers(60, 200, (48, 48, 3), dtype=np.uint8)
            cv2.imwrite(str(folder / place / name.format(number)), picture)
    rows = "".join(f"{number}.jpg,close-up\n" for number in range(12))
    (folder / "skin" / "manifest.csv").write_text("file,side_view\n" + rows)
    return folder
