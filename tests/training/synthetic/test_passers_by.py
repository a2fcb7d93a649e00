"""People who are up: their pose, clothes and camera, and the truth that is read from them."""

import numpy as np
import pytest

from mottling.scale import Zone
from training.synthetic.body import shape_body
from training.synthetic.geometry import Geometry, Part
from training.synthetic.leg import is_private, locate
from training.synthetic.parameters import draw_scene
from training.synthetic.ranges import Ranges
from training.synthetic.scene import draw_geometry
from training.synthetic.scene_records import Scene

_SEEN = 10


def _scene(seed: int) -> Scene:
    return draw_scene(np.random.default_rng((12, seed)), Ranges.PASSERS_BY)


@pytest.fixture(scope="module")
def views() -> list[tuple[Scene, Geometry]]:
    return [(scene, draw_geometry(scene, long_side_px=128)) for scene in map(_scene, range(_SEEN))]


def test_nobody_lies_in_bed_and_no_sheet_is_seen(views: list[tuple[Scene, Geometry]]) -> None:
    assert all(scene.upright and scene.pose.standing for scene, _ in views)
    assert not any((view.part == Part.SHEET).any() for _, view in views)


def test_heads_are_up_in_the_picture() -> None:
    scene = _scene(1)
    level = scene.camera.model_copy(update={"roll_deg": 0.0, "elevation_deg": 5.0, "azimuth_deg": 30.0})
    view = draw_geometry(scene.model_copy(update={"camera": level}), long_side_px=160)
    rows, _ = np.nonzero(view.part == Part.SKIN)
    heights = view.position_mm[view.part == Part.SKIN][:, 1]
    assert np.corrcoef(rows, heights)[0, 1] < -0.9


def test_shorts_cover_what_is_private_and_leave_the_knees_bare(views: list[tuple[Scene, Geometry]]) -> None:
    for scene, view in views:
        skin = view.rest_mm[view.part == Part.SKIN].astype(float)
        body = shape_body(scene.body)
        assert not is_private(body, skin).any()
        assert skin.size == 0 or locate(body, skin).axial_mm.max() < scene.cloth.shorts_mm + 40
    with_zone = {int(zone) for _, view in views for zone in np.unique(view.zone)}
    assert {Zone.COIN, Zone.KNEE, Zone.LOWER_THIGH} <= with_zone


def test_poles_pass_before_the_legs_and_hide_some_of_them() -> None:
    scene = _scene(2)
    with_poles, without = (
        draw_geometry(
            scene.model_copy(update={"cloth": scene.cloth.model_copy(update={"bars": bars})}),
            long_side_px=160,
        )
        for bars in (4, 0)
    )
    poles = with_poles.part == Part.RAIL
    assert poles.any()
    assert (with_poles.depth_mm[poles] < without.depth_mm[poles]).all()


def test_a_bent_hip_brings_the_knee_forward() -> None:
    scene = _scene(3)
    knees = []
    for hip in (0.0, 80.0):
        pose = scene.pose.model_copy(update={"hip_flexion_deg": (hip, hip), "knee_flexion_deg": (hip, hip)})
        view = draw_geometry(scene.model_copy(update={"pose": pose}), long_side_px=128)
        knees.append(view.position_mm[(view.part == Part.SKIN) & (view.zone == Zone.COIN)])
    if any(len(knee) == 0 for knee in knees):
        pytest.fail("both knees should be in view: choose another seed")
    assert knees[1][:, 2].mean() > knees[0][:, 2].mean() + 200
