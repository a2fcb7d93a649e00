"""Drift: what is counted, when an alarm is raised, and how rarely without a reason."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from mottling.agreement.drift import (
    REFERENCE,
    Flag,
    SeenPhoto,
    alarms_of,
    share_before,
    week_of,
    weeks_of,
)

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def photo(number, *, score=0, group="01", doubtful=False, verdict=None, distance=None):
    """One of two photographs a day."""
    return SeenPhoto(MONDAY + timedelta(hours=12 * number), group, score, doubtful, verdict, distance)


def usual(count=REFERENCE, *, first=0):
    """Photographs of which a tenth is refused, and a fifth of the others scored high."""
    return [
        photo(first + number, score=None if number % 10 == 0 else 3 if number % 5 == 1 else 0)
        for number in range(count)
    ]


def test_photographs_are_counted_by_week_the_latest_first():
    photos = [
        photo(0),
        photo(1, score=None),
        photo(14, score=3, doubtful=True, verdict=3),
        photo(15, verdict=1),
    ]
    later, first = weeks_of(photos)
    assert (first.week, first.photographs, first.refused, first.doubtful) == (date(2026, 3, 2), 2, 1, 0)
    assert (later.week, later.scores, later.doubtful) == (date(2026, 3, 9), (1, 0, 0, 1, 0, 0), 1)
    assert (later.compared, later.alike) == (2, 1)


def test_a_week_begins_on_monday_in_utc():
    assert week_of(datetime(2026, 3, 8, 23, 59, tzinfo=UTC)) == date(2026, 3, 2)


def test_more_of_the_same_raises_no_alarm():
    assert alarms_of(usual(6 * REFERENCE)) == ()


def test_before_the_reference_is_whole_nothing_raises_an_alarm():
    assert alarms_of([photo(number, score=None) for number in range(REFERENCE)]) == ()


@pytest.mark.parametrize(
    ("flag", "changed"),
    [
        (Flag.REFUSED, {"score": None}),
        (Flag.DOUBTFUL, {"doubtful": True}),
        (Flag.HIGH, {"score": 4}),
    ],
)
def test_what_becomes_common_raises_its_own_alarm_in_all_and_at_the_site(flag, changed):
    photos = usual() + [photo(REFERENCE + number, group="02", **changed) for number in range(30)]
    alarms = [alarm for alarm in alarms_of(photos) if alarm.flag is flag]
    assert {alarm.group for alarm in alarms} == {"", "02"}
    last = alarms[-1]
    assert last.raised == last.of < 20
    assert week_of(photos[REFERENCE].at) <= last.since <= last.week


def test_a_site_alone_is_seen_among_others():
    photos = usual() + [
        photo(REFERENCE + number, group="03", score=None) if number % 2 == 0 else photo(REFERENCE + number)
        for number in range(80)
    ]
    assert "03" in {alarm.group for alarm in alarms_of(photos) if alarm.flag is Flag.REFUSED}


def test_scores_that_differ_from_verdicts_are_told_where_there_are_verdicts():
    first = [photo(number, verdict=0) for number in range(REFERENCE)]
    later = [photo(REFERENCE + number, verdict=2) for number in range(20)]
    assert {alarm.flag for alarm in alarms_of(first + later)} == {Flag.DIFFERS}


def test_pictures_farther_than_nine_of_ten_of_the_first_raise_an_alarm_at_their_site():
    distances = np.random.default_rng(1).permutation(np.linspace(0.5, 1.5, REFERENCE))
    first = [photo(number, distance=float(one)) for number, one in enumerate(distances)]
    same = [photo(REFERENCE + number, distance=0.5 + number / 100) for number in range(90)]
    far = [photo(2 * REFERENCE + number, group="02", distance=1.45) for number in range(20)]
    assert alarms_of(first + same) == ()
    assert {(alarm.flag, alarm.group) for alarm in alarms_of(first + same + far)} == {
        (Flag.FAR, ""),
        (Flag.FAR, "02"),
    }


def test_the_weeks_distance_is_that_in_the_middle_of_those_that_are_known():
    photos = [photo(0, distance=0.5), photo(1), photo(2, score=None, distance=0.9), photo(3, distance=2.0)]
    assert weeks_of(photos)[0].distance == 0.9
    assert weeks_of([photo(0)])[0].distance is None


def test_what_was_never_seen_among_the_first_is_not_taken_for_impossible():
    assert share_before(0, REFERENCE) == pytest.approx(0.02, abs=0.015)


def test_the_same_photographs_raise_the_same_alarms():
    rng = np.random.default_rng(4)
    photos = [photo(number, score=int(rng.integers(4))) for number in range(400)]
    assert alarms_of(photos) == alarms_of(photos)
