"""How a model was trained is gathered from what the run left behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mottling.errors import TrainingRefused
from mottling.imaging.contract import MadeBy
from training.network.onnx_file import Parity
from training.provenance import command_line, made_by
from training.running.checkpoint import Checkpoint
from training.running.history import HISTORY, History, read_history, tell_history

_PHASE = {"steps": 40, "size_px": 64, "batch_size": 2, "learning_rate": 1e-3, "last_learning_rate": 1e-4}
_STATE = Checkpoint(40, {}, {}, {}, {"name": "tiny", "seed": 3, "phases": [_PHASE]})
_PARITY = Parity(2e-6, "zones", (1, 384, 384))


def _told(log: Path) -> History:
    return tell_history(_STATE, log, parity=_PARITY, exported_by=MadeBy(package="0.1.0", commit="abc"))


def test_commands_speed_and_the_last_look_come_from_the_log(tmp_path: Path):
    lines = [
        {"step": 0, "command": "python -m training.train tiny.toml", "commit": "abc", "package": "0.1.0"},
        {"step": 20, "photos_per_s": 8.0, "total": 1.0},
        {"step": 20, "watch": "shifted", "kappa": 0.2},
        {"step": 20, "command": "python -m training.train tiny.toml", "commit": "abc", "package": "0.1.0"},
        {"step": 40, "photos_per_s": 12.0, "total": 1.0},
        {"step": 40, "photos_per_s": 10.0, "total": 1.0},
        {"step": 40, "watch": "shifted", "kappa": 0.6},
    ]
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    told = _told(tmp_path / "log.jsonl")
    assert told.commands == ("python -m training.train tiny.toml",)
    assert told.photos_per_s == 10.0
    assert [(one.set_name, one.step, one.figures) for one in told.watched] == [
        ("shifted", 40, {"kappa": 0.6})
    ]


def test_what_it_was_trained_on_is_named_with_its_hash_and_a_set_that_changed_with_both(tmp_path: Path):
    begun = {"step": 0, "data": [["train", "1" * 64], ["frozen", "2" * 64]]}
    gone_on = {"step": 20, "data": [["train", "1" * 64], ["frozen", "3" * 64]]}
    (tmp_path / "log.jsonl").write_text(f"{json.dumps(begun)}\n{json.dumps(gone_on)}\n", "utf-8")
    told = [(one.name, one.sha256[0]) for one in _told(tmp_path / "log.jsonl").data]
    assert told == [("train", "1"), ("frozen", "2"), ("frozen", "3")]


def test_a_run_without_a_log_still_has_its_settings(tmp_path: Path):
    told = _told(tmp_path / "log.jsonl")
    assert (told.run, told.seed, told.steps, told.phases[0].size_px) == ("tiny", 3, 40, 64)
    assert told.photos_per_s is None


def test_it_comes_back_as_it_was_written(tmp_path: Path):
    told = _told(tmp_path / "log.jsonl")
    (tmp_path / HISTORY).write_text(told.model_dump_json(), "utf-8")
    assert read_history(tmp_path) == told
    assert read_history(tmp_path / "elsewhere") is None


def test_a_file_that_is_not_understood_is_refused(tmp_path: Path):
    (tmp_path / HISTORY).write_text('{"format": 9}', "utf-8")
    with pytest.raises(TrainingRefused, match="is not understood"):
        read_history(tmp_path)


def test_a_log_that_was_cut_off_is_refused(tmp_path: Path):
    (tmp_path / "log.jsonl").write_text('{"step": 1', "utf-8")
    with pytest.raises(TrainingRefused, match="is no log of a training"):
        _told(tmp_path / "log.jsonl")


def test_commands_name_folders_and_not_where_they_lie(tmp_path: Path):
    told = command_line("training.train", ["a.toml", "--set", str(tmp_path / "my set"), "--out", "runs/a"])
    assert told == "python -m training.train a.toml --set 'my set' --out runs/a"


def test_what_was_made_names_the_version():
    assert made_by().package
    assert made_by().commit
