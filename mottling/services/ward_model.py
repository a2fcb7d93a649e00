"""The model on the ward: it reads what was photographed, and whatever stops it must not stop the ward."""

from __future__ import annotations

import logging
from datetime import datetime

from mottling.services.darkroom import Darkroom
from mottling.services.framing import framing_of
from mottling.services.scorer import Scorer
from mottling.services.shadow import Shadow
from mottling.services.views import Framing
from mottling.store.ward import WardBook
from mottling.trial.model_records import PhotoDistance
from mottling.trial.records import PhotoSteps

__all__ = ["WardModel"]

_LOG = logging.getLogger(__name__)


class WardModel:
    """Reads a ward's photographs with the model in use, and after it with the one that scores silently."""

    def __init__(self, book: WardBook, darkroom: Darkroom, scorer: Scorer, shadow: Shadow) -> None:
        self._book = book
        self._darkroom = darkroom
        self._scorer = scorer
        self._shadow = shadow

    def read(self, steps: PhotoSteps, *, by: str, at: datetime) -> None:
        """Record what the model says. It reads nothing of who had withdrawn when it was taken."""
        if steps.is_after_withdrawal:
            return
        photo_id = steps.photo.photo_id
        try:
            data = self._book.photo_bytes(photo_id)
            seen = self._darkroom.work(lambda: self._scorer.score(data, file=photo_id))
            self._book.add_assessment(photo_id, seen.assessment, overlay=seen.overlay, by=by, at=at)
            if seen.distance is not None:
                distance = round(seen.distance, 3)
                self._book.note_distance(PhotoDistance(by=by, at=at, photo_id=photo_id, distance=distance))
        except Exception:  # noqa: BLE001 # a photograph and its own score are worth more than any model
            _LOG.exception("the model could not read photograph %s", photo_id)
        self._shadow.follow(at=at)

    def framing(self, data: bytes) -> Framing:
        """Say how much of the legs a picture shows.

        Raises:
            PhotoRefused: The bytes are no photograph.
        """
        return framing_of(self._darkroom.work(lambda: self._scorer.assess(data)))
