"""A guard before an app that answers everything, at a moment that stands still: for its tests alone."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta

from mottling.services.accounts import Session
from mottling.services.programs import Program
from mottling.trial.programs import Scope
from mottling.web.guard import Guard, GuardRules
from mottling.web.languages import Languages
from mottling.web.sessions import CookieJar
from tests.house import NINA

PHOTO_LIMIT = 1000


@dataclass
class App:
    """Answers everything, and keeps what reached it."""

    asked: list = field(default_factory=list)
    bodies: list = field(default_factory=list)

    async def __call__(self, scope, receive, send):
        self.asked.append(scope)
        self.bodies.append((await receive()).get("body"))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-of", b"the app")]})
        await send({"type": "http.response.body", "body": b"<p>through</p>"})


class OneSession:
    """Knows one token, and notes when it was asked."""

    def __init__(self, user):
        self.user, self.asked_at = user, []

    def session(self, token, *, at):
        self.asked_at.append(at)
        return Session(token, self.user, at + timedelta(hours=1)) if token == "known" and self.user else None


class TwoPrograms:
    """Knows two tokens, which are for reading outcomes, and notes when it was asked."""

    def __init__(self):
        self.asked_at = []

    def program(self, token, *, at):
        self.asked_at.append(at)
        known = token in ("good", "another")
        return Program(token, frozenset({Scope.OUTCOMES}), None) if known else None


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes
    is_whole: bool
    """Whether the last message said that there is no more."""

    @property
    def said(self):
        return json.loads(self.body)


class Place:
    """A guard with its app, at a moment that stands still."""

    def __init__(self, user=NINA, *, is_secure=False, programs=None):
        self.app, self.now_s, self.programs, self.accounts = App(), 7.0, programs, OneSession(user)
        rules = GuardRules(
            self.accounts,
            CookieJar(is_secure=is_secure),
            Languages(),
            PHOTO_LIMIT,
            clock=lambda: self.now_s,
            programs=programs,
        )
        self.guard = Guard(self.app, rules)

    def ask(self, method, path, headers=(), *, body=b"", client=("192.0.2.7", 1)):
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in dict(headers).items()],
            "client": client,
        }
        return asyncio.run(self._answer(scope, body))

    async def _answer(self, scope, body):
        sent = []
        said = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive():
            return next(said, {"type": "http.disconnect"})

        async def send(message):
            sent.append(message)

        await self.guard(scope, receive, send)
        start, *rest = sent
        headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        assert {part["type"] for part in rest} == {"http.response.body"}
        body = b"".join(part.get("body", b"") for part in rest)
        return Answer(start["status"], headers, body, is_whole=rest[-1].get("more_body", False) is False)

    def program(self, path="/api/v1/outcomes", *, bearer="good", **more):
        return self.ask("GET", path, {"authorization": f"Bearer {bearer}"}, **more)
