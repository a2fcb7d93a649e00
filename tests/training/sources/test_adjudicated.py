from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from mottling.errors import TrainingRefused
from mottling.scale import Status
from mottling.training_set import PhotoToFreeze, Split, split_of, write_training_set
from training.samples import UNKNOWN, Sample
from training.sources.adjudicated import AdjudicatedSource

_AT = datetime(2026, 1, 1, tzinfo=UTC)


def _patient(split: Split) -> str:
    return next(name for name in (f"p{n}" for n in range(200)) if split_of(name) is split)


def _draw(folder: Path, status: Status, score: int | None, *, maps: bool = False) -> Sample:
    jpeg = cv2.imencode(".jpg", np.full((30, 20, 3), 90, np.uint8))[1].tobytes()
    drawn = cv2.imencode(".png", np.full((30, 20), 1, np.uint8))[1].tobytes() if maps else None
    photo = PhotoToFreeze(jpeg, _patient(Split.TRAIN), status, score, zones_png=drawn, mottling_png=drawn)
    write_training_set(folder / "set", [photo], trial="t", at=_AT)
    return AdjudicatedSource(folder / "set").draw(np.random.default_rng(1))


@pytest.mark.parametrize(
    ("status", "score", "bounds", "readable"),
    [
        (Status.SCORED, 3, (3, 3), True),
        (Status.AT_LEAST, 2, (2, 5), True),
        (Status.NOT_ASSESSABLE, None, (0, 5), False),
    ],
)
def test_a_verdict_bounds_the_score(
    tmp_path: Path, status: Status, score: int | None, bounds: tuple[int, int], readable: bool
) -> None:
    sample = _draw(tmp_path, status, score)
    assert (sample.at_least, sample.at_most, sample.readable) == (*bounds, readable)


def test_maps_that_nobody_drew_are_unknown(tmp_path: Path) -> None:
    sample = _draw(tmp_path, Status.SCORED, 1)
    assert (sample.zones == UNKNOWN).all()
    assert (sample.mottling == UNKNOWN).all()


def test_maps_that_somebody_drew_are_given(tmp_path: Path) -> None:
    sample = _draw(tmp_path, Status.SCORED, 1, maps=True)
    assert (sample.zones == 1).all()
    assert (sample.mottling == 1).all()


def test_a_set_with_nobody_to_train_on_is_refused(tmp_path: Path) -> None:
    jpeg = cv2.imencode(".jpg", np.zeros((30, 20, 3), np.uint8))[1].tobytes()
    photo = PhotoToFreeze(jpeg, _patient(Split.TEST), Status.SCORED, 0)
    write_training_set(tmp_path / "set", [photo], trial="t", at=_AT)
    with pytest.raises(TrainingRefused, match="no photograph for training"):
        AdjudicatedSource(tmp_path / "set")


def test_a_border_that_a_reader_marked_is_mottling_and_says_nothing_of_zones(tmp_path: Path) -> None:
    drawn = np.zeros((30, 20), np.uint8)
    drawn[5:15, 5:15], drawn[5:15, 4] = 1, UNKNOWN
    jpeg = cv2.imencode(".jpg", np.full((30, 20, 3), 90, np.uint8))[1].tobytes()
    png = cv2.imencode(".png", drawn)[1].tobytes()
    photo = PhotoToFreeze(jpeg, _patient(Split.TRAIN), Status.SCORED, 2, mottling_png=png)
    write_training_set(tmp_path / "set", [photo], trial="t", at=_AT)
    sample = AdjudicatedSource(tmp_path / "set").draw(np.random.default_rng(1))
    assert (sample.mottling == drawn).all()
    assert (sample.zones == UNKNOWN).all()
    assert (sample.at_least, sample.at_most) == (2, 2)
