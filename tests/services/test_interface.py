"""What programs do: one site's patients, no score for who asks for status, no model before the own score."""

from datetime import timedelta

import pytest

from mottling.errors import Conflict, NotAllowed, PhotosErased, RecordRefused
from mottling.exports.outcome_table import PatientOutcome
from mottling.exports.tables import table
from mottling.scale import Zone
from mottling.services.interface import PhotoState, Sent
from mottling.services.programs import Program
from mottling.services.views import Answer, VisitState
from mottling.trial.programs import Scope
from mottling.trial.records import OwnScore
from tests.house import DAY1, MINUTE, NINA, OLGA, PATIENT, RAVI, RITA, lock, take
from tests.tiny_model import a_jpeg

WARD = Program("icu", frozenset({Scope.PHOTOS, Scope.STATUS}), "01")
SPONSOR = Program("sponsor", frozenset({Scope.OUTCOMES, Scope.STATUS}), None)
ELSEWHERE = Program("other-icu", frozenset(Scope), "02")


def sent(patient=PATIENT, *, visit="day1", data=b"", key="1", score=2, taken_at=None) -> Sent:
    return Sent(patient, visit, data or a_jpeg(), Answer.scored(score), key, taken_at)


def take_it(house, **values):
    return house.interface.take(WARD, sent(**values), at=DAY1)


def row_of(read, patient=PATIENT) -> PatientOutcome:
    (row,) = [one for one in read.rows if one.patient == patient]
    return row


def test_a_photograph_comes_with_its_own_score_and_says_who_brought_it(house):
    taken = take_it(house)
    steps = house.interface._store.ward.photo(taken.photo_id)
    assert (steps.photo.sha256, steps.photo.by) == (taken.sha256, "token:icu")
    assert steps.own.answer == Answer.scored(2)
    assert house.interface._store.ward.photo_bytes(taken.photo_id) == a_jpeg()


def test_the_same_again_is_the_same_photograph(house):
    assert take_it(house) == take_it(house)
    assert len(house.interface._store.ward.photos()) == 1


@pytest.mark.parametrize(
    "other", [{"data": a_jpeg([Zone.KNEE])}, {"score": 3}, {"visit": "baseline"}, {"patient": "01-002"}]
)
def test_the_same_key_with_something_else_is_refused(house, other):
    take_it(house)
    with pytest.raises(Conflict):
        take_it(house, **other)


def test_two_sites_may_count_from_one(house):
    first = take_it(house)
    second = house.interface.take(ELSEWHERE, sent("02-001"), at=DAY1)
    assert first.photo_id != second.photo_id


def test_the_nurse_goes_on_with_a_photograph_that_a_program_brought(house):
    taken = take_it(house)
    proposal = house.ward.proposal(NINA, taken.photo_id, at=DAY1 + MINUTE)
    assert proposal is not None
    house.ward.keep(NINA, taken.photo_id, at=DAY1 + 2 * MINUTE)
    assert house.interface.photo(WARD, taken.photo_id).state is PhotoState.CONFIRMED


def test_when_it_was_taken_is_what_the_window_asks(house):
    long_ago = DAY1 - timedelta(days=3)
    taken = take_it(house, taken_at=long_ago)
    assert taken.outside_window
    assert house.interface.photo(WARD, taken.photo_id).taken_at == long_ago


def test_a_photograph_from_the_future_is_refused(house):
    with pytest.raises(RecordRefused, match="in the future"):
        take_it(house, taken_at=DAY1 + timedelta(hours=1))


def test_a_patient_of_another_site_is_refused_as_one_that_there_is_not(house):
    said = set()
    for number in ("02-001", "99-999"):
        for ask in (
            lambda number=number: take_it(house, patient=number),
            lambda number=number: house.interface.visit(WARD, number, "day1", at=DAY1),
        ):
            with pytest.raises(NotAllowed) as refused:
                ask()
            said.add(str(refused.value))
    assert len(said) == 1


def test_a_photograph_of_another_site_is_refused_as_one_that_there_is_not(house):
    taken = take_it(house)
    said = set()
    for photo_id in (taken.photo_id, "made-up"):
        with pytest.raises(NotAllowed) as refused:
            house.interface.photo(ELSEWHERE, photo_id)
        said.add(str(refused.value))
    assert len(said) == 1


