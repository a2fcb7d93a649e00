"""The tables of a model's card, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from training.measuring.evaluation import Figures, SetReport
from training.measuring.figures import MEANINGS
from training.measuring.metrics import Figure

__all__ = ["figure_table", "is_percentage", "score_table", "tables_of_set"]

_PERCENT = frozenset(
    {
        "answered",
        "at_least_right",
        "exact",
        "healthy_above_0",
        "knees_found",
        "mottled_above_0",
        "no_legs_above_0",
        "ruined_refused",
        "same_number",
        "set_coverage",
        "twin_order",
        "unreadable_refused",
        "within_one",
    }
)


def is_percentage(name: str) -> bool:
    """Whether a figure is a share, told in percent."""
    return name in _PERCENT or name.startswith("recall_")


def figure_table(figures: Figures) -> str:
    """Every figure with its meaning, its interval and how many photographs it rests on."""
    rows = [
        f"| {MEANINGS[name]} | {_value(name, figure)} | {_interval(name, figure)} | {figure.count} |"
        for name, figure in figures.items()
        if figure.value is not None
    ]
    return "\n".join(["| figure | value | 95 % interval | photographs |", "|---|---|---|---|", *rows])


def score_table(table: Sequence[Sequence[int]]) -> str:
    """True scores against ours."""
    rows = [f"| **{score}** | {' | '.join(str(count) for count in row)} |" for score, row in enumerate(table)]
    head = "| truth \\ model | 0 | 1 | 2 | 3 | 4 | 5 | not assessable |"
    return "\n".join([head, "|---|---|---|---|---|---|---|---|", *rows])


def tables_of_set(report: SetReport) -> str:
    """The main figures by tone of skin, by true score, and by what is in view and how light it is."""
    parts = {
        "tone": report.by_tone,
        "true score": report.by_score,
        "view": report.by_view,
        "light": report.by_light,
    }
    return "\n\n".join(_parted(by, figures) for by, figures in parts.items() if figures)


def _parted(by: str, parts: dict[str, Figures]) -> str:
    names = list(dict.fromkeys(name for figures in parts.values() for name in figures))
    shown = [name for name in names if any(_is_known(figures.get(name)) for figures in parts.values())]
    rows = [
        f"| {part} | {' | '.join(_cell(name, figures.get(name)) for name in shown)} |"
        for part, figures in parts.items()
    ]
    head = f"| {by} | {' | '.join(name.replace('_', ' ') for name in shown)} |"
    return "\n".join([head, "|---" * (len(shown) + 1) + "|", *rows])


def _is_known(figure: Figure | None) -> bool:
    return figure is not None and figure.value is not None


def _cell(name: str, figure: Figure | None) -> str:
    if figure is None or figure.value is None:
        return "–"
    return f"{_value(name, figure)} ({_interval(name, figure)}; {figure.count})"


def _value(name: str, figure: Figure) -> str:
    return _said(name, figure.value)


def _interval(name: str, figure: Figure) -> str:
    return f"{_said(name, figure.low)} to {_said(name, figure.high)}"


def _said(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.1%}" if is_percentage(name) else f"{value:.3f}"
