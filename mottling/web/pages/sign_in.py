"""The sign-in page: plain HTML, so that it works before any script has loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mottling.errors import MottlingError
from mottling.services.accounts import Accounts
from mottling.web.areas import home_of
from mottling.web.languages import Languages
from mottling.web.markup import render
from mottling.web.refusals import answer_to
from mottling.web.sessions import LANGUAGE_COOKIE, CookieJar, session_of
from mottling.web.words import Problem, Words, words_in

__all__ = ["DemoHint", "DemoVisitor", "SignIn"]

_A_YEAR_S = 31_536_000


@dataclass(frozen=True)
class DemoVisitor:
    """Somebody of the demo whom the sign-in page suggests."""

    name: str
    password: str
    role: str
    """Value of a `Role`; the words say what this person does."""


@dataclass(frozen=True)
class DemoHint:
    """What the sign-in page of a demo says: where to click first. Everything in a demo is made up."""

    visitors: tuple[DemoVisitor, ...]


@dataclass(frozen=True)
class SignIn:
    """The routes of signing in and out."""

    accounts: Accounts
    jar: CookieJar
    languages: Languages
    hint: DemoHint | None

    def add_to(self, app: FastAPI) -> None:
        """Add the routes to an app."""
        app.get("/sign-in")(self._show)
        app.post("/sign-in")(self._sign_in)
        app.post("/sign-out")(self._sign_out)
        app.get("/no-page")(self._no_page)

    def _show(self, request: Request) -> Response:
        return self._page(request, self._words(request))

    async def _sign_in(self, request: Request) -> Response:
        """Let somebody in by password or PIN: on to the own page, or, for a script, with an empty answer."""
        form = await request.form()
        words = words_in(self.languages.known(str(form.get("language", ""))), self.languages.offered)
        name, secret = str(form.get("name", "")), str(form.get("password", ""))
        device = self.jar.device(request.headers)
        is_script = "application/json" in request.headers.get("accept", "")
        try:
            session = await run_in_threadpool(
                self.accounts.enter, name, secret, device=device, at=datetime.now(UTC)
            )
        except MottlingError as error:
            if is_script:
                return answer_to(error, words.language)
            return self._page(request, words, name=name, problem=words.problem(error))
        home = home_of(session.user.role, words.language)
        response = Response(status_code=204) if is_script else RedirectResponse(home, status_code=303)
        self.jar.give(response, session)
        self.jar.name_device(response, device)
        return response

    def _sign_out(self, request: Request) -> Response:
        self.accounts.sign_out(session_of(request.scope).token, at=datetime.now(UTC))
        response = RedirectResponse(f"/sign-in?language={self._words(request).language}", status_code=303)
        self.jar.take_back(response)
        return response

    def _no_page(self, request: Request) -> Response:
        words = self._words(request)
        problem = Problem(words.say("refused.no_page.message"), words.say("refused.no_page.remedy"))
        return HTMLResponse(render("refused.html", words, {"problem": problem}))

    def _page(
        self, request: Request, words: Words, *, name: str = "", problem: Problem | None = None
    ) -> HTMLResponse:
        device = self.jar.device(request.headers)
        values = {
            "hint": self.hint,
            "name": name,
            "problem": problem,
            "languages": words.offered,
            "returning": self.accounts.may_come_back(device, at=datetime.now(UTC)),
        }
        response = HTMLResponse(render("sign_in.html", words, values), status_code=401 if problem else 200)
        response.set_cookie(LANGUAGE_COOKIE, words.language, max_age=_A_YEAR_S, samesite="lax")
        return response

    def _words(self, request: Request) -> Words:
        asked = request.query_params.get("language", "")
        chosen = asked if asked in self.languages.offered else self.languages.of("", request.headers)
        return words_in(chosen, self.languages.offered)
