"""How often each blemish occurs, how large it is and where, without a look at the score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.synthetic.records import Blemish, BlemishKind

__all__ = ["draw_blemishes"]


@dataclass(frozen=True)
class _Habit:
    """Where and how often."""

    share: float
    """Of the pictures."""
    most: int
    radius_mm: tuple[float, float]
    axial_mm: tuple[float, float] = (-330, 330)
    stretch: tuple[float, float] = (0.7, 1.6)
    knee_share: float = 0.25
    """Of them, that sit at the knee."""


_HABITS = {
    BlemishKind.MOLE: _Habit(0.5, 8, (0.8, 3)),
    BlemishKind.BRUISE: _Habit(0.18, 3, (10, 38), knee_share=0.35),
    BlemishKind.SCAR: _Habit(0.15, 2, (4, 9), stretch=(4, 16), knee_share=0.6),
    BlemishKind.PSORIASIS: _Habit(0.06, 9, (5, 28), knee_share=0.5),
    BlemishKind.ECZEMA: _Habit(0.06, 14, (6, 22), axial_mm=(-330, 200)),
    BlemishKind.PURPURA: _Habit(0.06, 2, (40, 130), axial_mm=(-330, -60), knee_share=0.1),
    BlemishKind.BROWN_VENOUS: _Habit(0.08, 5, (25, 90), axial_mm=(-360, -120), knee_share=0.0),
    BlemishKind.VITILIGO: _Habit(0.04, 6, (8, 45), knee_share=0.5),
    BlemishKind.OLD_PIGMENT: _Habit(0.2, 12, (2, 11), knee_share=0.4),
    BlemishKind.RED_CALF: _Habit(0.05, 1, (70, 170), axial_mm=(-280, -90), knee_share=0.0),
    BlemishKind.WOUND: _Habit(0.08, 2, (4, 22), knee_share=0.4),
    BlemishKind.PINK_PATCH: _Habit(0.35, 5, (10, 50), knee_share=0.6),
    BlemishKind.GREY_PATCH: _Habit(0.25, 4, (10, 45), knee_share=0.7),
}


def draw_blemishes(rng: np.random.Generator) -> tuple[Blemish, ...]:
    """Draw the blemishes of both legs."""
    return tuple(
        _draw_one(rng, kind, habit)
        for kind, habit in _HABITS.items()
        if rng.random() < habit.share
        for _ in range(int(rng.integers(1, habit.most + 1)))
    )


def _draw_one(rng: np.random.Generator, kind: BlemishKind, habit: _Habit) -> Blemish:
    at_knee = rng.random() < habit.knee_share
    axial = rng.normal(0, 28) if at_knee else rng.uniform(*habit.axial_mm)
    around = rng.normal(0, 35) if at_knee else rng.normal(0, 65)
    return Blemish(
        kind=kind,
        leg=int(rng.integers(1, 3)),
        axial_mm=float(axial),
        around_deg=float(np.clip(around, -180, 180)),
        radius_mm=float(np.exp(rng.uniform(*np.log(habit.radius_mm)))),
        stretch=float(rng.uniform(*habit.stretch)),
        angle_deg=float(rng.uniform(0, 180)),
        strength=float(rng.uniform(0.25, 1.0)),
    )
