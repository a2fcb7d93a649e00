"""Two processes find the gradients of one over the joined batch, and leave one run behind."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from mottling.errors import TrainingRefused
from tests.training.drawn_set import write_drawn_set
from tests.training.teammates import (
    CPU,
    Learnt,
    drawn_network,
    free_port,
    joined_batch,
    learn,
    learn_in,
    places,
    start_second,
)
from training.running.checkpoint import Checkpoint, load_checkpoint
from training.running.config import read_run_settings
from training.running.distributed import ALONE, Team, own_device, teamed
from training.running.mixing import mixed
from training.running.run import open_run
from training.train import train

_SETTINGS = """
name = "together"
seed = 3
workers = 0
evaluate_every = 2
average_steps = 2
[[phases]]
steps = 2
size_px = 64
batch_size = 3
learning_rate = 1e-3
last_learning_rate = 1e-4
"""

# Sums of floats taken in another order: of the largest gradient of the same tensor, and of the whole network,
# for a tensor whose gradients cancel out. One process with the same pictures in another order is as far off.
_TOLERANCE = 1e-4
_TOLERANCE_OF_ALL = 5e-6


@dataclass(frozen=True)
class _Together:
    """What two processes left."""

    learnt: Learnt
    """By the first."""
    folder: Path
    """Of what the second wrote, and of their run."""
    last: Checkpoint


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> _Together:
    folder, port = tmp_path_factory.mktemp("together"), free_port()
    settings, rendered, out = folder / "run.toml", folder / "set", folder / "run"
    settings.write_text(_SETTINGS, "utf-8")
    write_drawn_set(rendered, views=2, height=64)
    out.mkdir()
    given = (folder / "learnt.pt", settings, rendered, out, folder / "average.pt")
    second = start_second(port, *(str(path) for path in given))
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in places(0, port).items():
                patch.setenv(name, value)
            learnt = _be_first(settings, rendered, out)
        assert second.wait(timeout=60) == 0
    finally:
        second.kill()
        second.wait()
    return _Together(learnt, folder, load_checkpoint(out / "last.pt"))


def _be_first(settings: Path, rendered: Path, out: Path) -> Learnt:
    with teamed(os.environ, device=CPU) as team:
        learnt = learn_in(team)
        read = read_run_settings(settings)
        torch.manual_seed(read.seed)
        run = open_run(read, out, device=CPU, team=team)
        sources = mixed(read.mixture, rendered=[rendered], real=None, adjudicated=[])
        train(run, sources, watch=[rendered])
    return learnt


@pytest.fixture(scope="module")
def alone() -> Learnt:
    """What one process learns from the pictures of both."""
    network = drawn_network()
    return learn(network, network, joined_batch(), joined=ALONE.joined)


def test_two_processes_find_the_gradients_of_one_over_the_joined_batch(together: _Together, alone: Learnt):
    assert together.learnt.gradients.keys() == alone.gradients.keys()
    largest = max(float(gradient.abs().max()) for gradient in alone.gradients.values())
    for name, expected in alone.gradients.items():
        off = float((together.learnt.gradients[name] - expected).abs().max())
        assert off <= _TOLERANCE * float(expected.abs().max()) + _TOLERANCE_OF_ALL * largest, name


def test_both_processes_hold_the_same_gradients_to_the_last_bit(together: _Together):
    theirs = torch.load(together.folder / "learnt.pt", weights_only=True)
    assert all(torch.equal(one, theirs[name]) for name, one in together.learnt.gradients.items())


def test_the_norms_remember_the_pictures_of_both(together: _Together, alone: Learnt):
    for name, expected in alone.kept.items():
        assert torch.allclose(together.learnt.kept[name], expected, rtol=1e-4, atol=1e-5), name


def test_after_a_run_both_hold_the_same_averaged_weights(together: _Together):
    theirs = torch.load(together.folder / "average.pt", weights_only=True)
    assert theirs.keys() == together.last.averaged.keys()
    assert all(torch.equal(one, theirs[name]) for name, one in together.last.averaged.items())


def test_only_the_first_process_logs_and_saves(together: _Together):
    assert together.last.step == 2
    lines = (together.folder / "run" / "log.jsonl").read_text("utf-8").splitlines()
    logged = [json.loads(line) for line in lines]
    assert [(line.get("watch"), line.get("picture")) for line in logged] == [
        ("set", None),
        (None, "seen/000002-set.jpg"),
    ]


def test_what_they_saved_goes_on_in_one_process(together: _Together):
    settings = read_run_settings(together.folder / "run.toml")
    run = open_run(settings, together.folder / "run", device=CPU)
    assert run.step == 2
    assert all(
        torch.equal(one, run.network.state_dict()[name]) for name, one in together.last.network.items()
    )


def test_a_batch_is_shared_to_the_last_picture():
    assert [Team(rank, 3).share(8) for rank in range(3)] == [3, 3, 2]


def test_more_processes_than_pictures_are_refused():
    with pytest.raises(TrainingRefused, match="A batch of 2 cannot be shared by 3 processes"):
        Team(0, 3).share(2)


def test_a_process_that_nobody_started_beside_others_is_alone():
    with teamed({}, device=CPU) as team:
        assert team == ALONE
    with teamed({**places(0, 1), "WORLD_SIZE": "1"}, device=CPU) as team:
        assert team == ALONE


def test_more_processes_than_gpus_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert own_device("cuda", places(0, 1)) == torch.device("cuda", 0)
    with pytest.raises(TrainingRefused, match="This machine has 1 GPUs"):
        own_device("cuda", places(1, 1))
