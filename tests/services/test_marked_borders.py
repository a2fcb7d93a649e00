"""A reader may mark the mottled border: kept with the reading, shown to nobody else, frozen as a map."""

import io

import numpy as np
import pytest
from PIL import Image

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.scale import Zone
from mottling.services.markings import map_png
from mottling.services.views import Answer, Beside
from mottling.training_set import read_training_set
from mottling.trial.markings import Outline, Patch, Point
from tests.house import DAY1, OLGA, RAVI, RITA, ROSA, confirm, sign
from tests.tiny_model import a_jpeg

AT = DAY1
TWO, FOUR = Answer.scored(2), Answer.scored(4)
KNEES = a_jpeg([Zone.COIN, Zone.KNEE])
SIZE = Image.open(io.BytesIO(KNEES)).size


def outline(left=10, size=SIZE) -> Outline:
    corners = (Point(left, 10), Point(left + 60, 10), Point(left + 60, 50), Point(left, 50))
    return Outline(width_px=size[0], height_px=size[1], patches=(Patch(corners=corners),))


@pytest.fixture
def photo(house):
    """A confirmed photograph of mottled knees, for two readers."""
    confirm(house, data=KNEES)
    return house


def read(house, reader, answer=TWO, marked=None) -> str:
    given = house.committee.next_photo(reader, at=AT)
    beside = Beside(marked)
    house.committee.lock_reading(reader, given.reading_id, answer, reading_s=9.0, at=AT, beside=beside)
    return given.reading_id


def frozen_map(house, folder) -> np.ndarray | None:
    house.office.freeze(OLGA, folder, at=AT)
    (one,) = read_training_set(folder).photos
    return None if one.mottling is None else np.asarray(Image.open(folder / one.mottling))


def test_a_reading_needs_no_marking(photo):
    reading_id = read(photo, RITA)
    assert photo.committee.beside(RITA, reading_id).outline is None


def test_a_marking_is_kept_with_the_reading_and_comes_back_to_its_reader_alone(photo):
    reading_id = read(photo, RITA, marked=outline())
    assert photo.committee.beside(RITA, reading_id).outline == outline()
    with pytest.raises(NotAllowed):
        photo.committee.beside(RAVI, reading_id)
    acts = [one.act for one in photo.office._store.office.audit()]
    assert acts[-2:] == ["reading_locked", "reading_marked"]
    assert photo.office._store.verify().clean


@pytest.mark.parametrize("answer", [Answer.scored(0), Answer.not_assessable("blurred")])
def test_a_border_does_not_go_with_an_answer_that_names_no_mottling(photo, answer):
    with pytest.raises(RecordRefused, match="names no mottling"):
        read(photo, RITA, answer, outline())


def test_a_border_of_another_picture_is_refused_and_nothing_is_locked(photo):
    with pytest.raises(RecordRefused, match="on a picture of 80 x 90 pixels, and this one has"):
        read(photo, RITA, marked=outline(size=(80, 90)))
    assert photo.committee.batch(RITA) == ()


def test_a_change_brings_the_border_that_goes_with_it_or_none(photo):
    reading_id = read(photo, RITA, marked=outline())
    change = photo.committee.change_reading
    with pytest.raises(Conflict, match="says already"):
        change(RITA, reading_id, TWO, because="Nothing", at=AT, beside=Beside(outline()))
    change(RITA, reading_id, TWO, because="The patch lies higher", at=AT, beside=Beside(outline(30)))
    assert photo.committee.beside(RITA, reading_id).outline == outline(30)
    change(RITA, reading_id, FOUR, because="The thigh too, and no border to be seen", at=AT)
    assert photo.committee.beside(RITA, reading_id).outline is None
    sign(photo, RITA)
    assert photo.office._store.verify().clean


