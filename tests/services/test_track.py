"""Are we on track: what was due, what was settled of it and when, by site; counted by hand beside it."""

from datetime import UTC, datetime, timedelta

import pytest

from mottling.services.track import OnTrack, Tracks
from mottling.shipped import shipped
from mottling.store.board import Board, PhotoStanding
from mottling.trial.changes import Changes, Extent, Withdrawal
from mottling.trial.charter import read_charter
from mottling.trial.records import Answer, Patient

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CHARTER = read_charter(shipped("configs") / "trials" / "i-micro.toml").charter
TWO = Answer.scored(2)


def randomised(number: str, *, closes_ago: timedelta) -> Patient:
    """A patient whose day-1 window, 24 h and 6 more after randomisation, closed so long ago."""
    at = NOW - closes_ago - 30 * HOUR
    return Patient(patient=number, site=number[:2], randomised_at=at, by="olga", at=at)


def confirmed(ago: timedelta, *, decided_ago: timedelta | None = None) -> PhotoStanding:
    decided_at = None if decided_ago is None else NOW - decided_ago
    return PhotoStanding(
        outside_window=False, own=TWO, final=TWO, confirmed_at=NOW - ago, decided_at=decided_at
    )


def board(patients, *, photos=None, not_done=None, withdrawn=None) -> Board:
    """A board; of who was not done or withdrew, how long ago."""
    at = {(number, "day1"): NOW - ago for number, ago in (not_done or {}).items()}
    return Board(
        tuple(patients),
        {(number, "day1"): photo for number, photo in (photos or {}).items()},
        dict.fromkeys(at, "died"),
        at,
        Changes({number: withdrawal(number, NOW - ago) for number, ago in (withdrawn or {}).items()}),
    )


def withdrawal(number: str, since: datetime) -> Withdrawal:
    return Withdrawal(patient=number, since=since, extent=Extent.VISITS, because="Said so", by="olga", at=NOW)


def track(patients, **known):
    return Tracks(CHARTER).of(board(patients, **known), at=NOW)


def test_before_any_window_has_closed_nothing_is_due():
    found = track([randomised("01-001", closes_ago=-HOUR)], photos={"01-001": confirmed(2 * HOUR)})
    assert (found.on_track, found.total.due, found.sites, found.periods) == (OnTrack.NOTHING_DUE, 0, (), ())


def test_a_patient_is_due_once_the_window_has_closed_and_settled_by_a_score_or_a_reason():
    patients = [randomised(f"01-00{n}", closes_ago=n * DAY) for n in range(1, 6)]
    found = track(
        patients,
        photos={
            "01-001": confirmed(2 * DAY),
            "01-002": PhotoStanding(outside_window=False, own=TWO),
            "01-003": confirmed(DAY, decided_ago=HOUR),
        },
        not_done={"01-004": HOUR},
    ).total
    assert (found.due, found.scored, found.not_done, found.missing, found.decided) == (5, 2, 1, 2, 1)


def test_who_was_settled_before_the_window_closed_counts_when_it_closes():
    course = track(
        [randomised("01-001", closes_ago=3 * DAY), randomised("01-002", closes_ago=2 * DAY)],
        photos={"01-001": confirmed(4 * DAY), "01-002": confirmed(DAY, decided_ago=HOUR)},
    ).total.course
    assert course.due == (NOW - 3 * DAY, NOW - 2 * DAY)
    assert course.settled == (NOW - 3 * DAY, NOW - DAY)
    assert course.decided == (NOW - HOUR,)


def test_no_more_are_ever_settled_than_due():
    patients = [randomised(f"01-{n:03}", closes_ago=n * 7 * HOUR) for n in range(1, 60)]
    photos = {one.patient: confirmed(n * 11 * HOUR) for n, one in enumerate(patients)}
    course = track(patients, photos=photos).total.course
    for moment in (*course.settled, *course.due):
        due, settled = (sum(one <= moment for one in line) for line in (course.due, course.settled))
        assert settled <= due


