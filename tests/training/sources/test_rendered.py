"""Rendered photographs are found and read as they were written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mottling.errors import TrainingRefused
from mottling.scale import Zone
from tests.training.drawn_set import write_drawn_set
from training.painting.painter import Nets
from training.sources.rendered import RenderedSource, find_rendered, read_rendered
from training.sources.repainted import RepaintedSource
from training.synthetic.records import PatternFamily


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_drawn_set(tmp_path / "set", views=3, height=128)


def test_photographs_are_listed_in_the_order_of_their_numbers(folder: Path):
    assert [files.photo.name for files in find_rendered(folder)] == [
        f"{view:06d}-{dressing}.jpg" for view in range(3) for dressing in range(2)
    ]


def test_a_photograph_without_its_record_is_not_finished(folder: Path):
    (folder / "000001-0.json").unlink()
    assert len(find_rendered(folder)) == 5


def test_labels_and_twin_come_with_the_photograph(folder: Path):
    sample = read_rendered(find_rendered(folder)[4], with_twin=True)
    assert set(np.unique(sample.zones)) == set(range(6))
    assert set(np.unique(sample.zones[sample.mottling == 1])) == {Zone.COIN, Zone.KNEE}
    assert sample.twin is not None
    assert sample.twin.shape == sample.photo.shape


def test_a_clean_photograph_has_no_twin(folder: Path):
    assert read_rendered(find_rendered(folder)[0], with_twin=True).twin is None


def test_a_folder_without_photographs_is_refused(tmp_path: Path):
    with pytest.raises(TrainingRefused, match="holds no rendered photograph"):
        find_rendered(tmp_path)


def test_maps_that_are_gone_are_named(folder: Path):
    (folder / "000001-0.maps.png").unlink()
    with pytest.raises(TrainingRefused, match=r"000001-0\.maps\.png cannot be read"):
        read_rendered(find_rendered(folder)[2], with_twin=False)


def test_a_source_draws_the_same_for_the_same_seed(folder: Path):
    source = RenderedSource(folder)
    first, second = (source.draw(np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first.photo, second.photo)


@pytest.mark.parametrize("source", [RenderedSource, RepaintedSource])
def test_nothing_is_drawn_to_learn_from_photographs_of_another_engine(folder: Path, source):
    _say_of_the_first(folder, {"engine": "mitsuba"})
    with pytest.raises(TrainingRefused, match="for measuring only"):
        source(folder)


def test_clean_legs_of_another_engine_are_painted_on(folder: Path):
    _say_of_the_first(folder, {"engine": "mitsuba", "canvas": True})
    source = RepaintedSource(folder, nets=Nets((PatternFamily.CLOUDS,), count=2, side_mm=120))
    assert source.draw(np.random.default_rng(1)).photo.ndim == 3


def _say_of_the_first(folder: Path, what: dict[str, object]) -> None:
    record = find_rendered(folder)[0].record
    record.write_text(json.dumps(json.loads(record.read_text()) | what))
