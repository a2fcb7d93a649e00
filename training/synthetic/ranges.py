"""From which ranges pictures are drawn: those of training, or others to measure on."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Ranges"]


class Ranges(StrEnum):
    """Sets to measure on stand beside the pictures that a model learns from."""

    TRAINING = "training"
    SHIFTED = "shifted"
    """Bodies, poses, cloth and cameras that training never met."""
    WARD = "ward"
    """What a trial asks for: both legs bare, seen from the foot of the bed."""
    PASSERS_BY = "passers-by"
    """To learn from: people who stand, walk and cycle in their own clothes, as the real healthy legs are."""
    HOSPITAL = "hospital"
    """The same at one hospital whose phone, lamps, skin and nets no model has met."""

    @property
    def is_measured(self) -> bool:
        """Nets and photographed materials that training never meets."""
        return self not in {Ranges.TRAINING, Ranges.PASSERS_BY}
