"""The words of the exports that people read, one file a language: `words/fr.toml` and `words/en.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mottling.texts import Texts, read_texts

__all__ = ["Texts", "page", "texts_in"]

_FOLDER = Path(__file__).parent


@cache
def texts_in(language: str) -> Texts:
    """Read the words of a language."""
    return read_texts(_FOLDER / "words", language)


def page(template: str, texts: Texts, values: Mapping[str, object]) -> bytes:
    """Fill a template into one HTML file that needs nothing else; every value is escaped."""
    style = (_FOLDER / "templates" / "page.css").read_text("utf-8")
    known = {"say": texts.say, "language": texts.language, "style": style}
    return _environment().get_template(template).render({**known, **values}).encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
