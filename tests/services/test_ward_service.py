"""The ward: a photograph as it came, an own score first, and three records of every change of mind."""

import hashlib
import io
from datetime import timedelta

import pytest
from PIL import Image

from mottling.errors import Conflict, NotAllowed, PhotoRefused, RecordRefused
from mottling.scale import Status, Zone
from mottling.services.views import Answer, Shot, VisitState
from mottling.store.store import Store
from tests.house import (
    DAY1,
    MINUTE,
    NINA,
    NOAH,
    OLGA,
    PATIENT,
    RANDOMISED_AT,
    RITA,
    charter_text,
    open_house,
    take,
)
from tests.tiny_model import a_jpeg

KNEES = [Zone.COIN, Zone.KNEE]


def the_photo(services):
    """The day-1 photograph of the first patient."""
    patients = {one.patient: one for one in services.ward.today(NINA, at=DAY1)}
    return patients[PATIENT].visits[1].photo_id


def stored_files(tmp_path):
    return [path for path in (tmp_path / "data" / "photos").rglob("*") if path.is_file()]


def test_a_ward_sees_the_patients_of_its_site_only(house):
    assert [one.patient for one in house.ward.today(NINA, at=DAY1)] == ["01-001", "01-002"]
    assert [one.patient for one in house.ward.today(NOAH, at=DAY1)] == ["02-001"]


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (17, VisitState.NOT_YET),
        (18, VisitState.DUE),
        (30, VisitState.DUE),
        (30.01, VisitState.OVERDUE),
    ],
)
def test_a_visit_is_due_from_the_opening_of_its_window_to_its_end(house, hours, state):
    patient = house.ward.today(NINA, at=RANDOMISED_AT + timedelta(hours=hours))[0]
    assert {one.visit: one.state for one in patient.visits}["day1"] is state


def test_the_states_of_a_visit_follow_its_photograph(house):
    def state():
        patients = {one.patient: one for one in house.ward.today(NINA, at=DAY1)}
        return patients[PATIENT].visits[1].state

    photo_id = take(house)
    seen = [state()]
    house.ward.lock_own_score(NINA, photo_id, Answer.scored(0), at=DAY1)
    seen.append(state())
    house.ward.proposal(NINA, photo_id, at=DAY1)
    house.ward.keep(NINA, photo_id, at=DAY1)
    assert [*seen, state()] == [VisitState.TO_SCORE, VisitState.TO_CONFIRM, VisitState.DONE]


def test_an_overdue_patient_comes_before_one_who_is_done(confirmed):
    confirmed.ward.not_done(NINA, PATIENT, visit="baseline", reason="forgotten", at=DAY1)
    late = RANDOMISED_AT + timedelta(hours=40)
    assert [one.patient for one in confirmed.ward.today(NINA, at=late)] == ["01-002", "01-001"]


def test_the_bytes_stored_are_the_bytes_sent(house, tmp_path):
    data = a_jpeg(KNEES)
    taken = house.ward.take_photo(NINA, Shot(PATIENT, "day1", data, "key"), at=DAY1)
    assert taken.sha256 == hashlib.sha256(data).hexdigest()
    assert len(stored_files(tmp_path)) == 1
    with Store.open(tmp_path / "data") as store:
        assert store.ward.photo_bytes(taken.photo_id) == data


def test_a_photograph_sent_twice_with_one_key_is_one_photograph(house):
    assert take(house, key="same") == take(house, key="same")


def test_a_key_still_answers_after_the_visit_was_confirmed(house):
    photo_id = take(house, key="same")
    house.ward.lock_own_score(NINA, photo_id, Answer.scored(0), at=DAY1)
    house.ward.proposal(NINA, photo_id, at=DAY1)
    house.ward.keep(NINA, photo_id, at=DAY1)
    assert take(house, key="same") == photo_id


def test_a_key_cannot_be_used_for_other_bytes(house):
    take(house, key="same")
    with pytest.raises(Conflict):
        take(house, key="same", data=a_jpeg(KNEES))


@pytest.mark.parametrize("data", [b"", b"<html>", a_jpeg()[:-2000], b"\x89PNG\r\n\x1a\n"])
def test_bytes_that_are_no_photograph_are_refused_and_nothing_is_stored(house, tmp_path, data):
    with pytest.raises(PhotoRefused):
        house.ward.take_photo(NINA, Shot(PATIENT, "day1", data, "key"), at=DAY1)
    assert stored_files(tmp_path) == []
    assert house.ward.today(NINA, at=DAY1)[0].visits[1].photo_id is None


def test_a_photograph_outside_its_window_is_flagged_and_kept(house):
    shot = Shot(PATIENT, "day1", a_jpeg(), "key")
    assert house.ward.take_photo(NINA, shot, at=DAY1 + timedelta(hours=7)).outside_window


