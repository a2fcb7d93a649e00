"""The mottling head learns by itself from what the rest of the network shows, from borders or from scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from mottling.imaging.contract import ScoringRules
from mottling.imaging.segmentation import Segmentation
from mottling.registry import Registry
from mottling.scale import LegReading, Status
from tests.training.drawn_cells import draw_cells
from training.last_layer.head import Head, HeadSettings, fit_head, learn_head, seen_by
from training.last_layer.head_cells import Cells, see_cells
from training.measuring.truths import TruePhoto
from training.network.mottling_network import MottlingNetwork
from training.rules.fitting import patient_score
from training.rules.observing import observe
from training.running.checkpoint import WEIGHTS, load_weights

_RULES = ScoringRules()
_EXAMPLE = Path(__file__).parents[3] / "docs" / "example.jpg"


@pytest.fixture
def network() -> MottlingNetwork:
    torch.manual_seed(5)
    return MottlingNetwork().eval()


def _drawn(count: int, *, seed: int, drawn: bool = True) -> list[Cells]:
    rng = np.random.default_rng(seed)
    return [draw_cells(number % 6, rng=rng, drawn=drawn) for number in range(count)]


def _exact(head: Head, cells: list[Cells], rules: ScoringRules) -> float:
    said = [patient_score(seen_by(head, one, rules=rules), rules=rules).reading.score for one in cells]
    return float(np.mean([score == one.truth.score for score, one in zip(said, cells, strict=True)]))


def test_it_sees_what_the_runtime_sees():
    model = Registry.open().active()
    runtime, weights = Segmentation(model.load(), name=model.name), load_weights(model.folder / WEIGHTS)
    truth = TruePhoto(_EXAMPLE, LegReading(Status.SCORED, 0), "")
    cells = see_cells(truth, runtime, weights)
    ours = seen_by(Head(weights), cells, rules=runtime.contract.scoring)
    theirs = observe(truth, runtime, set_name="")
    assert len(ours.legs) == len(theirs.legs) > 0
    for leg, other in zip(ours.legs, theirs.legs, strict=True):
        assert [one.skin_px for one in leg.zones] == [one.skin_px for one in other.zones]
        assert [one.evidence for one in leg.zones] == pytest.approx(
            [one.evidence for one in other.zones], abs=0.02
        )
    assert not cells.mottled.any()


@pytest.mark.parametrize("drawn", [2.0, 0.0])
def test_forty_patients_teach_it_with_borders_and_without(network: MottlingNetwork, *, drawn: float):
    settings = HeadSettings(drawn=drawn, least_steps=200, rate=1e-2, held=0.0)
    read, others = _drawn(42, seed=1, drawn=bool(drawn)), _drawn(30, seed=2)
    start = Head(network)
    head, rules = learn_head(start, read, rules=_RULES, settings=settings, seed=1)
    assert _exact(start, others, _RULES) < 0.4
    assert _exact(head, others, rules) > 0.8


def test_the_head_in_use_is_left_as_it_was_and_the_same_seed_teaches_the_same(network: MottlingNetwork):
    start, read = Head(network), _drawn(12, seed=1)
    before = [value.clone() for value in start.state_dict().values()]
    one, other = (
        fit_head(start, read, HeadSettings(least_steps=5), rng=np.random.default_rng(3)) for _ in range(2)
    )
    assert all(map(torch.equal, before, start.state_dict().values()))
    assert all(map(torch.equal, one.state_dict().values(), other.state_dict().values()))
    assert not torch.equal(one.mix.weight, start.mix.weight)


def test_what_holds_it_keeps_it_near(network: MottlingNetwork):
    start, read = Head(network), _drawn(12, seed=1)

    def way(held: float) -> float:
        head = fit_head(start, read, HeadSettings(held=held), rng=np.random.default_rng(3))
        return float((head.mix.weight - start.mix.weight.detach()).square().sum())

    assert way(1000.0) < 0.1 * way(0.0)


def test_photographs_without_a_leg_or_a_score_teach_nothing(network: MottlingNetwork):
    start = Head(network)
    empty = Cells(
        np.zeros((0, 64), np.float16),
        *(np.zeros(0, np.uint8) for _ in range(3)),
        LegReading(Status.SCORED, 3),
        0.9,
        "",
    )
    head = fit_head(start, [empty], HeadSettings(), rng=np.random.default_rng(1))
    assert all(map(torch.equal, head.state_dict().values(), start.state_dict().values()))


def test_a_network_that_was_given_the_head_says_what_the_head_says(network: MottlingNetwork):
    head = fit_head(Head(network), _drawn(12, seed=1), HeadSettings(), rng=np.random.default_rng(1))
    head.put_into(network)
    filtered = torch.from_numpy(_drawn(1, seed=4)[0].filtered).float()
    _, mix, norm, lift = network.mottling_trunk.children()
    with torch.inference_mode():
        theirs = network.mottling_head(lift(norm(mix(filtered.T[None, :, :, None]))))[0, 0, :, 0]
        assert torch.allclose(head(filtered), theirs, atol=1e-4)
    assert torch.equal(network.ordinal_slope, head.ordinal_slope)
