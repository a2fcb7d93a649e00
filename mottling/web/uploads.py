"""Photographs in, pictures and files out: own routes, so that bytes stay as they are, outside Gradio."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import anyio
from fastapi import FastAPI, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from mottling.errors import MottlingError, RecordRefused, SignInRefused
from mottling.services.accounts import User
from mottling.services.agreement import Agreement
from mottling.services.opening import Services
from mottling.services.views import Answer, Shot
from mottling.services.ward import Ward
from mottling.web.languages import Languages
from mottling.web.office_files import office_file
from mottling.web.refusals import answer_to
from mottling.web.sessions import session_of
from mottling.web.widgets import AnswerFields

__all__ = ["add_pictures"]

Result = TypeVar("Result")

# A decoded photograph of 12 megapixels takes 36 MB and more while it is worked on; measured: two at a time.
# What is shown, and what leaves, has a line of its own: it does not wait behind photographs that come in.
_AT_A_TIME = 2

_REPORTS = {"html": "text/html", "pdf": "application/pdf"}

_NOT_UNDERSTOOD = "The page sent something that is not understood"
_LOAD_AGAIN = "Load the page again and repeat the step"


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
    coming_in, desk = _Desk(languages), _Desk(languages)
    _add_ward_in(app, services.ward, coming_in)
    _add_ward_out(app, services.ward, desk)

    @app.get("/committee/readings/{reading_id}/picture")
    async def reading(request: Request, reading_id: str) -> Response:
        return await desk.do(request, lambda user: _jpeg(services.committee.picture(user, reading_id)))

    @app.get("/committee/readings/{reading_id}/overlay")
    async def after_lock(request: Request, reading_id: str) -> Response:
        work = services.committee.after_lock
        return await desk.do(request, lambda user: _jpeg(work.overlay(user, reading_id)))

    @app.get("/office/photos/{photo_id}/picture")
    async def beside(request: Request, photo_id: str) -> Response:
        return await desk.do(request, lambda user: _jpeg(services.sheets.picture(user, photo_id)))

    @app.get("/office/files/agreement.{kind}")
    async def agreement(request: Request, kind: str) -> Response:
        language = languages.of("", request.headers)
        return await desk.do(request, partial(_report, services.agreement, kind, language))

    @app.get("/office/files/{name}")
    async def office_file(request: Request, name: str) -> Response:
        language = languages.of("", request.headers)
        return await desk.do(request, partial(_office_file, services, name, language))


def _add_ward_in(app: FastAPI, ward: Ward, desk: _Desk) -> None:
    @app.post("/ward/photos")
    async def take(request: Request) -> Response:
        data = await request.body()
        return await desk.do(request, partial(_take, ward, request, data))

    @app.post("/ward/framing")
    async def framing(request: Request) -> Response:
        data = await request.body()
        return await desk.do(request, lambda user: JSONResponse({"framing": ward.framing(user, data)}))


def _add_ward_out(app: FastAPI, ward: Ward, desk: _Desk) -> None:
    @app.get("/ward/photos/{photo_id}/picture")
    async def picture(request: Request, photo_id: str) -> Response:
        return await desk.do(request, lambda user: _jpeg(ward.picture(user, photo_id)))

    @app.get("/ward/photos/{photo_id}/overlay")
    async def overlay(request: Request, photo_id: str) -> Response:
        return await desk.do(request, lambda user: _jpeg(ward.overlay(user, photo_id)))


def _take(ward: Ward, request: Request, data: bytes, user: User) -> Response:
    """Store a photograph, with the own score when it was given on the tablet.

    Patient, visit and score come in headers: an address would end in a log.
    """
    shot = Shot(
        patient=_header(request, "mottling-patient"),
        visit=_header(request, "mottling-visit"),
        data=data,
        key=_header(request, "idempotency-key"),
        age_s=_age_s(request),
    )
    owner = request.headers.get("mottling-owner", user.name)
    if owner != user.name:
        raise SignInRefused(
            "This photograph was taken in another session", remedy="Sign in again as who took it"
        )
    at, answer = datetime.now(UTC), request.headers.get("mottling-answer")
    if answer is None:
        taken = ward.take_photo(user, shot, at=at)
    else:
        taken = ward.take_scored(user, shot, _answer(answer), at=at)
    return JSONResponse({"photo_id": taken.photo_id, "sha256": taken.sha256}, status_code=201)


def _age_s(request: Request) -> float:
    text = request.headers.get("mottling-age", "0")
    if not re.fullmatch(r"[0-9]{1,8}(?:\.[0-9]{1,6})?", text):
        raise RecordRefused(_NOT_UNDERSTOOD, remedy=_LOAD_AGAIN)
    return float(text)


def _answer(text: str) -> Answer:
    try:
        return AnswerFields.model_validate_json(text).answer()
    except ValidationError as error:
        raise RecordRefused(_NOT_UNDERSTOOD, remedy=_LOAD_AGAIN) from error


def _office_file(services: Services, name: str, language: str, user: User) -> Response:
    """Give one of the office's files; the guard's door lets no other name through."""
    file = office_file(services, name, user, language=language, at=datetime.now(UTC))
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.data, media_type=file.media_type, headers=headers)


def _report(agreement: Agreement, kind: str, language: str, user: User) -> Response:
    """Give the agreement report; the guard's door lets these two kinds through."""
    at = datetime.now(UTC)
    if kind == "pdf":
        data = agreement.report_pdf(user, language=language, while_open=False, at=at)
    else:
        data = agreement.report(user, language=language, while_open=False, at=at).encode()
    headers = {"Content-Disposition": f'attachment; filename="mottling-agreement-{at:%Y-%m-%d}.{kind}"'}
    return Response(data, media_type=_REPORTS[kind], headers=headers)


def _header(request: Request, name: str) -> str:
    value = request.headers.get(name, "")
    if not value:
        raise RecordRefused(f"The header {name} is missing", remedy="Load the page again and repeat the step")
    return value


def _jpeg(data: bytes) -> Response:
    return Response(data, media_type="image/jpeg")
