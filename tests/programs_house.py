"""The interface behind its guard, and no pages: where programs are tested, and what they send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import FastAPI
from httpx import Response
from starlette.testclient import TestClient

from mottling.services.opening import Services
from mottling.services.programs import Program
from mottling.trial.programs import Scope
from mottling.web.guard import Guard, GuardRules
from mottling.web.interface.operations import add_interface
from mottling.web.languages import Languages
from mottling.web.sessions import CookieJar
from tests.tiny_model import a_jpeg

ICU = Program("icu", frozenset({Scope.PHOTOS, Scope.STATUS}), "01")
SPONSOR = Program("sponsor", frozenset({Scope.OUTCOMES, Scope.STATUS}), None)
FORM = {"patient": "01-001", "visit": "day1", "status": "scored", "score": "2"}
LIMIT_BYTES = 2_000_000


def interface_app(services: Services, *, clock: Callable[[], float]) -> FastAPI:
    """Build the interface and its guard, without the pages, which take their time."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    rules = GuardRules(
        services.accounts,
        CookieJar(is_secure=False),
        Languages(services.charter.languages),
        LIMIT_BYTES,
        clock=clock,
        programs=services.programs,
    )
    app.add_middleware(Guard, rules=rules)
    add_interface(app, services.interface, Languages(services.charter.languages))
    return app


def token_for(services: Services, program: Program, *, days: int = 30, at: datetime | None = None) -> str:
    """Give a program its token."""
    return services.programs.let_in(program, days=days, by="command", at=at or datetime.now(UTC))


def bearer(token: str) -> dict[str, str]:
    """The header by which a program comes in."""
    return {"Authorization": f"Bearer {token}", "Accept-Language": "en"}


def send(
    client: TestClient, token: str, *, data: bytes | None = None, key: str = "1", **fields: str
) -> Response:
    """Send a photograph as a program does."""
    return client.post(
        "/api/v1/photos",
        files={"photo": ("leg.jpg", a_jpeg() if data is None else data)},
        data={**FORM, **fields},
        headers={**bearer(token), "Idempotency-Key": key},
    )
