"""The scale: what zones in view come to, and what two legs come to."""

import pytest

from mottling.scale import LegReading, Status, Zone, read_leg, worse_leg

NOTHING = LegReading(Status.NOT_ASSESSABLE, None)


def scored(score):
    return LegReading(Status.SCORED, score)


def at_least(score):
    return LegReading(Status.AT_LEAST, score)


@pytest.mark.parametrize(
    ("mottled", "visible", "reading"),
    [
        ([], [1, 2, 3, 4, 5], scored(0)),
        ([1], [1, 2, 3], scored(1)),
        ([2], [2, 3], scored(2)),
        ([1, 2, 3], [1, 2, 3], at_least(3)),
        ([3], [1, 2, 3, 4], scored(3)),
        ([4], [2, 3, 4], at_least(4)),
        ([5], [5], scored(5)),
        ([2, 5], [1, 2, 3, 4, 5], scored(5)),
        ([], [2], scored(0)),
        ([], [1, 3, 4, 5], NOTHING),
        ([], [0], NOTHING),
        ([], [], NOTHING),
    ],
)
def test_a_leg_has_the_score_of_its_highest_mottled_zone_as_far_as_it_is_in_view(mottled, visible, reading):
    found = read_leg(mottled=map(Zone, mottled), visible=map(Zone, visible))
    assert found == reading
    assert type(found.score) in (int, type(None))


def test_a_zone_that_is_not_in_view_makes_no_score():
    assert read_leg(mottled=[Zone.UPPER_THIGH], visible=[Zone.KNEE, Zone.LOWER_THIGH]) == scored(0)


@pytest.mark.parametrize(
    ("legs", "patient"),
    [
        ([scored(1), scored(3)], scored(3)),
        ([scored(2), NOTHING], scored(2)),
        ([scored(3), at_least(2)], at_least(3)),
        ([at_least(2), at_least(4)], at_least(4)),
        ([scored(5), at_least(2)], scored(5)),
        ([NOTHING, NOTHING], NOTHING),
        ([], NOTHING),
    ],
)
def test_the_worse_leg_counts_and_one_that_could_be_worse_still_leaves_the_score_open(legs, patient):
    assert worse_leg(iter(legs)) == patient
