"""A page's deeds without browser, guard and queue: what the page shows to a user, and what it refuses."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import gradio as gr

from mottling.services.accounts import Session, User
from mottling.services.opening import Services
from mottling.web.sessions import remember_session
from mottling.web.words import Words, words_in
from tests.house import RANDOMISED_AT


class Visit:
    """A user on one page in one language."""

    def __init__(
        self,
        build: Callable[[Services, Words], gr.Blocks],
        services: Services,
        user: User,
        language: str = "en",
    ) -> None:
        async def built() -> gr.Blocks:
            return build(services, words_in(language))

        # Where no event loop runs, Gradio makes one for each page and never closes it.
        self._opened, self._done = (fn.fn for fn in asyncio.run(built()).fns.values())
        scope: dict[str, object] = {}
        remember_session(scope, Session("token", user, RANDOMISED_AT + timedelta(days=999)))
        self._request = SimpleNamespace(request=SimpleNamespace(scope=scope))

    def answer(self, deed: str = "", form: dict[str, object] | None = None) -> dict:
        """Open the page, or do a deed; gives what the browser would get."""
        if not deed:
            return self._opened(self._request)
        return self._done(self._request, gr.EventData(None, {"deed": deed, "form": form or {}}))

    def see(self, deed: str = "", **form: object) -> str:
        """Open the page, or do a deed that is not refused; gives what is shown, as text with tags."""
        answer = self.answer(deed, form)
        assert answer["problem"] is None, answer["problem"]
        return html.unescape(answer["body"])

    def refused(self, deed: str, **form: object) -> str:
        """Do a deed that is refused; gives the sentence."""
        answer = self.answer(deed, form)
        assert answer["body"] is None
        return answer["problem"][0]
