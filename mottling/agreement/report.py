"""The agreement report: one HTML file that needs nothing else, to read on a screen or to print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mottling.agreement.charts import Bar, Box, Line, Point, boxes, dots, forest, heat_table, lines
from mottling.agreement.coefficients import COEFFICIENTS
from mottling.agreement.figures import Comparison, Figures, Group
from mottling.agreement.intervals import RESAMPLES, Estimate
from mottling.agreement.texts import Texts, texts_in
from mottling.scale import SCORES, Status
from mottling.trial.reading_rules import ReadingRules

__all__ = ["Origin", "report_html"]

_TEMPLATES = Path(__file__).parent / "templates"
_STATUSES = (Status.SCORED, Status.AT_LEAST, Status.NOT_ASSESSABLE)
_SHARES = ("exact", "within_one")
_PARTS: Mapping[str, Callable[[Comparison], Sequence[Group]]] = {
    "centre": lambda comparison: comparison.by_centre,
    "device": lambda comparison: comparison.by_device,
    "tone": lambda comparison: comparison.by_tone,
}
# As much as stands before the numbers of a forest plot.
_LONGEST_NAME = 22


@dataclass(frozen=True)
class Origin:
    """What the report is of."""

    trial: str
    registration: str
    made_at: datetime
    version: str
    """Of Mottling."""
    is_open: bool
    """Whether the read-out was still open when the report was made."""
    sites: Mapping[str, str]
    """The name of each centre by its code."""
    reading: ReadingRules
    """Of the trial file."""


def report_html(figures: Figures, origin: Origin, *, language: str) -> str:
    """Write the report.

    Args:
        figures: What it says.
        origin: What it is of.
        language: `fr` or `en`.
    """
    texts = texts_in(language)
    drawer = _Drawer(texts, origin)
    return (
        _environment()
        .get_template("report.html")
        .render(
            say=texts.say,
            language=language,
            figures=figures,
            origin=origin,
            made_at=f"{origin.made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
            scores=SCORES,
            statuses=_STATUSES,
            resamples=RESAMPLES,
            draw=drawer,
            names=list(COEFFICIENTS),
            number=drawer.number,
            percent=drawer.percent,
            style=(_TEMPLATES / "report.css").read_text("utf-8"),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True)
class _Drawer:
    """Draws the charts, and writes numbers, in one language."""

    texts: Texts
    origin: Origin

    def rule(self) -> str:
        """Say what counts as two readers who differ, and what happens then."""
        rules, say = self.origin.reading, self.texts.say
        if rules.readers_per_photo == 1:
            return say("rule.alone")
        return say(
            f"rule.{rules.third_reader}",
            {
                "apart": rules.differ_by,
                "at_least": say(f"rule.at_least.{rules.at_least}"),
                "not_assessable": say(f"rule.not_assessable.{rules.not_assessable}"),
                "counts": "" if rules.counts is None else say(f"rule.counts.{rules.counts}"),
            },
        )

    def table(self, comparison: Comparison, kind: str) -> Markup:
        """Draw the 6 × 6 table."""
        say = self.texts.say
        return heat_table(
            comparison.table,
            title=say(f"{kind}.title"),
            row=say(f"{kind}.row"),
            column=say(f"{kind}.column"),
        )

    def parted(self, comparison: Comparison, name: str, by: str) -> Markup:
        """Draw one coefficient by centre, device or tone, with that of all at the end."""
        say = self.texts.say
        whole = Group(say("all"), comparison.photographs, comparison.patients, comparison.estimates)
        bars = [self._bar(group, name, self._named(group, by)) for group in _PARTS[by](comparison)]
        bars.append(self._bar(whole, name, whole.name, is_total=True))
        low = 0.0 if name in _SHARES else min([0.0, *(_lowest(bar.estimate) for bar in bars)])
        title = f"{say('coefficient.' + name)}, {say('by_' + by)}"
        return forest(bars, title=title, low=-1.0 if low < 0 else 0.0, high=1.0)

    def _named(self, group: Group, by: str) -> str:
        name = self.origin.sites.get(group.name, group.name) if by == "centre" else group.name
        shown = name or self.texts.say(f"{by}.unknown")
        return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"

    def _bar(self, group: Group, name: str, shown: str, *, is_total: bool = False) -> Bar:
        note = self.texts.say("n_of", {"n": group.photographs})
        estimate = group.estimates[name]
        return Bar(shown, note, estimate, self._figures(estimate, digits=2), is_total)

    def months(self, comparison: Comparison, name: str, by: str) -> Markup:
        """Draw one coefficient by month, of the photograph or of the reading."""
        points = [Point(group.name, group.estimates[name]) for group in comparison.by_month]
        title = f"{self.texts.say('coefficient.' + name)}, {self.texts.say(by)}"
        low, high = (0.0, 1.0) if name in _SHARES else (-1.0, 1.0)
        return lines(Line(points, low, high), title=title)

    def times(self, figures: Figures) -> Markup:
        """Draw how long each reader looked at a photograph."""
        drawn = [
            Box(
                time.reader,
                self.texts.say("n_of", {"n": time.readings}),
                (
                    time.shortest_s,
                    time.lower_quartile_s,
                    time.median_s,
                    time.upper_quartile_s,
                    time.longest_s,
                ),
            )
            for time in figures.reading.times
        ]
        return boxes(drawn, title=self.texts.say("times.title"), unit="s")

    def calibration(self, figures: Figures) -> Markup:
        """Draw how often the model was right against how sure it was."""
        say = self.texts.say
        points = [(one.sure, one.right) for one in figures.calibration.bins]
        return dots(
            points,
            title=say("calibration.title"),
            across=say("calibration.sure"),
            up=say("calibration.right"),
        )

    def shown(self, estimate: Estimate, name: str) -> str:
        """Write a figure with its interval, as a share where it is one."""
        if name not in _SHARES:
            return self._figures(estimate)
        if estimate.value is None:
            return self.texts.say("none")
        if estimate.low is None or estimate.high is None:
            return f"{self.percent(estimate.value)} ({self.texts.say('no_interval')})"
        return (
            f"{self.percent(estimate.value)} ({self.percent(estimate.low)} – {self.percent(estimate.high)})"
        )

    def _figures(self, estimate: Estimate, *, digits: int = 3) -> str:
        if estimate.value is None:
            return self.texts.say("none")
        value = self.number(estimate.value, digits)
        if estimate.low is None or estimate.high is None:
            return f"{value} ({self.texts.say('no_interval')})"
        return f"{value} ({self.number(estimate.low, digits)} – {self.number(estimate.high, digits)})"

    def number(self, value: float, digits: int = 3) -> str:
        """Write a number as the language does."""
        text = f"{value:.{digits}f}".replace("-", "−")
        return text.replace(".", ",") if self.texts.language == "fr" else text

    def percent(self, share: float) -> str:
        """Write a share in percent."""
        space = "\N{NO-BREAK SPACE}" if self.texts.language == "fr" else ""
        return f"{self.number(100 * share, 1)}{space}%"

    def status_rows(self, comparison: Comparison) -> Sequence[tuple[Status, tuple[int, ...]]]:
        """Give the table of kinds of answers, row by row; what could not be read is not assessable."""
        return [(row, tuple(_count(comparison, row, column) for column in _STATUSES)) for row in _STATUSES]


def _count(comparison: Comparison, row: Status, column: Status) -> int:
    own = (row, Status.ERROR) if row is Status.NOT_ASSESSABLE else (row,)
    return sum(comparison.statuses.get((one, column), 0) for one in own)


def _lowest(estimate: Estimate) -> float:
    return min(value for value in (estimate.low, estimate.value, 0.0) if value is not None)
