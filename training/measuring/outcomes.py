"""What a model said of many photographs, beside their truth: rows from which every figure is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mottling.scale import LegReading, Status, Zone
from training.measuring.conditions import Light, View
from training.tones import Tone

__all__ = ["NONE", "Outcome", "Outcomes"]

# A score that is not there.
NONE = -1

_STATUSES = list(Status)
_TONES = list(Tone)
_VIEWS = list(View)
_LIGHTS = list(Light)
_SKIN_ZONES = len(Zone) - 1


@dataclass(frozen=True)
class Outcome:
    """One photograph."""

    truth: LegReading
    ours: LegReading
    cluster: str
    tone: Tone
    prediction_set: tuple[int, ...]
    fires: float
    """Probability of a score above 0; 0 when not assessable."""
    twin_fires: float | None
    """The same of the clean twin; None where there is none."""
    zone_overlap_px: tuple[int, ...]
    """By zone 1 to 5: pixels where we and the truth agree; empty without maps."""
    zone_union_px: tuple[int, ...]
    dice: float | None
    """Of the mottled region; None where nothing is mottled, or without maps."""
    knees: int
    """Kneecaps in view."""
    knees_found: int
    view: View = View.UNKNOWN
    light: Light = Light.PLAIN
    ruined: bool = False
    """Made unreadable for the measurement; what is said of it counts for that alone."""


@dataclass(frozen=True)
class Outcomes:
    """Many photographs, by column; `NONE` or not-a-number where there is nothing."""

    truth_status: NDArray[np.int64]
    truth: NDArray[np.int64]
    our_status: NDArray[np.int64]
    ours: NDArray[np.int64]
    cluster: NDArray[np.int64]
    tone: NDArray[np.int64]
    set_low: NDArray[np.int64]
    set_high: NDArray[np.int64]
    fires: NDArray[np.float64]
    twin_fires: NDArray[np.float64]
    zone_overlap_px: NDArray[np.int64]
    zone_union_px: NDArray[np.int64]
    dice: NDArray[np.float64]
    knees: NDArray[np.int64]
    knees_found: NDArray[np.int64]
    view: NDArray[np.int64]
    light: NDArray[np.int64]
    ruined: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: Sequence[Outcome]) -> Outcomes:
        """Set photographs in columns."""
        names = sorted({row.cluster for row in rows})
        nothing = (0,) * _SKIN_ZONES
        return cls(
            truth_status=np.array([_STATUSES.index(row.truth.status) for row in rows]),
            truth=np.array([_score(row.truth) for row in rows]),
            our_status=np.array([_STATUSES.index(row.ours.status) for row in rows]),
            ours=np.array([_score(row.ours) for row in rows]),
            cluster=np.array([names.index(row.cluster) for row in rows]),
            tone=np.array([_TONES.index(row.tone) for row in rows]),
            set_low=np.array([min(row.prediction_set, default=NONE) for row in rows]),
            set_high=np.array([max(row.prediction_set, default=NONE) for row in rows]),
            fires=np.array([row.fires for row in rows]),
            twin_fires=np.array([_or_nan(row.twin_fires) for row in rows]),
            zone_overlap_px=np.array([row.zone_overlap_px or nothing for row in rows]).reshape(
                -1, _SKIN_ZONES
            ),
            zone_union_px=np.array([row.zone_union_px or nothing for row in rows]).reshape(-1, _SKIN_ZONES),
            dice=np.array([_or_nan(row.dice) for row in rows]),
            knees=np.array([row.knees for row in rows]),
            knees_found=np.array([row.knees_found for row in rows]),
            view=np.array([_VIEWS.index(row.view) for row in rows]),
            light=np.array([_LIGHTS.index(row.light) for row in rows]),
            ruined=np.array([row.ruined for row in rows], bool),
        )

    def take(self, chosen: NDArray[Any]) -> Outcomes:
        """Keep some of the photographs, by mask or index."""
        return Outcomes(*(getattr(self, name)[chosen] for name in _COLUMNS))

    def __len__(self) -> int:
        return len(self.truth)

    def is_truly(self, status: Status) -> NDArray[np.bool_]:
        """Mark the photographs whose truth has a status."""
        return np.asarray(self.truth_status == _STATUSES.index(status))

    def we_said(self, status: Status) -> NDArray[np.bool_]:
        """Mark the photographs of which we said a status."""
        return np.asarray(self.our_status == _STATUSES.index(status))

    def of_tone(self, tone: Tone) -> NDArray[np.bool_]:
        """Mark the photographs of one tone of skin."""
        return np.asarray(self.tone == _TONES.index(tone))

    def of_view(self, view: View) -> NDArray[np.bool_]:
        """Mark the photographs that show so much."""
        return np.asarray((self.view == _VIEWS.index(view)) & ~self.ruined)

    def of_light(self, light: Light) -> NDArray[np.bool_]:
        """Mark the photographs that are so light."""
        return np.asarray((self.light == _LIGHTS.index(light)) & ~self.ruined)

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Photographs that we gave a score, or a lower bound."""
        return np.asarray(self.ours != NONE)


_COLUMNS = tuple(field.name for field in fields(Outcomes))


def _score(reading: LegReading) -> int:
    return NONE if reading.score is None else reading.score


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value
