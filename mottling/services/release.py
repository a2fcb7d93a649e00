"""Releasing models: which one scores the next photograph."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from mottling.registry import Model, Registry
from mottling.services.accounts import User
from mottling.services.office_views import ModelLine
from mottling.store.office import OfficeBook
from mottling.trial.access import Act, require
from mottling.trial.office_records import ModelRelease, ReleaseKind

__all__ = ["Release"]


class Release:
    """What an engineer, or the office, does with models."""

    def __init__(self, models: Path | None, book: OfficeBook) -> None:
        """Take the folder with `registry.json`, None for the one that comes with Mottling."""
        self._models = models
        self._book = book

    def models(self, user: User) -> tuple[ModelLine, ...]:
        """List the models of the registry, the one in use first."""
        require(user.role, Act.SEE_MODELS)
        return tuple(
            ModelLine(model.name, model.sha256, model.active, model.released_at)
            for model in Registry.open(self._models).models()
        )

    def card(self, user: User, name: str) -> str:
        """Give a model's card, in Markdown.

        Raises:
            ModelRefused: There is no such model.
        """
        require(user.role, Act.SEE_MODELS)
        return Registry.open(self._models).find(name).card

    def release(self, user: User, name: str, *, at: datetime) -> None:
        """Let a model score from the next photograph on; nothing happens when it does already.

        Raises:
            ModelRefused: There is no such model, or its file is not what the registry says.
        """
        require(user.role, Act.RELEASE_MODEL)
        registry = Registry.open(self._models)
        if not registry.find(name).active:
            self._note(registry.release(name, at=at), ReleaseKind.RELEASED, by=user.name, at=at)

    def roll_back(self, user: User, *, at: datetime) -> str:
        """Go back to the model that was in use before; gives its name.

        Raises:
            ModelRefused: There was none before.
        """
        require(user.role, Act.RELEASE_MODEL)
        model = Registry.open(self._models).roll_back(at=at)
        self._note(model, ReleaseKind.ROLLED_BACK, by=user.name, at=at)
        return model.name

    def _note(self, model: Model, kind: ReleaseKind, *, by: str, at: datetime) -> None:
        self._book.note_release(ModelRelease(by=by, at=at, name=model.name, sha256=model.sha256, kind=kind))
