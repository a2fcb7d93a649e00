"""What the commands of a trial share: where its records lie, and as whom a command acts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from mottling.services.accounts import User
from mottling.services.opening import Services, open_services
from mottling.settings import Settings, read_settings
from mottling.trial.access import Role
from mottling.trial.no_persons import NoPerson

__all__ = [
    "COMMAND",
    "ENGINEER",
    "OFFICE",
    "now",
    "opened",
    "password_option",
    "settings_from",
    "trial_options",
]

COMMAND: str = NoPerson.COMMAND.value
"""How the records call whoever sits at the server's own terminal."""

OFFICE = User(COMMAND, Role.OFFICE, None)
ENGINEER = User(COMMAND, Role.ENGINEER, None)

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


password_option = click.option(
    "--password",
    prompt="Password",
    hide_input=True,
    envvar="MOTTLING_PASSWORD",
    show_envvar=True,
    help="Of the one who signs; asked for when it is not given.",
)
"""For what only a named person may do, at the server's own terminal too."""


def trial_options(command: Decorated) -> Decorated:
    """Let a command be told where the settings, the records and the models are."""
    for name, metavar, what in (
        ("--models", "DIR", "Folder with registry.json [default: the models that come with Mottling]."),
        ("--data", "DIR", "The data folder [default: the one that the settings name]."),
        ("--settings", "FILE", "The settings [default: the app.toml that comes with Mottling]."),
    ):
        command = click.option(name, type=click.Path(path_type=Path), metavar=metavar, help=what)(command)
    return command


def settings_from(settings: Path | None, data: Path | None, models: Path | None) -> Settings:
    """Read the settings, with what the options say instead.

    Raises:
        SettingsRefused: The file is not understood.
    """
    given = {name: path for name, path in (("data", data), ("models", models)) if path is not None}
    return read_settings(settings).model_copy(update=given)


def opened(settings: Settings, *, must_exist: bool = False) -> AbstractContextManager[Services]:
    """Open the services beside a server that may be running.

    Args:
        settings: Where everything lies.
        must_exist: Whether a data folder without records is refused, as one whose name was mistyped.
    """
    return closing(open_services(settings, at=now(), must_exist=must_exist))


def now() -> datetime:
    """Say what time it is."""
    return datetime.now(UTC)
