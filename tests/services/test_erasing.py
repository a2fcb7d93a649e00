"""A patient withdraws: what each person sees after the photographs were erased."""

from contextlib import closing
from datetime import timedelta

import pytest

from mottling.errors import ExportRefused, NotAllowed, PhotosErased, RecordRefused
from mottling.services.views import Answer, Shot
from mottling.training_set import read_training_set
from tests.house import DAY1, NINA, OLGA, PATIENT, RAVI, RITA, confirm, open_house, read
from tests.tiny_model import a_jpeg

LATER = DAY1 + timedelta(hours=3)


@pytest.fixture
def house(tmp_path):
    with closing(open_house(tmp_path)) as services:
        yield services


def _erase(services, patient=PATIENT, *, user=OLGA, reason="Consent withdrawn"):
    return services.office.erase_photos(user, patient, reason=reason, at=LATER)


def test_only_the_office_erases(house):
    confirm(house)
    for user in (NINA, RITA):
        with pytest.raises(NotAllowed, match="may not erase photographs"):
            _erase(house, user=user)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001], ids=len)
def test_an_erasure_needs_a_reason(house, reason):
    confirm(house)
    with pytest.raises(RecordRefused, match="The reason has"):
        _erase(house, reason=reason)


def test_the_ward_no_longer_sees_the_patient_nor_the_photograph(house):
    photo_id = confirm(house)
    assert _erase(house) == 1
    assert PATIENT not in {one.patient for one in house.ward.today(NINA, at=LATER)}
    for act in (house.ward.photo, house.ward.picture, house.ward.overlay):
        with pytest.raises(PhotosErased):
            act(NINA, photo_id)


def test_no_photograph_is_taken_of_a_patient_who_withdrew(house):
    _erase(house)
    with pytest.raises(PhotosErased):
        house.ward.take_photo(NINA, Shot(PATIENT, "day1", a_jpeg(), key="another"), at=LATER)


def test_the_committee_is_not_given_an_erased_photograph_and_counts_it_no_more(house):
    confirm(house)
    given = house.committee.next_photo(RITA, at=LATER)
    _erase(house)
    assert house.committee.next_photo(RITA, at=LATER) is None
    assert house.committee.progress(RITA).to_read == 0
    with pytest.raises(PhotosErased) as refused:
        house.committee.picture(RITA, given.reading_id)
    assert PATIENT not in str(refused.value)


def test_the_outcome_of_an_erased_patient_stays(house):
    confirm(house, score=4)
    _erase(house)
    (line,) = [
        one
        for one in house.office.outcome(OLGA, at=LATER)
        if one.patient == PATIENT and one.bedside is not None
    ]
    assert line.bedside == Answer.scored(4)


def test_a_frozen_set_leaves_erased_photographs_out(house, tmp_path):
    for patient in (PATIENT, "01-002"):
        confirm(house, patient, data=a_jpeg() + patient.encode())
    for _ in range(2):
        for reader in (RITA, RAVI):
            read(house, reader, Answer.scored(3))
    _erase(house)
    assert house.office.freeze(OLGA, tmp_path / "set", at=LATER) == 1
    assert len(read_training_set(tmp_path / "set").photos) == 1


def test_when_every_photograph_was_erased_nothing_is_frozen(house, tmp_path):
    confirm(house)
    for reader in (RITA, RAVI):
        read(house, reader, Answer.scored(3))
    _erase(house)
    with pytest.raises(ExportRefused):
        house.office.freeze(OLGA, tmp_path / "set", at=LATER)
