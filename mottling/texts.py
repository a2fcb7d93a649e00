"""What people read, by key, from one file a language, such as `words/fr.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

__all__ = ["Texts", "read_texts"]

_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class Texts:
    """The texts of one language."""

    language: str
    texts: Mapping[str, str]
    """By key, such as `archive.title`."""

    def say(self, key: str, values: Mapping[str, object] = _NOTHING) -> str:
        """Give a text; `{name}` in it is filled with `values["name"]`.

        Raises:
            KeyError: Nobody wrote this text, or a value is missing.
        """
        return self.texts[key].format_map(values)


def read_texts(folder: Path, language: str) -> Texts:
    """Read the texts of a language from the folder where its file lies beside those of the others."""
    table = tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))
    return Texts(language, MappingProxyType(dict(_flat(table))))


def _flat(table: Mapping[str, object], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, str(value)
