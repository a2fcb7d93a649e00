"""A run is mirrored for TensorBoard from its log, and TensorBoard's own reader finds all of it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from mottling.errors import TrainingRefused
from tests.training.drawn_set import write_drawn_set
from training import train
from training.running.mirror import LOG, Mirror
from training.tracking import main

_SETTINGS = """
name = "tracked"
seed = 3
workers = 0
evaluate_every = 2
[[phases]]
steps = 2
size_px = 64
batch_size = 2
learning_rate = 1e-3
last_learning_rate = 1e-4
"""

_BEGUN = {
    "step": 0,
    "command": "python -m training.train a.toml",
    "package": "0.1.0",
    "commit": "abc",
    "processes": 2,
    "settings": {"name": "drawn", "seed": 3},
    "data": [["set", "f" * 64]],
}


def _logged(run: Path, *lines: dict[str, object]) -> Path:
    run.mkdir(exist_ok=True)
    (run / LOG).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return run


def _read(folder: Path) -> EventAccumulator:
    found = EventAccumulator(str(folder), size_guidance={"scalars": 0, "images": 0, "tensors": 0})
    found.Reload()
    return found


def _curve(folder: Path, tag: str) -> list[tuple[int, float]]:
    return [(one.step, round(one.value, 4)) for one in _read(folder).Scalars(tag)]


def _begun(folder: Path) -> str:
    (said,) = _read(folder).Tensors("begun/text_summary")
    text: str = said.tensor_proto.string_val[0].decode()
    return text


def test_a_finished_run_is_mirrored_with_its_curves(tmp_path: Path):
    run = _logged(
        tmp_path / "lite0",
        _BEGUN,
        {"step": 25, "total": 1.5, "rate": 0.001},
        {"step": 50, "watch": "shifted", "kappa": 0.25},
        {"step": 50, "total": 1.25, "rate": 0.0005},
    )
    assert main([str(run), "--into", str(tmp_path / "board")]) == 0
    assert _curve(tmp_path / "board" / "lite0", "training/total") == [(25, 1.5), (50, 1.25)]
    assert _curve(tmp_path / "board" / "lite0", "watch shifted/kappa") == [(50, 0.25)]


def test_the_mirror_names_command_commit_settings_and_the_hash_of_the_data(tmp_path: Path):
    run = _logged(tmp_path / "lite0", _BEGUN)
    assert main([str(run), "--into", str(tmp_path / "board")]) == 0
    said = _begun(tmp_path / "board" / "lite0")
    for part in ("python -m training.train a.toml", "commit abc, processes 2", '"seed": 3', "f" * 64):
        assert part in said


def test_a_run_that_began_again_loses_what_it_had_logged_past_that_step(tmp_path: Path):
    run = _logged(
        tmp_path / "lite0",
        _BEGUN,
        {"step": 25, "total": 4.0},
        {"step": 50, "total": 3.0},
        {**_BEGUN, "step": 25},
        {"step": 50, "total": 2.0},
    )
    with Mirror(run, into=tmp_path / "board"):
        pass
    assert _curve(tmp_path / "board" / "lite0", "training/total") == [(25, 4.0), (50, 2.0)]


def test_a_mirror_that_is_opened_again_is_written_anew_and_goes_on(tmp_path: Path):
    run = _logged(tmp_path / "lite0", _BEGUN, {"step": 25, "total": 4.0})
    for _ in range(2):
        with Mirror(run, into=tmp_path / "board") as mirror:
            mirror.tell({"step": 50, "total": 3.0})
    assert _curve(tmp_path / "board" / "lite0", "training/total") == [(25, 4.0), (50, 3.0)]


def test_a_picture_of_the_run_is_shown_and_one_that_is_gone_is_not(tmp_path: Path):
    run = _logged(
        tmp_path / "lite0",
        _BEGUN,
        {"step": 50, "picture": "seen/000050-shifted.png"},
        {"step": 75, "picture": "seen/000075-shifted.png"},
    )
    (run / "seen").mkdir()
    drawn = np.full((6, 9, 3), (200, 10, 30), np.uint8)
    Image.fromarray(drawn).save(run / "seen" / "000050-shifted.png")
    with Mirror(run, into=tmp_path / "board"):
        pass
    (shown,) = _read(tmp_path / "board" / "lite0").Images("seen/shifted")
    assert shown.step == 50
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(shown.encoded_image_string))), drawn)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(tmp_path), "--into", str(tmp_path / "board")]) == 1
    assert "holds no log.jsonl" in capsys.readouterr().out


def test_without_tensorboard_the_remedy_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(TrainingRefused, match=r"pip install '\.\[track\]'"):
        Mirror(_logged(tmp_path / "lite0", _BEGUN), into=tmp_path / "board")


def test_a_training_that_is_tracked_is_mirrored_while_it_runs(tmp_path: Path):
    settings, drawn = tmp_path / "tiny.toml", write_drawn_set(tmp_path / "set", views=2, height=64)
    settings.write_text(_SETTINGS, "utf-8")
    given = [str(settings), "--set", str(drawn), "--watch", str(drawn), "--out", str(tmp_path / "run")]
    assert train.main([*given, "--device", "cpu", "--track", str(tmp_path / "board")]) == 0
    mirrored = _read(tmp_path / "board" / "run")
    assert [one.step for one in mirrored.Scalars("watch set/kappa")] == [2]
    (picture,) = mirrored.Images("seen/set")
    assert picture.width > 100
    assert '"name": "tracked"' in _begun(tmp_path / "board" / "run")
    logged = [json.loads(line) for line in (tmp_path / "run" / LOG).read_text("utf-8").splitlines()]
    assert [name for name, _ in logged[0]["data"]] == ["set"]
