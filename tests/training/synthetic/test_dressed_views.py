"""Rendered views, dressed: what must hold of every photograph, in both ranges."""

from dataclasses import fields

import numpy as np
import pytest

from mottling.scale import SCORES, Status, Zone, read_leg, worse_leg
from training.synthetic.appearance import draw_appearance
from training.synthetic.body import shape_body
from training.synthetic.dress import Dressed, dress
from training.synthetic.geometry import Geometry, Part
from training.synthetic.labels import LEAST_SHARE, zones_in_view
from training.synthetic.leg import is_private
from training.synthetic.parameters import draw_scene
from training.synthetic.ranges import Ranges
from training.synthetic.scene import draw_geometry
from training.synthetic.scene_records import Scene

_MAY_BE_INFINITE = {"depth_mm", "light_position_mm"}


class _Case:
    def __init__(self, seed: int, ranges: Ranges) -> None:
        self.seed, self.ranges = seed, ranges
        self.scene: Scene = draw_scene(np.random.default_rng((3, seed)), ranges)
        self.geometry: Geometry = draw_geometry(self.scene, long_side_px=128)
        self.dressed = self.dress()

    def dress(self) -> Dressed:
        rng = np.random.default_rng((3, self.seed, 1))
        return dress(self.geometry, draw_appearance(rng, self.ranges), rng=rng)


@pytest.fixture(scope="module")
def cases() -> list[_Case]:
    return [_Case(seed, ranges) for ranges in Ranges for seed in range(7)]


def test_no_buffer_holds_what_is_no_number(cases):
    for case in cases:
        for field in fields(case.geometry):
            values = np.asarray(getattr(case.geometry, field.name), float)
            if field.name not in _MAY_BE_INFINITE:
                assert np.isfinite(values).all(), field.name
    assert all((case.geometry.depth_mm > 0).all() for case in cases)


def test_every_photograph_shows_something(cases):
    assert all(case.dressed.photo.std() > 8 for case in cases)
    assert all(np.isfinite(case.dressed.visible_difference).all() for case in cases)


def test_a_leg_is_numbered_exactly_where_skin_is_seen(cases):
    assert all(((c.geometry.leg > 0) == (c.geometry.part == Part.SKIN)).all() for c in cases)


def test_private_skin_is_covered_in_every_range(cases):
    for case in cases:
        skin = case.geometry.rest_mm[case.geometry.part == Part.SKIN].astype(float)
        assert not is_private(shape_body(case.scene.body), skin).any()


def test_labels_lie_on_skin_and_the_two_kinds_do_not_overlap(cases):
    for case in cases:
        skin = case.geometry.part == Part.SKIN
        assert not (case.dressed.mottling == 1)[~skin].any()
        assert not case.dressed.ignore[~skin].any()
        assert not ((case.dressed.mottling == 1) & case.dressed.ignore).any()


def test_the_score_in_view_is_what_the_maps_show(cases):
    for case in cases:
        reading = case.dressed.reading
        if not case.dressed.ignore.any():
            assert reading == _read(case)
        elif reading.status is Status.SCORED:
            assert reading.score == _read(case).score


def _read(case: _Case):
    legs = []
    for leg in (1, 2):
        zones = case.dressed.zones[case.geometry.leg == leg]
        mottled = case.dressed.mottling[case.geometry.leg == leg] == 1
        visible = zones_in_view(np.bincount(zones.ravel(), minlength=len(Zone)))
        shares = {zone: mottled[zones == zone].mean() for zone in visible}
        if (zones > 0).any():
            legs.append(read_leg(mottled=[z for z in visible if shares[z] >= LEAST_SHARE], visible=visible))
    return worse_leg(legs)


def test_the_same_seeds_give_the_same_photograph(cases):
    again = cases[0].dress()
    assert np.array_equal(again.photo, cases[0].dressed.photo)
    assert np.array_equal(again.mottling, cases[0].dressed.mottling)
    assert again.reading == cases[0].dressed.reading


def test_a_picture_is_cut_from_the_same_view_at_any_size():
    scene = draw_scene(np.random.default_rng((3, 2)))
    small, large = (draw_geometry(scene, long_side_px=side) for side in (96, 192))
    assert (large.zone[1::2, 1::2] == small.zone).mean() > 0.97


def test_among_drawn_scores_every_one_is_there():
    rng = np.random.default_rng(4)
    drawn = {max(leg.score for leg in draw_appearance(rng, Ranges.TRAINING).legs) for _ in range(80)}
    assert drawn == set(SCORES)
