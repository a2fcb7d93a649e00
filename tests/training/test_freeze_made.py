"""Made photographs become a frozen set, so that a retraining can be tried without a trial."""

from __future__ import annotations

from pathlib import Path

import pytest

from mottling.training_set import Split, read_training_set
from tests.training.drawn_set import write_drawn_set
from training.freeze_made import main


def test_views_become_patients_verdicts_are_what_is_true_and_half_have_a_border(tmp_path: Path):
    drawn = write_drawn_set(tmp_path / "drawn", views=12)
    assert main([str(tmp_path / "frozen"), "--set", str(drawn)]) == 0
    made = read_training_set(tmp_path / "frozen")
    assert len(made.photos) == 24
    assert len({photo.patient for photo in made.photos}) == 12
    assert sorted({photo.score for photo in made.photos}) == [0, 1, 2, 3, 4, 5]
    assert sum(photo.mottling is not None for photo in made.photos) == 12


def test_both_photographs_of_a_view_lie_in_one_split_and_each_split_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    drawn = write_drawn_set(tmp_path / "drawn", views=4)
    main([str(tmp_path / "frozen"), "--set", str(drawn)])
    made = read_training_set(tmp_path / "frozen")
    splits = {
        photo.patient: {one.split for one in made.photos if one.patient == photo.patient}
        for photo in made.photos
    }
    assert all(len(each) == 1 for each in splits.values())
    told = capsys.readouterr().out
    for split in Split:
        assert (
            f"{len(made.of(split))} photographs of {len(made.of(split)) // 2} patients for {split.value}"
            in told
        )


def test_no_more_are_frozen_than_are_wanted(tmp_path: Path):
    drawn = write_drawn_set(tmp_path / "drawn", views=4)
    main([str(tmp_path / "frozen"), "--set", str(drawn), "--most", "3"])
    assert len(read_training_set(tmp_path / "frozen").photos) == 3


def test_a_folder_that_is_there_already_is_refused_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    drawn = write_drawn_set(tmp_path / "drawn", views=2)
    (tmp_path / "frozen").mkdir()
    assert main([str(tmp_path / "frozen"), "--set", str(drawn)]) == 1
    assert "exists already" in capsys.readouterr().out