@pytest.mark.parametrize(
    ("shot", "words"),
    [
        (Shot("01-999", "day1", a_jpeg(), "key"), "'01-999' is not enrolled"),
        (Shot(PATIENT, "day9", a_jpeg(), "key"), "'day9' is no visit"),
        (Shot(PATIENT, "day1", a_jpeg(), ""), "The key has 0"),
        (Shot(PATIENT, "day1", a_jpeg(), "k" * 201), "The key has 201"),
    ],
)
def test_a_shot_that_breaks_a_rule_is_refused(house, shot, words):
    with pytest.raises(RecordRefused, match=words):
        house.ward.take_photo(NINA, shot, at=DAY1)


def test_a_confirmed_visit_takes_no_other_photograph(confirmed):
    with pytest.raises(RecordRefused, match="is confirmed"):
        take(confirmed, key="another")


def test_a_visit_that_is_not_done_takes_no_photograph(house):
    house.ward.not_done(NINA, PATIENT, visit="day1", reason="died", at=DAY1)
    with pytest.raises(RecordRefused, match="not done"):
        take(house)


def test_a_later_photograph_replaces_one_that_is_not_confirmed(house):
    first, second = take(house, key="first"), take(house, key="second")
    assert house.ward.today(NINA, at=DAY1)[0].visits[1].photo_id == second
    with pytest.raises(Conflict, match="later photograph"):
        house.ward.lock_own_score(NINA, first, Answer.scored(0), at=DAY1)


def test_the_picture_to_look_at_carries_no_exif(house):
    exif = Image.Exif()
    exif[0x010F] = "the phone of somebody"
    out = io.BytesIO()
    Image.open(io.BytesIO(a_jpeg())).save(out, "JPEG", exif=exif)
    shown = Image.open(io.BytesIO(house.ward.picture(NINA, take(house, data=out.getvalue()))))
    assert not shown.getexif()


def test_the_proposal_stays_hidden_until_the_own_score_is_locked(house):
    with pytest.raises(NotAllowed, match="own score is not locked"):
        house.ward.proposal(NINA, take(house), at=DAY1)


def test_the_overlay_stays_hidden_until_the_proposal_was_revealed(locked):
    photo_id = the_photo(locked)
    with pytest.raises(NotAllowed, match="not shown yet"):
        locked.ward.overlay(NINA, photo_id)
    locked.ward.proposal(NINA, photo_id, at=DAY1 + 2 * MINUTE)
    assert locked.ward.overlay(NINA, photo_id).startswith(b"\xff\xd8")


def test_an_own_score_is_locked_once(locked):
    photo_id = the_photo(locked)
    with pytest.raises(Conflict):
        locked.ward.lock_own_score(NINA, photo_id, Answer.scored(5), at=DAY1 + 2 * MINUTE)


def test_the_proposal_is_what_the_model_reads_and_says_which_model(locked):
    proposal = locked.ward.proposal(NINA, the_photo(locked), at=DAY1 + 2 * MINUTE)
    assert (proposal.assessment.status, proposal.assessment.score) == (Status.SCORED, 2)
    assert proposal.assessment.model.name == "tiny"


def test_the_first_reveal_is_the_one_that_counts(locked):
    photo_id = the_photo(locked)
    locked.ward.proposal(NINA, photo_id, at=DAY1 + 2 * MINUTE)
    again = locked.ward.proposal(NINA, photo_id, at=DAY1 + 9 * MINUTE)
    assert again.revealed_at == DAY1 + 2 * MINUTE


def test_nothing_is_confirmed_before_the_proposal_was_seen(locked):
    with pytest.raises(NotAllowed, match="not shown yet"):
        locked.ward.keep(NINA, the_photo(locked), at=DAY1 + 2 * MINUTE)


def test_before_during_and_after_are_three_records(locked):
    photo_id = the_photo(locked)
    locked.ward.proposal(NINA, photo_id, at=DAY1 + 2 * MINUTE)
    locked.ward.change(NINA, photo_id, Answer.scored(2), because=" the thigh ", at=DAY1 + 3 * MINUTE)
    photo = locked.ward.photo(NINA, photo_id)
    assert (photo.own, photo.revealed_at, photo.final) == (
        Answer.scored(1),
        DAY1 + 2 * MINUTE,
        Answer.scored(2),
    )


@pytest.mark.parametrize(
    ("answer", "because", "words"),
    [
        (Answer.scored(2), "  ", "The reason for the change has 0"),
        (Answer.scored(2), "x" * 2001, "The reason for the change has 2001"),
        (Answer.scored(1), "none", "The new score is the own score"),
        (Answer.scored(6), "none", "is no answer"),
    ],
)
def test_a_change_needs_another_answer_and_a_reason(locked, answer, because, words):
    photo_id = the_photo(locked)
    locked.ward.proposal(NINA, photo_id, at=DAY1)
    with pytest.raises(RecordRefused, match=words):
        locked.ward.change(NINA, photo_id, answer, because=because, at=DAY1)


