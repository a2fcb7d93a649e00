"""`mottling user`: who may sign in."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.trial_options import COMMAND, now, opened, settings_from, trial_options
from mottling.services.accounts import User
from mottling.trial.access import Role

__all__ = ["command"]

_password = click.option(
    "--password",
    prompt="Password (12 characters or more)",
    hide_input=True,
    confirmation_prompt=True,
    envvar="MOTTLING_PASSWORD",
    show_envvar=True,
    help="Asked for when it is not given.",
)


@click.group("user")
def command() -> None:
    """Add a user, let one in no more, or give one another password."""


@command.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--site", metavar="CODE", help="Of the ward's site; for the role ward only.")
@_password
@trial_options
def add(  # noqa: PLR0913 - one for each option of the command line
    name: str,
    *,
    role: str,
    site: str | None,
    password: str,
    settings: Path | None,
    data: Path | None,
    models: Path | None,
) -> None:
    """Add the user NAME."""
    with opened(settings_from(settings, data, models)) as services:
        services.accounts.add_user(User(name, Role(role), site), password, by=COMMAND, at=now())
    click.echo(f"{name} may sign in.")


@command.command("disable")
@click.argument("name")
@trial_options
def disable(name: str, *, settings: Path | None, data: Path | None, models: Path | None) -> None:
    """Let the user NAME in no more; open sessions end."""
    with opened(settings_from(settings, data, models), must_exist=True) as services:
        services.accounts.disable_user(name, by=COMMAND, at=now())
    click.echo(f"{name} is let in no more.")


@command.command("reset")
@click.argument("name")
@_password
@trial_options
def reset(name: str, *, password: str, settings: Path | None, data: Path | None, models: Path | None) -> None:
    """Give the user NAME another password; open sessions end, a lock-out too."""
    with opened(settings_from(settings, data, models), must_exist=True) as services:
        services.accounts.reset_password(name, password, by=COMMAND, at=now())
    click.echo(f"{name} has another password.")
