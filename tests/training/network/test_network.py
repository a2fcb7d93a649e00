"""The network and its encoder: shapes, and a score that is read off the two maps."""

from __future__ import annotations

import pytest
import torch

from mottling.errors import TrainingRefused
from mottling.imaging.contract import EMBEDDING_SIZE
from mottling.scale import MAX_SCORE, Zone
from training.network.encoder import CHANNELS, Features, Lite0
from training.network.mottling_network import MottlingNetwork, _embedding


@pytest.fixture(scope="module")
def network() -> MottlingNetwork:
    torch.manual_seed(0)
    return MottlingNetwork().eval()


@torch.inference_mode()
def test_maps_come_at_a_quarter_of_the_photographs_side(network: MottlingNetwork):
    said = network(torch.zeros(2, 3, 64, 96))
    assert said.zones.shape == (2, 6, 16, 24)
    assert said.mottling.shape == (2, 1, 16, 24)
    assert said.ordinal.shape == (2, MAX_SCORE)
    assert said.readable.shape == (2, 1)
    assert said.embedding.shape == (2, EMBEDDING_SIZE)


def _zones_and_mottling(zone: Zone, *, pixels: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits of a leg whose upper half is `zone`, with that many sure pixels of mottling in it."""
    zones = torch.full((1, 6, 32, 32), -10.0)
    zones[0, Zone.KNEE, 16:] = 10.0
    zones[0, zone, :16] = 20.0
    mottling = torch.full((1, 1, 32, 32), -8.0)
    mottling.view(-1)[:pixels] = 8.0
    return zones, mottling


def test_the_score_is_read_off_the_highest_mottled_zone(network: MottlingNetwork):
    ordinal = network._ordinal(*_zones_and_mottling(Zone.LOWER_THIGH, pixels=60))[0]
    assert (ordinal > 0).tolist() == [True, True, True, False, False]


def test_without_mottling_no_score_is_likely(network: MottlingNetwork):
    ordinal = network._ordinal(*_zones_and_mottling(Zone.LOWER_THIGH, pixels=0))[0]
    assert (ordinal < 0).all()


def test_mottling_beside_the_leg_makes_no_score(network: MottlingNetwork):
    ordinal = network._ordinal(*_zones_and_mottling(Zone.NOT_SKIN, pixels=60))[0]
    assert (ordinal < 0).all()


def test_the_embedding_is_the_average_of_what_is_seen_on_the_legs_alone():
    zones = torch.full((1, 6, 8, 8), 0.0)
    zones[:, Zone.KNEE, :, :4] = 40.0
    zones[:, Zone.NOT_SKIN, :, 4:] = 40.0
    fine, coarse = torch.zeros(1, 24, 8, 8), torch.zeros(1, 40, 4, 4)
    fine[..., :4], fine[..., 4:] = 3.0, 100.0
    coarse[..., :2], coarse[..., 2:] = 5.0, 100.0
    seen = _embedding(Features(fine, coarse, coarse, coarse), zones)[0]
    assert seen.tolist() == pytest.approx([3.0] * 24 + [5.0] * 40)


@torch.inference_mode()
def test_without_a_leg_the_embedding_stays_finite():
    zones = torch.zeros(1, 6, 8, 8)
    zones[:, Zone.NOT_SKIN] = 200.0
    fine = Features(torch.ones(1, 24, 8, 8), *(torch.ones(1, 40, 4, 4) for _ in range(3)))
    assert _embedding(fine, zones).abs().max() < 1e-6


def test_nothing_is_learnt_from_the_embedding(network: MottlingNetwork):
    assert not network(torch.rand(1, 3, 64, 64)).embedding.requires_grad


def test_a_score_without_maps_teaches_the_maps(network: MottlingNetwork):
    said = network(torch.rand(1, 3, 64, 64))
    said.ordinal[0, 2].backward()
    assert network.mottling_head.weight.grad is not None
    assert float(network.mottling_head.weight.grad.abs().sum()) > 0


def test_the_encoder_gives_features_at_four_strides():
    features = Lite0().eval()(torch.zeros(1, 3, 64, 128))
    found = [(f.shape[1], 64 // f.shape[2], 128 // f.shape[3]) for f in features]
    assert found == [
        (channels, stride, stride) for channels, stride in zip(CHANNELS, (4, 8, 16, 32), strict=True)
    ]


def test_the_weights_of_imagenet_fit_the_encoder():
    encoder = Lite0()
    before = encoder._conv_stem.weight.detach().clone()
    encoder.load_imagenet()
    assert not torch.equal(before, encoder._conv_stem.weight)


def test_other_weights_are_refused_with_what_is_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch, "load", lambda *_, **__: {"_conv_stem.weight": torch.zeros(32, 3, 3, 3)})
    with pytest.raises(TrainingRefused, match=r"lacks \d+ tensors, first _bn0"):
        Lite0().load_imagenet()


def test_frozen_blocks_stay_as_they_are_and_the_others_learn():
    encoder = Lite0()
    encoder.freeze(3)
    encoder(torch.randn(1, 3, 64, 64)).at_32.sum().backward()
    learns = {name for name, parameter in encoder.named_parameters() if parameter.grad is not None}
    frozen = ("_conv_stem.", "_bn0.", "_blocks.0.", "_blocks.1.", "_blocks.2.")
    assert not any(name.startswith(frozen) for name in learns)
    assert {name.split(".")[1] for name in learns} == {str(block) for block in range(3, 16)}


def test_kept_statistics_that_are_trained_with_filter_as_the_exported_ones_do():
    torch.manual_seed(1)
    encoder = Lite0()
    for norm in (m for m in encoder.modules() if isinstance(m, torch.nn.BatchNorm2d)):
        norm.running_mean.normal_(0, 0.1)
        norm.running_var.uniform_(0.5, 2)
    photo = torch.rand(2, 3, 64, 64)
    apart = [feature.detach() for feature in encoder.eval()(photo)]
    encoder.train()
    for norm in (m for m in encoder.modules() if isinstance(m, torch.nn.BatchNorm2d)):
        norm.eval()
    together = encoder(photo)
    for one, other in zip(together, apart, strict=True):
        assert torch.allclose(one, other, atol=1e-4 * float(other.abs().max()))
    together.at_32.sum().backward()
    learnt = encoder._blocks[-1]
    assert all(float(p.grad.abs().sum()) > 0 for p in (learnt._project_conv.weight, learnt._bn2.weight))
