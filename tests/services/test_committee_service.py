"""The committee: blinded, in an order of one's own, two readers and a third when they differ."""

import io
import re
from contextlib import closing
from datetime import timedelta

import pytest
from PIL import Image

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.imaging.photo import jpeg_to_show
from mottling.services.views import Answer, Progress
from tests.house import (
    DAY1,
    NINA,
    OLGA,
    RAVI,
    RITA,
    ROSA,
    charter_text,
    confirm,
    enrol,
    lock,
    open_house,
    read,
    sign,
    take,
)

AT = DAY1 + timedelta(hours=1)


def verdict(house, patient="01-001"):
    lines = {(one.patient, one.visit): one for one in house.office.outcome(OLGA, at=AT)}
    return lines[patient, "day1"].verdict


def test_a_photograph_that_the_ward_has_not_confirmed_is_not_read(house):
    take(house)
    assert house.committee.next_photo(RITA, at=AT) is None


def test_the_same_photograph_comes_again_until_it_is_locked(confirmed):
    assert confirmed.committee.next_photo(RITA, at=AT) == confirmed.committee.next_photo(RITA, at=AT)


def test_the_photograph_after_is_given_ahead_and_comes_next(house):
    for patient in ("01-001", "02-001"):
        confirm(house, patient)
    first, after = house.committee.next_photos(RITA, at=AT)
    assert first != after
    assert house.committee.next_photos(RITA, at=AT) == (first, after)
    assert house.committee.progress(RITA) == Progress(read=0, to_read=2, read_in_batch=0, batch=2)
    lock(house, RITA, Answer.scored(1))
    assert house.committee.next_photos(RITA, at=AT) == (after,)


def test_nothing_is_given_ahead_over_the_end_of_a_batch(tmp_path):
    with closing(open_house(tmp_path, charter=charter_text("batch_size = 40", "batch_size = 1"))) as house:
        for patient in ("01-001", "02-001"):
            confirm(house, patient)
        assert len(house.committee.next_photos(RITA, at=AT)) == 1


def test_each_reader_gets_an_id_of_his_own_that_says_nothing(house):
    photo_id = confirm(house)
    ids = {house.committee.next_photo(reader, at=AT).reading_id for reader in (RITA, RAVI)}
    assert len(ids) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", one) and photo_id not in one for one in ids)


def test_two_readers_who_agree_make_a_verdict(confirmed):
    read(confirmed, RITA, Answer.scored(3))
    assert verdict(confirmed) is None
    read(confirmed, RAVI, Answer.scored(3))
    assert verdict(confirmed) == Answer.scored(3)


def test_when_two_differ_the_third_decides(confirmed):
    for reader, score in ((RITA, 2), (RAVI, 4)):
        read(confirmed, reader, Answer.scored(score))
    assert verdict(confirmed) is None
    read(confirmed, ROSA, Answer.at_least(3))
    assert verdict(confirmed) == Answer.at_least(3)


def test_where_two_agree_no_third_is_asked(confirmed):
    for reader in (RITA, RAVI):
        read(confirmed, reader, Answer.not_assessable("blurred"))
    assert confirmed.committee.next_photo(ROSA, at=AT) is None


def test_no_third_is_asked_while_two_are_reading(confirmed):
    for reader in (RITA, RAVI):
        confirmed.committee.next_photo(reader, at=AT)
    assert confirmed.committee.next_photo(ROSA, at=AT) is None


def test_nobody_reads_a_photograph_twice(confirmed):
    read(confirmed, RITA, Answer.scored(3))
    assert confirmed.committee.next_photo(RITA, at=AT) is None


def test_readers_see_photographs_in_orders_that_differ(house):
    patients = [f"01-{number:03d}" for number in range(10, 19)]
    enrol(house, *patients)
    for patient in patients:
        confirm(house, patient)

    def order(reader):
        seen = []
        while given := house.committee.next_photo(reader, at=AT):
            seen.append(house.committee._own(reader, given.reading_id).photo_id)
            house.committee.lock_reading(reader, given.reading_id, Answer.scored(1), reading_s=1, at=AT)
        return seen

    one, other = order(RITA), order(RAVI)
    assert sorted(one) == sorted(other)
    assert one != other


def test_the_picture_is_pixels_only_and_no_larger_than_2048(house):
    exif = Image.Exif()
    exif[0x010F] = "the phone of somebody"
    out = io.BytesIO()
    Image.effect_noise((2400, 1600), 40).convert("RGB").save(out, "JPEG", exif=exif)
    confirm(house, data=out.getvalue())
    given = house.committee.next_photo(RITA, at=AT)
    picture = house.committee.picture(RITA, given.reading_id)
    shown = Image.open(io.BytesIO(picture))
    assert shown.size == (2048, 1365)
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"somebody" not in picture


