"""What a program reads when it is refused: always JSON, in words that do not speak of pages."""

from __future__ import annotations

from starlette.responses import JSONResponse

from mottling.web.refusals import Refusal
from mottling.web.words import words_in

__all__ = ["is_of_the_interface", "refused"]

# The standard's header for who may come in and how, and when to ask again.
_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "60"}}


def is_of_the_interface(path: str) -> bool:
    """Say whether a path is one that programs ask for, whether or not there is such an operation."""
    return path.startswith("/api/")


def refused(refusal: Refusal, language: str) -> JSONResponse:
    """Refuse a program's request."""
    status, key = refusal.value
    words = words_in(language)
    said = {part: words.say(f"interface.{key}.{part}") for part in ("message", "remedy")}
    return JSONResponse(said, status_code=status, headers=_HEADERS.get(status))
