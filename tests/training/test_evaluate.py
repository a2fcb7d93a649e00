"""An evaluation goes the runtime's whole way and says on what each figure rests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mottling.registry import ModelFiles, Registry
from tests.tiny_model import tiny_model_bytes
from tests.training.drawn_set import write_drawn_set
from training.calibrate import main as calibrate
from training.evaluate import main
from training.measuring import metrics
from training.measuring.evaluation import Evaluation, SetReport, read_evaluation


def _evaluate(folder: Path, *more: str) -> int:
    given = ["--model", "tiny", "--models", str(folder / "models"), "--set", str(folder / "drawn")]
    return main([*given, "--workers", "1", *more])


@pytest.fixture(scope="module", autouse=True)
def _few_resamples() -> Iterator[None]:
    """Intervals are tested with the metrics; here a few draws are enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metrics, "_RESAMPLES", 10)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a drawn set, and a tiny model that was measured on all of it."""
    folder = tmp_path_factory.mktemp("evaluated")
    write_drawn_set(folder / "drawn", views=6, height=240)
    files = ModelFiles(tiny_model_bytes(), "# tiny\n", "{}\n")
    Registry.create(folder / "models").add("tiny", files)
    assert _evaluate(folder) == 0
    return folder


@pytest.fixture(scope="module")
def evaluation(folder: Path) -> Evaluation:
    return read_evaluation(folder / "models" / "tiny" / "evaluation.json")


@pytest.fixture(scope="module")
def report(evaluation: Evaluation) -> SetReport:
    return evaluation.sets[0]


def test_the_record_names_command_model_and_set(evaluation: Evaluation, folder: Path):
    report = evaluation.sets[0]
    assert evaluation.command.startswith(
        "python -m training.evaluate --model tiny --models models --set drawn"
    )
    assert evaluation.model.sha256 == Registry.open(folder / "models").find("tiny").sha256
    assert (report.name, report.photographs, report.groups, report.left_out) == ("drawn", 12, 6, 0)
    assert not evaluation.calibrated


@pytest.mark.parametrize(
    "name", ["answered", "exact", "quadratic_kappa", "set_coverage", "twin_order", "twin_auc"]
)
def test_a_model_that_reads_drawn_legs_without_fail_has_full_marks(report: SetReport, name: str):
    assert report.figures[name].value == 1.0


def test_zones_and_mottling_are_measured_on_the_maps(report: SetReport):
    for name in ("zone_iou", "mottling_dice"):
        value = report.figures[name].value
        assert value is not None
        assert value > 0.85


def test_healthy_legs_stay_at_zero(report: SetReport):
    figure = report.figures["healthy_above_0"]
    assert (figure.value, figure.count) == (0.0, 2)


def test_cut_views_are_told_as_lower_bounds(report: SetReport):
    assert (report.figures["at_least_right"].value, report.figures["at_least_right"].count) == (1.0, 2)


def test_knees_are_found(report: SetReport):
    assert report.figures["knees_found"].value == 1.0


def test_figures_stand_by_tone_and_by_score(report: SetReport):
    assert set(report.by_tone) == {"light", "medium", "dark"}
    assert set(report.by_view) <= {"both legs", "one leg", "cut or covered", "unknown"}
    assert sum(figures["answered"].count for figures in report.by_view.values()) == report.photographs
    assert sum(figures["answered"].count for figures in report.by_light.values()) == report.photographs
    assert set(report.by_score) == {"0", "1", "2", "3", "5"}
    assert report.by_score["3"]["exact"].value == 1.0


def test_the_table_counts_each_answer(report: SetReport):
    assert [sum(row) for row in report.table] == [2, 2, 2, 2, 0, 2]
    assert report.table[3][3] == 2


def test_photographs_of_the_calibration_are_left_out(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = shutil.copytree(folder, tmp_path / "evaluated")
    models = ["--model", "tiny", "--models", str(folder / "models"), "--workers", "1"]
    assert calibrate([*models, "--set", str(folder / "drawn"), "--share", "0.6"]) == 0
    assert _evaluate(folder, "--out", str(folder / "after.json")) == 0
    after = read_evaluation(folder / "after.json")
    assert after.calibrated
    assert 0 < after.sets[0].left_out < 12
    assert after.sets[0].photographs + after.sets[0].left_out == 12
    assert f"{after.sets[0].left_out} left out" in capsys.readouterr().out
    assert _evaluate(folder, "--base", "--out", str(folder / "base.json")) == 0
    base = read_evaluation(folder / "base.json")
    assert not base.calibrated
    assert base.sets[0].sha256 == after.sets[0].sha256


def test_folders_that_are_named_together_are_measured_as_one_set(folder: Path):
    write_drawn_set(folder / "more", views=3, height=264)
    models = ["--model", "tiny", "--models", str(folder / "models"), "--workers", "1"]
    out = folder / "together.json"
    sets = [str(folder / "drawn"), str(folder / "more")]
    assert main([*models, "--set", sets[0], "--set", *sets, "--out", str(out)]) == 0
    alone, together = read_evaluation(out).sets
    assert (alone.name, together.name) == ("drawn", "drawn+more")
    assert together.photographs == alone.photographs + 6
    assert together.groups == alone.groups + 3
    assert " --set drawn --set drawn more" in read_evaluation(out).command


def test_an_unknown_model_is_named(folder: Path, capsys: pytest.CaptureFixture[str]):
    given = ["--model", "none", "--models", str(folder / "models"), "--set", str(folder / "drawn")]
    assert main(given) == 1
    assert "There is no model 'none'" in capsys.readouterr().out
