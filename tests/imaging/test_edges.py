"""Mottling that only just reaches its zone is told from mottling that lies in it."""

import numpy as np
import pytest

from mottling.imaging.edges import NEAR_CELLS, only_just_reaches

ZONES = np.repeat(np.array([4, 3, 2], np.uint8), 20)[:, None].repeat(12, axis=1)  # from the hip down
LOWER_THIGH_FROM, KNEE_FROM = 20, 40


def a_patch(first_row, rows):
    mottled = np.zeros(ZONES.shape, bool)
    mottled[first_row : first_row + rows, 3:9] = True
    return mottled


def test_a_patch_at_the_border_only_just_reaches():
    assert only_just_reaches(ZONES, a_patch(KNEE_FROM - NEAR_CELLS, 10), score=3)


@pytest.mark.parametrize("first_row", [KNEE_FROM - NEAR_CELLS - 1, LOWER_THIGH_FROM + 5])
def test_a_patch_that_goes_further_or_lies_within_does_not(first_row):
    assert not only_just_reaches(ZONES, a_patch(first_row, 5), score=3)


def test_a_leg_that_shows_no_zone_below_has_no_such_edge():
    assert not only_just_reaches(np.full_like(ZONES, 3), a_patch(KNEE_FROM - 2, 5), score=3)


def test_a_speck_tells_nothing():
    speck = np.zeros(ZONES.shape, bool)
    speck[KNEE_FROM - 1, 5] = True
    assert not only_just_reaches(ZONES, speck, score=3)
