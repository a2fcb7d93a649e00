"""The sign-in page: plain HTML, so that it works before any script has loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from mottling.errors import MottlingError
from mottling.services.accounts import Accounts
from mottling.web.plain_pages import PlainPages, field_of
from mottling.web.refusals import answer_to
from mottling.web.sessions import LANGUAGE_COOKIE, session_of
from mottling.web.words import Problem, Words

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
    plain: PlainPages
    hint: DemoHint | None

    def add_to(self, app: FastAPI) -> None:
        """Add the routes to an app."""
        app.get("/sign-in")(self._show)
        app.post("/sign-in")(self._sign_in)
        app.post("/sign-out")(self._sign_out)

    def _show(self, request: Request) -> Response:
        return self._page(request, self.plain.words(request))

    async def _sign_in(self, request: Request) -> Response:
        """Let somebody in by password or PIN: on to the own page, or, for a script, with an empty answer."""
        form = await request.form()
        words = self.plain.words_of(form)
        name, secret = field_of(form, "name"), field_of(form, "password")
        device = self.plain.jar.device(request.headers)
        is_script = "application/json" in request.headers.get("accept", "")
        try:
            session = await run_in_threadpool(
                self.accounts.enter, name, secret, device=device, at=datetime.now(UTC)
            )
        except MottlingError as error:
            if is_script:
                return answer_to(error, words.language)
            return self._page(request, words, name=name, problem=words.problem(error))
        response = Response(status_code=204) if is_script else self.plain.to_home(session, words)
        return self.plain.let_in(response, session, device=device)

    def _sign_out(self, request: Request) -> Response:
        self.accounts.sign_out(session_of(request.scope).token, at=datetime.now(UTC))
        return self.plain.to_sign_in(self.plain.words(request))

    def _page(
        self, request: Request, words: Words, *, name: str = "", problem: Problem | None = None
    ) -> HTMLResponse:
        device = self.plain.jar.device(request.headers)
        values = {
            "hint": self.hint,
            "name": name,
            "problem": problem,
            "returning": self.accounts.may_come_back(device, at=datetime.now(UTC)),
        }
        response = self.plain.page("sign_in.html", words, values, refused_status=401)
        response.set_cookie(LANGUAGE_COOKIE, words.language, max_age=_A_YEAR_S, samesite="lax")
        return response
