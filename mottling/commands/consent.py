"""`mottling consent`: whether photographs of a patient may train models."""

from __future__ import annotations

import click

from mottling.commands.trial_options import OFFICE, Place, now, trial_options
from mottling.trial.consents import Choice

__all__ = ["command"]

_patients = click.argument("patients", nargs=-1, required=True, metavar="PATIENT...")
_reason = click.option("--reason", default="", help="Such as who said it; kept, and may be empty.")


@click.group("consent")
def command() -> None:
    """Record whether photographs of a patient may train models, or list what is known."""


@command.command("given")
@_patients
@_reason
@trial_options
def given(place: Place, patients: tuple[str, ...], *, reason: str) -> None:
    """Record that photographs of each PATIENT may train models: of all of them, or of none."""
    with place.opened(must_exist=True) as services:
        services.consents.record(OFFICE, patients, Choice.GIVEN, because=reason, at=now())
    click.echo(f"Consent recorded: {', '.join(patients)}")


@command.command("refused")
@_patients
@_reason
@trial_options
def refused(place: Place, patients: tuple[str, ...], *, reason: str) -> None:
    """Record that no photograph of PATIENT may train a model, or may no more; earlier sets hold copies."""
    with place.opened(must_exist=True) as services:
        services.consents.record(OFFICE, patients, Choice.REFUSED, because=reason, at=now())
    click.echo(f"Refusal recorded: {', '.join(patients)}. Freeze a set anew, and destroy those from before.")


@command.command("list")
@trial_options
def list_consents(place: Place) -> None:
    """List each patient with what is known, and whether `mottling freeze` takes the photographs."""
    with place.opened(must_exist=True) as services:
        for line in services.consents.lines(OFFICE):
            said = "nothing known" if line.choice is None else line.choice.value
            click.echo(f"{line.patient}  {said}  {'may train' if line.may_train else 'is left out'}")
