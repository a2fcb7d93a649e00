"""The page of the own access: a PIN for this tablet, another password, who came in, leaving everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from mottling.services.accounts import Accounts
from mottling.services.passwords import MIN_PASSWORD_SIGNS
from mottling.trial.charter import Charter
from mottling.web.areas import home_of
from mottling.web.plain_pages import PlainPages, field_of
from mottling.web.sessions import session_of
from mottling.web.trial_words import TrialWords
from mottling.web.words import Problem

__all__ = ["Access"]


@dataclass(frozen=True)
class Access:
    """The routes of the own access."""

    accounts: Accounts
    plain: PlainPages
    charter: Charter
    """Says which clock hangs on the wall."""

    def add_to(self, app: FastAPI) -> None:
        """Add the routes to an app."""
        app.get("/access")(self._show)
        app.post("/access/pin")(self._choose_pin)
        app.post("/access/password")(self._change_password)
        app.post("/access/everywhere")(self._sign_out_everywhere)

    def _show(self, request: Request) -> Response:
        return self._page(request)

    async def _choose_pin(self, request: Request) -> Response:
        session, pin = session_of(request.scope), field_of(await request.form(), "pin")
        device = self.plain.jar.device(request.headers)

        def choose(at: datetime) -> None:
            self.accounts.choose_pin(session, pin, device=device, at=at)

        problem = await self.plain.tried(choose, self.plain.words(request))
        response = await run_in_threadpool(self._page, request, problem=problem, is_chosen=problem is None)
        self.plain.jar.name_device(response, device)
        return response

    async def _change_password(self, request: Request) -> Response:
        form, user = await request.form(), session_of(request.scope).user
        old, new = field_of(form, "old"), field_of(form, "new")
        return await self._end(request, lambda at: self.accounts.change_password(user, old, new, at=at))

    async def _sign_out_everywhere(self, request: Request) -> Response:
        user = session_of(request.scope).user
        return await self._end(request, lambda at: self.accounts.sign_out_everywhere(user, at=at))

    async def _end(self, request: Request, act: Callable[[datetime], None]) -> Response:
        """Do what ends this session too."""
        words = self.plain.words(request)
        problem = await self.plain.tried(act, words)
        if not problem:
            return self.plain.to_sign_in(words)
        return await run_in_threadpool(self._page, request, problem=problem)

    def _page(
        self, request: Request, *, problem: Problem | None = None, is_chosen: bool = False
    ) -> HTMLResponse:
        words, user = self.plain.words(request), session_of(request.scope).user
        traces = self.accounts.traces(user)
        clock = TrialWords(self.charter, words).clock(user.site, at=datetime.now(UTC))
        values = {
            "user": user,
            "home": home_of(user.role, words.language),
            "problem": problem,
            "is_chosen": is_chosen,
            "least": MIN_PASSWORD_SIGNS,
            "password_at": clock.moment(traces.password_at),
            "entered_at": [clock.moment(at) for at in traces.entered_at],
        }
        return self.plain.page("access.html", words, values)
