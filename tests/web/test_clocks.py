"""Moments and durations as a ward says them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mottling.web.clocks import Clock
from mottling.web.words import words_in

PARIS = ZoneInfo("Europe/Paris")
NIGHT = datetime(2026, 3, 3, 2, 10, tzinfo=UTC)


def clock(language: str = "en", now: datetime = NIGHT) -> Clock:
    return Clock(words_in(language), PARIS, now)


def test_a_moment_of_this_day_is_said_on_the_clock_of_the_site():
    assert clock().moment(NIGHT) == "today at 03:10"
    assert clock("fr").moment(NIGHT) == "aujourd’hui à 03:10"


def test_the_day_turns_at_the_sites_midnight_not_at_that_of_utc():
    before_midnight = datetime(2026, 3, 2, 22, 50, tzinfo=UTC)
    assert clock().moment(before_midnight) == "yesterday at 23:50"
    assert clock().moment(before_midnight + timedelta(minutes=20)) == "today at 00:10"


def test_a_moment_further_away_has_its_date():
    assert clock().moment(NIGHT + timedelta(days=3)) == "6 Mar, 03:10"


def test_after_the_change_of_clocks_a_moment_is_said_in_summer_time():
    now = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert clock(now=now).moment(datetime(2026, 3, 29, 12, tzinfo=UTC)) == "tomorrow at 14:00"


def test_today_names_weekday_day_and_month():
    assert clock().today() == "Tuesday 3 March, 03:10"
    assert clock("fr").today() == "mardi 3 mars, 03:10"


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0 min"), (59, "59 min"), (60, "1 h 00"), (205, "3 h 25"), (3000, "2 d 2 h")]
)
def test_a_duration_is_said_in_the_units_that_matter(minutes, said):
    assert clock().duration(timedelta(minutes=minutes)) == said


def test_time_left_and_time_passed_are_counted_from_now():
    assert clock().left(NIGHT + timedelta(hours=2)) == "2 h 00"
    assert clock().ago(NIGHT - timedelta(minutes=5)) == "5 min"
