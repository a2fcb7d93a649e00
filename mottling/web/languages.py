"""Which language an answer is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mottling.web.areas import LANGUAGES
from mottling.web.sessions import LANGUAGE_COOKIE, cookies_of

__all__ = ["Languages"]


@dataclass(frozen=True)
class Languages:
    """The languages that a server offers."""

    offered: tuple[str, ...] = LANGUAGES
    """The first is shown to who has not chosen, and whose browser asks for none of them."""

    def of(self, path: str, headers: Mapping[str, str]) -> str:
        """Choose: the page's own language, else the one last chosen in this browser, else the browser's.

        Args:
            path: Of the request; `/ward/fr/...` is French.
            headers: Of the request.
        """
        wanted = headers.get("accept-language", "")
        chosen = (
            *path.split("/")[2:3],
            cookies_of(headers).get(LANGUAGE_COOKIE, ""),
            *(part.strip()[:2].lower() for part in wanted.split(",")),
        )
        return next((language for language in chosen if language in self.offered), self.offered[0])

    def known(self, language: str) -> str:
        """Give a language that somebody named; the first one where it is not offered."""
        return language if language in self.offered else self.offered[0]
