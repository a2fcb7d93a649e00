"""The page of the own access: a PIN for this tablet, another password, signing out everywhere. Plain HTML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mottling.errors import MottlingError
from mottling.services.accounts import Accounts
from mottling.services.passwords import MIN_PASSWORD_SIGNS
from mottling.web.areas import home_of
from mottling.web.languages import Languages
from mottling.web.markup import render
from mottling.web.sessions import CookieJar, session_of
from mottling.web.words import Problem, words_in

__all__ = ["Access"]


@dataclass(frozen=True)
class Access:
    """The routes of the own access."""

    accounts: Accounts
    jar: CookieJar
    languages: Languages

    def add_to(self, app: FastAPI) -> None:
        """Add the routes to an app."""
        app.get("/access")(self._show)
        app.post("/access/pin")(self._choose_pin)
        app.post("/access/password")(self._change_password)
        app.post("/access/everywhere")(self._sign_out_everywhere)

    def _show(self, request: Request) -> Response:
        return self._page(request)

    async def _choose_pin(self, request: Request) -> Response:
        form = await request.form()
        session, pin = session_of(request.scope), str(form.get("pin", ""))
        device = self.jar.device(request.headers)

        def choose(at: datetime) -> None:
            self.accounts.choose_pin(session, pin, device=device, at=at)

        problem = await self._done(request, choose)
        response = self._page(request, problem=problem, is_chosen=problem is None)
        self.jar.name_device(response, device)
        return response

    async def _change_password(self, request: Request) -> Response:
        form = await request.form()
        session = session_of(request.scope)
        old, new = str(form.get("old", "")), str(form.get("new", ""))

        def change(at: datetime) -> None:
            self.accounts.change_password(session.user, old, new, at=at)

        problem = await self._done(request, change)
        return self._page(request, problem=problem) if problem else self._to_sign_in(request)

    async def _sign_out_everywhere(self, request: Request) -> Response:
        session = session_of(request.scope)

        def end(at: datetime) -> None:
            self.accounts.sign_out_everywhere(session.user, at=at)

        problem = await self._done(request, end)
        return self._page(request, problem=problem) if problem else self._to_sign_in(request)

    async def _done(self, request: Request, act: Callable[[datetime], None]) -> Problem | None:
        """Act, and say in the language of the page what was refused."""
        try:
            await run_in_threadpool(act, datetime.now(UTC))
        except MottlingError as error:
            return words_in(self.languages.of("", request.headers)).problem(error)
        return None

    def _to_sign_in(self, request: Request) -> Response:
        language = self.languages.of("", request.headers)
        response = RedirectResponse(f"/sign-in?language={language}", status_code=303)
        self.jar.take_back(response)
        return response

    def _page(
        self, request: Request, *, problem: Problem | None = None, is_chosen: bool = False
    ) -> HTMLResponse:
        language = self.languages.of("", request.headers)
        session = session_of(request.scope)
        values = {
            "user": session.user,
            "home": home_of(session.user.role, language),
            "problem": problem,
            "is_chosen": is_chosen,
            "least": MIN_PASSWORD_SIGNS,
        }
        words = words_in(language, self.languages.offered)
        return HTMLResponse(render("access.html", words, values), status_code=422 if problem else 200)
