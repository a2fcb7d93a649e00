"""`mottling models release`, `rollback`, `sign` and `retire`: which models score, and which no more."""

from __future__ import annotations

import click

from mottling.commands.trial_options import ENGINEER, Place, now, trial_options

__all__ = ["release", "retire", "rollback", "sign"]


@click.command("release")
@click.argument("name")
@trial_options
def release(place: Place, name: str) -> None:
    """Let the model NAME score from the next photograph on; a running server needs no restart."""
    with place.opened() as services:
        services.release.release(ENGINEER, name, at=now())
    click.echo(f"{name} is in use.")


@click.command("rollback")
@trial_options
def rollback(place: Place) -> None:
    """Go back to the model that was in use before."""
    with place.opened() as services:
        name = services.release.roll_back(ENGINEER, at=now())
    click.echo(f"{name} is in use again.")


@click.command("sign")
@trial_options
def sign(place: Place) -> None:
    """Sign which model is in use, with the key of the data folder; from then on each change is signed.

    The registry that comes with Mottling is not signed: its files are held to their sha256 alone.
    """
    with place.opened() as services:
        key = services.release.sign(ENGINEER, at=now())
    click.echo("The registry is signed. To refuse one that is not, write into the settings:")
    click.echo(f'release_keys = ["{key}"]')


@click.command("retire")
@click.argument("name")
@click.option("--reason", required=True, help="Why; it is kept.")
@trial_options
def retire(place: Place, name: str, *, reason: str) -> None:
    """Drop the weights of the model NAME for good. Its name, sha256, card and evaluation stay.

    The model in use stays, and so does one that scores silently or is proposed. `mottling models rollback`
    passes over a retired model.
    """
    with place.opened() as services:
        services.release.retire(ENGINEER, name, because=reason, at=now())
    click.echo(f"{name} is retired: its weights are gone, its card stays.")
