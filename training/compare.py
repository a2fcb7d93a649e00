"""Compares two models: `python -m training.compare ACTIVE CHALLENGER --models DIR --set DIR [--set DIR]`.

Both score the same photographs; on none of them was either calibrated. The rule, on paired differences of the
challenger with 95 % intervals over patients:

- better: more scores are exactly right, beyond chance (the interval lies above 0), and alarms on healthy legs
  did not become more;
- worse: it is not shown that at most 5 points of exact scores are lost and at most 5 points of alarms on
  healthy legs are gained;
- not worse: everything else.

An unanswered photograph counts as not exactly right.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from mottling.assessment import ModelName
from mottling.errors import MottlingError, TrainingRefused
from mottling.imaging.contract import MadeBy
from mottling.registry import Model, Registry
from mottling.scale import SCORES
from training.measuring.metrics import Figure, Ints, kappa, with_interval
from training.measuring.one_photograph import measure_some
from training.measuring.outcomes import NONE, Outcomes
from training.measuring.truths import TruePhoto, read_truths
from training.provenance import command_line, made_by
from training.rules.calibration import read_calibration, without
from training.spread import spread
from training.tones import Tone

__all__ = ["Comparison", "Pairs", "Verdict", "compare", "differences", "judge", "lines_of", "main"]

MOST_LOST = 0.05
"""Exact scores that may be lost, and alarms on healthy legs that may be gained, before it is worse."""

# With fewer a model that reads is not always told from one that guesses: docs/explanation/learning-curve.md.
_FEW = 100

_SEED = 1


class Verdict(StrEnum):
    """Whether the challenger may take the place of the other."""

    BETTER = "better"
    NOT_WORSE = "not worse"
    WORSE = "worse"


class Comparison(BaseModel):
    """Two models on the same photographs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    command: str
    made_by: MadeBy
    first: ModelName
    challenger: ModelName
    photographs: int
    differences: dict[str, Figure]
    """Of the challenger's figures from those of the first."""
    verdict: Verdict


@dataclass(frozen=True)
class Pairs:
    """Scores of the same photographs by two models; -1 where not assessable."""

    truth: Ints
    first: Ints
    challenger: Ints
    cluster: Ints
    tone: Ints
    """Place among the tones of skin."""

    def take(self, chosen: NDArray[Any]) -> Pairs:
        """Keep some of the photographs, by mask or index."""
        return Pairs(
            self.truth[chosen],
            self.first[chosen],
            self.challenger[chosen],
            self.cluster[chosen],
            self.tone[chosen],
        )


def compare(
    names: tuple[str, str], *, models: Path, sets: Sequence[Path], command: str, workers: int = 2
) -> Comparison:
    """Score the same photographs with both models.

    Args:
        names: The model in use, and the challenger.
        models: Folder of the registry.
        sets: Frozen sets (their validation split), measuring sets or rendered ones.
        command: As it was typed, for the record.
        workers: Processes.

    Raises:
        ModelRefused: There is no such model, or its file was altered.
        TrainingRefused: Nothing is left to compare on.
    """
    registry = Registry.open(models)
    first, challenger = (registry.find(name) for name in names)
    photos = [photo for folder in sets for photo in _unseen(folder, first, challenger)]
    if not photos:
        raise TrainingRefused(
            "Both models were calibrated on all photographs with a score",
            remedy="Give a set of which a part was left for measuring",
        )
    ours = [_scores(model, photos, workers=workers) for model in (first, challenger)]
    pairs = Pairs(ours[0].truth, ours[0].ours, ours[1].ours, ours[0].cluster, ours[0].tone)
    found = differences(pairs)
    return Comparison(
        command=command,
        made_by=made_by(),
        first=ModelName(name=first.name, sha256=first.sha256),
        challenger=ModelName(name=challenger.name, sha256=challenger.sha256),
        photographs=len(photos),
        differences=found,
        verdict=judge(found),
    )


def _unseen(folder: Path, first: Model, challenger: Model) -> list[TruePhoto]:
    """Photographs with a score that calibrated neither; scores alone are compared."""
    photos = read_truths(folder)
    for model in (first, challenger):
        photos = without(photos, read_calibration(model.folder))
    scored = (photo for photo in photos if photo.reading.score is not None)
    return [replace(photo, twin=None, maps=None) for photo in scored]


