import numpy as np
import pytest

import training.synthetic.scene
from mottling.scale import Zone
from training.synthetic.body import shape_body
from training.synthetic.cloth import hem_height
from training.synthetic.geometry import Geometry, Part, load_geometry, save_geometry
from training.synthetic.leg import is_private, locate
from training.synthetic.parameters import draw_scene
from training.synthetic.ranges import Ranges
from training.synthetic.scene import draw_geometry
from training.synthetic.scene_records import NARROWEST_CUT, Scene


def _scene(seed: int) -> Scene:
    return draw_scene(np.random.default_rng(seed))


@pytest.fixture(scope="module")
def views() -> list[Geometry]:
    return [draw_geometry(_scene(seed), long_side_px=128) for seed in range(8)]


def test_only_skin_has_a_zone_and_all_skin_has_one(views):
    assert all(((g.zone > 0) == (g.part == Part.SKIN)).all() for g in views)


def test_a_seed_draws_the_same_view_again(views):
    again = draw_geometry(_scene(3), long_side_px=128)
    assert (again.part == views[3].part).all()
    assert np.array_equal(again.ambient, views[3].ambient)


def test_the_relief_of_a_knee_is_the_same_when_no_pixel_of_the_picture_is_left_out(views, monkeypatch):
    monkeypatch.setattr(training.synthetic.scene, "_around", lambda front: (slice(None), slice(None)))
    for seed in (1, 3):
        whole = draw_geometry(_scene(seed), long_side_px=128)
        assert np.array_equal(whole.normal, views[seed].normal)


def test_a_flat_knee_and_a_rough_one_differ_where_its_front_is_seen(views):
    scene = _scene(3)
    knee = scene.knee.model_copy(
        update={"dome": 0.0, "dimples": 0.0, "fold": 0.0, "creases": 0, "wrinkles_mm": 0}
    )
    flat = draw_geometry(scene.model_copy(update={"knee": knee}), long_side_px=128)
    rough = views[3]
    differs = (flat.normal != rough.normal).any(axis=2)
    front = (np.abs(rough.around_deg) < 100) & (np.abs(rough.axial_mm) < 130)
    assert differs.any()
    assert not (differs & ~(front & (rough.part == Part.SKIN))).any()


def test_private_skin_is_never_bare(views):
    for seed, view in enumerate(views):
        skin = view.rest_mm[view.part == Part.SKIN].astype(float)
        assert not is_private(shape_body(_scene(seed).body), skin).any()


def test_a_scene_comes_back_from_json():
    assert Scene.model_validate_json(_scene(5).model_dump_json()) == _scene(5)


def test_a_cloth_hangs_between_the_legs_of_a_lifted_gown():
    cloth = _scene(5).cloth.model_copy(update={"hem": 1.2, "flap": 0.8, "cover_second_leg": False})
    without = cloth.model_copy(update={"flap": 0.0})
    between, beside = np.array([0.0]), np.array([-250.0, 250.0])
    place = {"knee_y": -400.0, "hip_y": 0.0}
    assert (hem_height(cloth, between, **place) < hem_height(without, between, **place) - 350).all()
    assert hem_height(cloth, beside, **place) == pytest.approx(hem_height(without, beside, **place))


def test_a_flared_cloth_is_wider_at_the_hem_than_at_its_end():
    cloth = _scene(5).cloth.model_copy(update={"hem": 1.2, "flap": 0.8, "flare_mm": 90.0})
    straight = cloth.model_copy(update={"flare_mm": 0.0})
    across, place = np.arange(0.0, 200.0, 2.0), {"knee_y": -400.0, "hip_y": 0.0}
    ends = [hem_height(one, across, **place) for one in (cloth, straight)]
    assert ends[0][0] == pytest.approx(ends[1][0], abs=1.0)
    below = [int((end < end[-1] - 100).sum()) for end in ends]
    assert below[0] > below[1] + 15  # of 2 mm each


def test_underwear_covers_at_least_what_the_narrowest_does():
    body = shape_body(_scene(3).body)
    narrow, wide = (is_private(body, body.vertices, cut=cut) for cut in (NARROWEST_CUT, 0.75))
    assert (wide | ~narrow).all()
    assert wide.sum() > narrow.sum() > 0


def test_a_photograph_as_the_trial_asks_for_shows_both_knees_of_someone_who_lies():
    scenes = [draw_scene(np.random.default_rng((8, seed)), Ranges.WARD) for seed in range(6)]
    assert not any(scene.pose.standing for scene in scenes)
    views = [draw_geometry(scene, long_side_px=128) for scene in scenes]
    with_knee = [{leg for leg in (1, 2) if (view.zone[view.leg == leg] == Zone.COIN).any()} for view in views]
    assert sum(legs == {1, 2} for legs in with_knee) >= 5


def test_the_coin_lies_on_the_front_of_the_knee():
    body = shape_body(_scene(1).body)
    place = locate(body, body.vertices)
    coin = place.zone == Zone.COIN
    assert coin.any()
    assert (body.vertices[coin, 2] > body.joints[:, 1, 2].min()).all()


def test_zones_follow_each_other_up_the_leg():
    body = shape_body(_scene(2).body)
    place = locate(body, body.vertices)
    front = np.abs(place.around_deg) < 30
    heights = [place.axial_mm[front & (place.zone == z)].mean() for z in (2, 3, 4, 5)]
    assert heights == sorted(heights)


def test_the_middle_of_the_thigh_lies_lower_on_its_inside_as_the_fold_of_the_groin_does():
    body = shape_body(_scene(2).body)
    place = locate(body, body.vertices)
    edges = []
    for inside in (True, False):
        at = place.around_deg < -40 if inside else (place.around_deg > 40) & (place.around_deg < 80)
        upper = at & (np.abs(place.around_deg) < 100) & (place.zone == Zone.UPPER_THIGH)
        edges.append(float(place.axial_mm[upper].min()))
    assert 10 < edges[1] - edges[0] < 60


def test_buffers_come_back_from_a_file(views, tmp_path):
    save_geometry(tmp_path / "view.npz", views[0])
    kept = load_geometry(tmp_path / "view.npz")
    assert (kept.zone == views[0].zone).all()
    assert np.allclose(kept.normal, views[0].normal, atol=1e-3)
