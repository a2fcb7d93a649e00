"""What the services refuse, said in another language than English: sentence by sentence, with its values."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["translated"]

_FOLDER = Path(__file__).parent / "words"
_PLACE = re.compile(r"\\\{(\w+)\\\}")


class _Sentence(NamedTuple):
    english: re.Pattern[str]
    text: str


def translated(sentence: str, language: str) -> str | None:
    """Say a refusal's English sentence in another language; None where nobody translated it."""
    for known in _sentences(language):
        if found := known.english.fullmatch(sentence):
            return known.text.format_map(found.groupdict())
    return None


@cache
def _sentences(language: str) -> tuple[_Sentence, ...]:
    path = _FOLDER / f"refusals.{language}.toml"
    pairs = tomllib.loads(path.read_text(encoding="utf-8"))["sentences"]
    return tuple(_Sentence(_pattern(english), text) for english, text in pairs)


def _pattern(english: str) -> re.Pattern[str]:
    """Turn `The visit {visit} is confirmed` into what finds the visit."""
    return re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL)
