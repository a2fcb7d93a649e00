"""`mottling models release` and `rollback`: which model scores the next photograph."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.trial_options import COMMAND, now, opened, settings_from, trial_options
from mottling.services.accounts import User
from mottling.trial.access import Role

__all__ = ["release", "rollback", "sign"]

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


@click.command("sign")
@trial_options
def sign(*, settings: Path | None, data: Path | None, models: Path | None) -> None:
    """Sign which model is in use, with the key of the data folder; from then on each change is signed.

    The registry that comes with Mottling is not signed: its files are held to their sha256 alone.
    """
    with opened(settings_from(settings, data, models)) as services:
        key = services.release.sign(_ENGINEER, at=now())
    click.echo("The registry is signed. To refuse one that is not, write into the settings:")
    click.echo(f'release_keys = ["{key}"]')
