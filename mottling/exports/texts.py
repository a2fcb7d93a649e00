"""The words of the exports that people read, one file a language: `words/fr.toml` and `words/en.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["Texts", "page", "texts_in"]

_FOLDER = Path(__file__).parent
_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class Texts:
    """The words in one language."""

    language: str
    texts: Mapping[str, str]
    """By key, such as `archive.title`."""

    def say(self, key: str, values: Mapping[str, object] = _NOTHING) -> str:
        """Give a text; `{name}` in it is filled with `values["name"]`.

        Raises:
            KeyError: Nobody wrote this text, or a value is missing.
        """
        return self.texts[key].format_map(values)


@cache
def texts_in(language: str) -> Texts:
    """Read the words of a language."""
    table = tomllib.loads((_FOLDER / "words" / f"{language}.toml").read_text("utf-8"))
    return Texts(language, MappingProxyType(dict(_flat(table))))


def page(template: str, texts: Texts, values: Mapping[str, object]) -> bytes:
    """Fill a template into one HTML file that needs nothing else; every value is escaped."""
    style = (_FOLDER / "templates" / "page.css").read_text("utf-8")
    known = {"say": texts.say, "language": texts.language, "style": style}
    return _environment().get_template(template).render({**known, **values}).encode()


def _flat(table: Mapping[str, object], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, str(value)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
