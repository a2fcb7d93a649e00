"""Writes the validation report of a model: `python -m training.report NAME OUT.html [--set DIR]`.

One HTML file from evaluation.json, to read or to print: figures with their intervals, true scores against
ours, tones of skin, reliability; with --set also the pictures on which the model was furthest off. The sets
are those that `training.evaluate` measured. Pictures of people may not leave with it: give rendered sets
only, or keep it.
"""

from __future__ import annotations

import argparse
import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mottling.agreement import charts
from mottling.agreement.charts import Bar, dots, forest, heat_table
from mottling.agreement.intervals import Estimate
from mottling.errors import MottlingError, PhotoRefused
from mottling.imaging.assessor import Assessor
from mottling.imaging.photo import read_bytes
from mottling.registry import Model, Registry
from mottling.scale import LegReading, Status
from training.measuring.evaluation import Evaluation, Failure, Figures, SetReport, read_evaluation
from training.measuring.figures import MEANINGS
from training.papers.card_tables import is_percentage
from training.running.history import read_history

__all__ = ["main", "report_html"]

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = Path(charts.__file__).parent / "templates" / "report.css"


@dataclass(frozen=True)
class _Shown:
    """A failure with its picture."""

    failure: Failure
    overlay: str
    """As the address of a JPEG inside the page."""


def report_html(model: Model, evaluation: Evaluation, *, pictures: Mapping[str, Path]) -> str:
    """Write the report.

    Args:
        model: That was evaluated.
        evaluation: What was found.
        pictures: Folder of each set whose failures are to be shown, by the set's name.

    Raises:
        TrainingRefused: What stands beside the model is not understood.
        ModelRefused: Its file was altered.
    """
    assessor = Assessor.load(model.load(), name=model.name) if pictures else None
    galleries = {
        report.name: _gallery(report, pictures[report.name], assessor)
        for report in evaluation.sets
        if report.name in pictures and assessor is not None
    }
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("report.html").render(
        model=model,
        evaluation=evaluation,
        history=read_history(model.folder),
        galleries=galleries,
        meanings=MEANINGS,
        style=Markup(_STYLE.read_text("utf-8")),  # noqa: S704 # our own file
        shown=_shown,
        said=_said,
        table=_table,
        parted=_parted,
        reliability=_reliability,
    )


def _gallery(report: SetReport, folder: Path, assessor: Assessor) -> list[_Shown]:
    found = []
    for failure in report.failures:
        try:
            overlay = assessor.assess(read_bytes(folder / failure.photo), file=failure.photo).overlay()
        except PhotoRefused:
            continue  # the set was made again, and holds other photographs
        address = f"data:image/jpeg;base64,{base64.b64encode(overlay).decode()}"
        found.append(_Shown(failure, address))
    return found


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.1%}" if is_percentage(name) else f"{value:.3f}"


def _said(reading: LegReading) -> str:
    match reading.status:
        case Status.SCORED:
            return str(reading.score)
        case Status.AT_LEAST:
            return f"≥ {reading.score}"
        case _:
            return "not assessable"


def _table(report: SetReport) -> Markup:
    counts = np.array([row[:6] for row in report.table], np.int64)
    return heat_table(
        counts, title=f"{report.name}: true scores against the model's", row="truth", column="model"
    )


def _parted(report: SetReport, by: str, name: str) -> Markup | None:
    """One line a tone, view or light; None where none has the figure."""
    parts: dict[str, Figures] = {
        "tone": report.by_tone,
        "view": report.by_view,
        "light": report.by_light,
    }[by]
    bars = [
        Bar(
            part,
            f"n = {figure.count}",
            Estimate(figure.value, figure.low, figure.high),
            f"{_shown(name, figure.value)} ({_shown(name, figure.low)} – {_shown(name, figure.high)})",
        )
        for part, figures in parts.items()
        if (figure := figures.get(name)) is not None and figure.value is not None
    ]
    if not bars:
        return None
    return forest(bars, title=f"{report.name}: {MEANINGS[name]}, by {by}", low=0.0, high=1.0)


def _reliability(report: SetReport) -> Markup:
    points = [(one.predicted, one.observed) for one in report.reliability]
    return dots(
        points, title=f"{report.name}: reliability", across="probability of mottling", up="share mottled"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and write the report."""
    parser = argparse.ArgumentParser(prog="python -m training.report", description=__doc__)
    parser.add_argument("name", help="of a model in the registry")
    parser.add_argument("out", type=Path, help="HTML file")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    parser.add_argument("--set", type=Path, action="append", default=[], help="show its failures; repeatable")
    given = parser.parse_args(arguments)
    try:
        model = Registry.open(given.models).find(given.name)
        evaluation = read_evaluation(model.folder / "evaluation.json")
        html = report_html(model, evaluation, pictures={folder.name: folder for folder in given.set})
    except MottlingError as error:
        print(error)
        return 1
    given.out.write_text(html, "utf-8")
    print(f"{given.out}: {len(evaluation.sets)} sets")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
