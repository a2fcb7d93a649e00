"""A model exported anew is the same network under today's contract, and its rules are still to be fitted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from mottling.imaging.contract import Looks, ModelContract, ScoringRules
from mottling.registry import ModelFiles, Registry
from training.export import main
from training.network.mottling_network import MottlingNetwork
from training.network.onnx_file import contract_of, to_onnx
from training.provenance import made_by
from training.running.checkpoint import WEIGHTS, load_weights, round_weights, save_weights
from training.running.history import HISTORY, History, read_history


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    torch.manual_seed(5)
    network = round_weights(MottlingNetwork())
    fitted = ScoringRules(threshold=0.61)
    contract = ModelContract(looks=Looks(first_px=352, second_px=384), made_by=made_by(), scoring=fitted)
    files = ModelFiles(onnx=to_onnx(network, contract), card="# old\n", evaluation="{}\n")
    model = Registry.create(folder).add("old", files)
    save_weights(model.folder / WEIGHTS, network)
    history = History(
        run="old", seed=1, steps=7, phases=(), commands=("train",), commits=("c0ffee",), photos_per_s=None,
        watched=(), parity_difference=0.5, exported_by=made_by(),
    )  # fmt: skip
    (model.folder / HISTORY).write_text(history.model_dump_json(), "utf-8")
    assert main(["--again", "old", "--name", "new", "--models", str(folder)]) == 0
    return folder


def test_weights_and_looks_are_those_of_the_old_one_and_rules_are_not(models: Path) -> None:
    old, new = (Registry.open(models).find(name) for name in ("old", "new"))
    contract = contract_of(new.load())
    assert contract.looks == contract_of(old.load()).looks
    assert contract.scoring.threshold == ScoringRules().threshold != 0.61
    before, after = (load_weights(model.folder / WEIGHTS).state_dict() for model in (old, new))
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_its_history_is_told_on_with_a_parity_of_its_own(models: Path) -> None:
    told = read_history(models / "new")
    assert told is not None
    assert (told.run, told.steps, told.commands) == ("old", 7, ("train",))
    assert told.parity_difference < 1e-4


def test_a_taken_name_and_an_unknown_model_are_refused(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--again", "old", "--name", "new", "--models", str(models)]) == 1
    assert "There is a model 'new' already" in capsys.readouterr().out
    assert main(["--again", "none", "--name", "other", "--models", str(models)]) == 1
    assert "no model 'none'" in capsys.readouterr().out


def test_a_model_that_does_not_say_how_it_was_trained_is_refused(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = shutil.copytree(models, tmp_path / "models")
    (models / "new" / HISTORY).unlink()
    assert main(["--again", "new", "--name", "third", "--models", str(models)]) == 1
    assert "new does not say how it was trained" in capsys.readouterr().out
