"""`mottling models compare A B`: what two models' evaluations say, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from pydantic import BaseModel, ValidationError

from mottling.commands.model_choice import MODELS_HELP
from mottling.errors import ModelRefused
from mottling.model import Model
from mottling.registry import Registry

__all__ = ["compare"]

_SHA_LETTERS = 12
_COMPARISON = "comparison.json"


class _Figure(BaseModel):
    value: float | None = None
    low: float | None = None
    high: float | None = None


class _Set(BaseModel):
    name: str
    sha256: str
    photographs: int
    figures: dict[str, _Figure]


class _Evaluation(BaseModel):
    """The part of evaluation.json that is shown."""

    sets: tuple[_Set, ...] = ()


class _Name(BaseModel):
    sha256: str


class _Comparison(BaseModel):
    """The part of comparison.json that is shown."""

    first: _Name
    challenger: _Name
    photographs: int
    differences: dict[str, _Figure]
    verdict: str


@click.command("compare")
@click.argument("first")
@click.argument("second")
@click.option(
    "--models",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=MODELS_HELP,
)
def compare(first: str, second: str, folder: Path | None) -> None:
    """Show what was measured of two models, set by set, with 95 % intervals.

    Where a retraining has compared them on the same patients, its differences and its verdict follow.
    """
    registry = Registry.open(folder)
    ours, theirs = registry.find(first), registry.find(second)
    for line in (*_side_by_side(ours, theirs), *_differences(ours, theirs), *_differences(theirs, ours)):
        click.echo(line)


def _side_by_side(first: Model, second: Model) -> Iterator[str]:
    yield f"{_named(first)} | {_named(second)}"
    known = {one.name: one for one in _evaluation(second).sets}
    shared = [(one, known[one.name]) for one in _evaluation(first).sets if one.name in known]
    if not shared:
        yield "No set was measured with both: python -m training.evaluate measures each on the same --set"
    for one, other in shared:
        same = "the same photographs" if one.sha256 == other.sha256 else "not the same photographs"
        yield f"{one.name}: {one.photographs} | {other.photographs}, {same}"
        for name, figure in one.figures.items():
            beside = other.figures.get(name, _Figure())
            if figure.value is not None or beside.value is not None:
                yield f"  {name:24} {_told(figure)} | {_told(beside)}"


def _differences(first: Model, challenger: Model) -> Iterator[str]:
    path = challenger.folder / _COMPARISON
    if not path.exists():
        return
    try:
        found = _Comparison.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ModelRefused(
            f"{path} is not understood", remedy="Make it again with python -m training.compare or .retrain"
        ) from error
    if (found.first.sha256, found.challenger.sha256) != (first.sha256, challenger.sha256):
        return
    yield f"{challenger.name} minus {first.name}, on the same {found.photographs} photographs"
    for name, figure in found.differences.items():
        if figure.value is not None:
            yield f"  {name:24} {_told(figure, sign='+')}"
    yield f"  by the rule written before, {challenger.name} is {found.verdict}"


def _evaluation(model: Model) -> _Evaluation:
    try:
        return _Evaluation.model_validate_json(model.evaluation)
    except ValidationError as error:
        raise ModelRefused(
            f"The evaluation of the model {model.name} is not understood",
            remedy=f"Make it again with python -m training.evaluate --model {model.name}",
        ) from error


def _named(model: Model) -> str:
    return f"{model.name} {model.sha256[:_SHA_LETTERS]}"


def _told(figure: _Figure, *, sign: str = "") -> str:
    if figure.value is None:
        return "–"
    interval = (
        ""
        if figure.low is None or figure.high is None
        else f" ({figure.low:{sign}.3f} to {figure.high:{sign}.3f})"
    )
    return f"{figure.value:{sign}.3f}{interval}"
