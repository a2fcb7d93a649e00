"""Are we on track? The answer in a sentence, and its drawing: what was due, and what was settled of it.

Lines are steps: each patient is one step up. A drawing is SVG of our own; its numbers stand in the table too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mottling.services.track import OnTrack, Period, SiteTrack, Track
from mottling.web.trial_words import TrialWords

__all__ = ["DrawnTrack", "drawn"]

_WIDTH, _HEIGHT = 640.0, 240.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 12.0, 12.0, 26.0
_SMALL_WIDTH, _SMALL_HEIGHT = 220.0, 72.0
_MOST_MARKS = 6


@dataclass(frozen=True)
class Line:
    """One line of a drawing."""

    name: str
    """What it counts: due, settled or decided."""
    path: str
    count: int
    """Where it ends."""


@dataclass(frozen=True)
class Mark:
    """One number or month along an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Drawing:
    """One drawing."""

    width: float
    height: float
    lines: tuple[Line, ...]
    area: str
    """Between the axis and what is settled."""
    across: tuple[Mark, ...]
    """Months."""
    up: tuple[Mark, ...]
    """Numbers of patients."""
    said: str
    """What is read out for it."""


@dataclass(frozen=True)
class SiteLine:
    """One site with its numbers and its drawing."""

    site: str
    label: str
    track: SiteTrack
    percent: int
    recent: str
    """The share of the last four weeks; empty where nobody was due."""
    drawing: Drawing


@dataclass(frozen=True)
class PeriodLine:
    """Four weeks in numbers."""

    label: str
    period: Period
    percent: int | None


@dataclass(frozen=True)
class DrawnTrack:
    """The whole screen."""

    on_track: OnTrack
    sentence: str
    total: SiteLine
    sites: tuple[SiteLine, ...]
    periods: tuple[PeriodLine, ...]


def drawn(track: Track, trial_words: TrialWords, *, at: datetime) -> DrawnTrack:
    """Say and draw it in the words of the page."""
    pen = _Pen(trial_words, at)
    return DrawnTrack(
        on_track=track.on_track,
        sentence=pen.sentence(track),
        total=pen.site(track.total, is_large=True),
        sites=tuple(pen.site(one, is_large=False) for one in track.sites),
        periods=tuple(pen.period(one) for one in track.periods),
    )


