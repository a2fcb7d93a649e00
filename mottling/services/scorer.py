"""The model in use: looked up before each photograph, so that a release takes effect at the next one."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock

from msgspec import structs

from mottling.assessment import Assessment
from mottling.imaging.assessor import Assessor
from mottling.imaging.photo import sha256_of
from mottling.imaging.sentences import Language
from mottling.registry import Registry

__all__ = ["Scored", "Scorer"]

_LOG = logging.getLogger(__name__)
_KEPT = 16


@dataclass(frozen=True)
class Scored:
    """What the model said of a photograph."""

    assessment: Assessment
    overlay: bytes
    """A JPEG."""
    distance: float | None
    """How far its skin looks from what the model was calibrated on; None where that is not known."""


class Scorer:
    """Scores photographs with the model in use; the same bytes are looked at once."""

    def __init__(self, registry: Registry, *, language: str) -> None:
        """Load nothing yet.

        Args:
            registry: Says which model is in use.
            language: In which overlays say what they show.
        """
        self._registry = registry
        self._language = Language(language)
        self._lock = Lock()
        self._loaded: Assessor | None = None
        self._kept: OrderedDict[str, Scored] = OrderedDict()

    def ready(self) -> None:
        """Load the model in use.

        Raises:
            ModelRefused: It is unknown or altered.
        """
        self._in_use()

    def score(self, data: bytes, *, file: str) -> Scored:
        """Score a photograph.

        Args:
            data: The bytes of the file.
            file: What the record calls it.

        Raises:
            ModelRefused: The model in use is unknown or altered.
            PhotoRefused: The bytes are no photograph.
        """
        assessor = self._in_use()
        key = f"{assessor.model.name} {assessor.model.sha256} {sha256_of(data)}"
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            assessed = assessor.assess(data, file=file)
            kept = Scored(assessed.assessment, assessed.overlay(self._language), assessed.distance)
            self._keep(key, kept)
        return replace(kept, assessment=structs.replace(kept.assessment, file=file))

    def assess(self, data: bytes) -> Assessment:
        """Look at a picture that is not kept.

        Raises:
            ModelRefused: The model in use is unknown or altered.
            PhotoRefused: The bytes are no photograph.
        """
        return self._in_use().assess(data, file="").assessment

    def _keep(self, key: str, scored: Scored) -> None:
        with self._lock:
            self._kept[key] = scored
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def _in_use(self) -> Assessor:
        """Give the model in use, loaded anew when another was released."""
        model = self._registry.active()
        with self._lock:
            if self._loaded is None or (model.name, model.sha256) != (
                self._loaded.model.name,
                self._loaded.model.sha256,
            ):
                self._loaded = Assessor.load(model.load(), name=model.name)
                _LOG.info("the model %s is in use", model.name)
            return self._loaded
