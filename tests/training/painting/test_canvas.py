from pathlib import Path

import numpy as np
import pytest

from mottling.errors import TrainingRefused
from mottling.scale import Zone
from tests.training.drawn_people import KNEE_Y, LEFT_X, RIGHT_X, Person, write_people
from training.painting.canvas import Canvas, open_canvas
from training.painting.real_people import Split, read_leg_photos
from training.samples import UNKNOWN


def _canvas(folder: Path, person: Person) -> Canvas:
    measured = Person(**{**vars(person), "use": "measure only"})
    (row,) = read_leg_photos(write_people(folder / "legs", [measured]), split=Split.MEASURE)
    return open_canvas(row)


def test_zones_follow_the_leg_from_the_shin_to_the_upper_thigh(tmp_path: Path) -> None:
    zones = _canvas(tmp_path, Person("standing")).zones
    met = [int(zone) for zone in zones[::-1, LEFT_X] if zone not in (UNKNOWN, Zone.NOT_SKIN)]
    assert list(dict.fromkeys(met)) == [Zone.KNEE, Zone.COIN, Zone.LOWER_THIGH, Zone.UPPER_THIGH]


def test_the_coin_lies_on_the_knee_with_doubt_around_it(tmp_path: Path) -> None:
    canvas = _canvas(tmp_path, Person("standing"))
    rows, columns = np.nonzero(canvas.zones[:, :120] == Zone.COIN)
    assert (columns.mean(), rows.mean()) == pytest.approx((RIGHT_X, KNEE_Y), abs=1)
    assert canvas.zones[KNEE_Y, RIGHT_X + round(18 / canvas.mm_per_px)] == UNKNOWN


def test_from_behind_there_is_no_coin(tmp_path: Path) -> None:
    canvas = _canvas(tmp_path, Person("behind", note="seen from behind"))
    assert not (canvas.zones == Zone.COIN).any()
    assert canvas.zones[KNEE_Y + 5, LEFT_X] == Zone.KNEE


def test_where_a_zone_begins_nobody_says(tmp_path: Path) -> None:
    canvas = _canvas(tmp_path, Person("standing"))
    edge = KNEE_Y - round(24 / 420 * 180)
    assert canvas.zones[edge, LEFT_X + 20] == UNKNOWN


def test_a_lawn_is_no_skin(tmp_path: Path) -> None:
    canvas = _canvas(tmp_path, Person("standing"))
    assert canvas.zones[300, 120] == Zone.NOT_SKIN


def test_without_a_mask_nothing_is_known_but_the_photograph(tmp_path: Path) -> None:
    canvas = _canvas(tmp_path, Person("unmasked", has_mask=False))
    assert (canvas.zones == UNKNOWN).all()
    assert not canvas.skin.any()


def test_landmarks_that_nobody_trusts_make_no_zones(tmp_path: Path) -> None:
    canvas = _canvas(tmp_path, Person("covered", bare="partly"))
    assert set(np.unique(canvas.zones[canvas.skin])) == {UNKNOWN}
    assert canvas.knees == ()


def test_millimetres_come_from_the_leg(tmp_path: Path) -> None:
    canvas = _canvas(tmp_path, Person("standing"))
    assert canvas.mm_per_px == pytest.approx(400 / 180)
    assert canvas.along_mm[380, LEFT_X] == pytest.approx(-400)


def test_a_photograph_that_is_gone_is_refused(tmp_path: Path) -> None:
    folder = write_people(tmp_path / "legs", [Person("gone", use="measure only")])
    (row,) = read_leg_photos(folder, split=Split.MEASURE)
    row.photo.unlink()
    with pytest.raises(TrainingRefused, match="cannot be read as a picture"):
        open_canvas(row)
