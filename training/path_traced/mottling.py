"""How much each pixel is mottled: a pattern, laid where the legs' scores allow it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mottling.scale import Zone
from training.path_traced.chart import Chart, cloudy
from training.path_traced.reaction import grow
from training.path_traced.records import LegSpread, Mottle, Process, Spread
from training.path_traced.seen import Seen
from training.path_traced.spread import weigh
from training.path_traced.vessels import knit
from training.synthetic.labels import DUSKY, LEAST_IN_VIEW, LEAST_SHARE

__all__ = ["Mottled", "mottle_legs"]

Field = NDArray[np.float32]

# Where mottling makes a score, two readers would agree on it: so much of the zone, and half of a coin.
_PLAIN_SHARE = 4 * LEAST_SHARE
_OF_COIN = 0.5
_PLAINLY = 1.5 * DUSKY
_TRIES = 5
_UNEVEN = 0.45


@dataclass(frozen=True)
class Mottled:
    """Frames (H, W)."""

    amount: Field
    """0 clean, about 1 in the net."""
    pale: Field


def mottle_legs(seen: Seen, mottle: Mottle, legs: tuple[LegSpread, LegSpread]) -> Mottled:
    """Lay the pattern on both legs."""
    amount, pale = (np.zeros(seen.leg.shape, np.float32) for _ in range(2))
    chart = _pattern(mottle) if any(leg.score for leg in legs) else None
    for number, leg in enumerate(legs, start=1):
        here = seen.leg == number
        if chart is None or leg.score == 0 or not here.any():
            continue
        net = _net(seen, chart, mottle, np.random.default_rng((mottle.seed, number)))
        weight = _plain(seen, leg, number, net, seed=mottle.seed)
        if leg.spread is Spread.COIN:
            net = _blot(net)
        amount += np.where(here, weight * net, 0)
        pale += np.where(here, weight * np.clip(1 - 1.6 * net, 0, 1), 0)
    return Mottled(amount.astype(np.float32), pale.astype(np.float32))


def _pattern(mottle: Mottle) -> Chart:
    rng = np.random.default_rng(mottle.seed)
    if mottle.process is Process.REACTION:
        return grow(rng, cell_mm=mottle.cell_mm)
    return knit(rng, cell_mm=mottle.cell_mm, width=mottle.width)


def _net(seen: Seen, chart: Chart, mottle: Mottle, rng: np.random.Generator) -> Field:
    """Read the pattern, each leg from another place of it, bent, its lines of uneven width and strength."""
    cell_mm = mottle.cell_mm
    turned = np.roll(chart.values, int(rng.integers(chart.values.shape[1])), axis=1)
    chart = Chart(np.ascontiguousarray(turned), chart.step_mm)
    bend = np.stack([cloudy(rng, 2.2 * cell_mm, fall=2.2).on(seen) for _ in range(2)], -1)
    raw = chart.on(seen, (0.3 * cell_mm * bend).astype(np.float32))
    uneven = cloudy(rng, 3 * cell_mm, fall=2.2).on(seen)
    middle = float(np.quantile(raw, 1 - mottle.width)) - _UNEVEN * float(raw.std()) * uneven
    half = mottle.soft * float(raw.std())
    t = np.clip((raw - middle + half) / (2 * half), 0, 1)
    net = t * t * (3 - 2 * t) * np.clip(0.85 + 0.2 * uneven, 0.3, 1.15)
    net = net * np.clip(0.95 + 0.12 * cloudy(rng, 7.0, step_mm=1.2).on(seen), 0.5, 1.3)
    return np.asarray(net, np.float32)


def _blot(net: Field) -> Field:
    """A coin is a blot with darker lines in it, not a hole between them."""
    return 0.6 + 0.45 * net


def _plain(seen: Seen, leg: LegSpread, number: int, net: Field, *, seed: int) -> Field:
    """Place it anew, farther each time, until the zone of the score is plainly mottled, if it is in view."""
    zone = (seen.leg == number) & (seen.zone == leg.score)
    counts = int(zone.sum()) >= LEAST_IN_VIEW * int((seen.leg == number).sum())
    for attempt in range(_TRIES):
        weight = weigh(seen, leg, number, np.random.default_rng((seed, number, attempt)))
        dusky = weight * (_blot(net) if leg.spread is Spread.COIN else net) > _PLAINLY
        needed = _OF_COIN if leg.score == Zone.COIN else _PLAIN_SHARE
        if not counts or (dusky & zone).sum() >= needed * zone.sum():
            break
        leg = leg.model_copy(update={"reach": leg.reach + 0.2, "low_mm": leg.low_mm - 40})
    return weight
