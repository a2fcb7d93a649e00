"""`mottling models drift`: what the model in use says by week, and alarms where that has changed."""

from __future__ import annotations

import click

from mottling.agreement.drift import Alarm, Flag, WeekFigures
from mottling.commands.trial_options import ENGINEER, Place, trial_options
from mottling.services.drift import FEWEST_VERDICTS, Grouping, GroupWeeks

__all__ = ["drift"]

_WEEKS = 8
_MEANS = {
    Flag.REFUSED: "refused",
    Flag.DOUBTFUL: "doubtful",
    Flag.HIGH: "scored 2 or more",
    Flag.LOW: "scored 0 or 1",
    Flag.DIFFERS: "scored unlike the verdict",
    Flag.FAR: "farther from the calibration than nine of ten of the first",
}


@click.command("drift")
@click.option(
    "--by",
    "grouping",
    type=click.Choice([one.value for one in Grouping]),
    default=Grouping.SITE.value,
    show_default=True,
    help="What photographs are told apart by; devices take a while.",
)
@click.option("--weeks", default=_WEEKS, show_default=True, help="So many latest weeks are shown.")
@trial_options
@click.pass_context
def drift(context: click.Context, place: Place, *, grouping: str, weeks: int) -> None:
    """Show what the model in use says of photographs, by week, in all and by site or device.

    Exits with 1 where an alarm was raised in the weeks that are shown: a cron job can ask.
    """
    with place.opened(must_exist=True) as services:
        report = services.drift.report(ENGINEER, Grouping(grouping))
    click.echo(
        f"{report.model}: {report.photographs} photographs, the first {report.reference} say what is usual"
    )
    if not report.measured:
        click.echo("How far they look from the photographs of the calibration is not known of any of them")
    for group in (report.all, *report.groups):
        _show(group, weeks)
    shown = {week.week for week in report.all.weeks[:weeks]}
    alarms = [alarm for alarm in report.alarms if alarm.week in shown]
    for alarm in alarms:
        click.echo(_alarm(alarm, grouping))
    context.exit(1 if alarms else 0)


def _show(group: GroupWeeks, weeks: int) -> None:
    click.echo(group.group or "all")
    for week in group.weeks[:weeks]:
        click.echo(f"  {_week(week)}")


def _week(week: WeekFigures) -> str:
    alike = f"{week.alike} of {week.compared}" if week.compared >= FEWEST_VERDICTS else "too few"
    distance = "–" if week.distance is None else f"{week.distance:.2f}"
    scores = " ".join(str(count) for count in week.scores)
    return (
        f"{week.week}  photographs {week.photographs}, refused {week.refused}, doubtful {week.doubtful}, "
        f"scores 0 to 5: {scores}, like the verdict: {alike}, distance: {distance}"
    )


def _alarm(alarm: Alarm, grouping: str) -> str:
    where = f"{grouping} {alarm.group}" if alarm.group else "all"
    counted = f"{alarm.raised} of {alarm.of}" if alarm.of else "more"
    return (
        f"ALARM {alarm.week}, {where}: {counted} {_MEANS[alarm.flag]} since {alarm.since}; "
        f"usual is at most {alarm.before:.0%}"
    )
