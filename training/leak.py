"""Asks whether anything but the mottling tells the score: `python -m training.leak SET`.

Two probes, one linear and one a small network, see everything that was drawn for a photograph except its
mottling, or a thumbnail of its clean twin, and guess the score that was drawn. The score in view is not asked
for: what is framed rightly tells how high a score can be seen. Whatever does better than chance would teach a
network to look at gowns and beds instead of skin.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from mottling.errors import MottlingError, TrainingRefused
from mottling.scale import SCORES
from training.measuring.metrics import Figure, Scores, with_interval
from training.sources.rendered import RenderedPhoto, find_rendered

__all__ = ["Evidence", "Probe", "Question", "evidence_of_records", "guess", "main"]

_PATTERN = frozenset({"legs", "look"})
_THUMBNAIL_PX = 16
_FOLDS = 5
_LEAST_PHOTOS = 60

# Several intervals are looked at together: one that misses chance by less than this is no news.
_MARGIN = 0.02


class Probe(StrEnum):
    """Who guesses."""

    LINEAR = "linear"
    NETWORK = "network"


class Question(StrEnum):
    """What is guessed."""

    SCORE = "score"
    """0 to 5."""
    ANY = "any"
    """Whether there is mottling at all."""


@dataclass(frozen=True)
class Evidence:
    """What a probe sees of N photographs, and what it guesses."""

    features: NDArray[np.float32]
    """(N, F)"""
    score: NDArray[np.int64]
    """(N,): of the worse leg, as it was drawn."""
    view: NDArray[np.int64]
    """(N,): photographs of one view share a number and stay together."""


@dataclass(frozen=True)
class Guess:
    """How well a probe guessed."""

    accuracy: Figure
    """Balanced: the mean of the shares guessed right of each answer."""
    chance: float

    @property
    def leaks(self) -> bool:
        """Whether the whole interval lies above chance."""
        return self.accuracy.low is not None and self.accuracy.low > self.chance + _MARGIN


def guess(evidence: Evidence, probe: Probe, question: Question, *, rng: np.random.Generator) -> Guess:
    """Fit a probe to four fifths of the views and let it guess the rest, five times."""
    answers = evidence.score if question is Question.SCORE else (evidence.score > 0).astype(np.int64)
    guesses = np.zeros_like(answers)
    seed = int(rng.integers(2**31))
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed)
    for fitted, left in folds.split(evidence.features, answers, evidence.view):
        model = _model(probe, seed)
        even = _even(answers[fitted], rng)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a few rounds are enough to find a leak
            model.fit(evidence.features[fitted][even], answers[fitted][even])
        guesses[left] = model.predict(evidence.features[left])
    rows = Scores(answers, guesses, evidence.view)
    return Guess(with_interval(rows, _balanced, rng=rng), 1 / len(np.unique(answers)))


def _model(probe: Probe, seed: int) -> Pipeline:
    if probe is Probe.LINEAR:
        return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=300))
    network = MLPClassifier(
        (32,), alpha=1.0, batch_size=32, learning_rate_init=0.003, max_iter=40, random_state=seed
    )
    return make_pipeline(StandardScaler(), network)


def _even(answers: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw every answer equally often, so that a probe cannot do well by always giving the commonest."""
    groups = [np.flatnonzero(answers == one) for one in np.unique(answers)]
    most = max(len(group) for group in groups)
    return np.concatenate([np.concatenate([g, rng.choice(g, most - len(g))]) for g in groups])


def _balanced(rows: Scores) -> float:
    return float(np.mean([(rows.ours[rows.truth == one] == one).mean() for one in np.unique(rows.truth)]))


def evidence_of_records(records: Sequence[Mapping[str, Any]], views: Sequence[int]) -> Evidence:
    """Take all numbers and words of the records but those of the mottling.

    Args:
        records: Each with `scene` and `appearance`, as they are kept beside a photograph.
        views: For each, the number of its view.
    """
    kept = [
        {
            "scene": record["scene"],
            "appearance": {k: v for k, v in record["appearance"].items() if k not in _PATTERN},
        }
        for record in records
    ]
    flat = [_summed(_leaves(one, "")) for one in kept]
    features = DictVectorizer(sparse=False, dtype=np.float32).fit_transform(flat)
    return Evidence(features, _drawn_scores(records), np.array(views))


