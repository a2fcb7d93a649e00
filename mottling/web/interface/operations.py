"""The operations of the interface, described in OpenAPI 3.1: an app of its own within the guard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

import anyio
from fastapi import Depends, FastAPI, Header, Path, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mottling.errors import MottlingError
from mottling.services.interface import Interface, Sent
from mottling.services.programs import Program
from mottling.services.views import PhotoTaken
from mottling.web.bodies import BodyTooLarge
from mottling.web.interface.answers import (
    OutcomeAnswer,
    OutcomesAnswer,
    PhotoAnswer,
    PhotoStatusAnswer,
    ProblemAnswer,
    VisitsAnswer,
    VisitStatusAnswer,
)
from mottling.web.interface.callers import program_of
from mottling.web.interface.forms import PhotoForm, not_understood, photo_form
from mottling.web.interface.refusing import refused
from mottling.web.languages import Languages
from mottling.web.refusals import Refusal, answer_to

__all__ = ["PREFIX", "add_interface"]

PREFIX = "/api/v1"

_ABOUT = """
For programs of hospitals and sponsors. The trial office gives each a token (`mottling token add`), which
says what it may do (its scopes) and for which site. A number of a patient never stands in an address.

Mottling is research software for the outcome of a trial, not a device for treatment. Its model learned from
made photographs; what the model read is no part of an outcome's value.
"""
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemAnswer, "description": said}
    for status, said in (
        (400, "Not understood"),
        (401, "No token, or one that opens nothing"),
        (403, "Not for this token"),
        (404, "No such operation"),
        (413, "Too large"),
        (422, "A value breaks a rule of the trial, or is not understood"),
        (429, "Too often"),
        (500, "Failed on the server"),
        (503, "The store is busy"),
    )
}
_GONE: dict[int | str, dict[str, Any]] = {410: {"model": ProblemAnswer, "description": "Erased"}}
_USED: dict[int | str, dict[str, Any]] = {
    409: {"model": ProblemAnswer, "description": "The key was used for something else"}
}
# As many photographs at a time as the ward's own route takes.
_AT_A_TIME = 2

_bearer = HTTPBearer(auto_error=False, description="A token of `mottling token add`")


def _caller(request: Request, _described: Annotated[object, Security(_bearer)]) -> Program:
    # The guard has looked at the token; the other argument only stands in the description.
    return program_of(request.scope)


Caller = Annotated[Program, Depends(_caller)]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern="^[!-~]{1,120}$",
        description="Drawn by the program, once for a photograph. The same again answers the same.",
    ),
]
PatientNumber = Annotated[
    str, Header(alias="Mottling-Patient", min_length=1, max_length=60, description="Number of the patient")
]
PhotoId = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{1,80}$", description="As the server gave it")]
VisitCode = Annotated[str, Path(pattern="^[A-Za-z0-9_.-]{1,60}$", description="Of the trial file")]


def add_interface(app: FastAPI, interface: Interface, languages: Languages) -> None:
    """Add every operation under `/api/v1`."""
    inner = FastAPI(
        title="Mottling",
        version="1",
        description=_ABOUT.strip(),
        servers=[{"url": PREFIX}],
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=_REFUSALS,
    )
    _add_failures(inner, languages)
    _add_outcomes(inner, interface)
    _add_photos(inner, interface, languages)
    _add_visits(inner, interface)
    app.mount(PREFIX, inner)


def _add_outcomes(inner: FastAPI, interface: Interface) -> None:
    @inner.get("/outcomes", summary="Read the outcome of every patient (scope outcomes)")
    def outcomes(program: Caller) -> OutcomesAnswer:
        at = datetime.now(UTC)
        read = interface.outcomes(program, at=at)
        return OutcomesAnswer(
            trial=interface.trial,
            at=at,
            sha256=read.sha256,
            outcomes=tuple(OutcomeAnswer.of(row) for row in read.rows),
        )


def _add_photos(inner: FastAPI, interface: Interface, languages: Languages) -> None:
    desk = _Desk(interface, anyio.CapacityLimiter(_AT_A_TIME))

    @inner.post(
        "/photos",
        summary="Send a photograph with its own score (scope photos)",
        status_code=201,
        response_model=PhotoAnswer,
        responses={**_GONE, **_USED},
        openapi_extra=_takes(PhotoForm),
    )
    async def send(request: Request, program: Caller, idempotency_key: Key) -> Response | PhotoAnswer:
        try:
            form = await photo_form(request)
        except BodyTooLarge:
            return refused(Refusal.TOO_LARGE, languages.of("", request.headers))
        taken = await desk.take(program, form, idempotency_key)
        return PhotoAnswer.model_validate(taken)

    @inner.get("/photos/{photo_id}", summary="What became of a photograph (scope status)", responses=_GONE)
    def photo(program: Caller, photo_id: PhotoId) -> PhotoStatusAnswer:
        return PhotoStatusAnswer.model_validate(interface.photo(program, photo_id))


def _add_visits(inner: FastAPI, interface: Interface) -> None:
    @inner.get("/visits", summary="What became of every visit (scope status)")
    def visits(program: Caller) -> VisitsAnswer:
        found = interface.visits(program, at=datetime.now(UTC))
        return VisitsAnswer(visits=tuple(VisitStatusAnswer.model_validate(one) for one in found))

    @inner.get("/visits/{visit}", summary="What became of a visit of a patient (scope status)")
    def one_visit(program: Caller, visit: VisitCode, mottling_patient: PatientNumber) -> VisitStatusAnswer:
        found = interface.visit(program, mottling_patient, visit, at=datetime.now(UTC))
        return VisitStatusAnswer.model_validate(found)


@dataclass(frozen=True)
class _Desk:
    """Takes photographs, a few at a time, beside the loop that listens."""

    interface: Interface
    limiter: anyio.CapacityLimiter

    async def take(self, program: Program, form: PhotoForm, key: str) -> PhotoTaken:
        sent = Sent(
            patient=form.patient,
            visit=form.visit,
            data=form.photo,
            answer=form.answer(),
            key=key,
            taken_at=form.taken_at,
        )
        take: Callable[[], PhotoTaken] = partial(self.interface.take, program, sent, at=datetime.now(UTC))
        return await anyio.to_thread.run_sync(take, limiter=self.limiter)


def _takes(form: type[PhotoForm]) -> dict[str, Any]:
    """Describe the form in a request's body: it is read by hand, so that its file stays in memory."""
    content = {"multipart/form-data": {"schema": form.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


def _add_failures(inner: FastAPI, languages: Languages) -> None:
    def language_of(request: Request) -> str:
        return languages.of("", request.headers)

    async def by_a_service(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, MottlingError)
        return answer_to(error, language_of(request))

    async def by_its_form(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return answer_to(not_understood(str(error.errors()[0]["loc"][-1])), language_of(request))

    async def unexpected(request: Request, _error: Exception) -> JSONResponse:
        return refused(Refusal.FAILED, language_of(request))

    inner.add_exception_handler(MottlingError, by_a_service)
    inner.add_exception_handler(RequestValidationError, by_its_form)
    inner.add_exception_handler(Exception, unexpected)
