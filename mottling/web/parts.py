"""The frame of every page: who is signed in, what it shows, what a person does on it, what is refused.

A page is a Gradio Blocks with one `gr.HTML` in it, mounted once a language. The server renders what it shows;
what a person presses comes back as a deed with a form; the deed gives what is shown next. Nothing of a person
is kept on the page: who acts comes from the request, which the guard has let through, and all else from the
services.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import gradio as gr
from markupsafe import Markup
from pydantic import ValidationError

from mottling.errors import MottlingError, RecordRefused
from mottling.services.accounts import Session, User
from mottling.web.areas import Area, areas_of
from mottling.web.forms import Form
from mottling.web.markup import render
from mottling.web.sessions import session_of
from mottling.web.words import Words

__all__ = ["Deed", "OutboxKey", "Shown", "live_page", "user_of"]

Read = TypeVar("Read", bound=Form)

# `props`, `trigger` and `watch` are Gradio's; `mottling` is static/live.js. The event's name must stand here.
_ON_LOAD = "window.mottling.live(element, props, watch, (deed) => trigger('deed', deed));"


@dataclass(frozen=True)
class OutboxKey:
    """What seals photographs that wait in a browser, and opens them again: of one user, for nobody else."""

    owner: str
    key: str
    """In base64. The browser keeps it in memory, as long as the page is open, and nowhere else."""


@dataclass(frozen=True)
class Shown:
    """What the page shows next."""

    body: Markup
    notice: str = ""
    """One sentence above it that says what was done, such as that a score is locked."""
    outbox: OutboxKey | None = None
    """Comes with the page, because a second request would fail where the network is bad; not with a deed."""


@dataclass(frozen=True)
class Deed(Generic[Read]):
    """Something a person does on a page.

    In a template, `<button data-do="NAME" data-FIELD="...">` or `<form data-do="NAME">` with named fields; a
    name with a dot, such as `answer.score`, makes a nested field.
    """

    name: str
    reads: type[Read]
    """What the form must hold."""
    does: Callable[[User, Read, datetime], Shown]


class _Sent(Form):
    """What the browser sends when a person does something."""

    deed: str
    form: dict[str, Any]


def user_of(request: gr.Request) -> User:
    """Say who acts: from the request's session, never from anything on the page."""
    return _session_of(request).user


def _session_of(request: gr.Request) -> Session:
    assert request.request is not None
    return session_of(request.request.scope)


def live_page(
    area: Area, words: Words, *, show: Callable[[User, datetime], Shown], deeds: Sequence[Deed[Any]]
) -> gr.Blocks:
    """Make an area's page in one language.

    Args:
        area: Where the page is mounted.
        words: The page's language.
        show: What is shown when the page is opened.
        deeds: What a person can do on it.
    """
    by_name = {deed.name: deed for deed in deeds}

    def opened(request: gr.Request) -> dict[str, object]:
        session = _session_of(request)
        return _answer(words, lambda: show(session.user, _now()), frame=_frame(area, words, session))

    def done(request: gr.Request, event: gr.EventData) -> dict[str, object]:
        user = user_of(request)
        return _answer(words, lambda: _do(by_name, event._data, user), frame=None)

    blocks = gr.Blocks(title=words.say(f"{area}.title"), analytics_enabled=False)
    with blocks:
        view = gr.HTML(
            html_template='<div class="live"></div>',
            js_on_load=_ON_LOAD,
            apply_default_css=False,
            elem_id="page",
        )
        blocks.load(opened, outputs=view, show_progress="hidden", concurrency_limit=None)
        view.deed(done, outputs=view, show_progress="hidden", concurrency_limit=None)
    return blocks


def _do(deeds: dict[str, Deed[Any]], sent: object, user: User) -> Shown:
    try:
        what = _Sent.model_validate(sent)
        deed = deeds[what.deed]
        form = deed.reads.model_validate(what.form)
    except (ValidationError, KeyError) as error:
        raise RecordRefused(
            "The page sent something that is not understood", remedy="Load the page again and repeat the step"
        ) from error
    return deed.does(user, form, _now())


def _answer(words: Words, make: Callable[[], Shown], *, frame: Markup | None) -> dict[str, object]:
    """Give what the browser puts on the page; here, and nowhere else, an error becomes a message."""
    # The turn makes two equal answers differ, so that the browser hears of the second one too.
    answer: dict[str, object] = {"turn": secrets.token_hex(4), "frame": frame}
    try:
        shown = make()
    except MottlingError as error:
        problem = words.problem(error)
        return {**answer, "body": None, "notice": None, "problem": [problem.message, problem.remedy]}
    outbox = None if shown.outbox is None else vars(shown.outbox)
    return {**answer, "body": shown.body, "notice": shown.notice, "problem": None, "outbox": outbox}


def _frame(area: Area, words: Words, session: Session) -> Markup:
    user = session.user
    values = {
        "area": area,
        "areas": areas_of(user.role),
        "user": user,
        "languages": words.offered,
        "idle_s": round(session.idle_s),
    }
    return render("frame.html", words, values)


def _now() -> datetime:
    return datetime.now(UTC)
