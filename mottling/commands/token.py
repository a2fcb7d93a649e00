"""`mottling token`: which programs of hospitals and sponsors come in, and what for."""

from __future__ import annotations

from datetime import datetime

import click

from mottling.commands.trial_options import COMMAND, Place, now, trial_options
from mottling.services.programs import KnownProgram, Program
from mottling.trial.programs import Scope, scopes_text

__all__ = ["command"]


@click.group("token")
def command() -> None:
    """Let a program in by a token, list tokens, or revoke one."""


@command.command("add")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    required=True,
    help="What it may do; give it once for each.",
)
@click.option("--site", metavar="CODE", help="Whose patients it is for; needed for photos.")
@click.option("--days", type=int, metavar="N", required=True, help="How long the token opens, 1 to 366 days.")
@trial_options
def add(place: Place, name: str, *, scopes: tuple[str, ...], site: str | None, days: int) -> None:
    """Print the token by which the program NAME comes in; it is shown this once."""
    program = Program(name, frozenset(Scope(scope) for scope in scopes), site)
    with place.opened(must_exist=True) as services:
        token = services.programs.let_in(program, days=days, by=COMMAND, at=now())
    click.echo(token)
    click.echo("It is shown this once. Give it to who runs the program, and to nobody else.")


@command.command("list")
@trial_options
def list_all(place: Place) -> None:
    """List every token that was ever given, and whether it opens anything now."""
    with place.opened(must_exist=True) as services:
        lines = [_line(one, at=now()) for one in services.programs.known()]
    for line in lines or ["There is no token yet."]:
        click.echo(line)


def _line(known: KnownProgram, *, at: datetime) -> str:
    program = known.program
    where = "every site" if program.site is None else f"site {program.site}"
    given = f"given {known.given_at:%Y-%m-%d} by {known.given_by}"
    until = f"until {known.expires_at:%Y-%m-%d %H:%M} UTC"
    stands = "open" if known.is_let_in(at=at) else "expired"
    if known.revoked_because is not None:
        stands = f"revoked: {known.revoked_because}"
    return f"{program.name}: {scopes_text(program.scopes)}; {where}; {given}, {until}; {stands}"


@command.command("revoke")
@click.argument("name")
@click.option("--reason", metavar="TEXT", required=True, help="Why; the records keep it.")
@trial_options
def revoke(place: Place, name: str, *, reason: str) -> None:
    """Let the token NAME open nothing any more."""
    with place.opened(must_exist=True) as services:
        services.programs.revoke(name, because=reason, by=COMMAND, at=now())
    click.echo(f"{name} opens nothing any more.")