def test_a_final_record_is_there_once(confirmed):
    photo_id = the_photo(confirmed)
    with pytest.raises(Conflict):
        confirmed.ward.keep(NINA, photo_id, at=DAY1 + 5 * MINUTE)


@pytest.mark.parametrize(
    "answer",
    [Answer.scored(6), Answer.at_least(5), Answer.not_assessable("tired"), Answer(Status.ERROR, None)],
)
def test_an_answer_that_the_trial_does_not_know_is_refused(house, answer):
    with pytest.raises(RecordRefused):
        house.ward.lock_own_score(NINA, take(house), answer, at=DAY1)


def test_where_the_trial_file_hides_the_proposal_the_own_score_is_confirmed_without_it(tmp_path):
    house = open_house(tmp_path, charter=charter_text("proposal_on_ward = true", "proposal_on_ward = false"))
    photo_id = take(house)
    house.ward.lock_own_score(NINA, photo_id, Answer.scored(1), at=DAY1)
    assert not house.ward.photo(NINA, photo_id).proposal_allowed
    assert house.ward.proposal(NINA, photo_id, at=DAY1) is None
    assert house.ward.keep(NINA, photo_id, at=DAY1) == Answer.scored(1)
    house.close()


def test_a_model_that_cannot_be_loaded_costs_the_proposal_and_nothing_else(house, tmp_path):
    (tmp_path / "models" / "tiny" / "model.onnx").write_bytes(b"altered")
    photo_id = take(house)
    house.ward.lock_own_score(NINA, photo_id, Answer.scored(1), at=DAY1)
    assert not house.ward.photo(NINA, photo_id).proposal_allowed
    assert house.ward.proposal(NINA, photo_id, at=DAY1) is None
    assert house.ward.keep(NINA, photo_id, at=DAY1) == Answer.scored(1)


def test_a_visit_that_was_not_done_shows_its_reason(house):
    house.ward.not_done(NINA, PATIENT, visit="day1", reason="died", at=DAY1)
    visit = next(one for one in house.ward.today(NINA, at=DAY1) if one.patient == PATIENT).visits[1]
    assert (visit.state, visit.reason) == (VisitState.NOT_DONE, "died")


def test_a_reason_that_the_trial_does_not_know_is_refused(house):
    with pytest.raises(RecordRefused, match="no reason for not done"):
        house.ward.not_done(NINA, PATIENT, visit="day1", reason="no time", at=DAY1)


def test_a_visit_with_a_photograph_was_done(house):
    take(house)
    with pytest.raises(Conflict):
        house.ward.not_done(NINA, PATIENT, visit="day1", reason="died", at=DAY1)


ACTS = {
    "photo": lambda house, user, photo_id: house.ward.photo(user, photo_id),
    "picture": lambda house, user, photo_id: house.ward.picture(user, photo_id),
    "lock": lambda house, user, photo_id: house.ward.lock_own_score(
        user, photo_id, Answer.scored(1), at=DAY1
    ),
    "proposal": lambda house, user, photo_id: house.ward.proposal(user, photo_id, at=DAY1),
    "overlay": lambda house, user, photo_id: house.ward.overlay(user, photo_id),
    "keep": lambda house, user, photo_id: house.ward.keep(user, photo_id, at=DAY1),
    "change": lambda house, user, photo_id: house.ward.change(
        user, photo_id, Answer.scored(1), because="x", at=DAY1
    ),
    "shot": lambda house, user, _: house.ward.take_photo(
        user, Shot(PATIENT, "day1", a_jpeg(), "other"), at=DAY1
    ),
    "not_done": lambda house, user, _: house.ward.not_done(
        user, PATIENT, visit="baseline", reason="died", at=DAY1
    ),
}


@pytest.mark.parametrize("user", [NOAH, OLGA, RITA], ids=lambda user: user.name)
@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_may_do_anything_with_a_ward_s_photograph(house, act, user):
    photo_id = take(house)
    with pytest.raises(NotAllowed):
        ACTS[act](house, user, photo_id)


def test_a_photograph_that_does_not_exist_is_refused_like_one_of_another_ward(house):
    photo_id = take(house)
    said = []
    for user, asked in ((NOAH, photo_id), (NINA, "made-up")):
        with pytest.raises(NotAllowed) as refused:
            house.ward.photo(user, asked)
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_the_office_has_no_ward_list(house):
    with pytest.raises(NotAllowed):
        house.ward.today(OLGA, at=DAY1)