def _scores(model: Model, photos: Sequence[TruePhoto], *, workers: int) -> Outcomes:
    work = partial(measure_some, model.load(), model.name)
    return Outcomes.of(spread(work, photos, workers=workers, unit="photo"))


def differences(pairs: Pairs) -> dict[str, Figure]:
    """Take the challenger's figures minus those of the first, each on the same photographs.

    Exact scores also by tone of skin and by true score: what is gained on average can be lost on some.
    """
    rng = np.random.default_rng(_SEED)
    both = pairs.take((pairs.first != NONE) & (pairs.challenger != NONE))
    healthy = pairs.take(pairs.truth == 0)
    return {
        "exact": with_interval(pairs, _exact, rng=rng),
        "answered": with_interval(pairs, _answered, rng=rng),
        "mean_absolute_error": with_interval(both, _error, rng=rng),
        "quadratic_kappa": with_interval(both, _kappa, rng=rng),
        "healthy_above_0": with_interval(healthy, _alarms, rng=rng),
        **{
            f"exact_{tone.value}": with_interval(pairs.take(pairs.tone == place), _exact, rng=rng)
            for place, tone in enumerate(Tone)
            if tone is not Tone.UNKNOWN
        },
        **{
            f"exact_of_{score}": with_interval(pairs.take(pairs.truth == score), _exact, rng=rng)
            for score in SCORES
        },
    }


def _exact(pairs: Pairs) -> float:
    return float((pairs.challenger == pairs.truth).mean() - (pairs.first == pairs.truth).mean())


def _answered(pairs: Pairs) -> float:
    return float((pairs.challenger != NONE).mean() - (pairs.first != NONE).mean())


def _error(pairs: Pairs) -> float:
    return float(abs(pairs.challenger - pairs.truth).mean() - abs(pairs.first - pairs.truth).mean())


def _kappa(pairs: Pairs) -> float:
    return kappa(pairs.truth, pairs.challenger, power=2) - kappa(pairs.truth, pairs.first, power=2)


def _alarms(pairs: Pairs) -> float:
    return float((pairs.challenger > 0).mean() - (pairs.first > 0).mean())


def judge(found: dict[str, Figure]) -> Verdict:
    """Apply the rule that stands at the head of this file."""
    exact, alarms = found["exact"], found["healthy_above_0"]
    assert exact.low is not None
    most_alarms = 0.0 if alarms.high is None else alarms.high
    if exact.low > 0 and (alarms.value or 0.0) <= 0:
        return Verdict.BETTER
    if exact.low >= -MOST_LOST and most_alarms <= MOST_LOST:
        return Verdict.NOT_WORSE
    return Verdict.WORSE


def tell(comparison: Comparison) -> str:
    """Say what was found, for a person."""
    lines = [
        f"{comparison.challenger.name} minus {comparison.first.name}, {comparison.photographs} photographs"
    ]
    lines += lines_of(comparison.differences)
    if comparison.photographs < _FEW:
        lines.append(f"{comparison.photographs} photographs say little: measure on {_FEW} or more")
    return "\n".join([*lines, f"The challenger is {comparison.verdict.value}."])


def lines_of(found: Mapping[str, Figure]) -> Iterator[str]:
    """Write a line for each difference that can be told."""
    for name, figure in found.items():
        if figure.value is not None and figure.low is not None and figure.high is not None:
            interval = f"{figure.low:+.3f} to {figure.high:+.3f}"
            yield f"  {name:20} {figure.value:+.3f}  ({interval}; n = {figure.count})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and compare."""
    parser = argparse.ArgumentParser(
        prog="python -m training.compare", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("first", help="name of the model in use")
    parser.add_argument("challenger", help="name of the other")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    parser.add_argument("--set", type=Path, action="append", required=True, help="repeatable")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    command = command_line("training.compare", sys.argv[1:] if arguments is None else arguments)
    try:
        comparison = compare(
            (given.first, given.challenger),
            models=given.models,
            sets=given.set,
            command=command,
            workers=given.workers,
        )
    except MottlingError as error:
        print(error)
        return 1
    print(tell(comparison))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