@pytest.mark.parametrize(
    ("settled", "answer", "too_many"), [(19, OnTrack.YES, 0), (18, OnTrack.NO, 1), (0, OnTrack.NO, 19)]
)
def test_the_aim_of_the_trial_file_says_whether_the_trial_is_on_track(settled, answer, too_many):
    patients = [randomised(f"01-{n:03}", closes_ago=DAY) for n in range(20)]
    found = track(patients, photos={f"01-{n:03}": confirmed(DAY) for n in range(settled)})
    assert (found.goal, found.on_track, found.too_many) == (0.95, answer, too_many)


def test_the_site_where_most_is_missing_comes_first():
    patients = [randomised(number, closes_ago=DAY) for number in ("01-001", "02-001", "02-002", "03-001")]
    found = track(patients, photos={"01-001": confirmed(DAY)})
    assert [(one.site, one.missing) for one in found.sites] == [("02", 2), ("03", 1), ("01", 0)]
    assert sum(one.due for one in found.sites) == found.total.due


def test_each_four_weeks_are_counted_apart_and_none_twice():
    patients = [randomised(f"01-{n:03}", closes_ago=n * 10 * DAY) for n in range(1, 9)]
    found = track(patients, photos={"01-001": confirmed(DAY)}, not_done={"01-008": DAY})
    assert [(one.due, one.scored, one.not_done, one.missing) for one in found.periods] == [
        (2, 1, 0, 1),
        (3, 0, 0, 3),
        (3, 0, 1, 2),
    ]
    assert found.total.recent == found.periods[0]


def test_a_visit_that_is_not_done_is_counted_once_though_there_is_a_photograph():
    found = track(
        [randomised("01-001", closes_ago=DAY)],
        photos={"01-001": confirmed(DAY)},
        not_done={"01-001": DAY},
    ).total
    assert (found.scored, found.not_done, found.missing) == (0, 1, 0)


def test_who_withdrew_before_the_window_closed_is_not_due_unless_something_is_on_record():
    patients = [randomised(f"01-00{n}", closes_ago=5 * DAY) for n in range(1, 5)]
    found = track(
        patients,
        photos={"01-002": confirmed(6 * DAY)},
        not_done={"01-003": 4 * DAY},
        withdrawn={"01-001": 5 * DAY, "01-002": 5 * DAY, "01-003": 6 * DAY, "01-004": 4 * DAY},
    ).total
    assert (found.due, found.scored, found.not_done, found.missing) == (3, 1, 1, 1)


def test_what_was_found_before_is_not_said_of_what_has_changed_since():
    patient, later = randomised("01-001", closes_ago=5 * DAY), randomised("01-001", closes_ago=2 * DAY)
    elsewhere = patient.model_copy(update={"site": "02"})
    unconfirmed = PhotoStanding(outside_window=False, own=TWO)
    boards = [
        board([patient]),
        board([patient], photos={"01-001": unconfirmed}),
        board([patient], photos={"01-001": confirmed(6 * DAY)}),
        board([patient], photos={"01-001": confirmed(6 * DAY, decided_ago=DAY)}),
        board([patient], photos={"01-001": confirmed(6 * DAY)}, not_done={"01-001": 3 * DAY}),
        board([patient], not_done={"01-001": 3 * DAY}),
        board([patient], not_done={"01-001": 2 * DAY}),
        board([elsewhere], not_done={"01-001": 2 * DAY}),
        board([later]),
        board([later], withdrawn={"01-001": 3 * DAY}),
        board([later]),
    ]
    kept = Tracks(CHARTER)
    seen = [kept.of(one, at=NOW) for one in boards]
    assert seen == [Tracks(CHARTER).of(one, at=NOW) for one in boards]
    assert len({repr(one.total) for one in seen}) == 8


def test_the_same_patients_are_due_once_their_window_has_closed_whenever_it_was_looked_before():
    kept, same = Tracks(CHARTER), board([randomised("01-001", closes_ago=DAY)])
    assert [kept.of(same, at=NOW - ago).total.due for ago in (2 * DAY, HOUR, 2 * DAY)] == [0, 1, 0]
