"""How often the intervals of the agreement report hold the truth: `python -m benchmarks.agreement_coverage`.

Trials are drawn in which a committee of three readers with known habits reads two photographs a patient: two
of the three read each photograph, and the third decides where they differ. Ward and model have habits too.
What the report's own functions estimate is held against the truth, which is computed and not drawn; see
docs/explanation/agreement.md. `tests/simulated_trials.py` lets such trials be read over HTTP.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from mottling.agreement.cases import Case, Repeat
from mottling.agreement.coefficients import COEFFICIENTS
from mottling.agreement.intervals import estimates
from mottling.agreement.pairs import Pair, bedside_pairs, model_pairs, reader_pairs, repeat_pairs
from mottling.agreement.pairs import tables_by_patient as by_patient
from mottling.assessment import Assessment, ModelName, Timing
from mottling.scale import Status
from mottling.trial.records import Answer, Reading

__all__ = ["MIX", "MODEL", "READERS", "STAYS", "WARD", "Habit", "habit", "main", "said_by_model"]

Habit = NDArray[np.float64]
"""(6, 6): what is said, of each true score."""

# Worst of three days in 97 patients with septic shock, by score (Crit Care 2013, cc12155).
MIX = np.array([42, 34, 14, 2, 3, 4]) / 99
_SCORES = 6
STAYS = 0.6
"""How often a patient's second photograph has the first one's true score."""
_REPEATED = 0.1
_AT = datetime(2026, 1, 5, tzinfo=UTC)


def habit(spread: float, lean: float = 0.0) -> Habit:
    """Give the habit of somebody who is right mostly; the greater `lean`, the higher are the slips."""
    apart = np.arange(_SCORES) - np.arange(_SCORES)[:, None]
    said = np.exp(-((np.abs(apart) / spread) ** 1.3)) * np.exp(lean * apart)
    return np.asarray(said / said.sum(1, keepdims=True))


READERS: Mapping[str, Habit] = {
    "ada": habit(0.5),
    "bea": habit(0.55, lean=0.4),
    "cleo": habit(0.65, lean=-0.2),
}
WARD, MODEL = habit(0.6, lean=0.3), habit(0.9)


class _Trial:
    """Draws one trial."""

    def __init__(self, patients: int, rng: np.random.Generator) -> None:
        self._patients = patients
        self._rng = rng

    def cases(self) -> list[Case]:
        """Draw two photographs a patient, the second with the first one's score in three of five."""
        drawn = []
        for number in range(self._patients):
            truth = self._of(MIX)
            drawn.append(self._case(f"{number}", truth))
            again = truth if self._rng.random() < STAYS else self._of(MIX)
            drawn.append(self._case(f"{number}", again))
        return drawn

    def _of(self, chances: NDArray[np.float64]) -> int:
        return int((chances.cumsum() < self._rng.random()).sum())

    def _case(self, patient: str, truth: int) -> Case:
        names = [str(name) for name in self._rng.permutation(list(READERS))]
        said = {name: self._of(READERS[name][truth]) for name in names}
        read = [_reading(name, said[name]) for name in names[: 2 + (said[names[0]] != said[names[1]])]]
        again = Repeat(names[0], read[0].answer, Answer.scored(self._of(READERS[names[0]][truth])))
        return Case(
            patient=patient,
            site="01",
            taken_at=_AT,
            bedside=Answer.scored(self._of(WARD[truth])),
            readings=tuple(read),
            repeats=(again,) if self._rng.random() < _REPEATED else (),
            verdict=read[-1] if len(read) > 2 else read[0],  # noqa: PLR2004 # a third decides
            assessment=said_by_model(self._of(MODEL[truth])),
        )


def _reading(name: str, score: int) -> Reading:
    answer = Answer.scored(score)
    return Reading(reading_id=name, photo_id="p", answer=answer, reading_s=9.0, by=name, at=_AT)


@cache
def said_by_model(score: int) -> Assessment:
    """Give what a model that knows nothing but a score says of a photograph."""
    return Assessment(
        file="p",
        sha256="a" * 64,
        status=Status.SCORED,
        score=score,
        probabilities=None,
        prediction_set=(),
        visible_up_to=5,
        legs=(),
        reasons=(),
        model=ModelName(name="drawn", sha256="b" * 64),
        timing_ms=Timing(decode=1, network=1, total=2),
    )


def _true_tables(patients: int) -> Mapping[str, NDArray[np.float64]]:
    """Compute what each comparison comes to on average; alpha and ICC depend on how many there are."""
    photographs = 2 * patients
    names = [(one, other) for one in READERS for other in READERS if one < other]
    orders = [[READERS[name] for name in order] for order in permutations(READERS)]
    verdict = np.asarray(np.mean([_verdict(*order) for order in orders], axis=0))
    couples = [(READERS[one], READERS[other]) for one, other in names]
    return {
        "two readers": photographs * _joint(couples),
        "a reader again": _REPEATED * photographs * _joint([(each, each) for each in READERS.values()]),
        "bedside and verdict": photographs * _joint([(WARD, verdict)]),
        "model and verdict": photographs * _joint([(MODEL, verdict)]),
    }


def _joint(sides: Sequence[tuple[Habit, Habit]]) -> NDArray[np.float64]:
    tables = [np.einsum("t,ta,tb->ab", MIX, one, other) for one, other in sides]
    return np.asarray(np.mean(tables, axis=0))


def _verdict(first: Habit, second: Habit, third: Habit) -> Habit:
    agreed = first * second
    return np.asarray(agreed + (1 - agreed.sum(1, keepdims=True)) * third)


def _pairs(cases: Sequence[Case]) -> Mapping[str, Sequence[Pair]]:
    return {
        "two readers": reader_pairs(cases, readers_per_photo=2),
        "a reader again": repeat_pairs(cases),
        "bedside and verdict": bedside_pairs(cases),
        "model and verdict": model_pairs(cases),
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Draw trials and print, for each figure, how often its interval held the truth."""
    asked = argparse.ArgumentParser(description="How often intervals hold the truth")
    asked.add_argument("--trials", type=int, default=200)
    asked.add_argument("--patients", type=int, default=240)
    asked.add_argument("--resamples", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args(argv)
    rng = np.random.default_rng(given.seed)
    truths = _true_tables(given.patients)
    held, shown = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for _ in range(given.trials):
        for what, pairs in _pairs(_Trial(given.patients, rng).cases()).items():
            found = estimates(by_patient(pairs), rng=rng, resamples=given.resamples)
            for name, one in found.items():
                if one.low is not None and one.high is not None:
                    shown[what, name] += 1
                    held[what, name] += one.low <= float(COEFFICIENTS[name](truths[what])) <= one.high
    for what, table in truths.items():
        print(f"\n{what} ({given.trials} trials of {given.patients} patients)")
        for name, value_of in COEFFICIENTS.items():
            count = shown[what, name]
            share = held[what, name] / count if count else float("nan")
            print(f"{name:20} truth {float(value_of(table)):6.3f}  held {share:.3f} of {count}")


if __name__ == "__main__":
    main()
