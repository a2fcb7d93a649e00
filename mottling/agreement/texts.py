"""The words of the report, one file a language: `words/fr.toml` and `words/en.toml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mottling.texts import Texts, read_texts

__all__ = ["Texts", "texts_in"]

_FOLDER = Path(__file__).parent / "words"


@cache
def texts_in(language: str) -> Texts:
    """Read the words of a language."""
    return read_texts(_FOLDER, language)
