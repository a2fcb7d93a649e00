"""What the plain pages share: their language, their answer, coming in and going out. No Gradio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mottling.errors import MottlingError
from mottling.services.accounts import Session
from mottling.web.areas import home_of
from mottling.web.languages import Languages
from mottling.web.markup import render
from mottling.web.sessions import CookieJar
from mottling.web.words import Problem, Words, words_in

__all__ = ["PlainPages", "field_of"]

Result = TypeVar("Result")


def field_of(form: FormData, name: str) -> str:
    """Read a field of a form; empty where it was not sent."""
    return str(form.get(name, ""))


@dataclass(frozen=True)
class PlainPages:
    """Plain HTML, so that it works before any script has loaded."""

    jar: CookieJar
    languages: Languages

    def words(self, request: Request) -> Words:
        """Give the words of the language that is asked for, or else that this browser had last."""
        asked = request.query_params.get("language", "")
        chosen = asked if asked in self.languages.offered else self.languages.of("", request.headers)
        return words_in(chosen, self.languages.offered)

    def words_of(self, form: FormData) -> Words:
        """Give the words of the language that a form names."""
        return words_in(self.languages.known(field_of(form, "language")), self.languages.offered)

    async def tried(self, act: Callable[[datetime], Result], words: Words) -> Result | Problem:
        """Act, beside the event loop; gives what came of it, or in words what was refused."""
        try:
            return await run_in_threadpool(act, datetime.now(UTC))
        except MottlingError as error:
            return words.problem(error)

    def page(
        self, template: str, words: Words, values: Mapping[str, object], *, refused_status: int = 422
    ) -> HTMLResponse:
        """Fill a page's template; `problem` among the values is what was refused, or None."""
        known = {"languages": words.offered, **values}
        status = refused_status if values["problem"] else 200
        return HTMLResponse(render(template, words, known), status_code=status)

    def let_in(self, response: Response, session: Session, *, device: str) -> Response:
        """Let a browser keep a session, and its own name."""
        self.jar.give(response, session)
        self.jar.name_device(response, device)
        return response

    def to_home(self, session: Session, words: Words) -> RedirectResponse:
        """Lead somebody to the own page."""
        return RedirectResponse(home_of(session.user.role, words.language), status_code=303)

    def to_sign_in(self, words: Words) -> RedirectResponse:
        """Lead somebody whose session has ended to the sign-in page."""
        response = RedirectResponse(f"/sign-in?language={words.language}", status_code=303)
        self.jar.take_back(response)
        return response
