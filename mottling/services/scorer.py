"""The model in use: looked up before each photograph, so that a release takes effect at the next one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mottling.assessment import Assessment

__all__ = ["Scored", "Scorer"]


@dataclass(frozen=True)
class Scored:
    """What the model said of a photograph."""

    assessment: Assessment
    overlay: bytes | None
    """A JPEG."""


class Scorer:
    """Scores photographs with the model in use."""

    def __init__(self, models: Path) -> None:
        """Take the folder with `registry.json`; nothing is loaded yet."""
        self._models = models

    def score(self, data: bytes) -> Scored:
        """Score a photograph.

        Raises:
            ModelRefused: The model in use is unknown or altered.
            PhotoRefused: The bytes are no photograph.
        """
        raise NotImplementedError
