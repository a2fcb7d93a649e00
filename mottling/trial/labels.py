"""What the trial file calls things, in each language of its pages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Language", "Words"]

Language = Literal["fr", "en"]
Text = Annotated[str, Field(min_length=1)]


class Words(BaseModel):
    """One label in each language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fr: Text
    """In French."""
    en: Text
    """In English."""

    def of(self, language: Language) -> str:
        """Give the words of one language."""
        return self.fr if language == "fr" else self.en
