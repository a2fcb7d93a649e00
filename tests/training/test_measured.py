from pathlib import Path

import pytest

from mottling.errors import TrainingRefused
from mottling.scale import Status, Zone
from tests.training.drawn_people import Person, write_real_folder
from training.measured import draw_measured, make_measured
from training.measuring.measured_set import Kind, MeasuredPhoto, read_measured
from training.measuring.truths import read_truths
from training.painting.painter import Nets
from training.synthetic.labels import LEAST_SHARE
from training.synthetic.records import PatternFamily

_PEOPLE = [Person(f"p{n}", tone) for n, tone in enumerate(["light", "medium", "dark"])]


# Small and few: what is drawn once for a whole training would take longer than the tests.
_NETS = Nets((PatternFamily.WAVES,), count=2, side_mm=90)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_real_folder(tmp_path_factory.mktemp("real") / "data", people=_PEOPLE)


@pytest.fixture(scope="module")
def made(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("measured") / "out"
    make_measured(out, real, seed=1, nets=_NETS)
    return out


def test_healthy_legs_score_nothing(made: Path) -> None:
    readings = {truth.reading for truth in read_truths(made / "healthy")}
    assert {(reading.status, reading.score) for reading in readings} == {(Status.SCORED, 0)}


def test_painted_legs_bring_a_twin_and_maps_that_show_the_score(made: Path) -> None:
    truths = read_truths(made / "painted")
    assert {truth.reading.score for truth in truths} >= {2, 3}
    for truth in truths:
        maps = truth.read_maps()
        assert maps is not None
        assert truth.twin is not None
        assert truth.twin.exists()
        mottled = {int(zone) for zone in set(maps.zones[maps.mottling == 1]) if zone <= Zone.BEYOND_GROIN}
        assert max(mottled) == truth.reading.score
        on_leg = maps.legs == int(maps.legs[(maps.mottling == 1) & (maps.legs > 0)].max())
        in_zone = on_leg & (maps.zones == truth.reading.score)
        # Plainly there: two readers would agree on it.
        assert (maps.mottling[in_zone] == 1).mean() > 2 * LEAST_SHARE


def test_what_shows_no_leg_or_is_ruined_cannot_be_scored(made: Path) -> None:
    for kind in (Kind.GARMENT, Kind.OTHER_SKIN, Kind.UNREADABLE):
        photos = read_measured(made / kind.value)
        assert photos
        assert {photo.status for photo in photos} == {Status.NOT_ASSESSABLE}


def test_every_file_that_is_named_is_there(made: Path) -> None:
    for kind in Kind:
        for photo in read_measured(made / kind.value):
            for name in filter(None, (photo.file, photo.twin, photo.maps)):
                assert (made / kind.value / name).exists()


def test_the_same_seed_paints_the_same(real: Path) -> None:
    first, second = (next(draw_measured(Kind.PAINTED, real, seed=4, nets=_NETS)) for _ in range(2))
    assert first.record == second.record
    assert (first.photo == second.photo).all()


def test_a_folder_with_something_in_it_is_left_alone(real: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(TrainingRefused, match="is not empty"):
        make_measured(tmp_path, real, seed=1, nets=_NETS)


def test_a_line_that_is_not_understood_is_named(tmp_path: Path) -> None:
    (tmp_path / "truth.jsonl").write_text('{"file": "a.jpg"}\n', "utf-8")
    with pytest.raises(TrainingRefused, match=r"truth\.jsonl, line 1: kind"):
        read_measured(tmp_path)


def test_a_score_must_go_with_its_status() -> None:
    with pytest.raises(ValueError, match="does not go with score"):
        MeasuredPhoto(file="a.jpg", kind=Kind.HEALTHY, cluster="p", status=Status.SCORED, score=None)
