"""The settings of a server: configs/app.toml, or the copy that the package ships."""

from __future__ import annotations

import json
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mottling.errors import SettingsRefused
from mottling.shipped import shipped

__all__ = ["LogFormat", "Settings", "SignInLimits", "first_problem", "read_settings", "read_toml"]

Model = TypeVar("Model", bound=BaseModel)


class LogFormat(StrEnum):
    """How the server writes down what it does."""

    TEXT = "text"
    """For who reads it."""
    JSON = "json"
    """One object a line, for what collects logs."""


class SignInLimits(BaseModel):
    """How long a session lasts and how many wrong passwords lock a name out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session_h: Annotated[float, Field(gt=0, le=24)] = 12.0
    """A session ends so long after the password opened it, used or not."""
    idle_min: Annotated[float, Field(gt=0)] = 15.0
    """A session that nobody uses for this long ends before its time."""
    tries: Annotated[int, Field(ge=1, le=20)] = 5
    """So many wrong passwords within `lock_out_min` shut a name out, even with the right one."""
    lock_out_min: Annotated[float, Field(gt=0)] = 15.0
    """For so long a wrong password counts."""
    invitation_h: Annotated[float, Field(gt=0)] = 72.0
    """A link by which somebody chooses a password opens for this long."""


class Settings(BaseModel):
    """What a server needs to know before it opens anything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path = Path("mottling-data")
    """The folder with records and photographs; made when it does not exist."""
    photos: Annotated[str, Field(pattern=r"^s3://[^@\s]+$")] | None = None
    """A bucket for photographs and overlays, `s3://bucket/prefix`; else they stand in the data folder."""
    records: Annotated[str, Field(pattern=r"^postgresql://([^:@/?\s]+@)?[^@\s]*$")] | None = None
    """A database for the records, `postgresql://user@host/database`, without a password; else they are in a
    file in the data folder."""
    trial: Path
    """The trial file."""
    models: Path | None = None
    """The folder with registry.json; else the checkout's `models/`, or the one that the package ships."""
    release_keys: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...] = ()
    """Public keys, one of which must have signed the registry; with none here, it may be unsigned."""
    host: str = "127.0.0.1"
    """The address that is listened at; of this machine only, unless it says otherwise."""
    port: Annotated[int, Field(ge=1, le=65535)] = 7860
    """Its port."""
    languages: Annotated[tuple[Literal["fr", "en"], ...], Field(min_length=1)] = ("fr", "en")
    """Of the pages; the first is the one that they open in."""
    behind_tls: bool = False
    """Whether browsers reach the server by https: cookies are then sent by https only."""
    certificate: Path | None = None
    """The certificate that the proxy shows to browsers, in PEM; `mottling doctor` says when it ends."""
    log: LogFormat = LogFormat.TEXT
    """How lines of the log are written, `text` or `json`; no line names a patient."""
    upload_limit_mb: Annotated[int, Field(ge=1, le=200)] = 40
    """Of one photograph, in million bytes."""
    sign_in: SignInLimits = SignInLimits()
    """How long a session lasts, and what guessing meets."""


def read_settings(path: Path | None = None) -> Settings:
    """Read the settings; paths of trial file, models and certificate are taken from the file's own folder.

    The data folder is taken from the folder that the command runs in.

    Args:
        path: The file; None: `app.toml` of the checkout, or the one that the package ships.

    Raises:
        SettingsRefused: It cannot be read, or says what nobody understands: the key is named.
    """
    path = path or shipped("configs") / "app.toml"
    settings = read_toml(path, Settings)
    folder = path.parent
    return settings.model_copy(
        update={
            "trial": folder / settings.trial,
            "models": None if settings.models is None else folder / settings.models,
            "certificate": None if settings.certificate is None else folder / settings.certificate,
        }
    )


def read_toml(path: Path, model: type[Model]) -> Model:
    """Read a TOML file into a model that forbids unknown keys, and convert nothing.

    Raises:
        SettingsRefused: It cannot be read, is no TOML, or a key is unknown, missing or wrong: it is named.
    """
    try:
        found = tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise SettingsRefused(
            f"{path} cannot be read: {error.strerror}", remedy="Name a file that can be read"
        ) from error
    except ValueError as error:
        raise SettingsRefused(f"{path} is no TOML: {error}", remedy="Correct the file") from error
    try:
        # By way of JSON, where strict reading still makes tuples, paths and enums.
        return model.model_validate_json(json.dumps(found, default=str), strict=True)
    except ValidationError as error:
        raise SettingsRefused(
            f"{path.name} is not understood: {first_problem(error)}", remedy="Correct or remove that key"
        ) from error


def first_problem(error: ValidationError) -> str:
    """Say which key is wrong, and why."""
    problem = error.errors()[0]
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{key} is an unknown key"
    if problem["type"] == "missing":
        return f"{key} is missing"
    why = problem["msg"].removeprefix("Value error, ")
    return f"{key}: {why}" if key else why
