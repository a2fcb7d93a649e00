"""What the guard and the own routes answer when they refuse: a status, and a sentence in one language."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from mottling.errors import (
    Conflict,
    MottlingError,
    NotAllowed,
    PhotosErased,
    SignInRefused,
    StoreBusy,
    StoreRefused,
)
from mottling.web.markup import render
from mottling.web.words import Problem, words_in

__all__ = ["Refusal", "answer", "answer_to", "failed"]


class Refusal(Enum):
    """Why a request is not let through; the value is its status and the key of its words."""

    NO_DOOR = (404, "no_door")
    NOBODY = (401, "nobody")
    NO_TOKEN = (401, "no_token")
    ANOTHER_ROLE = (403, "another_role")
    NO_SCOPE = (403, "no_scope")
    ELSEWHERE = (403, "elsewhere")
    NOT_YOURS = (403, "not_yours")
    NOT_UNDERSTOOD = (400, "not_understood")
    TOO_LARGE = (413, "too_large")
    TOO_OFTEN = (429, "too_often")
    FAILED = (500, "failed")


# What an own route answers to an error of the services; the first kind that fits.
_STATUSES: tuple[tuple[type[MottlingError], int], ...] = (
    (SignInRefused, 401),
    (NotAllowed, 403),
    (Conflict, 409),
    (StoreBusy, 503),
    (PhotosErased, 410),
    (StoreRefused, 500),
    (MottlingError, 422),
)


def answer(refusal: Refusal, headers: Mapping[str, str], language: str) -> Response:
    """Refuse: a page for who looks at one, JSON for a script; the sign-in page for who is not signed in."""
    status, key = refusal.value
    if "text/html" not in headers.get("accept", ""):
        return _as_json(status, _problem(key, language))
    if refusal is Refusal.NOBODY:
        return RedirectResponse(f"/sign-in?language={language}", status_code=303)
    values = {"problem": _problem(key, language)}
    return HTMLResponse(render("refused.html", words_in(language), values), status_code=status)


def failed(error: Exception, headers: Mapping[str, str], language: str) -> Response:
    """Say that a request failed; why is for the log, unless the store only asks for patience."""
    if isinstance(error, StoreBusy):
        return answer_to(error, language)
    return answer(Refusal.FAILED, headers, language)


def answer_to(error: MottlingError, language: str) -> JSONResponse:
    """Answer a script with what a service refused."""
    status = next(status for kind, status in _STATUSES if isinstance(error, kind))
    return _as_json(status, words_in(language).problem(error))


def _problem(key: str, language: str) -> Problem:
    words = words_in(language)
    return Problem(words.say(f"refused.{key}.message"), words.say(f"refused.{key}.remedy"))


def _as_json(status: int, problem: Problem) -> JSONResponse:
    return JSONResponse({"message": problem.message, "remedy": problem.remedy}, status_code=status)
