"""How a photograph was taken is read off it and its truth."""

from __future__ import annotations

import numpy as np
import pytest

from mottling.scale import LegReading, Status
from training.measuring.conditions import Light, View, light_of, view_of
from training.measuring.truths import TrueMaps

_SCORED = LegReading(Status.SCORED, 2)


def _maps(*, first: int, second: int) -> TrueMaps:
    """Columns of a picture of 100 x 100 that each leg takes."""
    legs = np.zeros((100, 100), np.uint8)
    legs[:, :first] = 1
    legs[:, 100 - second :] = 2
    nothing = np.zeros((100, 100), np.uint8)
    return TrueMaps(nothing, nothing, legs)


@pytest.mark.parametrize(
    ("first", "second", "view"),
    [(30, 30, View.BOTH), (30, 0, View.ONE), (0, 30, View.ONE), (0, 0, View.UNKNOWN)],
)
def test_legs_in_view_are_counted(first: int, second: int, view: View):
    assert view_of(_SCORED, _maps(first=first, second=second)) is view


def test_a_sliver_of_a_leg_is_none():
    maps = _maps(first=30, second=1)
    maps.legs[50:, -1] = 0  # half a hundredth is left
    assert view_of(_SCORED, maps) is View.ONE


def test_a_lower_bound_is_cut_however_many_legs_there_are():
    assert view_of(LegReading(Status.AT_LEAST, 2), _maps(first=30, second=30)) is View.CUT


def test_without_maps_nobody_knows():
    assert view_of(_SCORED, None) is View.UNKNOWN


@pytest.mark.parametrize(("grey", "light"), [(60, Light.DIM), (130, Light.PLAIN), (200, Light.BRIGHT)])
def test_light_is_that_of_most_of_the_photograph(grey: int, light: Light):
    photo = np.full((20, 20, 3), grey, np.uint8)
    photo[:5] = 255  # a lamp in view
    assert light_of(photo) is light
