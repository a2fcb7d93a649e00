"""Tubes, rails and hands: the record decides, they hide the leg, and none of them has a zone."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from training.synthetic.appearance import draw_appearance
from training.synthetic.arm_skin import paint_arm
from training.synthetic.arms import Bend, bend_arm
from training.synthetic.body import shape_body
from training.synthetic.cloth import drape_gown
from training.synthetic.geometry import Geometry, Part, load_geometry, save_geometry
from training.synthetic.hands import Lying, lay_hands
from training.synthetic.noise import Noise
from training.synthetic.parameters import draw_scene
from training.synthetic.pose import pose_body
from training.synthetic.rails import raise_rails
from training.synthetic.ranges import Ranges
from training.synthetic.rays import RayScene
from training.synthetic.relief import Relief, feel
from training.synthetic.scene import draw_geometry
from training.synthetic.scene_records import Framing, Scene
from training.synthetic.skin import Optics, bake_skin
from training.synthetic.tubes import lay_tubes

_FLOOR_MM = -60.0
_STRETCHED = Bend(
    person=1, left=False, curl_deg=(0,) * 5, spread_deg=(0,) * 5, wrist_deg=0, lift_deg=0, elbow_deg=0
)


def _scene(**things: bool) -> Scene:
    """Someone who lies under a short gown, seen from above."""
    drawn = draw_scene(np.random.default_rng(1))
    cloth = {"seed": 5, "hem": 0.8, "cover_second_leg": False, "tube": False, "rail": False, "hand": False}
    camera = {
        "framing": Framing.FULL,
        "azimuth_deg": 0.0,
        "elevation_deg": 75.0,
        "distance_mm": 2500.0,
        "field_deg": 60.0,
        "roll_deg": 0.0,
        "portrait": False,
        "target": 0.4,
    }
    return drawn.model_copy(
        update={
            "pose": drawn.pose.model_copy(update={"standing": False}),
            "cloth": drawn.cloth.model_copy(update=cloth | things),
            "camera": drawn.camera.model_copy(update=camera),
        }
    )


@pytest.fixture(scope="module")
def bare() -> Geometry:
    return draw_geometry(_scene(), long_side_px=128)


@pytest.fixture(scope="module")
def full() -> Geometry:
    return draw_geometry(_scene(tube=True, rail=True, hand=True), long_side_px=128)


@pytest.fixture(scope="module")
def body_on_bed() -> tuple[np.ndarray, np.ndarray, Relief]:
    scene = _scene()
    body = shape_body(scene.body)
    points, joints = pose_body(body, scene.pose)
    return points, joints, feel(RayScene(points, body.faces), _FLOOR_MM)


def _things(geometry: Geometry) -> np.ndarray:
    return np.isin(geometry.part, [Part.TUBE, Part.RAIL, Part.HAND, Part.STAFF_HAND])


def test_nothing_lies_there_that_the_record_does_not_name(bare):
    assert not _things(bare).any()


def test_what_the_record_names_lies_there(full):
    assert (full.part == Part.TUBE).any()
    assert (full.part == Part.RAIL).any()
    assert ((full.part == Part.HAND) | (full.part == Part.STAFF_HAND)).sum() > 40


def test_where_they_lie_there_is_no_zone_and_no_leg_any_more(bare, full):
    hidden = _things(full) & (bare.zone > 0)
    assert hidden.any()
    assert not full.zone[_things(full)].any()
    assert not full.leg[_things(full)].any()
    assert not full.rest_mm[_things(full)].any()


def test_the_leg_beside_them_stays_as_it_was(bare, full):
    both = (bare.zone > 0) & (full.zone > 0)
    assert np.array_equal(bare.zone[both], full.zone[both])


def test_a_record_draws_the_same_things_again_and_a_file_keeps_them(full, tmp_path):
    again = draw_geometry(_scene(tube=True, rail=True, hand=True), long_side_px=128)
    save_geometry(tmp_path / "view.npz", again)
    kept = load_geometry(tmp_path / "view.npz")
    assert np.array_equal(kept.part, full.part)
    assert np.array_equal(again.surface_mm, full.surface_mm)


@pytest.mark.parametrize("seed", range(6))
def test_tubes_touch_what_they_lie_on_and_do_not_sink_into_it(body_on_bed, seed):
    _, joints, relief = body_on_bed
    for mesh in lay_tubes(seed, relief, joints):
        on_bed = np.abs(mesh.vertices[:, 0]) < 450
        above = mesh.vertices[on_bed, 2] - relief.at(mesh.vertices[on_bed, 0], mesh.vertices[on_bed, 1])
        assert np.median(above) < 25
        assert np.mean(above < -8) < 0.1


@pytest.mark.parametrize("seed", range(6))
def test_rails_stand_outside_the_mattress_and_never_before_the_lens(seed):
    camera = np.array([530.0, -300.0, 100.0])
    meshes = raise_rails(seed, _FLOOR_MM, camera)
    assert all((np.abs(mesh.vertices[:, 0]) > 480).all() for mesh in meshes)
    assert all(np.linalg.norm(mesh.vertices - camera, axis=1).min() > 250 for mesh in meshes)


@pytest.mark.parametrize("seed", range(8))
def test_hands_rest_on_what_is_there(body_on_bed, seed):
    _, joints, relief = body_on_bed
    on = Lying(relief, joints, np.array([0.0, -900.0, 1500.0]), 1, standing=False, far=False)
    for mesh in lay_hands(seed, on):
        hand = mesh.vertices[mesh.surface_mm[:, 0] < -30]
        above = hand[:, 2] - relief.at(hand[:, 0], hand[:, 1])
        assert np.quantile(above, 0.1) < 30
        assert np.median(above) > 0


def test_nobody_helps_where_one_would_be_seen_beside_the_bed(body_on_bed):
    _, joints, relief = body_on_bed
    on = Lying(relief, joints, np.array([0.0, -900.0, 3000.0]), 1, standing=False, far=True)
    drawn = {mesh.part for seed in range(12) for mesh in lay_hands(seed, on)}
    assert drawn == {Part.HAND}


def test_a_left_arm_is_the_mirror_image_of_a_right_one():
    right, left = bend_arm(_STRETCHED), bend_arm(replace(_STRETCHED, left=True))
    assert np.allclose(left.vertices, right.vertices * [1, -1, 1])


def test_curled_fingers_bend_towards_the_palm():
    curled = bend_arm(replace(_STRETCHED, curl_deg=(0, 25, 25, 25, 25)))
    tips = bend_arm(_STRETCHED).up_the_arm_mm < -140
    assert curled.vertices[tips, 2].mean() < bend_arm(_STRETCHED).vertices[tips, 2].mean() - 20


def test_a_gown_spans_the_gap_between_the_legs(body_on_bed):
    points, joints, relief = body_on_bed
    knee_y, hip_y = joints[:, 1, 1].mean(), joints[:, 0, 1].mean()
    gown = drape_gown(_scene().cloth, relief, points, knee_y=knee_y, hip_y=hip_y)
    middle = np.abs(gown.x - joints[:, 0, 0].mean()) < 40
    assert gown.height[2:12, middle].min() > _FLOOR_MM + 0.25 * (relief.height_mm.max() - _FLOOR_MM)


def test_a_glove_covers_the_hand_and_leaves_the_forearm_bare():
    appearance = draw_appearance(np.random.default_rng(1), Ranges.TRAINING)
    look = appearance.staff_hand.model_copy(update={"glove_mm": 30.0, "sleeve_mm": None, "band": False})
    glove = appearance.cloths[Part.HAND.name].model_copy(update={"colour": (0.1, 0.2, 0.6)})
    way = torch.tensor([[-100.0, 0.0], [-20.0, 5.0], [80.0, 0.0], [200.0, 5.0]])
    table = bake_skin(Optics(), device=way.device)
    colour, _ = paint_arm(way, look, glove, table=table, noise=Noise(1, device=way.device))
    assert (colour[:2, 2] > colour[:2, 0]).all()
    assert (colour[2:, 0] > colour[2:, 2]).all()
