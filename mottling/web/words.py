"""Every word that a page shows, by key, from one file a language: `words/fr.toml` and `words/en.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from mottling.errors import MottlingError
from mottling.texts import read_texts
from mottling.web.areas import LANGUAGES
from mottling.web.translations import translated
from mottling.web.typesetting import typeset

__all__ = ["Problem", "Words", "words_in"]

_FOLDER = Path(__file__).parent / "words"
_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class Problem:
    """What a person reads when something is refused."""

    message: str
    remedy: str


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    language: str
    texts: Mapping[str, str]
    """By key, such as `ward.lock`."""
    offered: tuple[str, ...] = LANGUAGES
    """The languages that this server offers, this one among them; the first is the one that it opens in."""

    def say(self, key: str, values: Mapping[str, object] = _NOTHING) -> str:
        """Give a text; `{name}` in it is filled with `values["name"]`.

        Raises:
            KeyError: Nobody wrote this text, or a value is missing.
        """
        return self.texts[key].format_map(values)

    def has(self, key: str) -> bool:
        """Say whether there is a text."""
        return key in self.texts

    def clock(self, at: datetime, zone: ZoneInfo) -> str:
        """Write a moment as the ward's clock shows it: day, month, hour, minute."""
        local = at.astimezone(zone)
        month = self.say("months.short").split(" ")[local.month - 1]
        return self.say("time.moment", {"day": local.day, "month": month, "time": f"{local:%H:%M}"})

    def problem(self, error: MottlingError) -> Problem:
        """Say in this language what was refused, and what to do.

        Errors carry English sentences; a sentence that nobody translated is said by the error's kind.
        """
        if self.language == "en":
            return Problem(error.message, error.remedy)
        kind = f"problems.{type(error).__name__}"
        message = translated(error.message, self.language)
        if message is None:
            return Problem(self.say(f"{kind}.message"), self.say(f"{kind}.remedy"))
        remedy = translated(error.remedy, self.language)
        said = self.say(f"{kind}.remedy") if remedy is None else typeset(remedy, self.language)
        return Problem(typeset(message, self.language), said)


@cache
def words_in(language: str, offered: tuple[str, ...] = LANGUAGES) -> Words:
    """Read the words of a language.

    Args:
        language: Which one.
        offered: Those that this server offers.
    """
    written = read_texts(_FOLDER, language).texts
    texts = {key: typeset(text, language) for key, text in written.items()}
    return Words(language, MappingProxyType(texts), offered)
