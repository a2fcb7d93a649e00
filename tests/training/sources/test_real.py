from pathlib import Path

import numpy as np
import pytest

from mottling.errors import TrainingRefused
from tests.training.drawn_people import Person, write_people, write_real_folder
from training.painting.canvas import Canvas, open_canvas
from training.painting.painter import Nets
from training.painting.real_people import read_leg_photos
from training.samples import UNKNOWN, Sample
from training.sources.real import (
    RealSource,
    Split,
    clean_legs,
    list_cloth,
    list_skin,
    paint_legs,
    without_leg,
)
from training.sources.stream import score_in_view
from training.synthetic.labels import colour_difference
from training.synthetic.records import PatternFamily

_PEOPLE = [Person(f"p{n}", tone) for n, tone in enumerate(["light", "medium", "dark"] * 3)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_real_folder(tmp_path_factory.mktemp("real") / "data", people=_PEOPLE)


@pytest.fixture(scope="module")
def nets() -> Nets:
    return Nets((PatternFamily.CELLS,), count=2, side_mm=90)


@pytest.fixture(scope="module")
def canvas(folder: Path) -> Canvas:
    photos = read_leg_photos(folder / "legs", split=Split.TRAIN)
    return open_canvas(next(photo for photo in photos if photo.tone.value == "light"))


def _paintings(canvas: Canvas, nets: Nets, count: int = 12) -> list[Sample]:
    return [paint_legs(canvas, nets, np.random.default_rng(seed)) for seed in range(count)]


def test_healthy_legs_have_no_mottling_anywhere(canvas: Canvas) -> None:
    sample = clean_legs(canvas)
    assert not sample.mottling.any()
    assert (score_in_view(sample).at_least, score_in_view(sample).at_most) == (0, 0)


def test_paint_stays_on_masked_skin_and_the_twin_is_the_photograph_itself(canvas: Canvas, nets: Nets) -> None:
    for sample in _paintings(canvas, nets):
        assert (sample.photo[~canvas.skin] == canvas.photo[~canvas.skin]).all()
        assert sample.twin is None or sample.twin is canvas.photo
        assert not (sample.mottling[~canvas.skin] == 1).any()


def test_what_is_called_mottled_can_be_seen(canvas: Canvas, nets: Nets) -> None:
    seen = [
        colour_difference(sample.photo, sample.twin)[sample.mottling == 1].mean()
        for sample in _paintings(canvas, nets)
        if sample.twin is not None and (sample.mottling == 1).any()
    ]
    assert len(seen) > 4
    assert min(seen) > 2


def test_painted_legs_score_no_more_than_was_painted_and_every_score_comes_up(
    canvas: Canvas, nets: Nets
) -> None:
    bounds = [(score_in_view(one).at_least, one.at_most) for one in _paintings(canvas, nets, count=40)]
    assert all(low <= high for low, high in bounds)
    assert {high for _, high in bounds} >= {1, 2, 3, 4}


def test_cloth_is_nothing_to_judge(folder: Path) -> None:
    sample = without_leg(np.zeros((8, 8, 3), np.uint8))
    assert sample.readable is False
    assert not sample.zones.any()
    assert not sample.mottling.any()
    assert not set(list_cloth(folder, Split.TRAIN)) & set(list_cloth(folder, Split.MEASURE))


def test_skin_that_may_be_mottled_is_left_out(folder: Path) -> None:
    listed = [*list_skin(folder / "skin", Split.TRAIN), *list_skin(folder / "skin", Split.MEASURE)]
    assert "dermatosis__0.jpg" not in {path.name for path, _, _ in listed}
    assert len(listed) == 23


def test_draws_hold_all_kinds_and_the_same_seed_draws_the_same(folder: Path, nets: Nets) -> None:
    first, second = (RealSource(folder, split=Split.TRAIN, nets=nets) for _ in range(2))
    drawn = [first.draw(np.random.default_rng(seed)) for seed in range(60)]
    again = [second.draw(np.random.default_rng(seed)) for seed in range(60)]
    assert all((one.photo == other.photo).all() for one, other in zip(drawn, again, strict=True))
    assert {one.readable for one in drawn} == {True, False, None}
    close_ups = [one for one in drawn if one.readable is None]
    assert all((one.zones == UNKNOWN).all() for one in close_ups)
    assert {bool((one.mottling == 1).any()) for one in close_ups} == {True, False}


def test_a_folder_without_cloth_is_refused(tmp_path: Path) -> None:
    write_people(tmp_path / "legs", _PEOPLE)
    (tmp_path / "skin").mkdir()
    (tmp_path / "skin" / "manifest.csv").write_text("file,what,skin_tone,side_view\n", "utf-8")
    with pytest.raises(TrainingRefused, match="holds no picture of cloth"):
        RealSource(tmp_path, split=Split.TRAIN)
