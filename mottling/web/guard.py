"""The outermost layer: nothing reaches a page or an own route that it has not let through.

In order: is there such a door; whose session is it and may that role pass; does a request that changes
something come from our own origin; does it come too often; is the body small enough; is the session hash of
Gradio's queue this user's.
Programs come by a token and not by a session: a browser never sends one by itself, so that where the request
comes from is not asked. What it is for is.
What goes out gets the security headers and loses what Gradio says to other origins (CORS).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mottling.services.accounts import Accounts, Session
from mottling.services.programs import Program, Programs
from mottling.web import refusals
from mottling.web.bodies import BodyTooLarge, holds_a_file, limited, parsed, read_whole, replayed
from mottling.web.document import make_ours
from mottling.web.doors import Door, Kind, door_to
from mottling.web.headers import Seal
from mottling.web.interface.callers import remember_program, token_in
from mottling.web.interface.refusing import is_of_the_interface, refused
from mottling.web.languages import Languages
from mottling.web.queues import Queues
from mottling.web.rates import Rates
from mottling.web.refusals import Refusal
from mottling.web.sessions import LANGUAGE_COOKIE, CookieJar, remember_session

__all__ = ["Guard", "GuardRules"]

# A program whose token ran out asks on until somebody looks at it; a guesser would need for ever.
_UNKNOWN_TOKENS_PER_MINUTE = 60


@dataclass(frozen=True)
class GuardRules:
    """What the guard goes by."""

    accounts: Accounts
    """Knows whose a session is."""
    jar: CookieJar
    languages: Languages
    photo_limit_bytes: int
    clock: Callable[[], float] = time.monotonic
    """In seconds; never goes back."""
    programs: Programs | None = None
    """Knows whose a token is; None where no program comes in."""


@dataclass(frozen=True)
class _Asked:
    """One request, as far as the guard looks at it."""

    scope: Scope
    receive: Receive
    headers: Headers
    door: Door
    language: str
    session: Session | None
    """None at a door for programs, whatever cookie came."""
    program: Program | None
    limit_bytes: int


class Guard:
    """Lets a request through to the app, or answers it with a refusal."""

    def __init__(self, app: ASGIApp, rules: GuardRules) -> None:
        """Stand before an app.

        Args:
            app: What is guarded.
            rules: What it goes by.
        """
        self._app = app
        self._rules = rules
        self._jar = rules.jar
        self._queues = Queues()
        self._rates = Rates()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close"})  # no page uses one

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        door = door_to(scope["method"], scope["path"])
        nonce = secrets.token_urlsafe(16)
        seal = Seal(door.kind if door else Kind.PLAIN, nonce, self._jar.is_secure).over(send)
        language = self._rules.languages.of(scope["path"], headers)
        if door is None:
            is_to_program = is_of_the_interface(scope["path"])
            await _refusal(Refusal.NO_DOOR, headers, language, is_to_program=is_to_program)(
                scope, receive, seal
            )
            return
        asked = await self._asked(scope, receive, headers, door, language)
        try:
            await self._let_in(asked, seal, nonce)
        except BodyTooLarge:
            await _refuse(asked, Refusal.TOO_LARGE, seal)

    async def _asked(
        self, scope: Scope, receive: Receive, headers: Headers, door: Door, language: str
    ) -> _Asked:
        """Ask who it is: by token at a door for programs, by session at any other."""
        session = None if door.is_for_programs else await self._session(headers)
        program = await self._program(headers) if door.is_for_programs else None
        limit = door.limit_bytes + (self._rules.photo_limit_bytes if door.brings_a_photo else 0)
        return _Asked(scope, receive, headers, door, language, session, program, limit)

    async def _session(self, headers: Headers) -> Session | None:
        token = self._jar.token(headers)
        if not token:
            return None
        return await run_in_threadpool(self._rules.accounts.session, token, at=datetime.now(UTC))

    async def _program(self, headers: Headers) -> Program | None:
        token = token_in(headers)
        if token is None or self._rules.programs is None:
            return None
        return await run_in_threadpool(self._rules.programs.program, token, at=datetime.now(UTC))

    async def _let_in(self, asked: _Asked, send: Send, nonce: str) -> None:
        refusal = self._who(asked) or self._from_where(asked) or self._how_often(asked) or _how_large(asked)
        receive = limited(asked.receive, asked.limit_bytes)
        if refusal is None and asked.door.kind is Kind.CALL:
            body = await read_whole(receive)
            refusal = self._whose_call(asked, body)
            receive = replayed(body, asked.receive)
        if refusal is None and asked.door.kind is Kind.STREAM:
            refusal = self._whose_stream(asked)
        if refusal is not None:
            await _refuse(asked, refusal, send)
            return
        if asked.session is not None:
            remember_session(asked.scope, asked.session)
        if asked.program is not None:
            remember_program(asked.scope, asked.program)
        if asked.door.kind is Kind.DOCUMENT:
            await self._document(asked, send, nonce)
        else:
            await self._app(asked.scope, receive, send)

    def _who(self, asked: _Asked) -> Refusal | None:
        """Check who it is; of an address's unknown tokens only so many are answered as such.

        A program with a token of its own is let in all the same, whoever guesses beside it.
        """
        refusal = _who(asked)
        if refusal is not Refusal.NO_TOKEN:
            return refusal
        key = f"{_address(asked)} no token"
        is_allowed = self._rates.allows(key, per_minute=_UNKNOWN_TOKENS_PER_MINUTE, at_s=self._rules.clock())
        return refusal if is_allowed else Refusal.TOO_OFTEN

    def _from_where(self, asked: _Asked) -> Refusal | None:
        """Check that a request that changes something was made by a page of our own."""
        if asked.door.method == "GET" or asked.door.is_for_programs:
            return None
        origin = urlsplit(asked.headers.get("origin", ""))
        is_ours = bool(origin.netloc) and origin.netloc == asked.headers.get("host")
        is_expected = origin.scheme == "https" if self._jar.is_secure else origin.scheme in {"http", "https"}
        site = asked.headers.get("sec-fetch-site", "same-origin")
        return None if is_ours and is_expected and site == "same-origin" else Refusal.ELSEWHERE

    def _how_often(self, asked: _Asked) -> Refusal | None:
        """Count a request with the others of its person and door, or of its address at a public door."""
        door, session = asked.door, asked.session
        if not door.per_minute:
            return None
        who = _address(asked)
        if asked.program is not None:
            who = asked.program.by
        elif session is not None and not door.is_public:
            who = f"user {session.user.name}"
        key = f"{who} {door.path.pattern}"
        is_allowed = self._rates.allows(key, per_minute=door.per_minute, at_s=self._rules.clock())
        return None if is_allowed else Refusal.TOO_OFTEN

    def _whose_call(self, asked: _Asked, body: bytes) -> Refusal | None:
        call = parsed(body)
        if call is None or not isinstance(call.get("session_hash"), str) or holds_a_file(call):
            return Refusal.NOT_UNDERSTOOD
        return self._whose(str(call["session_hash"]), asked)

    def _whose_stream(self, asked: _Asked) -> Refusal | None:
        found = asked.door.path.fullmatch(asked.scope["path"])
        assert found is not None
        in_path = found.groupdict().get("session_hash")
        in_query = parse_qs(asked.scope["query_string"].decode("latin-1")).get("session_hash", [])
        hashes = [in_path] if in_path else in_query
        return self._whose(hashes[0], asked) if len(hashes) == 1 else Refusal.NOT_UNDERSTOOD

    def _whose(self, session_hash: str, asked: _Asked) -> Refusal | None:
        assert asked.session is not None
        is_own = self._queues.belongs(session_hash, asked.session.user.name)
        return None if is_own else Refusal.NOT_YOURS

    async def _document(self, asked: _Asked, send: Send, nonce: str) -> None:
        """Serve a page's document, made ours."""
        headers = MutableHeaders(scope={**asked.scope, "headers": list(asked.scope["headers"])})
        headers["accept-encoding"] = "identity"  # Gradio would compress what is rewritten here
        parts: list[Message] = []

        async def keep(message: Message) -> None:
            if message["type"] in {"http.response.start", "http.response.body"}:
                parts.append(message)

        await self._app({**asked.scope, "headers": headers.raw}, asked.receive, keep)
        start, *rest = parts
        html = b"".join(part.get("body", b"") for part in rest).decode()
        body = make_ours(html, area=asked.door.area, language=asked.language, nonce=nonce).encode()
        answer = MutableHeaders(raw=list(start["headers"]))
        answer["content-length"] = str(len(body))
        answer.append(
            "set-cookie", f"{LANGUAGE_COOKIE}={asked.language}; Path=/; Max-Age=31536000; SameSite=Lax"
        )
        await send({**start, "headers": answer.raw})
        await send({"type": "http.response.body", "body": body, "more_body": False})


