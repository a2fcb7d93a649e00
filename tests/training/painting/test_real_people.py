from pathlib import Path

import pytest

from mottling.errors import TrainingRefused
from tests.training.drawn_people import Person, write_people
from training.painting.real_people import Split, Toward, read_leg_photos

_PEOPLE = [Person(f"p{number}", tone) for number, tone in enumerate(["light", "medium", "dark"] * 4)]


def _names(folder: Path, split: Split) -> set[str]:
    return {photo.person for photo in read_leg_photos(folder, split=split)}


def test_a_person_is_in_one_split_only_and_nobody_is_lost(tmp_path: Path) -> None:
    folder = write_people(tmp_path / "legs", _PEOPLE)
    trained, measured = _names(folder, Split.TRAIN), _names(folder, Split.MEASURE)
    assert not trained & measured
    assert trained | measured == {person.name for person in _PEOPLE}


def test_every_tone_is_kept_for_measuring(tmp_path: Path) -> None:
    folder = write_people(tmp_path / "legs", _PEOPLE)
    assert {photo.tone.value for photo in read_leg_photos(folder, split=Split.MEASURE)} == {
        "light",
        "medium",
        "dark",
    }


def test_whoever_may_only_be_measured_is_never_trained_on(tmp_path: Path) -> None:
    people = [*_PEOPLE, Person("unknown_author", use="measure only (author unknown)")]
    folder = write_people(tmp_path / "legs", people)
    assert "unknown_author" in _names(folder, Split.MEASURE)


def test_people_of_one_photograph_stay_together(tmp_path: Path) -> None:
    crowd = [Person("run", "dark"), Person("run_x3", "dark"), Person("run_x14", "dark")]
    folder = write_people(tmp_path / "legs", [*_PEOPLE, *crowd])
    names = {person.name for person in crowd}
    assert len(names & _names(folder, Split.MEASURE)) in (0, len(names))


def test_hips_tell_who_faces_the_camera_and_a_note_tells_who_does_not(tmp_path: Path) -> None:
    people = [Person("front"), Person("back", note="seen from behind (back of the knee)")]
    folder = write_people(tmp_path / "legs", people)
    both = (*read_leg_photos(folder, split=Split.TRAIN), *read_leg_photos(folder, split=Split.MEASURE))
    assert {photo.person: photo.toward for photo in both} == {"front": Toward.FRONT, "back": Toward.BACK}


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingRefused, match=r"holds no manifest\.csv"):
        read_leg_photos(tmp_path, split=Split.TRAIN)