@dataclass(frozen=True)
class _Pen:
    trial_words: TrialWords
    at: datetime

    def sentence(self, track: Track) -> str:
        total = track.total
        values = {
            "visit": self.trial_words.visit(self.trial_words.charter.endpoint_visit),
            "due": total.due,
            "settled": total.settled,
            "percent": _percent(total.settled, total.due),
            "goal": round(100 * track.goal),
            "missing": total.missing,
            "n": track.too_many,
        }
        return self.trial_words.words.say(f"track.answer.{track.on_track}", values)

    def site(self, track: SiteTrack, *, is_large: bool) -> SiteLine:
        words, recent = self.trial_words, track.recent
        label = words.site(track.site) if track.site else words.words.say("office.every_site")
        return SiteLine(
            site=track.site,
            label=label,
            track=track,
            percent=_percent(track.settled, track.due),
            recent=f"{_percent(recent.due - recent.missing, recent.due)} %" if recent.due else "",
            drawing=self._drawing(track, label, is_large=is_large),
        )

    def period(self, period: Period) -> PeriodLine:
        share = _percent(period.due - period.missing, period.due) if period.due else None
        days = [self._day(period.begins_at), self._day(period.ends_at)]
        return PeriodLine(" – ".join(days), period, share)

    def _drawing(self, track: SiteTrack, label: str, *, is_large: bool) -> Drawing:
        course = track.course
        frame = _frame(course.due, track.due, self.at, is_large=is_large)
        named = (("due", course.due), ("settled", course.settled), ("decided", course.decided))
        lines = tuple(Line(name, frame.steps(moments), len(moments)) for name, moments in named)
        values = {
            "site": label,
            "due": track.due,
            "scored": track.scored,
            "not_done": track.not_done,
            "missing": track.missing,
            "decided": track.decided,
        }
        return Drawing(
            width=frame.width,
            height=frame.height,
            lines=lines,
            area=f"{lines[1].path}V{frame.y(0):.1f}H{frame.x(frame.begin):.1f}Z",
            across=self._months(frame) if is_large else (),
            up=tuple(Mark(frame.y(n), str(n)) for n in (0, track.due // 2, track.due)) if is_large else (),
            said=self.trial_words.words.say("track.said", values),
        )

    def _months(self, frame: _Frame) -> tuple[Mark, ...]:
        """Mark the beginning, the end, and first days of months between them."""
        zone, ends = self._zone(), (frame.begin, frame.end)
        left, right = (frame.x(one) for one in ends)
        room = (right - left) / 9
        firsts = _firsts_of_months(*(one.astimezone(zone) for one in ends))
        every = max(1, -(-len(firsts) // _MOST_MARKS))
        seen = [one for one in firsts[::every] if left + room < frame.x(one) < right - room]
        return tuple(Mark(frame.x(one), self._day(one)) for one in (frame.begin, *seen, frame.end))

    def _day(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone())
        return f"{local.day} {self.trial_words.words.say('months.short').split(' ')[local.month - 1]}"

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.trial_words.charter.sites[0].time_zone)


@dataclass(frozen=True)
class _Frame:
    """Where moments and counts lie in a drawing."""

    begin: datetime
    end: datetime
    most: int
    width: float
    height: float
    left: float
    right: float
    bottom: float

    def x(self, moment: datetime) -> float:
        share = (moment - self.begin) / (self.end - self.begin)
        return self.left + min(max(share, 0.0), 1.0) * (self.width - self.left - self.right)

    def y(self, count: int) -> float:
        room = self.height - _TOP - self.bottom
        return _TOP + room * (1 - count / self.most)

    def steps(self, moments: Sequence[datetime]) -> str:
        """Draw a line that goes one up at each moment, and on to the end.

        Steps within a pixel, across or up, are drawn as one: of a large trial there are ten thousand.
        """
        pixel = (self.end - self.begin) / (self.width - self.left - self.right)
        ground, rise = self.y(0), self.y(0) - self.y(1)
        joined = max(1, int(1 / rise))
        path, step, last = [f"M{self.x(self.begin):.1f} {ground:.1f}"], 0, len(moments) - 1
        while step <= last:
            moment = moments[step]
            # As `x` and `y` say it.
            x = self.left + (min(moment, self.end) - self.begin) / pixel
            path.append(f"H{x:.1f}V{ground - rise * (step + 1):.1f}")
            within = bisect_left(moments, moment + pixel, lo=step + 1)
            step = max(step + 1, min(last, max(step + joined, within)))
        return "".join([*path, f"H{self.x(self.end):.1f}"])


def _frame(due: Sequence[datetime], most: int, at: datetime, *, is_large: bool) -> _Frame:
    width, height = (_WIDTH, _HEIGHT) if is_large else (_SMALL_WIDTH, _SMALL_HEIGHT)
    left, right, bottom = (_LEFT, _RIGHT, _BOTTOM) if is_large else (2.0, 2.0, 2.0)
    begin = min(due, default=at)
    # A drawing of one moment still has a width.
    end = at if at > begin else begin + timedelta(days=1)
    return _Frame(begin, end, max(most, 1), width, height, left, right, bottom)


def _firsts_of_months(begin: datetime, end: datetime) -> list[datetime]:
    found, first = [], begin.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while first <= end:
        if first >= begin:
            found.append(first)
        year, month = divmod(first.year * 12 + first.month, 12)
        first = first.replace(year=year, month=month + 1)
    return found


def _percent(part: int, of: int) -> int:
    """The share in percent; 100 only where nothing is missing."""
    return min(round(100 * part / of), 100 if part == of else 99) if of else 0
