"""8-bit numbers join the registry only where they lose next to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from mottling.errors import TrainingRefused
from mottling.imaging.contract import MadeBy, ModelContract, ScoringRules
from mottling.registry import ModelFiles, Registry
from tests.tiny_model import tiny_model_bytes, write_tiny_registry
from tests.training.drawn_set import write_drawn_set
from training import calibrate, quantise
from training.network.onnx_file import contract_of
from training.quantise import Loss, main, passes
from training.rules import reference
from training.rules.calibration import read_calibration
from training.running.history import HISTORY, History, read_history

_TRAINED = History(
    run="tiny",
    seed=1,
    steps=2,
    phases=(),
    commands=("python -m training.train tiny.toml --real data",),
    commits=(),
    photos_per_s=None,
    watched=(),
    parity_difference=1e-6,
    exported_by=MadeBy(package="0.1.0", commit="abc123"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a drawn set and a calibrated tiny challenger."""
    folder = tmp_path_factory.mktemp("quantised")
    write_drawn_set(folder / "drawn", views=12, height=192)
    files = ModelFiles(tiny_model_bytes(ModelContract(scoring=ScoringRules())), "# tiny\n", "{}\n")
    Registry.create(folder / "models").add("tiny", files)
    models = ["--model", "tiny", "--models", str(folder / "models")]
    assert calibrate.main([*models, "--set", str(folder / "drawn"), "--share", "0.5", "--workers", "1"]) == 0
    return folder


def _quantise(folder: Path, name: str = "tiny") -> int:
    return main([name, "--models", str(folder / "models"), "--set", str(folder / "drawn"), "--workers", "1"])


def test_what_loses_too_much_is_kept_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(quantise, "MOST_DICE_LOST", -1.0)
    before = Registry.open(folder / "models").models()
    assert _quantise(folder) == 1
    assert "Kept out" in capsys.readouterr().out
    assert Registry.open(folder / "models").models() == before


def test_what_loses_nothing_becomes_a_challenger_under_the_same_contract_and_calibration(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    assert _quantise(folder) == 0
    assert "tiny-int8: a challenger" in capsys.readouterr().out
    registry = Registry.open(folder / "models")
    small, full = registry.find("tiny-int8"), registry.find("tiny")
    assert not small.active
    assert small.load() != full.load()
    assert contract_of(small.load()) == contract_of(full.load())
    assert read_calibration(small.folder) == read_calibration(full.folder)
    assert b"DequantizeLinear" in small.load()


def test_it_measures_distances_from_the_calibration_as_it_sees_it_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reference, "LEAST_PHOTOGRAPHS", 4)
    files = ModelFiles(tiny_model_bytes(ModelContract(scoring=ScoringRules())), "# far\n", "{}\n")
    registry = Registry.open(folder / "models")
    registry.add("far", files)
    calibrated = ["--model", "far", "--models", str(folder / "models"), "--set", str(folder / "drawn")]
    assert calibrate.main([*calibrated, "--share", "0.5", "--workers", "1"]) == 0
    assert _quantise(folder, "far") == 0
    full, small = (contract_of(registry.find(name).load()).reference for name in ("far", "far-int8"))
    assert full is not None
    assert small is not None
    assert small.photographs == full.photographs
    assert small.mean != full.mean
    assert small.mean == pytest.approx(full.mean, abs=0.5)


def test_how_its_source_was_trained_and_what_made_it_stay_beside_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    files = ModelFiles(tiny_model_bytes(ModelContract(scoring=ScoringRules())), "# told\n", "{}\n")
    home = Registry.open(folder / "models").add("told", files).folder
    (home / HISTORY).write_text(_TRAINED.model_dump_json(), "utf-8")
    calibrated = ["--model", "told", "--models", str(folder / "models"), "--set", str(folder / "drawn")]
    assert calibrate.main([*calibrated, "--share", "0.5", "--workers", "1"]) == 0
    assert _quantise(folder, "told") == 0
    told = read_history(folder / "models" / "told-int8")
    assert told is not None
    assert told.commands[0] == "python -m training.train tiny.toml --real data"
    assert told.commands[1].startswith("python -m training.quantise told")
    assert told.parity_difference is None


def test_a_model_that_was_never_calibrated_is_refused(tmp_path: Path):
    models = write_tiny_registry(tmp_path / "models")
    with pytest.raises(TrainingRefused, match="never calibrated"):
        quantise.quantise("tiny", models=models, sets=[tmp_path], command="")


@pytest.mark.parametrize(
    ("kappa", "dice", "allowed"),
    [
        (0.02, 0.01, True),
        (0.021, 0.0, False),
        (0.0, 0.011, False),
        (-0.3, -0.3, True),
        (float("nan"), 0.0, True),
        (0.5, float("nan"), False),
    ],
)
def test_the_gate_looks_at_the_worst_set(kappa: float, dice: float, *, allowed: bool):
    assert passes([Loss("good", 10, 0.0, 0.0), Loss("tried", 10, kappa, dice)]) is allowed
