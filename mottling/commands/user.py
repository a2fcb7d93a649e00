"""`mottling user`: who may sign in."""

from __future__ import annotations

import click

from mottling.commands.serve import address_of
from mottling.commands.trial_options import COMMAND, Place, now, trial_options
from mottling.services.accounts import User
from mottling.settings import Settings
from mottling.trial.access import Role

__all__ = ["command"]

_role = click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
_site = click.option("--site", metavar="CODE", help="Of the ward's site; for the role ward only.")
_password = click.option(
    "--password",
    prompt="Password (12 characters or more)",
    hide_input=True,
    confirmation_prompt=True,
    envvar="MOTTLING_PASSWORD",
    show_envvar=True,
    help="Asked for when it is not given.",
)

_address = click.option(
    "--address",
    metavar="URL",
    help="Where browsers reach the server, such as https://mottling.example [default: host and port].",
)


@click.group("user")
def command() -> None:
    """Invite or add a user, let one in no more, or give one another password."""


@command.command("add")
@click.argument("name")
@_role
@_site
@_password
@trial_options
def add(place: Place, name: str, *, role: str, site: str | None, password: str) -> None:
    """Add the user NAME."""
    with place.opened() as services:
        services.accounts.add_user(User(name, Role(role), site), password, by=COMMAND, at=now())
    click.echo(f"{name} may sign in.")


@command.command("invite")
@click.argument("name")
@_role
@_site
@_address
@trial_options
def invite(place: Place, name: str, *, role: str, site: str | None, address: str | None) -> None:
    """Print a link by which somebody becomes the user NAME and chooses a password."""
    with place.opened() as services:
        code = services.invitations.invite(User(name, Role(role), site), by=COMMAND, at=now())
    _say_link(place.chosen(), address, code)


@command.command("link")
@click.argument("name")
@_address
@trial_options
def link(place: Place, name: str, *, address: str | None) -> None:
    """Print a link by which the user NAME chooses another password; sessions end when it is followed."""
    with place.opened(must_exist=True) as services:
        code = services.invitations.invite_back(name, by=COMMAND, at=now())
    _say_link(place.chosen(), address, code)


def _say_link(settings: Settings, address: str | None, code: str) -> None:
    start = (address or address_of(settings)).rstrip("/")
    click.echo(f"{start}/invitation#{code}")
    click.echo(f"It opens once, within {settings.sign_in.invitation_h:g} hours. Send it to nobody else.")


@command.command("disable")
@click.argument("name")
@trial_options
def disable(place: Place, name: str) -> None:
    """Let the user NAME in no more; open sessions end."""
    with place.opened(must_exist=True) as services:
        services.accounts.disable_user(name, by=COMMAND, at=now())
    click.echo(f"{name} is let in no more.")


@command.command("reset")
@click.argument("name")
@_password
@trial_options
def reset(place: Place, name: str, *, password: str) -> None:
    """Give the user NAME another password; open sessions end, a lock-out too."""
    with place.opened(must_exist=True) as services:
        services.accounts.reset_password(name, password, by=COMMAND, at=now())
    click.echo(f"{name} has another password.")
