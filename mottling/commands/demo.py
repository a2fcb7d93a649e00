"""`mottling demo`: a made-up trial to click through."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from mottling.commands.model_choice import MODELS_HELP
from mottling.commands.serve import address_of, run_server, with_address
from mottling.commands.trial_options import Place, now
from mottling.demo.notice import notice
from mottling.demo.opening import prepare_demo
from mottling.demo.passwords import DemoUser, read_passwords
from mottling.demo.people import SHOWN
from mottling.services.made_photographs import SHIPPED_PHOTOS
from mottling.settings import Settings
from mottling.web.pages.sign_in import DemoHint, DemoVisitor

__all__ = ["command", "demo_folder", "run_demo"]


@click.command("demo")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The demo's folder [default: mottling-demo among your data files].",
)
@click.option(
    "--models",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=MODELS_HELP,
)
@click.option("--host", metavar="HOST", help="[default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="[default: 7860]")
def command(data: Path | None, models: Path | None, *, host: str | None, port: int | None) -> None:
    """Serve a made-up trial of three sites and thirty patients; nothing in it is real."""
    place = Place(data=data or demo_folder(), models=models)
    run_demo(with_address(place.chosen(), host, port))


def run_demo(settings: Settings) -> None:
    """Make the demo, unless it is there already, and serve it.

    Args:
        settings: Its data folder is the demo's.
    """
    if read_passwords(settings.data) is None:
        click.echo("Making a trial of thirty patients; this takes half a minute, and the next start seconds.")
    users = prepare_demo(settings, SHIPPED_PHOTOS, at=now())
    said = notice(users, address=address_of(settings), folder=settings.data)
    run_server(settings, said=said, hint=_hint(users))


def _hint(users: Sequence[DemoUser]) -> DemoHint:
    roles = {user.name: user.role.value for user in SHOWN}
    return DemoHint(tuple(DemoVisitor(one.name, one.password, roles[one.name]) for one in users))


def demo_folder() -> Path:
    """Give the demo's folder where a user's data files lie (XDG base directories)."""
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "mottling-demo"
