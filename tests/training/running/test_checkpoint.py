"""A run on disk is whole or not there, and gives its averaged weights back."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from mottling.errors import TrainingRefused
from training.network.mottling_network import MottlingNetwork
from training.running.checkpoint import (
    WEIGHTS,
    load_averaged,
    load_checkpoint,
    load_weights,
    round_weights,
    save_checkpoint,
    save_weights,
)
from training.running.config import Phase, RunSettings

_SETTINGS = RunSettings("tiny", 1, (Phase(1, 64, 2, 1e-3, 1e-4),))


def _save(path: Path, averaged: nn.Module, *, step: int = 3) -> None:
    network = MottlingNetwork()
    optimizer = torch.optim.AdamW(network.parameters())
    save_checkpoint(path, network, averaged=averaged, optimizer=optimizer, step=step, settings=_SETTINGS)


def test_a_run_comes_back_as_it_was_saved(tmp_path: Path):
    averaged = MottlingNetwork()
    _save(tmp_path / "last.pt", averaged)
    state = load_checkpoint(tmp_path / "last.pt")
    assert state.step == 3
    assert state.settings["name"] == "tiny"
    assert [path.name for path in tmp_path.iterdir()] == ["last.pt"]


def test_the_averaged_weights_are_those_that_look(tmp_path: Path):
    averaged = MottlingNetwork()
    nn.init.constant_(averaged.mottling_head.bias, 0.25)
    _save(tmp_path / "last.pt", averaged)
    looked = load_averaged(tmp_path / "last.pt")
    assert looked.mottling_head.bias.tolist() == [0.25]
    assert not looked.training


def test_a_file_of_something_else_is_refused(tmp_path: Path):
    path = tmp_path / "last.pt"
    path.write_bytes(b"not a checkpoint")
    with pytest.raises(TrainingRefused, match="is no checkpoint of a training run"):
        load_checkpoint(path)


def test_a_checkpoint_that_was_cut_off_is_refused(tmp_path: Path):
    path = tmp_path / "last.pt"
    _save(path, MottlingNetwork())
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(TrainingRefused, match="is no checkpoint of a training run"):
        load_checkpoint(path)


def test_rounded_weights_come_back_to_the_last_bit_in_half_the_space(tmp_path: Path):
    rounded = round_weights(MottlingNetwork())
    save_weights(tmp_path / "weights.pt", rounded)
    again = load_weights(tmp_path / "weights.pt")
    for name, value in rounded.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name
    assert (tmp_path / "weights.pt").stat().st_size < 7.5e6


def test_rounding_changes_the_filters_little_and_the_norms_not_at_all():
    network = MottlingNetwork()
    rounded = round_weights(network)
    assert torch.equal(rounded.merge[0][2].weight, network.merge[0][2].weight)
    ours, theirs = rounded.zone_head.weight.detach(), network.zone_head.weight.detach()
    assert 0 < float((ours - theirs).abs().max()) < 1e-3 * float(theirs.abs().max())


def test_weights_of_another_network_are_refused(tmp_path: Path):
    torch.save({"a": torch.zeros(1)}, tmp_path / "weights.pt")
    with pytest.raises(TrainingRefused, match="holds no weights of this network"):
        load_weights(tmp_path / "weights.pt")


def test_a_network_from_before_it_looked_around_answers_as_it_did_and_can_go_on(tmp_path: Path):
    torch.manual_seed(3)
    network = MottlingNetwork().eval()
    older = {name: value for name, value in network.state_dict().items() if "surroundings" not in name}
    torch.save(older, tmp_path / WEIGHTS)
    photo = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        for ours, theirs in zip(load_weights(tmp_path / WEIGHTS)(photo), network(photo), strict=True):
            assert torch.equal(ours, theirs)


def test_weights_that_lack_a_part_of_what_looks_around_are_refused(tmp_path: Path):
    weights = MottlingNetwork().state_dict()
    del weights["surroundings.widen.weight"]
    torch.save(weights, tmp_path / WEIGHTS)
    with pytest.raises(TrainingRefused, match="no weights of this network"):
        load_weights(tmp_path / WEIGHTS)
