"""How often the intervals of the agreement report hold the truth: `python -m benchmarks.agreement_coverage`.

Trials are drawn in which two readers have known habits, two photographs a patient, the second with the score
of the first in three of five patients beyond chance. The truth is computed, not drawn; see
docs/explanation/agreement.md.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mottling.agreement.coefficients import COEFFICIENTS
from mottling.agreement.intervals import estimates

# Worst of three days in 97 patients with septic shock, by score (Crit Care 2013, cc12155).
_MIX = np.array([42, 34, 14, 2, 3, 4]) / 99
_SCORES = 6
_STAYS = 0.6
_RESAMPLES = 1000


def _habit() -> NDArray[np.float64]:
    """Give what a reader says of each true score: right in 86 of 100, else mostly one off."""
    apart = np.abs(np.arange(_SCORES)[:, None] - np.arange(_SCORES))
    said = np.exp(-((apart / 0.55) ** 1.3))
    habit: NDArray[np.float64] = said / said.sum(1, keepdims=True)
    return habit


def _a_trial(patients: int, habit: NDArray[np.float64], *, rng: np.random.Generator) -> NDArray[np.float64]:
    first = rng.choice(_SCORES, patients, p=_MIX)
    stays = rng.random(patients) < _STAYS
    second = np.where(stays, first, rng.choice(_SCORES, patients, p=_MIX))
    tables = np.zeros((patients, _SCORES, _SCORES))
    for truth in (first, second):
        drawn = rng.random((2, patients, 1))
        one, other = ((habit[truth].cumsum(1) < each).sum(1) for each in drawn)
        np.add.at(tables, (np.arange(patients), one, other), 1)
    return tables


def main(argv: Sequence[str] | None = None) -> None:
    """Draw trials and print, for each coefficient, how often its interval held the truth."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--patients", type=int, default=240)
    parser.add_argument("--trials", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(argv)
    rng, habit = np.random.default_rng(given.seed), _habit()
    both = np.einsum("t,ta,tb->ab", _MIX, habit, habit) * 2 * given.patients
    held, without = Counter[str](), Counter[str]()
    for _ in range(given.trials):
        tables = _a_trial(given.patients, habit, rng=rng)
        for name, one in estimates(tables, rng=rng, resamples=_RESAMPLES).items():
            if one.low is None or one.high is None:
                without[name] += 1
            else:
                held[name] += one.low <= float(COEFFICIENTS[name](both)) <= one.high
    for name, value_of in COEFFICIENTS.items():
        shown = given.trials - without[name]
        share = held[name] / shown if shown else float("nan")
        print(f"{name:20} truth {float(value_of(both)):6.3f}  held {share:.3f} of {shown}")


if __name__ == "__main__":
    main()
