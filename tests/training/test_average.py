"""Networks are averaged, and what BatchNorm remembers is taken anew; the run says from whom it came."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from mottling.errors import TrainingRefused
from tests.training.drawn_set import write_drawn_set
from training.average import average, main, read_parent, take_statistics
from training.network.mottling_network import MottlingNetwork
from training.network.onnx_file import Parity
from training.provenance import made_by
from training.running.checkpoint import WEIGHTS, load_averaged, load_checkpoint, save_checkpoint, save_weights
from training.running.config import Phase, RunSettings
from training.running.history import tell_history

_SETTINGS = """
name = "between"
seed = 3
workers = 0
[[phases]]
steps = 3
size_px = 64
batch_size = 2
learning_rate = 0.0
last_learning_rate = 0.0
"""


def _network(*, bias: float) -> MottlingNetwork:
    """One that looks around, and says `bias` where it says nothing else."""
    network = MottlingNetwork()
    nn.init.constant_(network.surroundings.widen.weight, 0.01)
    nn.init.constant_(network.mottling_head.bias, bias)
    return network.eval()


def _write_run(folder: Path, network: MottlingNetwork, *, name: str) -> Path:
    folder.mkdir()
    settings = RunSettings(name, 1, (Phase(1, 64, 2, 1e-3, 1e-4),))
    optimizer = torch.optim.AdamW(network.parameters())
    save_checkpoint(
        folder / "last.pt", network, averaged=network, optimizer=optimizer, step=1, settings=settings
    )
    line = {"step": 0, "command": f"python -m training.train {name}.toml", "commit": f"commit-of-{name}"}
    (folder / "log.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    return folder / "last.pt"


def test_each_network_counts_by_its_share():
    between = average([_network(bias=-2.0), _network(bias=1.0)], shares=[1.0, 2.0])
    assert between.mottling_head.bias.tolist() == pytest.approx([0.0])
    assert not between.training


@pytest.mark.parametrize("shares", [[1.0], [1.0, 0.0], [1.0, float("nan")]])
def test_a_share_that_is_none_is_refused(shares: list[float]):
    with pytest.raises(TrainingRefused, match="2 networks were given the shares"):
        average([_network(bias=0.0), _network(bias=1.0)], shares=shares)


def test_statistics_are_those_of_the_pictures_behind_the_encoder_alone():
    network = _network(bias=0.0)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    seen: list[torch.Tensor] = []
    network.lateral[3][0].register_forward_hook(lambda _module, _given, out: seen.append(out))
    generator = torch.Generator().manual_seed(1)
    take_statistics(network, [torch.randn(2, 3, 64, 64, generator=generator) for _ in range(3)])
    means = torch.stack([batch.mean(dim=(0, 2, 3)) for batch in seen])  # (3, 64)
    torch.testing.assert_close(network.lateral[3][1].running_mean, means.mean(dim=0))
    changed = {name for name, value in network.state_dict().items() if not value.equal(before[name])}
    assert changed
    assert all("running" in name or "tracked" in name for name in changed)
    assert not any(name.startswith("encoder.") for name in changed)
    assert network.lateral[3][1].momentum == 0.1


def test_a_network_from_before_they_looked_around_is_refused(tmp_path: Path):
    model = tmp_path / "old"
    model.mkdir()
    save_weights(model / WEIGHTS, MottlingNetwork())
    with pytest.raises(TrainingRefused, match="old does not look around yet"):
        read_parent(model / WEIGHTS)


def test_the_average_is_a_run_that_says_from_whom_it_came(tmp_path: Path):
    settings = tmp_path / "between.toml"
    settings.write_text(_SETTINGS, "utf-8")
    drawn = tmp_path / "set"
    write_drawn_set(drawn, views=2, height=64)
    parents = [
        _write_run(tmp_path / name, _network(bias=bias), name=name)
        for name, bias in (("one", -2.0), ("two", 0.0))
    ]
    given = [str(settings), *map(str, parents), "--set", str(drawn), "--out", str(tmp_path / "run")]
    assert main(given) == 0
    assert load_averaged(tmp_path / "run" / "last.pt").mottling_head.bias.tolist() == pytest.approx([-1.0])
    state = load_checkpoint(tmp_path / "run" / "last.pt")
    parity = Parity(0.0, "zones", (1, 64, 64))
    told = tell_history(state, tmp_path / "run" / "log.jsonl", parity=parity, exported_by=made_by())
    assert told.averaged == ("one", "two")
    assert told.commands[:2] == ("python -m training.train one.toml", "python -m training.train two.toml")
    assert told.commands[2].startswith("python -m training.average between.toml last.pt last.pt --set set")
    assert told.commits[:2] == ("commit-of-one", "commit-of-two")


def test_a_folder_that_holds_a_run_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    settings = tmp_path / "between.toml"
    settings.write_text(_SETTINGS, "utf-8")
    run = _write_run(tmp_path / "run", _network(bias=0.5), name="one")
    before = run.read_bytes()
    assert main([str(settings), str(run), "--set", str(tmp_path), "--out", str(run.parent)]) == 1
    assert "holds a run already" in capsys.readouterr().out
    assert run.read_bytes() == before
