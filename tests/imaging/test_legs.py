"""Legs and knees in zone maps that are drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mottling.imaging.contract import ScoringRules
from mottling.imaging.legs import find_legs, most_likely_zones
from mottling.imaging.ranks import percentile
from mottling.imaging.regions import connected, flood, smooth
from mottling.scale import Zone
from tests.tiny_model import leg_zones

RULES = ScoringRules()


def probabilities(zones, sure=0.9):
    rest = (1 - sure) / 5
    return np.stack([np.where(zones == zone, sure, rest) for zone in Zone]).astype(np.float32)


def two_legs(**changes):
    return leg_zones(128, 96, **changes)


def test_two_legs_are_told_apart_with_their_knees_from_left_to_right():
    left, right = find_legs(probabilities(two_legs()), rules=RULES)
    assert left.knee == pytest.approx((26, 90), abs=1)
    assert right.knee == pytest.approx((70, 90), abs=1)
    assert not (left.mask & right.mask).any()
    assert (left.mask | right.mask).sum() == (two_legs() > 0).sum()


def test_one_leg_is_one():
    (leg,) = find_legs(probabilities(two_legs(legs=1)), rules=RULES)
    assert (leg.zones == two_legs(legs=1)).all()


def test_legs_that_touch_are_cut_half_way_between_their_knees():
    zones = two_legs()
    zones[:60, 20:76] = Zone.BEYOND_GROIN
    left, right = find_legs(probabilities(zones), rules=RULES)
    assert left.mask[30, 30]
    assert right.mask[30, 66]
    assert left.mask.sum() == pytest.approx(right.mask.sum(), rel=0.05)


def test_a_knee_is_found_where_the_coin_is_nowhere_the_likeliest_zone():
    zones = two_legs(legs=1)
    sure = probabilities(np.where(zones == Zone.COIN, Zone.KNEE, zones).astype(np.uint8))
    coin = zones == Zone.COIN
    sure[Zone.COIN][coin], sure[Zone.KNEE][coin] = 0.4, 0.5
    assert not (most_likely_zones(sure) == Zone.COIN).any()
    (leg,) = find_legs(sure, rules=RULES)
    assert leg.knee == pytest.approx((48, 90), abs=1)


def test_a_leg_without_its_knee_has_none():
    zones = np.where(two_legs(legs=1) >= Zone.LOWER_THIGH, two_legs(legs=1), 0).astype(np.uint8)
    (leg,) = find_legs(probabilities(zones), rules=RULES)
    assert leg.knee is None


def test_the_other_leg_counts_though_its_knee_is_covered():
    zones = two_legs()
    zones[74:, 48:] = Zone.NOT_SKIN
    left, right = find_legs(probabilities(zones), rules=RULES)
    assert left.knee is not None
    assert right.knee is None


def test_a_leg_cut_by_a_sheet_stays_one():
    zones = two_legs(legs=1)
    zones[72:78] = Zone.NOT_SKIN
    (leg,) = find_legs(probabilities(zones), rules=RULES)
    assert Zone.UPPER_THIGH in leg.zones
    assert Zone.COIN in leg.zones


def test_specks_are_no_legs():
    zones = np.zeros((128, 96), np.uint8)
    zones[10:14, 10:14] = Zone.KNEE
    assert find_legs(probabilities(zones), rules=RULES) == ()


def test_what_is_no_skin_has_no_zone_even_if_each_zone_is_less_likely():
    cell = np.array([0.45, 0.05, 0.2, 0.2, 0.05, 0.05], np.float32).reshape(6, 1, 1)
    assert most_likely_zones(cell)[0, 0] == Zone.KNEE
    cell = np.array([0.55, 0.05, 0.2, 0.1, 0.05, 0.05], np.float32).reshape(6, 1, 1)
    assert most_likely_zones(cell)[0, 0] == Zone.NOT_SKIN


def test_parts_that_touch_only_at_a_corner_do_not_hang_together():
    mask = np.array([[1, 1, 0, 0], [0, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1]], bool)
    parts = connected(mask, min_cells=1)
    assert [int(part.sum()) for part in parts] == [4, 3, 1]


def test_a_part_shaped_like_a_u_is_one():
    mask = np.array([[1, 0, 1, 0, 1], [1, 0, 1, 0, 1], [1, 1, 1, 1, 1]], bool)
    assert len(connected(mask, min_cells=1)) == 1


def test_flooding_stays_within_the_mask_and_reaches_the_nearest():
    within = np.array([[1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0]], bool)
    seeds = np.zeros(within.shape, np.int16)
    seeds[0, 0], seeds[0, 5] = 1, 2
    assert flood(seeds, within=within).tolist() == [[1, 1, 1, 2, 2, 2], [0] * 6, [0] * 6]


def test_smoothing_keeps_the_whole_and_the_place():
    values = np.zeros((21, 21), np.float32)
    values[10, 7] = 1.0
    calm = smooth(values, sigma=1.2)
    assert float(calm.sum()) == pytest.approx(1, abs=0.01)
    assert np.unravel_index(int(calm.argmax()), calm.shape) == (10, 7)


@given(values=st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=40), percent=st.floats(0, 100))
def test_a_percentile_is_numpys(values, percent):
    array = np.array(values, np.float32)
    assert percentile(array, percent) == pytest.approx(float(np.percentile(array, percent)), abs=1e-3)


def test_a_knee_whose_coin_is_not_seen_is_placed_where_the_thigh_begins():
    zones = two_legs(legs=1)
    edge = np.nonzero(zones == Zone.LOWER_THIGH)[0].max()
    without_coin = np.where(zones == Zone.COIN, Zone.KNEE, zones).astype(np.uint8)
    (leg,) = find_legs(probabilities(without_coin), rules=RULES)
    assert leg.knee == pytest.approx((48, edge + 1.5), abs=1)


def test_a_shin_alone_has_no_knee():
    zones = two_legs(legs=1)
    shin = np.where(zones == Zone.KNEE, zones, 0).astype(np.uint8)
    (leg,) = find_legs(probabilities(shin), rules=RULES)
    assert leg.knee is None