def _drawn_scores(records: Sequence[Mapping[str, Any]]) -> NDArray[np.int64]:
    return np.array([max(leg["score"] for leg in record["appearance"]["legs"]) for record in records])


def _leaves(value: Any, path: str) -> Iterator[tuple[str, float]]:
    """Flatten a record; words become names with a 1, and of records in a list all are added up."""
    if isinstance(value, Mapping):
        for key in value:
            yield from _leaves(value[key], f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        yield f"{path}.count", float(len(value))
        for number, one in enumerate(value):
            yield from _leaves(one, path if isinstance(one, Mapping) else f"{path}.{number}")
    elif value is None or isinstance(value, str):
        yield f"{path}={value}", 1.0
    else:
        yield path, float(value)


def _summed(leaves: Iterator[tuple[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for name, number in leaves:
        total[name] = total.get(name, 0.0) + number
    return total


def _evidence_of_thumbnails(photos: Sequence[RenderedPhoto], records: Evidence) -> Evidence:
    """Shrink each clean twin so far that only framing, cloth, light and tone are left."""
    features = [_thumbnail(files.twin if files.twin.exists() else files.photo) for files in photos]
    return Evidence(np.stack(features), records.score, records.view)


def _thumbnail(path: Path) -> NDArray[np.float32]:
    picture = cv2.imread(str(path), cv2.IMREAD_REDUCED_COLOR_8)
    if picture is None:
        raise TrainingRefused(f"{path} cannot be read", remedy="Make the set again")
    small = cv2.resize(picture, (_THUMBNAIL_PX, _THUMBNAIL_PX), interpolation=cv2.INTER_AREA)
    return small.ravel().astype(np.float32) / np.float32(255)


def _read_records(photos: Sequence[RenderedPhoto]) -> Evidence:
    records = [json.loads(files.record.read_text("utf-8")) for files in photos]
    stems = [files.record.stem.rsplit("-", 1)[0] for files in photos]
    numbers = {stem: number for number, stem in enumerate(dict.fromkeys(stems))}
    return evidence_of_records(records, [numbers[stem] for stem in stems])


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, probe a set, and say what is above chance."""
    parser = argparse.ArgumentParser(prog="python -m training.leak", description=__doc__)
    parser.add_argument("set", type=Path, help="folder that python -m training.synthesize wrote")
    given = parser.parse_args(arguments)
    try:
        leaks = _probe(given.set)
    except MottlingError as error:
        print(error)
        return 1
    print("Leaks: " + ", ".join(leaks) if leaks else "Nothing tells the score but the mottling.")
    return 1 if leaks else 0


def _probe(folder: Path) -> list[str]:
    photos = find_rendered(folder)
    if len(photos) < _LEAST_PHOTOS:
        raise TrainingRefused(
            f"{folder} holds {len(photos)} photographs; {_LEAST_PHOTOS} are needed", remedy="Make more"
        )
    records = _read_records(photos)
    seen = {"record": records, "thumbnail": _evidence_of_thumbnails(photos, records)}
    counts = np.bincount(records.score, minlength=len(SCORES)).tolist()
    print(f"{len(photos)} photographs of {len(np.unique(records.view))} views; scores 0-5: {counts}")
    print(f"{'sees':<11}{'probe':<9}{'asked':<7}balanced accuracy (95 % interval)  chance")
    leaks = []
    for name, evidence in seen.items():
        for probe in Probe:
            for question in Question:
                found = guess(evidence, probe, question, rng=np.random.default_rng(0))
                value, low, high = found.accuracy.value, found.accuracy.low, found.accuracy.high
                print(
                    f"{name:<11}{probe:<9}{question:<7}{value:.3f} ({low:.3f}-{high:.3f})  {found.chance:.3f}"
                )
                leaks += [f"{name} ({probe}, {question})"] if found.leaks else []
    return leaks


if __name__ == "__main__":
    raise SystemExit(main())
