"""Releasing models: which one scores the next photograph."""

from __future__ import annotations

from datetime import datetime

from mottling.services.accounts import User
from mottling.services.views import ModelLine

__all__ = ["Release"]


class Release:
    """What an engineer, or the office, does with models."""

    def models(self, user: User) -> tuple[ModelLine, ...]:
        """List the models of the registry, the one in use first."""
        raise NotImplementedError

    def card(self, user: User, name: str) -> str:
        """Give a model's card, in Markdown.

        Raises:
            ModelRefused: There is no such model.
        """
        raise NotImplementedError

    def release(self, user: User, name: str, *, at: datetime) -> None:
        """Let a model score from the next photograph on.

        Raises:
            ModelRefused: There is no such model, or its file is not what the registry says.
        """
        raise NotImplementedError

    def roll_back(self, user: User, *, at: datetime) -> str:
        """Go back to the model that was in use before; gives its name.

        Raises:
            ModelRefused: There was none before.
        """
        raise NotImplementedError