@pytest.mark.parametrize(
    ("scope", "ask"),
    [
        (Scope.OUTCOMES, lambda door, program: door.outcomes(program, at=DAY1)),
        (Scope.PHOTOS, lambda door, program: door.take(program, sent(), at=DAY1)),
        (Scope.STATUS, lambda door, program: door.photo(program, "x")),
        (Scope.STATUS, lambda door, program: door.visit(program, PATIENT, "day1", at=DAY1)),
        (Scope.STATUS, lambda door, program: door.visits(program, at=DAY1)),
    ],
)
def test_what_a_token_is_not_for_is_refused(house, scope, ask):
    program = Program("icu", frozenset(Scope) - {scope}, "01")
    with pytest.raises(NotAllowed, match="This token may not do this"):
        ask(house.interface, program)


def test_photographs_that_were_erased_are_gone(house):
    taken = take_it(house)
    house.office.erase_photos(OLGA, PATIENT, reason="Withdrew", at=DAY1 + MINUTE)
    for ask in (
        lambda: house.interface.photo(WARD, taken.photo_id),
        lambda: take_it(house, key="2"),
    ):
        with pytest.raises(PhotosErased):
            ask()


def test_a_photograph_in_whose_place_a_later_one_was_taken_says_so(house):
    first = take_it(house)
    second = house.interface.take(WARD, sent(key="2"), at=DAY1 + MINUTE)
    states = [house.interface.photo(WARD, one.photo_id).state for one in (first, second)]
    assert states == [PhotoState.REPLACED, PhotoState.TO_CONFIRM]


def test_visits_are_those_of_the_site_and_the_sponsor_sees_all(house):
    take_it(house)
    assert {one.patient for one in house.interface.visits(WARD, at=DAY1)} == {"01-001", "01-002"}
    every = house.interface.visits(SPONSOR, at=DAY1)
    assert {one.patient for one in every} == {"01-001", "01-002", "02-001"}
    states = {(one.patient, one.visit): one.state for one in every}
    assert states[PATIENT, "day1"] is VisitState.TO_CONFIRM
    assert states["02-001", "day1"] is VisitState.DUE


def test_readers_who_differ_change_nothing_of_what_status_says(confirmed):
    (photo,) = confirmed.interface._store.ward.photos()
    before = _said(confirmed, photo.photo.photo_id)
    for reader, score in ((RITA, 0), (RAVI, 5)):
        lock(confirmed, reader, Answer.scored(score))
    assert _said(confirmed, photo.photo.photo_id) == before


def _said(house, photo_id):
    return house.interface.photo(WARD, photo_id), house.interface.visits(SPONSOR, at=DAY1)


def test_every_patient_has_a_value_or_a_reason_and_reading_leaves_a_record(confirmed):
    read = confirmed.interface.outcomes(SPONSOR, at=DAY1 + MINUTE)
    assert [one.patient for one in read.rows] == ["01-001", "01-002", "02-001"]
    assert all((one.value is None) != (one.missing is None) for one in read.rows)
    noted = confirmed.office.audit_csv(OLGA, at=DAY1 + MINUTE).decode()
    assert "token:sponsor" in noted


def test_the_hash_is_that_of_the_csv_file_of_the_same_moment(confirmed):
    read = confirmed.interface.outcomes(SPONSOR, at=DAY1 + MINUTE)
    assert table(PatientOutcome, read.rows) == confirmed.results.outcome_csv(OLGA, at=DAY1 + MINUTE)


def test_a_site_reads_its_own_outcomes_only(confirmed):
    program = Program("site", frozenset({Scope.OUTCOMES}), "02")
    assert [one.patient for one in confirmed.interface.outcomes(program, at=DAY1).rows] == ["02-001"]


def test_what_the_model_read_is_there_once_the_own_score_is_locked(confirmed):
    assert row_of(confirmed.interface.outcomes(SPONSOR, at=DAY1)).model is not None


def test_what_the_model_read_never_leaves_before_the_own_score(house):
    photo_id = take(house)
    # As some later version might: the model has read the photograph, and nobody has locked a score.
    steps = house.interface._store.ward.photo(photo_id)
    house.ward._model.read(steps, by="server", at=DAY1)
    assert house.interface._store.ward.photo(photo_id).assessment is not None
    row = row_of(house.interface.outcomes(SPONSOR, at=DAY1))
    assert (row.model, row.model_sha256, row.model_status, row.model_score) == (None,) * 4
    house.interface._store.ward.lock_own_score(
        OwnScore(by="nina", at=DAY1, photo_id=photo_id, answer=Answer.scored(1))
    )
    assert row_of(house.interface.outcomes(SPONSOR, at=DAY1)).model is not None
