"""What a clock on the wall means, on the two nights of the year on which that is a question."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mottling.trial.local_times import moments_of

PARIS = ZoneInfo("Europe/Paris")


def moments(text: str, zone: ZoneInfo = PARIS) -> list[str]:
    return [one.isoformat() for one in moments_of(datetime.fromisoformat(text), zone)]


def test_a_time_of_any_other_day_is_one_moment_with_its_offset():
    assert moments("2026-03-02T14:05") == ["2026-03-02T14:05:00+01:00"]
    assert moments("2026-07-02T14:05") == ["2026-07-02T14:05:00+02:00"]


@pytest.mark.parametrize("text", ["2026-03-29T02:00", "2026-03-29T02:30", "2026-03-29T02:59:59"])
def test_what_the_clocks_were_put_forward_over_was_never(text):
    assert moments(text) == []


def test_what_the_clocks_were_put_back_over_was_twice_the_earlier_one_first():
    assert moments("2026-10-25T02:30") == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]
    earlier, later = moments_of(datetime.fromisoformat("2026-10-25T02:30"), PARIS)
    assert (later.astimezone(UTC) - earlier.astimezone(UTC)).total_seconds() == 3600


@pytest.mark.parametrize(
    "text", ["2026-03-29T01:59", "2026-03-29T03:00", "2026-10-25T01:59", "2026-10-25T03:00"]
)
def test_just_before_and_after_there_is_one(text):
    assert len(moments(text)) == 1


def test_a_zone_that_never_changes_its_clocks_has_one_moment_for_each_time():
    assert moments("2026-10-25T02:30", ZoneInfo("Indian/Reunion")) == ["2026-10-25T02:30:00+04:00"]
