"""`mottling readout`: whether the committee's read-out is open, its closing and its opening again."""

from __future__ import annotations

import click

from mottling.commands.trial_options import Place, now, password_option, trial_options

__all__ = ["command"]

_by = click.option("--by", "name", metavar="NAME", required=True, help="Who signs: a user of the office.")


@click.group("readout")
def command() -> None:
    """Show where the read-out stands, close it, or open it again."""


@command.command("show")
@trial_options
def show(place: Place) -> None:
    """Say whether the read-out is open and how many photographs wait for a verdict."""
    with place.opened(must_exist=True) as services:
        state = services.readout.state()
    click.echo(
        f"{'Closed' if state.is_closed else 'Open'}: {state.verdicts} of {state.to_read} have a verdict."
    )
    last = state.last
    if last is not None:
        click.echo(f"{last.kind.value} by {last.by}, {last.at:%Y-%m-%d %H:%M} UTC: {last.meaning}")


@command.command("close")
@_by
@click.option(
    "--meaning",
    default="The reading of this trial is complete",
    show_default=True,
    help="What the signature stands for.",
)
@password_option
@trial_options
def close(place: Place, *, name: str, meaning: str, password: str) -> None:
    """Close the read-out with a password as signature. Every photograph must have its verdict."""
    with place.opened(must_exist=True) as services:
        services.readout.close(name, password, meaning=meaning, at=now())
    click.echo("The read-out is closed.")


@command.command("reopen")
@_by
@click.option("--reason", required=True, help="Why; it is kept.")
@password_option
@trial_options
def reopen(place: Place, *, name: str, reason: str, password: str) -> None:
    """Open a closed read-out again, with a password as signature."""
    with place.opened(must_exist=True) as services:
        services.readout.reopen(name, password, reason=reason, at=now())
    click.echo("The read-out is open again.")
