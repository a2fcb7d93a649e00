"""What is true of a photograph is read from the folder it lies in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from mottling.errors import TrainingRefused
from mottling.scale import LegReading, Status, Zone
from tests.training.drawn_set import write_drawn_set
from training.measuring.measured_set import Kind, MeasuredKnee, MeasuredPhoto, write_measured
from training.measuring.truths import TrueMaps, hash_of, read_truths
from training.rules.observing import zone_is_mottled
from training.tones import Tone


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_drawn_set(tmp_path_factory.mktemp("drawn"), views=5, height=200)


def test_readings_tones_and_views_are_those_of_the_record(folder: Path):
    truths = read_truths(folder)
    assert [truth.reading for truth in truths[::2]] == [
        LegReading(Status.SCORED, 0),
        LegReading(Status.SCORED, 1),
        LegReading(Status.SCORED, 2),
        LegReading(Status.SCORED, 3),
        LegReading(Status.AT_LEAST, 4),
    ]
    first, dressed_again, second = (truth.cluster for truth in truths[:3])
    assert first == dressed_again != second
    assert [truth.tone for truth in truths[:3]] == [Tone.LIGHT, Tone.MEDIUM, Tone.MEDIUM]


def test_a_view_is_the_same_one_in_a_folder_of_another_name(folder: Path, tmp_path: Path):
    copied = shutil.copytree(folder, tmp_path / "renamed")
    assert [one.cluster for one in read_truths(copied)] == [one.cluster for one in read_truths(folder)]


def test_only_mottled_photographs_have_a_clean_twin(folder: Path):
    assert [truth.twin is not None for truth in read_truths(folder)[::2]] == [False, True, True, True, True]


def test_knees_are_the_centres_of_the_coins(folder: Path):
    knees = read_truths(folder)[0].knees
    assert [round(knee.centre.x / 150, 2) for knee in knees] == [0.27, 0.73]
    assert [round(knee.centre.y / 200, 1) for knee in knees] == [0.7, 0.7]
    # A coin as drawn is 12 hundredths of the width; a quarter of knee to ankle is 3.3 of them.
    assert knees[0].reach_px == pytest.approx(0.12 * 150 * 3.3, rel=0.15)


def test_maps_tell_zone_leg_and_mottling_of_each_pixel(folder: Path):
    maps = read_truths(folder)[4].read_maps()
    assert maps is not None
    assert set(np.unique(maps.legs)) == {0, 1, 2}
    assert set(np.unique(maps.zones[maps.mottling == 1])) == {Zone.COIN, Zone.KNEE}


def test_a_record_without_a_reading_is_refused(tmp_path: Path):
    write_drawn_set(tmp_path, views=1, height=64)
    record = tmp_path / "000000-0.json"
    told = json.loads(record.read_text("utf-8"))
    del told["reading"]
    record.write_text(json.dumps(told), "utf-8")
    with pytest.raises(TrainingRefused, match="does not say how the photograph would be read"):
        read_truths(tmp_path)


def test_a_measuring_set_of_real_photographs_is_read_by_its_list(tmp_path: Path):
    knee = MeasuredKnee(x=30, y=40, reach_px=12)
    healthy = MeasuredPhoto(
        file="0000.jpg",
        kind=Kind.HEALTHY,
        cluster="anna",
        tone="dark",
        status=Status.SCORED,
        score=0,
        knees=(knee,),
    )
    garment = MeasuredPhoto(
        file="0001.jpg", kind=Kind.GARMENT, cluster="shirt", status=Status.NOT_ASSESSABLE, score=None
    )
    write_measured(tmp_path, [healthy, garment])
    first, second = read_truths(tmp_path)
    assert (first.reading, first.cluster, first.tone) == (LegReading(Status.SCORED, 0), "anna", Tone.DARK)
    assert first.knees[0].reach_px == 12
    assert first.read_maps() is None
    assert (second.reading.status, second.tone) == (Status.NOT_ASSESSABLE, Tone.UNKNOWN)


def test_a_set_is_named_by_its_photographs(folder: Path):
    truths = read_truths(folder)
    assert hash_of(truths) == hash_of(read_truths(folder))
    assert hash_of(truths) != hash_of(truths[1:])


def _maps(mottling: list[int]) -> TrueMaps:
    """A leg of 100 pixels of knee, so many of each label."""
    zones = np.full((1, 100), int(Zone.KNEE), np.uint8)
    labels = np.repeat(np.array([1, 255, 0], np.uint8), [mottling[0], mottling[1], 100 - sum(mottling)])
    return TrueMaps(zones, labels[None], np.ones((1, 100), np.uint8))


@pytest.mark.parametrize(
    ("mottled_px", "unknown_px", "said"),
    [(5, 0, True), (4, 0, False), (4, 1, None), (0, 50, None), (50, 50, True)],
)
def test_a_zone_is_mottled_from_a_twentieth_on_and_doubt_stays_doubt(
    mottled_px: int, unknown_px: int, said: bool | None
):
    assert zone_is_mottled(_maps([mottled_px, unknown_px]), leg=1, zone=Zone.KNEE) is said


def test_what_is_seen_in_a_zone_that_is_not_there_is_no_mottling_of_it():
    assert zone_is_mottled(_maps([50, 0]), leg=1, zone=Zone.UPPER_THIGH) is False
    assert zone_is_mottled(_maps([50, 0]), leg=0, zone=Zone.KNEE) is False
