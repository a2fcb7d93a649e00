"""Rendered legs painted anew: what the maps say is what was painted."""

import numpy as np
import pytest

from mottling.scale import Zone
from training.painting.painter import Nets, close_to_patch
from training.samples import Sample
from training.sources.repainted import repaint
from training.sources.stream import score_in_view
from training.synthetic.records import PatternFamily
from training.tones import Tone

_NETS = Nets((PatternFamily.CLOUDS,), count=2, side_mm=120)


def a_leg() -> Sample:
    """A leg of 130 mm width, upright: thigh above, coin in the middle of the knee."""
    zones = np.zeros((220, 120), np.uint8)
    zones[10:70, 20:100] = Zone.LOWER_THIGH
    zones[70:210, 20:100] = Zone.KNEE
    rows, columns = np.ogrid[:220, :120]
    zones[(rows - 95) ** 2 + (columns - 60) ** 2 < 9**2] = Zone.COIN
    photo = np.full((220, 120, 3), (196, 156, 132), np.uint8)
    return Sample(photo, zones, np.zeros_like(zones))


@pytest.mark.parametrize("seed", range(8))
def test_the_twin_is_the_clean_photograph_and_paint_stays_on_skin(seed):
    clean = a_leg()
    painted = repaint(clean, Tone.LIGHT, _NETS, np.random.default_rng(seed))
    assert painted.twin is clean.photo
    changed = (painted.photo != clean.photo).any(axis=2)
    assert not changed[clean.zones == Zone.NOT_SKIN].any()
    assert (painted.mottling[clean.zones == Zone.NOT_SKIN] != 1).all()


def test_scores_of_every_zone_in_view_are_painted():
    rng = np.random.default_rng(3)
    scores = {score_in_view(repaint(a_leg(), Tone.LIGHT, _NETS, rng)).at_least for _ in range(40)}
    assert {1, 2, 3} <= scores


def test_a_leg_too_small_for_a_net_stays_clean():
    clean = a_leg()
    small = Sample(clean.photo[::12, ::12], clean.zones[::12, ::12], clean.mottling[::12, ::12])
    assert repaint(small, Tone.DARK, _NETS, np.random.default_rng(0)) is small


def test_a_coin_is_painted_as_one_patch():
    rng = np.random.default_rng(5)
    net = np.zeros((60, 60), np.float32)
    net[::8] = 0.9
    where = np.zeros(net.shape, bool)
    where[20:40, 20:40] = True
    closed = close_to_patch(net, where, mm_per_px=2.0, rng=rng)
    assert closed[where].min() >= 0.55
    assert np.array_equal(closed[~where], net[~where])
