"""The learning curve of a simulated trial: wrong rules are put right, and what was cut off goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from mottling.imaging.contract import ModelContract, ScoringRules
from mottling.registry import ModelFiles, Registry
from tests.tiny_model import tiny_model_bytes
from tests.training.drawn_set import write_drawn_set
from training.curves.curve_points import gains_of
from training.learning_curve import CurveOrder, main, replay
from training.rules import kept_observations

_DEAF = ScoringRules(biases=(-30.0, -30.0, -30.0, -30.0, -30.0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawn set, and a model that calls no zone mottled."""
    folder = tmp_path_factory.mktemp("curve")
    write_drawn_set(folder / "drawn", views=36, height=128)
    files = ModelFiles(tiny_model_bytes(ModelContract(scoring=_DEAF)), "# tiny\n", "{}\n")
    Registry.create(folder / "models").add("tiny", files)
    return folder


def _order(folder: Path, out: str = "out") -> CurveOrder:
    return CurveOrder(
        folder / "drawn", folder / out, folder / "models", model="tiny", sizes=(20, 500), tested=12, draws=2
    )


def test_twenty_patients_put_wrong_rules_right(folder: Path):
    tested, points = replay(_order(folder))
    gains = gains_of(tested, points)
    assert {gain.patients for gain in gains} == {20}
    exact, low, high = next(gain for gain in gains if gain.learnt == "masks").figures["exact"]
    assert low <= exact <= high
    assert low > 0.3


def test_what_was_cut_off_goes_on_and_ends_alike(folder: Path, monkeypatch: pytest.MonkeyPatch):
    first = replay(_order(folder))[1]
    (points,) = (folder / "out").glob("*.points.jsonl")
    (seen,) = (folder / "out").glob("*.seen.jsonl")
    lines = points.read_text("utf-8").splitlines(keepends=True)
    points.write_text("".join(lines[:2]) + lines[2][:30], "utf-8")
    monkeypatch.setattr(kept_observations, "observe", None)
    assert replay(_order(folder))[1] == first
    seen.write_text(seen.read_text("utf-8")[:-40], "utf-8")
    monkeypatch.undo()
    assert replay(_order(folder))[1] == first


def test_the_command_prints_the_table_and_keeps_it(folder: Path, capsys: pytest.CaptureFixture[str]):
    options = ["--models", str(folder / "models"), "--model", "tiny", "--sizes", "20", "--tested", "12"]
    out = ["--out", str(folder / "out"), "--draws", "2"]
    assert main([str(folder / "drawn"), *out, *options]) == 0
    printed = capsys.readouterr().out
    assert "| 20 | masks | +" in printed
    kept = (folder / "out" / "curve.md").read_text("utf-8")
    assert printed.strip() in kept
    assert "python -m training.learning_curve drawn" in kept


def test_a_set_too_small_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]):
    options = ["--models", str(folder / "models"), "--model", "tiny", "--tested", "30"]
    assert main([str(folder / "drawn"), "--out", str(folder / "out"), *options]) == 1
    assert "are kept apart" in capsys.readouterr().out
