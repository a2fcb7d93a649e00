"""From a frozen set to a challenger in one command: trained, exported, calibrated, measured, not released."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
import torch

from mottling.registry import Registry
from mottling.scale import Status, Zone
from mottling.training_set import PhotoToFreeze, Split, split_of, write_training_set
from tests.tiny_model import draw_photo, jpeg_bytes, leg_zones, write_tiny_registry
from tests.training.drawn_set import write_drawn_set
from training import evaluate
from training.compare import Comparison
from training.measuring import metrics
from training.measuring.evaluation import read_evaluation
from training.network.mottling_network import MottlingNetwork
from training.network.onnx_file import check_parity
from training.provenance import data_hash
from training.retrain import main
from training.running.checkpoint import WEIGHTS, load_weights, round_weights, save_weights
from training.running.history import read_history

_SETTINGS = """
name = "tiny"
seed = 3
workers = 0
[[phases]]
steps = 2
size_px = 64
batch_size = 2
learning_rate = 1e-4
last_learning_rate = 1e-5
"""

_AT = datetime(2026, 3, 1, tzinfo=UTC)


def _freeze(folder: Path) -> None:
    """Four patients for training and four for validation, each mottled up to another zone."""
    chosen: list[str] = []
    for split in (Split.TRAIN, Split.VALIDATION):
        names = (f"p{number}" for number in count())
        chosen += [
            name for name, _ in zip((n for n in names if split_of(n) is split), range(4), strict=False)
        ]
    photos = []
    for number, patient in enumerate(chosen):
        score = number % 4
        zones = leg_zones(160 + 4 * number, 120)
        drawn = draw_photo(zones, list(Zone)[1 : score + 1])
        photos.append(PhotoToFreeze(jpeg_bytes(drawn), patient, Status.SCORED, score, tone=5))
    write_training_set(folder, photos, trial="drawn", at=_AT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which one command was called: its registry holds a challenger beside the tiny model."""
    folder = tmp_path_factory.mktemp("retrained")
    write_tiny_registry(folder / "models", names=["active"])
    save_weights(folder / "models" / "active" / WEIGHTS, round_weights(MottlingNetwork()))
    write_drawn_set(folder / "rendered", views=2, height=64)
    _freeze(folder / "frozen")
    (folder / "tiny.toml").write_text(_SETTINGS, "utf-8")
    places = ["--set", "rendered", "--out", "run", "--models", "models", "--settings", "tiny.toml"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metrics, "_RESAMPLES", 10)
        patch.chdir(folder)
        assert main(["frozen", *places, "--name", "second", "--workers", "1"]) == 0
    return folder


def test_the_challenger_is_in_the_registry_and_not_in_use(folder: Path):
    registry = Registry.open(folder / "models")
    assert registry.active().name == "active"
    assert {"active", "second"} <= {model.name for model in registry.models()}
    assert registry.find("second").released_at is None


def test_its_file_is_the_one_that_the_registry_names_and_answers_as_its_kept_weights(folder: Path):
    model = Registry.open(folder / "models").find("second")
    check_parity(load_weights(model.folder / WEIGHTS), model.load())


def test_it_was_measured_on_patients_that_neither_trained_nor_calibrated(folder: Path):
    report = read_evaluation(folder / "models" / "second" / "evaluation.json").sets[0]
    assert report.photographs + report.left_out == 4
    assert report.left_out > 0


def test_it_was_compared_with_the_model_in_use(folder: Path):
    told = (folder / "models" / "second" / "comparison.json").read_text("utf-8")
    comparison = Comparison.model_validate_json(told)
    assert (comparison.first.name, comparison.challenger.name) == ("active", "second")


def test_its_card_tells_how_it_came_to_be(folder: Path):
    card = Registry.open(folder / "models").find("second").card
    history = read_history(folder / "models" / "second")
    assert history is not None
    assert "--start-from-model active" in history.commands[0]
    assert history.commands[0] in card
    assert f"trained on `frozen`, sha256 {data_hash(folder / 'frozen')}" in card
    assert "not a device for treatment" in card
    assert "second: validation report" in (folder / "run" / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def head_only(folder: Path) -> Path:
    """The same folder after the last layer alone was trained: cut off once it was there, and called again."""
    given = ["frozen", "--head-only", "--out", "head", "--models", "models", "--name", "third"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metrics, "_RESAMPLES", 10)
        patch.chdir(folder)
        with patch.context() as dying:
            dying.setattr(evaluate, "main", _die)
            with pytest.raises(KeyboardInterrupt):
                main([*given, "--workers", "1"])
        assert main([*given, "--workers", "1"]) == 0
    return folder


def _die(_arguments: list[str]) -> int:
    raise KeyboardInterrupt


def test_the_last_layer_alone_is_retrained_and_what_was_cut_off_goes_on(head_only: Path):
    model = Registry.open(head_only / "models").find("third")
    model.check_measured()
    assert (model.folder / "comparison.json").exists()
    ours, theirs = (load_weights(head_only / "models" / name / WEIGHTS) for name in ("third", "active"))
    changed = {
        name
        for (name, one), other in zip(ours.state_dict().items(), theirs.state_dict().values(), strict=True)
        if not torch.equal(one, other)
    }
    assert "mottling_head.weight" in changed
    assert {name.split(".")[0] for name in changed} <= {
        "mottling_trunk",
        "mottling_head",
        "ordinal_slope",
        "ordinal_bias",
    }


def test_a_head_is_measured_on_patients_that_did_not_train_it_and_its_card_says_what_it_is(head_only: Path):
    home = head_only / "models" / "third"
    report = read_evaluation(home / "evaluation.json").sets[0]
    assert (report.photographs, report.left_out) == (4, 0)
    card = (home / "card.md").read_text("utf-8")
    assert "python -m training.tune_head --extra frozen --start-from-model active" in card
    assert f"trained on `frozen`, sha256 {data_hash(head_only / 'frozen')}" in card
    assert "It began from the weights of [active](../active/card.md)" in card


def test_a_whole_network_is_not_retrained_without_rendered_photographs(capsys: pytest.CaptureFixture[str]):
    assert main(["frozen", "--out", "run", "--name", "fourth"]) == 1
    assert "train the last layer alone with --head-only" in capsys.readouterr().out


def test_a_name_that_is_taken_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(folder)
    places = ["--set", "rendered", "--out", "run", "--models", "models", "--settings", "tiny.toml"]
    assert main(["frozen", *places, "--name", "second", "--workers", "1"]) == 1
    assert "There is a model 'second' already" in capsys.readouterr().out


def test_several_processes_are_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main(["frozen", "--set", "rendered", "--out", "run", "--name", "second"]) == 1
    assert "the rest of a retraining is for one" in capsys.readouterr().out
