from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mottling.trial.charter import Visit, Words
from mottling.trial.visits import window_of

PARIS = ZoneInfo("Europe/Paris")
DAY1 = Visit(code="day1", label=Words(fr="Jour 1", en="Day 1"), due_h=24, tolerance_h=6)


def test_day_one_is_due_after_twenty_four_hours_and_open_for_twelve():
    window = window_of(DAY1, randomised_at=datetime(2026, 3, 2, 8, tzinfo=UTC))
    assert window.due_at == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert window.opens_at == datetime(2026, 3, 3, 2, tzinfo=UTC)
    assert window.closes_at == datetime(2026, 3, 3, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("randomised_at", "due_on_the_wall"),
    [
        (datetime(2026, 3, 28, 14, tzinfo=PARIS), "2026-03-29T15:00"),
        (datetime(2026, 10, 24, 14, tzinfo=PARIS), "2026-10-25T13:00"),
    ],
    ids=["clocks put forward", "clocks put back"],
)
def test_a_change_of_clocks_moves_the_clock_on_the_wall_and_not_the_window(randomised_at, due_on_the_wall):
    window = window_of(DAY1, randomised_at=randomised_at)
    assert window.due_at.timestamp() - randomised_at.timestamp() == 24 * 3600
    assert window.due_at.astimezone(PARIS).isoformat(timespec="minutes")[:16] == due_on_the_wall


def test_the_hour_that_comes_twice_is_told_apart_by_its_offset():
    first = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=0)
    second = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1)
    difference = window_of(DAY1, randomised_at=second).due_at - window_of(DAY1, randomised_at=first).due_at
    assert difference == timedelta(hours=1)


def test_both_ends_belong_to_the_window():
    window = window_of(DAY1, randomised_at=datetime(2026, 3, 2, 8, tzinfo=UTC))
    moment = timedelta(microseconds=1)
    assert window.holds(window.opens_at)
    assert window.holds(window.closes_at)
    assert not window.holds(window.opens_at - moment)
    assert not window.holds(window.closes_at + moment)


def test_a_baseline_may_be_taken_before_randomisation():
    baseline = Visit(code="baseline", label=DAY1.label, due_h=0, tolerance_h=6)
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert window_of(baseline, randomised_at=at).holds(at - timedelta(hours=5))
