"""What the commands of a trial share: the place where it lies, and as whom a command acts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from mottling.commands.model_choice import MODELS_HELP
from mottling.services.accounts import User
from mottling.services.opening import Services, open_services
from mottling.settings import Settings, read_settings
from mottling.trial.access import Role
from mottling.trial.no_persons import NoPerson

__all__ = ["COMMAND", "ENGINEER", "OFFICE", "Place", "now", "password_option", "trial_options"]

COMMAND: str = NoPerson.COMMAND.value
"""How the records call whoever sits at the server's own terminal."""

OFFICE = User(COMMAND, Role.OFFICE, None)
ENGINEER = User(COMMAND, Role.ENGINEER, None)


password_option = click.option(
    "--password",
    prompt="Password",
    hide_input=True,
    envvar="MOTTLING_PASSWORD",
    show_envvar=True,
    help="Of the one who signs; asked for when it is not given.",
)
"""For what only a named person may do, at the server's own terminal too."""


@dataclass(frozen=True)
class Place:
    """Where a trial lies, as far as the command line says it; the settings say the rest."""

    settings: Path | None = None
    """The settings themselves; without it, those that come with Mottling."""
    data: Path | None = None
    models: Path | None = None

    def chosen(self) -> Settings:
        """Read the settings, with what the command line says instead.

        Raises:
            SettingsRefused: The file is not understood.
        """
        given = {"data": self.data, "models": self.models}
        said = {name: path for name, path in given.items() if path is not None}
        return read_settings(self.settings).model_copy(update=said)

    def opened(self, *, must_exist: bool = False) -> AbstractContextManager[Services]:
        """Open the services beside a server that may be running.

        Args:
            must_exist: Whether a data folder without records is refused, as one whose name was mistyped.

        Raises:
            SettingsRefused: The settings are not understood.
        """
        return closing(open_services(self.chosen(), at=now(), must_exist=must_exist))


def trial_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the place of a trial, first of what it is called with."""
    placed = click.make_pass_decorator(Place, ensure=True)(command)
    for name, metavar, what in (
        ("--models", "DIR", MODELS_HELP),
        ("--data", "DIR", "The data folder [default: the one that the settings name]."),
        ("--settings", "FILE", "The settings [default: the app.toml that comes with Mottling]."),
    ):
        option = click.option(
            name,
            type=click.Path(path_type=Path),
            metavar=metavar,
            help=what,
            callback=_note,
            expose_value=False,
        )
        placed = option(placed)
    return placed


def _note(context: click.Context, option: click.Parameter, path: Path | None) -> None:
    """Add what one option says to the place that the command is given."""
    context.obj = replace(context.ensure_object(Place), **{str(option.name): path})


def now() -> datetime:
    """Say what time it is."""
    return datetime.now(UTC)
