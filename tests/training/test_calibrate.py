"""Calibration fits rules on a part of the views, and only to a model that was never in use."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mottling.imaging.assessor import Assessor
from mottling.imaging.contract import ModelContract, ScoringRules
from mottling.registry import ModelFiles, Registry
from tests.tiny_model import UNREADABLE_BLUE, draw_photo, jpeg_bytes, leg_zones, measured, tiny_model_bytes
from tests.training.drawn_set import write_drawn_set
from training.calibrate import main
from training.measuring.truths import read_truths
from training.network.onnx_file import contract_of
from training.rules.calibration import hash_of_group, is_for_calibration, read_calibration, without

_START = ScoringRules(min_knee=0.2)


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a drawn set and a calibrated tiny challenger."""
    folder = tmp_path_factory.mktemp("calibrated")
    write_drawn_set(folder / "drawn", views=12, height=192)
    files = ModelFiles(tiny_model_bytes(ModelContract(scoring=_START)), "# tiny\n", "{}\n")
    Registry.create(folder / "models").add("tiny", files)
    assert _calibrate(folder) == 0
    return folder


def _calibrate(folder: Path, *, name: str = "tiny", share: float = 0.6) -> int:
    models = ["--model", name, "--models", str(folder / "models")]
    return main([*models, "--set", str(folder / "drawn"), "--share", str(share), "--workers", "1"])


def test_the_file_carries_the_fitted_rules_and_the_registry_its_new_name(calibrated: Path):
    model = Registry.open(calibrated / "models").find("tiny")
    rules = contract_of(model.load()).scoring
    assert rules.slopes != _START.slopes
    assert rules.min_knee == _START.min_knee
    assert not model.active


def test_the_record_says_what_was_calibrated_on_and_what_came_of_it(calibrated: Path):
    model = Registry.open(calibrated / "models").find("tiny")
    record = read_calibration(model.folder)
    assert record is not None
    assert record.rules == contract_of(model.load()).scoring
    assert record.command.startswith("python -m training.calibrate --model tiny --models models --set drawn")
    assert str(calibrated) not in record.model_dump_json()
    assert min(record.clean_labels) > 0
    assert sum(record.mottled_labels) > 0


def test_what_was_calibrated_on_is_left_out_with_all_of_its_views(calibrated: Path):
    truths = read_truths(calibrated / "drawn")
    record = read_calibration(calibrated / "models" / "tiny")
    left = without(truths, record)
    assert 0 < len(left) < len(truths)
    assert record is not None
    used = {truth.cluster for truth in truths} - {truth.cluster for truth in left}
    assert used == {truth.cluster for truth in truths if is_for_calibration(truth.cluster, share=0.6)}
    assert len(record.sets[0].groups) == len(used)


def test_a_person_or_view_that_calibrated_is_left_out_of_every_other_set(calibrated: Path, tmp_path: Path):
    truths = read_truths(calibrated / "drawn")
    record = read_calibration(calibrated / "models" / "tiny")
    elsewhere = read_truths(shutil.copytree(calibrated / "drawn", tmp_path / "renamed"))
    assert [one.photo.name for one in without(elsewhere, record)] == [
        one.photo.name for one in without(truths, record)
    ]


def test_a_view_that_calibrated_under_the_name_of_its_place_is_left_out_too(calibrated: Path):
    truths = read_truths(calibrated / "drawn")
    record = read_calibration(calibrated / "models" / "tiny")
    assert record is not None
    by_place = record.sets[0].model_copy(update={"groups": (hash_of_group(truths[0].place),)})
    left = without(truths, record.model_copy(update={"sets": (by_place,)}))
    assert {one.cluster for one in truths} - {one.cluster for one in left} == {truths[0].cluster}


def test_without_a_calibration_nothing_is_left_out(calibrated: Path):
    truths = read_truths(calibrated / "drawn")
    assert without(truths, read_calibration(calibrated)) == truths


def test_a_model_that_was_in_use_is_not_touched(calibrated: Path, capsys: pytest.CaptureFixture[str]):
    registry = Registry.open(calibrated / "models")
    registry.add("used", measured("used", tiny_model_bytes()))
    registry.release("used", at=datetime(2026, 1, 1, tzinfo=UTC))
    before = registry.find("used").sha256
    assert _calibrate(calibrated, name="used") == 1
    assert "has been in use: its file never changes" in capsys.readouterr().out
    assert registry.find("used").sha256 == before


def test_the_file_carries_the_reference_that_later_photographs_are_measured_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    write_drawn_set(tmp_path / "drawn", views=24, height=128)
    Registry.create(tmp_path / "models").add("tiny", ModelFiles(tiny_model_bytes(), "# tiny\n", "{}\n"))
    assert _calibrate(tmp_path, share=0.9) == 0
    assert "reference of " in capsys.readouterr().out
    assessor = Assessor.load(Registry.open(tmp_path / "models").find("tiny").load(), name="tiny")
    blue = draw_photo(leg_zones())
    blue[..., 2] = UNREADABLE_BLUE
    usual = assessor.assess(read_truths(tmp_path / "drawn")[0].photo.read_bytes(), file="").distance
    far = assessor.assess(jpeg_bytes(blue), file="").distance
    assert usual is not None
    assert far is not None
    assert far > 2 * usual


def test_of_few_photographs_no_reference_is_made(calibrated: Path):
    assert contract_of(Registry.open(calibrated / "models").find("tiny").load()).reference is None


def test_a_share_without_a_view_is_refused(calibrated: Path, capsys: pytest.CaptureFixture[str]):
    assert _calibrate(calibrated, share=1e-9) == 1
    assert "has no view to calibrate on" in capsys.readouterr().out


def test_a_view_stays_on_its_side_and_the_share_is_kept():
    names = [f"{number:06d}" for number in range(2000)]
    chosen = {name for name in names if is_for_calibration(name, share=0.3)}
    assert 0.27 < len(chosen) / len(names) < 0.33
    assert chosen <= {name for name in names if is_for_calibration(name, share=0.5)}
