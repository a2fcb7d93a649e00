"""Writes the model's figures into the README: `python -m docs.build_figures` (a second).

Read from the `evaluation.json` of the model in use, so that no number is copied by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from mottling.registry import Registry
from training.measuring.evaluation import Evaluation, Figures, SetReport, read_evaluation

__all__ = ["README", "main", "with_figures", "written"]

_ROOT = Path(__file__).parents[1]
README = _ROOT / "README.md"

_BEGIN, _END = "<!-- table: begin, by python -m docs.build_figures -->", "<!-- table: end -->"
_PLACE = re.compile(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", re.DOTALL)

# The others have a sentence of their own: they show no legs, or legs that somebody painted.
_KINDS = {
    "shifted": "shifted",
    "ward": "ward",
    "calm": "ward, half of the skin calm",
    "traced": "traced by another engine",
    "healthy": "real healthy legs",
}
_MADE = frozenset({"shifted", "ward", "calm"})
_TOGETHER = "all rendered ones"
_WARDS, _ALL_WARDS = frozenset({"ward", "calm"}), "all ward ones"

_SHARES = {
    "answered": "answered, of those a reader could judge",
    "exact": "exact score, of the answered",
    "healthy_above_0": "healthy legs scored above 0",
    "mottled_above_0": "mottled legs, score 2 on, scored above 0",
    "at_least_right": "lower bounds told as such, and right",
    "knees_found": "knees found",
    "set_coverage": "prediction sets that hold the truth",
}
_NUMBERS = {
    "quadratic_kappa": "quadratic kappa, of the answered",
    "zone_iou": "zones: overlap / union",
    "mottling_dice": "mottled region: Dice",
}
_ROWS = (
    "answered",
    "quadratic_kappa",
    "exact",
    "healthy_above_0",
    "mottled_above_0",
    "at_least_right",
    "zone_iou",
    "mottling_dice",
    "knees_found",
    "set_coverage",
)
_TONES = ("light", "medium", "dark")


def written(evaluation: Evaluation) -> str:
    """Write both tables, and the command that measured what stands in them."""
    reports = {title: report for report in evaluation.sets if (title := _title(report)) is not None}
    lines = [*_table(["figure (95 % interval)", *reports], _rows(list(reports.values())))]
    if _TOGETHER in reports:
        lines += ["", *_apart(reports[_TOGETHER])]
    return "\n".join([*lines, "", f"Printed by `{evaluation.command}`."])


def _title(report: SetReport) -> str | None:
    """Name a set for a reader: what kind of photographs it holds."""
    kinds = {re.sub(r"\d+$", "", name) for name in report.name.split("+")}
    if kinds == _WARDS:
        return _ALL_WARDS
    if len(kinds) > 1 and kinds <= _MADE:
        return _TOGETHER
    return _KINDS.get(kinds.pop()) if len(kinds) == 1 else None


def _rows(reports: Sequence[SetReport]) -> Iterator[list[str]]:
    yield ["photographs", *(str(report.photographs) for report in reports)]
    for name in _ROWS:
        title = _SHARES.get(name) or _NUMBERS[name]
        yield [title, *(_cell(report.figures, name) for report in reports)]
    yield ["scores in a prediction set", *(_mean(report.figures, "set_size") for report in reports)]


def _apart(report: SetReport) -> Iterator[str]:
    """By tone of skin and by true score, on all made photographs together."""
    columns = [f"{tone} skin" for tone in _TONES] + [f"score {score}" for score in report.by_score]
    parts = [report.by_tone[tone] for tone in _TONES] + list(report.by_score.values())
    names = {"exact": "exact score", "mottling_dice": "Dice"}
    rows = [[title, *(_cell(figures, name) for figures in parts)] for name, title in names.items()]
    yield from _table([f"{report.photographs} photographs, {_TOGETHER}", *columns], rows)


def _table(heads: Sequence[str], rows: Sequence[list[str]] | Iterator[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _cell(figures: Figures, name: str) -> str:
    """A figure with its interval; empty where the set cannot show it."""
    figure = figures.get(name)
    if figure is None or figure.value is None:
        return ""
    if name not in _NUMBERS:
        value, low, high = (
            None if part is None else round(100 * part) for part in (figure.value, figure.low, figure.high)
        )
        between = "" if low is None or low == high else f" ({low} to {high})"
        return f"{value} %{between}"
    between = "" if figure.low is None or figure.high is None else f" ({figure.low:.2f} to {figure.high:.2f})"
    return f"{figure.value:.2f}{between}"


def _mean(figures: Figures, name: str) -> str:
    figure = figures.get(name)
    return "" if figure is None or figure.value is None else f"{figure.value:.1f}"


def with_figures(readme: str) -> str:
    """Put the figures of the model in use into the README's text."""
    model = Registry.open(_ROOT / "models").active()
    evaluation = read_evaluation(model.folder / "evaluation.json")
    return _PLACE.sub(lambda _: f"{_BEGIN}\n{written(evaluation)}\n{_END}", readme)


def main() -> None:
    """Write the file again."""
    README.write_text(with_figures(README.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
