"""The form by which a program sends a photograph: `multipart/form-data`, its file as it lies on the disk.

The file stays in memory until it is sealed: no copy of it is written anywhere on the way.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.json_schema import SkipJsonSchema
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from mottling.errors import RecordRefused
from mottling.scale import Status
from mottling.services.views import Answer

__all__ = ["PhotoForm", "not_understood", "photo_form"]

_MOST_SIGNS_OF_A_FIELD = 4096
_SHOWN_SIGNS = 60
_FILE = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.*")

Code = Annotated[str, Field(min_length=1, max_length=60)]
Score = Annotated[int, Field(ge=0, le=5)]


def _may_be_left_out(schema: dict[str, Any]) -> None:
    """A form has no null: what is not known is left out."""
    del schema["default"]


def _is_written_out(value: object) -> object:
    """Refuse a moment in seconds, which pydantic would take, and which nobody can read."""
    if isinstance(value, str) and not _MOMENT.fullmatch(value):
        raise ValueError("no moment")
    return value


class PhotoForm(BaseModel):
    """A photograph and the score that somebody gave at the bedside before seeing anything of the model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    photo: Annotated[bytes, Field(json_schema_extra=lambda schema: schema.update(_FILE))]
    """The file as the camera wrote it; it is stored unchanged."""
    patient: Code
    """The number in the trial."""
    visit: Code
    """Code of the visit in the trial file, such as `day1`."""
    status: Literal["scored", "at_least", "not_assessable"]
    score: Annotated[Score | SkipJsonSchema[None], Field(json_schema_extra=_may_be_left_out)] = None
    """Left out when not assessable."""
    reason: Annotated[Code | SkipJsonSchema[None], Field(json_schema_extra=_may_be_left_out)] = None
    """Why not assessable: a code of the trial file."""
    taken_at: Annotated[
        AwareDatetime | SkipJsonSchema[None],
        BeforeValidator(_is_written_out),
        Field(json_schema_extra=_may_be_left_out),
    ] = None
    """When it was taken, with its offset; left out when just now."""

    def answer(self) -> Answer:
        """Give the score; whether its parts go together is for the trial file to say."""
        return Answer(Status(self.status), self.score, self.reason)


async def photo_form(request: Request) -> PhotoForm:
    """Read the form of a request.

    Raises:
        RecordRefused: It is no form, or one of its fields is missing, unknown or not understood.
        BodyTooLarge: It goes on past the door's limit.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise _no_form()
    parser = MultiPartParser(
        request.headers,
        request.stream(),
        max_files=1,
        max_fields=len(PhotoForm.model_fields) - 1,
        max_part_size=_MOST_SIGNS_OF_A_FIELD,
    )
    parser.spool_max_size = 0  # which means: never to a file on the disk; the guard bounds the size
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise _no_form() from error
    try:
        fields = await _fields_of(form)
    finally:
        await form.close()
    try:
        return PhotoForm.model_validate(fields)
    except ValidationError as error:
        raise not_understood(str(error.errors()[0]["loc"][0])) from error


async def _fields_of(form: FormData) -> dict[str, object]:
    """Take the fields of a form, each once, the photograph as a file and the others as text."""
    fields: dict[str, object] = {}
    for name, value in form.multi_items():
        if name in fields or isinstance(value, UploadFile) is not (name == "photo"):
            raise not_understood(name)
        fields[name] = await value.read() if isinstance(value, UploadFile) else value
    return fields


def not_understood(field: str) -> RecordRefused:
    """Say which field is missing, unknown or not understood."""
    return RecordRefused(
        f"The field {field[:_SHOWN_SIGNS]!r} is missing, unknown or not understood",
        remedy="Send it as /api/v1/openapi.json says",
    )


def _no_form() -> RecordRefused:
    return RecordRefused(
        "The request holds no form that can be read", remedy="Send multipart/form-data with one photograph"
    )
