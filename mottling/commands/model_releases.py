"""`mottling models release` and `rollback`: which model scores the next photograph."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.trial_options import COMMAND, now, opened, settings_from, trial_options
from mottling.services.accounts import User
from mottling.trial.access import Role

__all__ = ["release", "rollback"]

_ENGINEER = User(COMMAND, Role.ENGINEER, None)


@click.command("release")
@click.argument("name")
@trial_options
def release(name: str, *, settings: Path | None, data: Path | None, models: Path | None) -> None:
    """Let the model NAME score from the next photograph on; a running server needs no restart."""
    with opened(settings_from(settings, data, models)) as services:
        services.release.release(_ENGINEER, name, at=now())
    click.echo(f"{name} is in use.")


@click.command("rollback")
@trial_options
def rollback(*, settings: Path | None, data: Path | None, models: Path | None) -> None:
    """Go back to the model that was in use before."""
    with opened(settings_from(settings, data, models)) as services:
        name = services.release.roll_back(_ENGINEER, at=now())
    click.echo(f"{name} is in use again.")
