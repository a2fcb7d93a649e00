"""Photographs in, pictures and files out: own routes, so that bytes stay as they are, outside Gradio."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import anyio
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from mottling.errors import MottlingError, RecordRefused
from mottling.services.accounts import User
from mottling.services.office import Office
from mottling.services.opening import Services
from mottling.services.views import Shot
from mottling.services.ward import Ward
from mottling.web.languages import Languages
from mottling.web.refusals import answer_to
from mottling.web.sessions import session_of

__all__ = ["add_pictures"]

Result = TypeVar("Result")

# A decoded photograph of 12 megapixels takes 36 MB and more while it is worked on; measured: two at a time.
_AT_A_TIME = 2


class _Desk:
    """Does one piece of work for a request, two at a time, and answers a refusal with its sentence."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages
        self._limiter = anyio.CapacityLimiter(_AT_A_TIME)

    async def do(self, request: Request, work: Callable[[User], Response]) -> Response:
        user = session_of(request.scope).user
        try:
            return await anyio.to_thread.run_sync(work, user, limiter=self._limiter)
        except MottlingError as error:
            return answer_to(error, self._languages.of("", request.headers))


def add_pictures(app: FastAPI, services: Services, languages: Languages) -> None:
    """Add the routes for photographs and for the office's files."""
    desk = _Desk(languages)
    _add_ward(app, services.ward, desk)

    @app.get("/committee/readings/{reading_id}/picture")
    async def reading(request: Request, reading_id: str) -> Response:
        return await desk.do(request, lambda user: _jpeg(services.committee.picture(user, reading_id)))

    @app.get("/office/files/{name}")
    async def office_file(request: Request, name: str) -> Response:
        return await desk.do(request, partial(_office_file, services.office, name))


def _add_ward(app: FastAPI, ward: Ward, desk: _Desk) -> None:
    @app.post("/ward/photos")
    async def take(request: Request) -> Response:
        data = await request.body()
        return await desk.do(request, partial(_take, ward, request, data))

    @app.get("/ward/photos/{photo_id}/picture")
    async def picture(request: Request, photo_id: str) -> Response:
        return await desk.do(request, lambda user: _jpeg(ward.picture(user, photo_id)))

    @app.get("/ward/photos/{photo_id}/overlay")
    async def overlay(request: Request, photo_id: str) -> Response:
        return await desk.do(request, lambda user: _jpeg(ward.overlay(user, photo_id)))


def _take(ward: Ward, request: Request, data: bytes, user: User) -> Response:
    """Store a photograph. Patient and visit come in headers: an address would end in a log."""
    shot = Shot(
        patient=_header(request, "mottling-patient"),
        visit=_header(request, "mottling-visit"),
        data=data,
        key=_header(request, "idempotency-key"),
    )
    taken = ward.take_photo(user, shot, at=datetime.now(UTC))
    return JSONResponse({"photo_id": taken.photo_id, "sha256": taken.sha256}, status_code=201)


def _office_file(office: Office, name: str, user: User) -> Response:
    """Give one of the office's CSV files; the guard's door lets these four names through."""
    at = datetime.now(UTC)
    if name == "dictionary":
        data = office.dictionary_csv()
    else:
        make = {"outcome": office.outcome_csv, "readings": office.readings_csv, "audit": office.audit_csv}[
            name
        ]
        data = make(user, at=at)
    headers = {"Content-Disposition": f'attachment; filename="mottling-{name}-{at:%Y-%m-%d}.csv"'}
    return Response(data, media_type="text/csv", headers=headers)


def _header(request: Request, name: str) -> str:
    value = request.headers.get(name, "")
    if not value:
        raise RecordRefused(f"The header {name} is missing", remedy="Load the page again and repeat the step")
    return value


def _jpeg(data: bytes) -> Response:
    return Response(data, media_type="image/jpeg")