ACTS = {
    "picture": lambda house, reading_id: house.committee.picture(RAVI, reading_id),
    "lock": lambda house, reading_id: house.committee.lock_reading(
        RAVI, reading_id, Answer.scored(1), reading_s=1, at=AT
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_reading_of_somebody_else_is_refused_like_one_that_does_not_exist(confirmed, act):
    given = confirmed.committee.next_photo(RITA, at=AT)
    said = []
    for reading_id in (given.reading_id, "made up"):
        with pytest.raises(NotAllowed) as refused:
            ACTS[act](confirmed, reading_id)
        said.append(str(refused.value))
    assert said[0] == said[1]


@pytest.mark.parametrize("user", [NINA, OLGA], ids=lambda user: user.name)
def test_who_is_no_reader_is_given_nothing(confirmed, user):
    with pytest.raises(NotAllowed):
        confirmed.committee.next_photo(user, at=AT)
    with pytest.raises(NotAllowed):
        confirmed.committee.progress(user)


def test_a_reading_is_locked_once(confirmed):
    given = confirmed.committee.next_photo(RITA, at=AT)
    confirmed.committee.lock_reading(RITA, given.reading_id, Answer.scored(1), reading_s=1, at=AT)
    with pytest.raises(Conflict):
        confirmed.committee.lock_reading(RITA, given.reading_id, Answer.scored(2), reading_s=1, at=AT)


@pytest.mark.parametrize("reading_s", [-1, float("nan"), float("inf")])
def test_a_reading_time_that_is_none_is_refused(confirmed, reading_s):
    given = confirmed.committee.next_photo(RITA, at=AT)
    with pytest.raises(RecordRefused, match="is no reading time"):
        confirmed.committee.lock_reading(RITA, given.reading_id, Answer.scored(1), reading_s=reading_s, at=AT)


def test_an_answer_that_the_trial_does_not_know_is_refused(confirmed):
    given = confirmed.committee.next_photo(RITA, at=AT)
    with pytest.raises(RecordRefused):
        confirmed.committee.lock_reading(RITA, given.reading_id, Answer.scored(7), reading_s=1, at=AT)


def test_progress_counts_what_this_reader_has_read_and_what_waits(house):
    for patient in ("01-001", "02-001"):
        confirm(house, patient)
    assert house.committee.progress(RITA) == Progress(read=0, to_read=2, read_in_batch=0, batch=2)
    house.committee.next_photo(RITA, at=AT)
    assert house.committee.progress(RITA) == Progress(read=0, to_read=2, read_in_batch=0, batch=2)
    lock(house, RITA, Answer.scored(1))
    assert house.committee.progress(RITA) == Progress(read=1, to_read=1, read_in_batch=1, batch=2)
    sign(house, RITA)
    assert house.committee.progress(RITA) == Progress(read=1, to_read=1, read_in_batch=0, batch=1)


def test_progress_counts_to_the_end_of_the_batch(tmp_path):
    with closing(open_house(tmp_path, charter=charter_text("batch_size = 40", "batch_size = 2"))) as house:
        for patient in ("01-001", "01-002", "02-001"):
            confirm(house, patient)
        assert house.committee.progress(RITA) == Progress(read=0, to_read=3, read_in_batch=0, batch=2)
        lock(house, RITA, Answer.scored(1))
        lock(house, RITA, Answer.scored(1))
        assert house.committee.progress(RITA) == Progress(read=2, to_read=1, read_in_batch=2, batch=2)
        assert house.committee.progress(RITA).is_to_sign
        assert house.committee.next_photo(RITA, at=AT) is None
        sign(house, RITA)
        assert house.committee.progress(RITA) == Progress(read=2, to_read=1, read_in_batch=0, batch=1)
        assert house.committee.next_photo(RITA, at=AT) is not None


def test_pictures_come_in_few_sizes(confirmed):
    given = confirmed.committee.next_photo(RITA, at=AT)
    picture = confirmed.committee.picture(RITA, given.reading_id)
    assert len(picture) % (512 * 1024) == 0
    Image.open(io.BytesIO(picture)).load()


def test_no_picture_comes_faster_because_the_photograph_was_shown_before(confirmed, monkeypatch):
    drawn = []

    def draw(data, *, long_side_px):
        drawn.append(data)
        return jpeg_to_show(data, long_side_px=long_side_px)

    monkeypatch.setattr("mottling.services.darkroom.jpeg_to_show", draw)
    ids = [(reader, confirmed.committee.next_photo(reader, at=AT).reading_id) for reader in (RITA, RAVI)]
    pictures = [confirmed.committee.picture(*one) for one in (*ids, *ids)]
    assert len(set(pictures)) == 1
    assert len(drawn) == 2, "once for each id under which it is shown"
