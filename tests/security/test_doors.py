"""Every route of every page, for everybody: what is not on the kept list is closed.

A route that a new Gradio brings stays closed, and the test that compares the routes themselves fails, so that
somebody looks at it.
"""

import asyncio
import re
from datetime import timedelta

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Mount

from mottling.errors import SettingsRefused
from mottling.services.accounts import Session
from mottling.trial.access import Role
from mottling.web.guard import Guard, GuardRules
from mottling.web.interface.operations import PREFIX
from mottling.web.languages import Languages
from mottling.web.sessions import CookieJar
from tests.house import ADAM, CORA, EMMA, MONA, NINA, OLGA, RITA

PEOPLE = {
    "nobody": None,
    "ward": NINA,
    "reader": RITA,
    "office": OLGA,
    "engineer": EMMA,
    "administrator": ADAM,
    "coordinator": CORA,
    "monitor": MONA,
}

LET_THROUGH = 299
PUBLIC = {
    "GET /alive",
    "GET /healthy",
    "GET /api/v1/openapi.json",
    "GET /invitation",
    "POST /invitation",
    "GET /sign-in",
    "POST /sign-in",
    "GET /static/{name}",
    "GET /ward/worker.js",
}
SIGNED_IN = {
    "GET /",
    "POST /sign-out",
    "GET /here",
    "GET /access",
    "POST /access/pin",
    "POST /access/password",
    "POST /access/everywhere",
}
OWN = {
    "ward": {
        "GET /ward",
        "GET /ward/",
        "POST /ward/photos",
        "GET /ward/photos/{photo_id}/picture",
        "GET /ward/photos/{photo_id}/overlay",
        "POST /ward/framing",
        "GET /ward/fr/shell",
        "GET /ward/en/shell",
    },
    "committee": {
        "GET /committee",
        "GET /committee/",
        "GET /committee/readings/{reading_id}/picture",
        "GET /committee/readings/{reading_id}/overlay",
    },
    "office": {
        "GET /office",
        "GET /office/",
        "GET /office/photos/{photo_id}/picture",
        "GET /office/files/agreement.{kind}",
        "GET /office/files/{name}",
    },
    "models": {"GET /models", "GET /models/"},
    "readout": {"GET /readout", "GET /readout/"},
    "monitor": {"GET /monitor", "GET /monitor/"},
    "accounts": {"GET /accounts", "GET /accounts/"},
}
OF_A_PAGE = {
    "GET /",
    "GET /assets/{path:path}",
    "GET /static/{path:path}",
    "GET /svelte/{path:path}",
    "GET /theme.css",
    "GET /gradio_api/theme.css",
    "GET /gradio_api/startup-events",
    "GET /gradio_api/app_id",
    "GET /gradio_api/heartbeat/{session_hash}",
    "GET /gradio_api/queue/data",
    "POST /gradio_api/queue/join",
    "POST /gradio_api/cancel",
    "POST /gradio_api/reset",
}
AREAS_OF = {
    "nobody": [],
    "ward": ["ward"],
    "reader": ["committee"],
    "office": ["office", "models"],
    "engineer": ["models"],
    "administrator": ["accounts"],
    "coordinator": ["readout"],
    "monitor": ["monitor"],
}
PLACES = {
    "path:path": "a.js",
    "path_or_url:path": "etc/hostname",
    "url_path:path": "https://example.org",
    "name": "outcome",
    "kind": "pdf",
    "session_hash": "a1b2",
}


class OneSession:
    """Knows one token."""

    def __init__(self, user):
        self.user = user

    def session(self, token, *, at):
        return Session(token, self.user, at + timedelta(hours=1)) if token == "known" and self.user else None


def routes_of(routes, prefix=""):
    """Every method and path below a list of routes, mounted apps included."""
    for route in routes:
        if isinstance(route, Mount):
            yield from routes_of(route.app.routes, prefix + route.path)
        elif hasattr(route, "original_router"):
            yield from routes_of(route.original_router.routes, prefix)
        else:
            for method in route.methods:
                yield method, prefix + route.path


