"""From which ranges pictures are drawn: those of training, or shifted ones to measure on."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Ranges"]


class Ranges(StrEnum):
    """The development set draws bodies, poses, cloth and cameras that training never met."""

    TRAINING = "training"
    SHIFTED = "shifted"
