"""Moments and durations as a ward says them: today, tomorrow, in three hours; on the clock of the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mottling.web.words import Words

__all__ = ["Clock"]

_DAYS_FROM = timedelta(hours=48)
"""From this length on, a duration is said in days."""


@dataclass(frozen=True)
class Clock:
    """A clock on the wall of one site, read in one language."""

    words: Words
    zone: ZoneInfo
    now: datetime

    def moment(self, at: datetime) -> str:
        """Say when something is: `today at 14:05`, or day and month where it is further away."""
        local = at.astimezone(self.zone)
        days = (local.date() - self.now.astimezone(self.zone).date()).days
        near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
        if near is None:
            return self.words.clock(at, self.zone)
        return self.words.say(f"when.{near}", {"time": f"{local:%H:%M}"})

    def today(self) -> str:
        """Say which day it is, and what time."""
        local = self.now.astimezone(self.zone)
        weekday = self.words.say("when.weekdays").split(" ")[local.weekday()]
        month = self.words.say("when.months").split(" ")[local.month - 1]
        values = {"weekday": weekday, "day": local.day, "month": month, "time": f"{local:%H:%M}"}
        return self.words.say("when.long_date", values)

    def left(self, until: datetime) -> str:
        """Say how long it still is until a moment."""
        return self.duration(until - self.now)

    def ago(self, since: datetime) -> str:
        """Say how long ago a moment was."""
        return self.duration(self.now - since)

    def duration(self, length: timedelta) -> str:
        """Say a duration in the two largest units that matter."""
        minutes = max(0, round(length.total_seconds() / 60))
        if length >= _DAYS_FROM:
            return self.words.say("when.days", {"days": minutes // 1440, "hours": minutes % 1440 // 60})
        if minutes < 60:  # noqa: PLR2004 # an hour
            return self.words.say("when.minutes", {"minutes": minutes})
        return self.words.say("when.hours", {"hours": minutes // 60, "minutes": minutes % 60})
