"""How often the rule of drift cries wolf, and how soon it sees one: `python -m benchmarks.drift` (a minute).

Trials of a year are drawn, photograph by photograph, without a drift and with one after the first ones.
The rule is that of `mottling.agreement.drift`, with what the first photographs of each trial allow.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mottling.agreement.drift import FAR_SHARE, REFERENCE, Flag, crossings, far_from, share_before

__all__ = ["BEFORE", "Size", "false_alarms", "main", "photographs_until"]

BEFORE: Mapping[Flag, float] = {
    Flag.REFUSED: 0.08,
    Flag.DOUBTFUL: 0.25,
    Flag.HIGH: 0.25,
    Flag.LOW: 0.75,
    Flag.DIFFERS: 0.30,
}
"""How often a flag is raised without drift: about what is met with scores as in septic shock.

How often a photograph is far is no share of these: each trial says itself, by its first photographs, what is.
"""

_DRIFTS: Sequence[tuple[Flag, float, str]] = (
    (Flag.REFUSED, 0.25, "a lens that got dirty: refusals from 8 to 25 %"),
    (Flag.REFUSED, 0.50, "a lamp that failed: refusals from 8 to 50 %"),
    (Flag.DOUBTFUL, 0.50, "doubtful scores from 25 to 50 %"),
    (Flag.HIGH, 0.50, "scores of 2 or more from 25 to 50 %"),
    (Flag.DIFFERS, 0.55, "scores that are not the verdict from 30 to 55 %"),
    (Flag.FAR, 0.45, "a phone and lamps that nobody has met: far pictures from 10 to 45 %"),
)


_MOST = 400


@dataclass(frozen=True)
class Size:
    """A trial's year."""

    sites: int
    photographs: int
    """Of a year, after the first ones that are the reference; sites take about as many each."""


def false_alarms(size: Size, *, trials: int, rng: np.random.Generator) -> float:
    """Give the share of trials without drift that have any alarm, of any flag, in all or at a site."""
    has_any = np.zeros(trials, bool)
    site = rng.integers(size.sites, size=(trials, size.photographs))
    for flag in Flag:
        raised, before = _without_drift(flag, trials, size.photographs, rng)
        has_any |= _rows_with_alarms(raised, before)
        for number in range(size.sites):
            has_any |= _of_site(raised, site == number, before)
    return float(has_any.mean())


def _without_drift(
    flag: Flag, trials: int, photographs: int, rng: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Draw flags, (trials, photographs), and what the first photographs of each trial allow, (trials,)."""
    if flag is not Flag.FAR:
        return rng.random((trials, photographs)) < BEFORE[flag], _before(BEFORE[flag], trials, rng)
    first, later = rng.random((trials, REFERENCE)), rng.random((trials, photographs))
    limits = np.array([far_from(row) for row in first])[:, None]
    return later > limits, np.array(
        [share_before(int(count), REFERENCE) for count in (first > limits).sum(1)]
    )


def _of_site(
    raised: NDArray[np.bool_], is_here: NDArray[np.bool_], before: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Look at one site's photographs only: they are moved to the front, and the rest raises no flag."""
    order = np.argsort(~is_here, axis=1, kind="stable")
    here = np.take_along_axis(is_here, order, axis=1)
    return _rows_with_alarms(np.take_along_axis(raised, order, axis=1) & here, before)


def photographs_until(
    share: float, flag: Flag, *, trials: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Give how many photographs with a drift it takes until the alarm, by trial; infinite from 400 on."""
    raised = rng.random((trials, _MOST)) < share
    found = crossings(raised, _before(BEFORE.get(flag, FAR_SHARE), trials, rng))
    return np.array([row[0][1] + 1 if row else np.inf for row in found])


def _before(share: float, trials: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return np.array([share_before(int(one), REFERENCE) for one in rng.binomial(REFERENCE, share, trials)])


def _rows_with_alarms(raised: NDArray[np.bool_], before: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.array([bool(row) for row in crossings(raised, before)])


def _quantiles(until: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.quantile(until, [0.5, 0.9], method="lower")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw trials and print two tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drift", description=__doc__)
    parser.add_argument("--trials", type=int, default=2000, help="drawn for each line")
    given = parser.parse_args(arguments)
    rng = np.random.default_rng(1)
    print("| a year without drift | trials with any false alarm |\n|---|---|")
    for size in (Size(3, 480), Size(10, 480), Size(25, 480), Size(10, 1500)):
        share = false_alarms(size, trials=given.trials, rng=rng)
        print(f"| {size.photographs} photographs at {size.sites} sites | {share:.1%} |")
    print("\n| drift | half of the trials see it after | nine of ten after | seen within 400 photographs |")
    print("|---|---|---|---|")
    for flag, share, name in _DRIFTS:
        until = photographs_until(share, flag, trials=given.trials, rng=rng)
        half, nine = (f"{one:.0f}" if np.isfinite(one) else "more" for one in _quantiles(until))
        print(f"| {name} | {half} | {nine} | {np.isfinite(until).mean():.1%} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
