"""A run begins, goes on, follows its weights, and refuses what is not its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from tests.training.drawn_set import write_drawn_set
from training import train
from training.network.mottling_network import MottlingNetwork
from training.running.checkpoint import WEIGHTS, load_averaged, load_checkpoint, round_weights, save_weights
from training.running.config import Phase
from training.running.run import Run, save
from training.train import _learning_rate, main

_SETTINGS = """
name = "{name}"
seed = 3
workers = 0
evaluate_every = 2
[[phases]]
steps = {steps}
size_px = 64
batch_size = 2
learning_rate = 1e-3
last_learning_rate = 1e-4
"""


def _run(
    folder: Path,
    *,
    steps: int,
    name: str = "tiny",
    out: str = "run",
    more: tuple[str, ...] = (),
    settings: tuple[str, ...] = (),
) -> int:
    written = folder / "tiny.toml"
    lines = (*settings, _SETTINGS.format(name=name, steps=steps))
    written.write_text("\n".join(lines), "utf-8")
    drawn = folder / "set"
    if not drawn.exists():
        write_drawn_set(drawn, views=2, height=64)
    given = [str(written), "--set", str(drawn), "--out", str(folder / out), "--device", "cpu", *more]
    return main(given)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run of two steps that was then given two more."""
    folder = tmp_path_factory.mktemp("trained")
    assert _run(folder, steps=2) == 0
    first = load_checkpoint(folder / "run" / "last.pt")
    assert _run(folder, steps=4, more=("--watch", str(folder / "set"))) == 0
    assert first.step == 2
    return folder


def test_a_run_goes_on_where_it_ended(trained: Path):
    assert load_checkpoint(trained / "run" / "last.pt").step == 4


def test_a_run_that_was_cut_off_ends_bit_for_bit_as_one_that_was_not(
    trained: Path, monkeypatch: pytest.MonkeyPatch
):
    def save_and_die(run: Run) -> None:
        save(run)
        if run.step == 2:
            raise KeyboardInterrupt

    once = ("mixture.reuse = 1",)
    assert _run(trained, steps=4, out="whole", settings=once) == 0
    monkeypatch.setattr(train, "_SAVE_EVERY", 1)
    with monkeypatch.context() as dying:
        dying.setattr(train, "save", save_and_die)
        with pytest.raises(KeyboardInterrupt):
            _run(trained, steps=4, out="cut", settings=once)
    assert load_checkpoint(trained / "cut" / "last.pt").step == 2
    assert _run(trained, steps=4, out="cut", settings=once) == 0
    ours, theirs = (load_checkpoint(trained / out / "last.pt") for out in ("cut", "whole"))
    assert ours.step == theirs.step == 4
    for part in ("network", "averaged"):
        pairs = zip(getattr(ours, part).values(), getattr(theirs, part).values(), strict=True)
        assert all(torch.equal(one, other) for one, other in pairs)


def test_figures_of_watched_sets_are_logged(trained: Path):
    lines = (trained / "run" / "log.jsonl").read_text("utf-8").splitlines()
    logged = [json.loads(line) for line in lines]
    watched = [line for line in logged if "watch" in line]
    assert [(line["step"], line["watch"]) for line in watched] == [(4, "set")]
    assert 0 <= watched[0]["zone_iou"] <= 1


def test_the_log_says_which_command_trained_without_saying_where(trained: Path):
    text = (trained / "run" / "log.jsonl").read_text("utf-8")
    assert json.loads(text.splitlines()[0])["command"].startswith(
        "python -m training.train tiny.toml --set set"
    )
    assert str(trained) not in text


def test_the_average_follows_the_weights(trained: Path):
    state = load_checkpoint(trained / "run" / "last.pt")
    name = "zone_head.weight"
    assert not torch.equal(state.averaged[name], state.network[name])
    assert torch.allclose(state.averaged[name], state.network[name], atol=0.05)


def test_a_run_of_another_name_is_not_continued(trained: Path, capsys: pytest.CaptureFixture[str]):
    assert _run(trained, steps=4, name="other") == 1
    assert "holds the run 'tiny', not 'other'" in capsys.readouterr().out


def test_a_new_run_can_begin_with_the_weights_of_another(trained: Path):
    first = str(trained / "run" / "last.pt")
    assert _run(trained, steps=0, name="second", out="second", more=("--start-from", first)) == 0
    ours, theirs = (load_averaged(trained / run / "last.pt").state_dict() for run in ("second", "run"))
    assert torch.equal(ours["zone_head.weight"], theirs["zone_head.weight"])
    assert not torch.equal(ours["zone_head.weight"], MottlingNetwork().state_dict()["zone_head.weight"])


def test_a_new_run_can_begin_with_the_weights_kept_beside_a_model(trained: Path):
    home = trained / "models" / "first"
    home.mkdir(parents=True)
    kept = round_weights(load_averaged(trained / "run" / "last.pt"))
    save_weights(home / WEIGHTS, kept)
    more = ("--start-from-model", "first", "--models", str(trained / "models"))
    assert _run(trained, steps=0, name="third", out="third", more=more) == 0
    ours = load_averaged(trained / "third" / "last.pt").state_dict()
    assert torch.equal(ours["zone_head.weight"], kept.state_dict()["zone_head.weight"])


def test_a_model_that_is_not_there_is_named(trained: Path, capsys: pytest.CaptureFixture[str]):
    assert _run(trained, steps=1, name="fourth", out="fourth", more=("--start-from-model", "none")) == 1
    assert "none/weights.pt holds no weights" in capsys.readouterr().out


def test_the_rate_rises_at_the_start_and_falls_to_its_last_value():
    phase = Phase(1000, 64, 2, 1e-3, 1e-5)
    assert _learning_rate(phase, 0, begins=0) < 1e-5
    assert _learning_rate(phase, 250, begins=0) == pytest.approx(8.55e-4, rel=0.01)
    assert _learning_rate(phase, 1999, begins=1000) == pytest.approx(1e-5, rel=0.01)


def test_a_folder_without_photographs_ends_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "set").mkdir()
    assert _run(tmp_path, steps=1) == 1
    assert "holds no rendered photograph" in capsys.readouterr().out
