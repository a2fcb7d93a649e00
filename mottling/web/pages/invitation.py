"""The page behind an invitation: whoever has the link chooses a password. Plain HTML.

The link's code stands behind `#`, which no browser sends: it ends in no log. A script puts it into the form;
whoever has no script types it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mottling.errors import MottlingError, RecordRefused
from mottling.services.accounts import Session
from mottling.services.invitations import Invitations
from mottling.services.passwords import MIN_PASSWORD_SIGNS
from mottling.web.areas import home_of
from mottling.web.languages import Languages
from mottling.web.markup import render
from mottling.web.sessions import CookieJar
from mottling.web.words import Problem, Words, words_in

__all__ = ["InvitationPage"]


@dataclass(frozen=True)
class InvitationPage:
    """The routes of following an invitation."""

    invitations: Invitations
    jar: CookieJar
    languages: Languages

    def add_to(self, app: FastAPI) -> None:
        """Add the routes to an app."""
        app.get("/invitation")(self._show)
        app.post("/invitation")(self._follow)

    def _show(self, request: Request) -> Response:
        asked = request.query_params.get("language", "")
        chosen = asked if asked in self.languages.offered else self.languages.of("", request.headers)
        return self._page(words_in(chosen, self.languages.offered))

    async def _follow(self, request: Request) -> Response:
        form = await request.form()
        words = words_in(self.languages.known(str(form.get("language", ""))), self.languages.offered)
        code, new, again = (str(form.get(field, "")) for field in ("code", "new", "again"))
        device = self.jar.device(request.headers)

        def follow(at: datetime) -> Session:
            if new != again:
                raise RecordRefused("The two passwords differ", remedy="Type the same one twice")
            name = self.invitations.follow(code, new, at=at)
            return self.invitations.accounts.sign_in(name, new, device=device, at=at)

        try:
            session = await run_in_threadpool(follow, datetime.now(UTC))
        except MottlingError as error:
            return self._page(words, code=code, problem=words.problem(error))
        response = RedirectResponse(home_of(session.user.role, words.language), status_code=303)
        self.jar.give(response, session)
        self.jar.name_device(response, device)
        return response

    def _page(self, words: Words, *, code: str = "", problem: Problem | None = None) -> HTMLResponse:
        values = {
            "code": code,
            "problem": problem,
            "least": MIN_PASSWORD_SIGNS,
            "languages": words.offered,
        }
        return HTMLResponse(render("invitation.html", words, values), status_code=422 if problem else 200)
