"""The page behind an invitation: whoever has the link chooses a password. Plain HTML.

The link's code stands behind `#`, which no browser sends: it ends in no log. A script puts it into the form;
whoever has no script types it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, Response

from mottling.errors import RecordRefused
from mottling.services.accounts import Session
from mottling.services.invitations import Invitations
from mottling.services.passwords import MIN_PASSWORD_SIGNS
from mottling.web.plain_pages import PlainPages, field_of
from mottling.web.words import Problem, Words

__all__ = ["InvitationPage"]


@dataclass(frozen=True)
class InvitationPage:
    """The routes of following an invitation."""

    invitations: Invitations
    plain: PlainPages

    def add_to(self, app: FastAPI) -> None:
        """Add the routes to an app."""
        app.get("/invitation")(self._show)
        app.post("/invitation")(self._follow)

    def _show(self, request: Request) -> Response:
        return self._page(self.plain.words(request))

    async def _follow(self, request: Request) -> Response:
        form = await request.form()
        words = self.plain.words_of(form)
        code, new, again = (field_of(form, field) for field in ("code", "new", "again"))
        device = self.plain.jar.device(request.headers)

        def follow(at: datetime) -> Session:
            if new != again:
                raise RecordRefused("The two passwords differ", remedy="Type the same one twice")
            name = self.invitations.follow(code, new, at=at)
            return self.invitations.accounts.sign_in(name, new, device=device, at=at)

        session = await self.plain.tried(follow, words)
        if isinstance(session, Problem):
            return self._page(words, code=code, problem=session)
        return self.plain.let_in(self.plain.to_home(session, words), session, device=device)

    def _page(self, words: Words, *, code: str = "", problem: Problem | None = None) -> HTMLResponse:
        values = {"code": code, "problem": problem, "least": MIN_PASSWORD_SIGNS}
        return self.plain.page("invitation.html", words, values)