def test_what_is_signed_with_its_border_is_found_when_another_border_is_added(photo):
    reading_id = read(photo, RITA, marked=outline())
    sign(photo, RITA)
    book = photo.committee._book
    with book.looking() as board:
        locked = board.locked(reading_id)
    assert locked.is_marked
    entries = {one.content_hash: one.act for one in photo.office._store.office.audit()}
    assert entries[locked.content_hash] == "reading_marked"
    moved = Beside(outline(30))
    with pytest.raises(Conflict, match="is signed"):
        photo.committee.change_reading(RITA, reading_id, TWO, because="Late", at=AT, beside=moved)


def test_a_frozen_set_has_the_map_of_the_accepted_reading(photo, tmp_path):
    read(photo, RITA, marked=outline(10))
    read(photo, RAVI, marked=outline(90))
    sign(photo, RITA)
    sign(photo, RAVI)
    drawn = frozen_map(photo, tmp_path / "set")
    assert drawn.shape == SIZE[::-1]
    assert (drawn[30, 40], drawn[30, 120], drawn[30, 10]) == (1, 0, 255)


def test_who_said_the_same_lends_the_border_that_the_accepted_reading_lacks(photo, tmp_path):
    read(photo, RITA)
    read(photo, RAVI, marked=outline(90))
    sign(photo, RITA)
    sign(photo, RAVI)
    assert frozen_map(photo, tmp_path / "set")[30, 120] == 1


def test_the_border_of_who_said_something_else_is_not_taken(photo, tmp_path):
    read(photo, RITA, marked=outline(10))
    read(photo, RAVI, FOUR)
    sign(photo, RITA)
    sign(photo, RAVI)
    read(photo, ROSA, FOUR)
    sign(photo, ROSA)
    assert frozen_map(photo, tmp_path / "set") is None


def test_a_map_grows_with_its_picture():
    drawn = np.asarray(Image.open(io.BytesIO(map_png(outline(), size=(SIZE[0] * 2, SIZE[1] * 2)))))
    assert (drawn[60, 80], drawn[60, 160]) == (1, 0)
    assert set(np.unique(drawn)) == {0, 1, 255}


def test_a_remark_is_kept_with_the_reading_signed_with_it_and_stands_in_the_table(photo):
    given = photo.committee.next_photo(RITA, at=AT)
    beside = Beside(outline(), "A tattoo on the left knee")
    photo.committee.lock_reading(RITA, given.reading_id, TWO, reading_s=9.0, at=AT, beside=beside)
    assert photo.committee.beside(RITA, given.reading_id) == beside
    with photo.committee._book.looking() as board:
        signed = board.locked(given.reading_id).content_hash
    entries = {one.content_hash: one.act for one in photo.office._store.office.audit()}
    assert entries[signed] == "reading_remarked"
    sign(photo, RITA)
    assert photo.office._store.verify().clean
    assert b"A tattoo on the left knee" in photo.office.readings_csv(OLGA, at=AT)


def test_a_remark_that_is_too_long_is_refused(photo):
    given = photo.committee.next_photo(RITA, at=AT)
    with pytest.raises(RecordRefused, match="The remark has 2001 characters"):
        photo.committee.lock_reading(
            RITA, given.reading_id, TWO, reading_s=9.0, at=AT, beside=Beside(remark="x" * 2001)
        )


def test_what_lies_outside_a_border_counts_as_clean_in_training(photo, tmp_path):
    for reader in (RITA, RAVI):
        read(photo, reader, marked=outline(10))
        sign(photo, reader)
    photo.office.freeze(OLGA, tmp_path / "set", at=AT)
    (frozen,) = read_training_set(tmp_path / "set").photos
    drawn = np.asarray(Image.open(tmp_path / "set" / frozen.mottling))
    inside = np.zeros(drawn.shape, bool)
    inside[8:53, 8:73] = True
    assert set(np.unique(drawn[~inside])) == {0}, "0 is clean skin to training, 255 would be unknown"
    assert (drawn[14:46, 14:66] == 1).all()
