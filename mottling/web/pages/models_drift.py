"""What the page of the models shows of drift: alarms, and weeks of one site or device after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mottling.agreement.drift import Alarm, WeekFigures
from mottling.services.accounts import User
from mottling.services.drift import FEWEST_VERDICTS, Drift, Grouping, GroupWeeks
from mottling.web.words import Words

__all__ = ["DriftRow", "drift_values"]

_MOST_WEEKS = 26
_MOST_ALARMS = 20


@dataclass(frozen=True)
class DriftRow:
    """One week, ready to show."""

    week: str
    photographs: int
    refused: str
    doubtful: str
    scores: tuple[int, ...]
    alike: str
    distance: str


def drift_values(
    drift: Drift, user: User, grouping: Grouping, group: str, words: Words
) -> Mapping[str, object]:
    """Give what the template needs; a group that there is not is all."""
    report = drift.report(user, grouping)
    by_name = {one.group: one for one in report.groups}
    chosen = by_name.get(group, report.all)
    return {
        "report": report,
        "chosen": chosen,
        "groups": [*by_name],
        "groupings": [*Grouping],
        "rows": _rows(chosen, words),
        "alarms": [_said(alarm, grouping, words) for alarm in report.alarms[:_MOST_ALARMS]],
    }


def _rows(group: GroupWeeks, words: Words) -> list[DriftRow]:
    return [_row(week, words) for week in group.weeks[:_MOST_WEEKS]]


def _row(week: WeekFigures, words: Words) -> DriftRow:
    scored = week.photographs - week.refused
    return DriftRow(
        week=_day(week.week, words),
        photographs=week.photographs,
        refused=_part(week.refused, week.photographs),
        doubtful=_part(week.doubtful, scored),
        scores=week.scores,
        alike=_part(week.alike, week.compared) if week.compared >= FEWEST_VERDICTS else "–",
        distance=_distance(week.distance, words),
    )


def _part(count: int, of: int) -> str:
    return f"{count}/{of}" if of else "–"


def _distance(distance: float | None, words: Words) -> str:
    if distance is None:
        return "–"
    text = f"{distance:.2f}"
    return text.replace(".", ",") if words.language == "fr" else text


def _day(day: date, words: Words) -> str:
    month = words.say("months.short").split(" ")[day.month - 1]
    return f"{day.day} {month} {day.year}"


def _said(alarm: Alarm, grouping: Grouping, words: Words) -> str:
    where = words.say(f"models.drift.at.{grouping}", {"group": alarm.group}) if alarm.group else ""
    values = {
        "where": where or words.say("models.drift.at.all"),
        "what": words.say(f"models.drift.flag.{alarm.flag}"),
        "week": _day(alarm.week, words),
        "since": _day(alarm.since, words),
        "before": round(100 * alarm.before),
        "raised": alarm.raised,
        "of": alarm.of,
    }
    return words.say("models.drift.alarm" if alarm.of else "models.drift.alarm_few", values)