async def everything(scope, receive, send):
    """An app that answers whatever is asked, so that only the guard decides."""
    await PlainTextResponse("let through", LET_THROUGH)(scope, receive, send)


def guard_for(user) -> Guard:
    return Guard(everything, GuardRules(OneSession(user), CookieJar(is_secure=False), Languages(), 1000))


async def answer_of(guard: Guard, method: str, path: str) -> int:
    """Ask a guard; gives the status of the answer. A page's document, which is rewritten, counts as well."""
    statuses = []
    body = b'{"session_hash": "a1b2"}' if method == "POST" else b""
    path, _, query = path.partition("?")
    headers = {"host": "testserver", "origin": "http://testserver", "cookie": "mottling=known"}

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        statuses.append(message.get("status"))

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    try:
        await guard(scope, receive, send)
    except SettingsRefused:
        return LET_THROUGH
    return statuses[0]


async def open_routes(user, routes) -> set[str]:
    guard = guard_for(user)
    found = set()
    for method, path in routes:
        query = "?session_hash=a1b2" if path.endswith("/queue/data") else ""
        if await answer_of(guard, method, asked(path) + query) == LET_THROUGH:
            found.add(f"{method} {path}")
    return found


def asked(path: str) -> str:
    """A path with something in each of its places."""
    if path == "/static/{name}":
        return "/static/live.js"
    return re.sub(r"\{([^}]+)\}", lambda place: PLACES.get(place[1], "abc"), path)


def kept_list(person: str, pages: list[str]) -> set[str]:
    kept = set(PUBLIC) | (SIGNED_IN if person != "nobody" else set())
    for area in AREAS_OF[person]:
        kept |= OWN[area]
        for page in (page for page in pages if page.startswith(f"/{area}/")):
            kept |= {route.replace(" ", f" {page}") for route in OF_A_PAGE}
    return kept


@pytest.fixture(scope="session")
def routes(web) -> list[tuple[str, str]]:
    return sorted(set(routes_of(web.app.routes)))


def test_every_role_is_somebody_here():
    assert set(PEOPLE) - {"nobody"} == set(AREAS_OF) - {"nobody"} == {role.value for role in Role}


@pytest.mark.parametrize("person", list(PEOPLE))
def test_only_the_kept_list_is_open(web, routes, person):
    pages = [route.path for route in web.app.routes if isinstance(route, Mount)]
    assert asyncio.run(open_routes(PEOPLE[person], routes)) == kept_list(person, pages)


def test_every_area_has_its_page_in_both_languages(web):
    pages = {route.path for route in web.app.routes if isinstance(route, Mount)} - {PREFIX}
    assert pages == {f"/{area}/{language}" for area in OWN for language in ("fr", "en")}


@pytest.mark.parametrize(
    "path",
    [
        "/ward/fr/config",
        "/ward/fr/gradio_api/file=/etc/hostname",
        "/ward/fr/gradio_api/upload",
        "/ward/fr/assets/../../config",
        "/ward/fr/assets/%2e%2e/config",
        "/ward/fr//config",
        "/ward/fr/static/.env",
        "/ward/fr/gradio_api/queue/join/",
        "/docs",
        "/openapi.json",
        "/static/../server.py",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_what_is_no_door_is_closed_to_the_right_role_too(path, method):
    assert asyncio.run(answer_of(guard_for(NINA), method, path)) == 404


def test_who_is_not_signed_in_is_led_to_the_sign_in_page_in_the_language_of_the_page(web):
    answer = web.visitor().get("/ward/en/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?language=en")


def test_a_script_of_who_is_not_signed_in_is_told_so(web):
    answer = web.visitor().get("/ward/photos/abc/picture")
    assert answer.status_code == 401
    assert set(answer.json()) == {"message", "remedy"}


def test_another_role_reads_why(web):
    answer = web.enter(RITA).get("/ward/fr/", headers={"Accept": "text/html"})
    assert answer.status_code == 403
    assert "réservée à un autre rôle" in answer.text
