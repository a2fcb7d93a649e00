"""Rendered nets with less of their mottling: what is gone is clean, what is too faint is nobody's to say."""

import numpy as np
import pytest

from mottling.scale import Zone
from training.samples import UNKNOWN, Sample
from training.sources.stream import score_in_view
from training.sources.thinned import ThinnedSource, thin


def a_mottled_leg() -> Sample:
    """A leg of 130 mm width, mottled with plain stripes on knee and thigh."""
    zones = np.zeros((220, 120), np.uint8)
    zones[10:70, 20:100] = Zone.LOWER_THIGH
    zones[70:210, 20:100] = Zone.KNEE
    rows, columns = np.ogrid[:220, :120]
    zones[(rows - 95) ** 2 + (columns - 60) ** 2 < 9**2] = Zone.COIN
    clean = np.full((220, 120, 3), (196, 156, 132), np.uint8)
    photo = clean.copy()
    stripes = np.zeros(zones.shape, bool)
    stripes[::6] = stripes[1::6] = True
    photo[stripes & (zones > 0)] = (140, 90, 100)
    mottling = (zones > 0).astype(np.uint8)
    return Sample(photo, zones, mottling, twin=clean)


@pytest.mark.parametrize("seed", range(12))
def test_every_pixel_lies_between_the_photograph_and_its_clean_twin_or_a_little_beyond(seed):
    whole = a_mottled_leg()
    thinned = thin(whole, np.random.default_rng(seed))
    assert thinned.twin is whole.twin
    change = whole.photo.astype(int) - whole.twin
    ours = thinned.photo.astype(int) - whole.twin
    assert (np.abs(ours) <= 1.2 * np.abs(change) + 1).all()
    assert (ours * change >= 0).all()


@pytest.mark.parametrize("seed", range(12))
def test_where_nothing_is_left_the_truth_is_clean_and_nothing_new_is_called_mottled(seed):
    whole = a_mottled_leg()
    thinned = thin(whole, np.random.default_rng(seed))
    assert (whole.mottling[thinned.mottling == 1] == 1).all()
    untouched = (thinned.photo == whole.twin).all(axis=2)
    lines = (whole.photo != whole.twin).any(axis=2)
    assert (thinned.mottling[untouched & lines] != 1).all()


def test_lower_scores_come_out_of_a_high_one():
    rng = np.random.default_rng(1)
    scores = {score_in_view(thin(a_mottled_leg(), rng)).at_least for _ in range(40)}
    assert {1, 2, 3} <= scores


def test_what_has_become_too_faint_to_see_is_not_asked_for():
    whole = a_mottled_leg()
    faint = (
        (whole.twin.astype(float) + 0.12 * (whole.photo.astype(float) - whole.twin)).round().astype(np.uint8)
    )
    labels = thin(
        Sample(faint, whole.zones, whole.mottling, twin=whole.twin), np.random.default_rng(0)
    ).mottling
    assert not (labels == 1).any()
    assert (labels == UNKNOWN).any()


def test_without_a_twin_or_on_a_leg_too_small_it_stays_as_it_is():
    whole = a_mottled_leg()
    alone = Sample(whole.photo, whole.zones, whole.mottling)
    small = Sample(
        whole.photo[::12, ::12], whole.zones[::12, ::12], whole.mottling[::12, ::12], whole.twin[::12, ::12]
    )
    rng = np.random.default_rng(0)
    assert thin(alone, rng) is alone
    assert thin(small, rng) is small


def test_some_photographs_are_drawn_whole():
    class OneLeg:
        def draw(self, rng: np.random.Generator) -> Sample:
            return whole

    whole = a_mottled_leg()
    source = ThinnedSource(OneLeg())
    rng = np.random.default_rng(2)
    drawn = [source.draw(rng) for _ in range(30)]
    assert any(one is whole for one in drawn)
    assert any(one is not whole for one in drawn)