async def _refuse(asked: _Asked, refusal: Refusal, send: Send) -> None:
    is_to_program = asked.door.is_for_programs
    answer = _refusal(refusal, asked.headers, asked.language, is_to_program=is_to_program)
    await answer(asked.scope, asked.receive, send)


def _refusal(refusal: Refusal, headers: Headers, language: str, *, is_to_program: bool) -> Response:
    return refused(refusal, language) if is_to_program else refusals.answer(refusal, headers, language)


def _address(asked: _Asked) -> str:
    address, _ = asked.scope.get("client") or ("", 0)
    return f"address {address}"


def _is_of_this_machine(asked: _Asked) -> bool:
    """Say whether a program on this machine asks, and no proxy for somebody else."""
    address, _ = asked.scope.get("client") or ("", 0)
    return address in {"127.0.0.1", "::1"} and "x-forwarded-for" not in asked.headers


def _who(asked: _Asked) -> Refusal | None:
    if asked.door.kind is Kind.FIGURES:
        return None if _is_of_this_machine(asked) else Refusal.NO_DOOR
    if asked.door.is_public:
        return None
    if asked.door.is_for_programs:
        return _which_program(asked)
    if asked.session is None:
        return Refusal.NOBODY
    return None if asked.door.lets_in(asked.session.user.role) else Refusal.ANOTHER_ROLE


def _which_program(asked: _Asked) -> Refusal | None:
    if asked.program is None:
        return Refusal.NO_TOKEN
    return None if asked.door.scope in asked.program.scopes else Refusal.NO_SCOPE


def _how_large(asked: _Asked) -> Refusal | None:
    said = asked.headers.get("content-length", "0")
    if not said.isdigit():
        return Refusal.NOT_UNDERSTOOD
    return Refusal.TOO_LARGE if int(said) > asked.limit_bytes else None
