"""`mottling not-done`: a visit that was not done, with its reason."""

from __future__ import annotations

import click

from mottling.commands.trial_options import COMMAND, OFFICE, Place, now, trial_options
from mottling.services.accounts import User
from mottling.trial.access import Role

__all__ = ["command"]


@click.command("not-done")
@click.argument("patient")
@click.option("--visit", metavar="CODE", help="A visit of the trial file [default: the endpoint's].")
@click.option("--reason", metavar="CODE", required=True, help="A reason of the trial file.")
@trial_options
def command(place: Place, patient: str, *, visit: str | None, reason: str) -> None:
    """Record that a visit of PATIENT was not done. Its outcome stays missing: nothing is imputed."""
    with place.opened(must_exist=True) as services:
        code = visit or services.charter.endpoint_visit
        ward = User(COMMAND, Role.WARD, services.changing.look_up(OFFICE, patient).site_now)
        services.ward.not_done(ward, patient, visit=code, reason=reason, at=now())
    click.echo(f"{patient}, {code}: not done ({reason}).")
