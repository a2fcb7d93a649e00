"""Photographs of another engine have the truth that ours have, and are read the same way."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from mottling.scale import Zone
from training.measuring.truths import read_truths
from training.path_traced.__main__ import main
from training.path_traced.bed import make_bed
from training.path_traced.draws import draw_look, draw_view
from training.path_traced.engine import Stage
from training.path_traced.figure import stand_figure
from training.path_traced.handset import meter, shoot
from training.path_traced.mottling import mottle_legs
from training.path_traced.records import LegSpread, Process, Spread
from training.path_traced.seen import Seen, look_at, uncovered
from training.path_traced.sight import aim
from training.sources.rendered import find_rendered, read_rendered
from training.tones import Tone

_MISSING = [name for name in ("mitsuba", "pyoidn") if importlib.util.find_spec(name) is None]
_with_engine = pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}")


def _stage(number: int, *, long_side_px: int = 160) -> tuple[Stage, Seen]:
    view = draw_view(np.random.default_rng((1, number)))
    figure = stand_figure(view)
    sight = aim(view, figure, long_side_px=long_side_px)
    stage = Stage(view, figure, uncovered(view.bedding, figure), make_bed(view, figure), sight)
    return stage, look_at(figure, stage.faces, stage.things, sight)


@pytest.fixture(scope="module")
def stage() -> tuple[Stage, Seen]:
    return _stage(0)


def test_a_point_is_seen_where_its_ray_goes_through_the_picture(stage):
    sight = stage[0].sight
    rays = sight.rays()
    for row, column in ((0, 0), (40, 90), (rays.shape[0] - 1, 7)):
        point = sight.origin + 900 * rays[row, column]
        left, top = sight.place(point[None])[0]
        assert (left * sight.width_px, top * sight.height_px) == pytest.approx((column + 0.5, row + 0.5))


def test_the_zones_of_a_leg_follow_each_other_from_shin_to_groin(stage):
    seen = stage[1]
    middle = [np.median(seen.axial_mm[seen.zone == zone]) for zone in (Zone.KNEE, Zone.LOWER_THIGH)]
    assert middle[0] < 24 < middle[1]
    assert set(np.unique(seen.zone[~seen.skin])) == {Zone.NOT_SKIN}
    assert not (seen.briefs & seen.skin).any()


@pytest.mark.parametrize("process", list(Process))
@pytest.mark.parametrize("score", [1, 2, 3])
def test_mottling_reaches_the_zone_of_its_score_and_no_higher(stage, process, score):
    seen = stage[1]
    spread = Spread.COIN if score == 1 else Spread.FROM_KNEE
    leg = LegSpread(score=score, spread=spread, reach=0.7, low_mm=-150, side_deg=0)
    clean = LegSpread(score=0, spread=Spread.NONE, reach=0.7, low_mm=-150, side_deg=0)
    mottle = draw_look(np.random.default_rng(3)).mottle.model_copy(update={"process": process})
    mottled = mottle_legs(seen, mottle, (leg, clean))
    dusky = mottled.amount > 0.3
    reached = set(np.unique(seen.zone[dusky]).tolist())
    assert max(reached) == score
    assert score > 1 or reached == {Zone.COIN}
    assert set(np.unique(seen.leg[dusky])) == {1}


def test_a_view_is_drawn_without_a_look_at_the_score():
    # The look has a seed of its own: whatever it draws, the view stays.
    views = [draw_view(np.random.default_rng((4, 2))) for _ in range(2)]
    looks = [draw_look(np.random.default_rng((4, 2, k))) for k in range(40)]
    assert views[0] == views[1]
    assert len({max(leg.score for leg in look.legs) for look in looks}) > 3
    assert "score" not in views[0].model_dump_json()


def test_without_mottling_the_same_person_is_healthy():
    look = draw_look(np.random.default_rng(2))
    healthy = look.without_mottling()
    assert {leg.score for leg in healthy.legs} == {0}
    assert (healthy.skin, healthy.phone) == (look.skin, look.phone)


def test_the_phone_exposes_by_the_picture_without_mottling_and_gives_a_twin_the_same_noise():
    phone = draw_look(np.random.default_rng(5)).phone
    light = np.full((40, 30, 3), 0.4, np.float32)
    first, second = (shoot(light, meter(light, phone), phone, seed=9) for _ in range(2))
    assert np.array_equal(first, second)
    assert 60 < first.mean() < 200


def test_who_lacks_the_engine_is_told_what_to_install(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "mitsuba", None)
    assert main([str(tmp_path / "out"), "--views", "1"]) == 1
    assert "path-traced" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("traced") / "photos"
    assert main([str(made), "--views", "2", "--long-side-px", "96", "--samples", "2", "--workers", "2"]) == 0
    return made


@_with_engine
def test_traced_photographs_are_read_as_rendered_ones_are(folder):
    truths = read_truths(folder)
    assert len(truths) == 2
    for truth, files in zip(truths, find_rendered(folder), strict=True):
        sample = read_rendered(files, with_twin=True)
        assert sample.zones.shape == sample.mottling.shape == sample.photo.shape[:2]
        assert truth.tone is not Tone.UNKNOWN
        assert json.loads(files.record.read_text())["engine"] == "mitsuba"


@_with_engine
def test_a_traced_photograph_differs_from_its_twin_where_it_is_mottled(folder):
    for files in find_rendered(folder):
        sample = read_rendered(files, with_twin=True)
        if sample.twin is None:
            continue
        difference = np.abs(sample.photo.astype(int) - sample.twin.astype(int)).sum(2)
        assert difference[sample.mottling == 1].mean() > 3 * difference[sample.zones == 0].mean()


@_with_engine
def test_canvases_are_clean_and_the_same_legs_as_those_that_measure(folder, tmp_path):
    small = ["--views", "2", "--long-side-px", "96", "--samples", "2", "--workers", "1"]
    assert main([str(tmp_path), *small, "--clean"]) == 0
    measuring = find_rendered(folder)
    for canvas, mottled in zip(find_rendered(tmp_path), measuring, strict=True):
        assert not (read_rendered(canvas, with_twin=False).mottling == 1).any()
        told, other = (json.loads(files.record.read_text()) for files in (canvas, mottled))
        assert (told["canvas"], other["canvas"], told["scene"]) == (True, False, other["scene"])


@_with_engine
def test_a_traced_photograph_that_is_finished_is_not_made_again(folder):
    kept, lost = (files.record for files in find_rendered(folder))
    before = kept.stat().st_mtime_ns, lost.read_bytes()
    lost.unlink()
    again = [str(folder), "--views", "2", "--long-side-px", "96", "--samples", "2", "--workers", "1"]
    assert main(again) == 0
    assert (kept.stat().st_mtime_ns, lost.read_bytes()) == before
