"""Nets to paint with: many families, and mixed ones of which none comes twice."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from training.painting.painter import Nets
from training.synthetic.records import TRAINED_FAMILIES, PatternFamily


def _lay(nets: Nets, seed: int) -> tuple[NDArray[np.float32], float]:
    return nets.lay(np.random.default_rng(seed), (90, 70), mm_per_px=1.2)


@pytest.mark.parametrize("family", list(PatternFamily))
def test_every_family_marks_some_skin_and_leaves_some(family: PatternFamily):
    nets = Nets((family,), count=3, side_mm=90)
    amounts = np.stack([_lay(nets, seed)[0] for seed in range(6)])
    assert np.isfinite(amounts).all()
    assert 0.03 < (amounts > 0.5).mean() < 0.9
    assert (amounts < 0.2).mean() > 0.05


def test_what_models_are_measured_on_is_never_painted_with():
    assert PatternFamily.WAVES not in TRAINED_FAMILIES


def test_mixed_nets_rise_from_nothing_to_all_and_do_not_come_twice():
    nets = Nets((PatternFamily.CELLS, PatternFamily.SPOTS), count=2, side_mm=90, mixed=True)
    laid = [_lay(nets, seed) for seed in range(12)]
    for amount, cell_px in laid:
        assert amount.shape == (90, 70)
        assert amount.dtype == np.float32
        assert amount.max() <= 1.0
        assert amount.min() >= -0.5
        assert cell_px > 1
    assert len({float(amount.sum()) for amount, _ in laid}) == len(laid)


def test_the_same_draw_lays_the_same_net():
    nets = Nets((PatternFamily.THREADS,), count=2, side_mm=90, mixed=True)
    np.testing.assert_array_equal(_lay(nets, 5)[0], _lay(nets, 5)[0])
