"""`mottling change`: what changes about a patient after enrolment, each a record with its reason."""

from __future__ import annotations

from datetime import datetime

import click

from mottling.commands.trial_options import OFFICE, Place, now, trial_options
from mottling.errors import RecordRefused
from mottling.services.changes import PatientStanding, said_in_short
from mottling.trial.changes import Extent

__all__ = ["command"]

_patient = click.argument("patient")
_reason = click.option("--reason", required=True, metavar="TEXT", help="Why, such as who said it; kept.")
_since = click.option(
    "--since",
    required=True,
    metavar="TIME",
    help="From when on: ISO 8601 with its offset, such as 2026-03-03T14:05+01:00.",
)


@click.group("change")
def command() -> None:
    """Withdraw a patient, move one to another site, correct a number or an enrolment.

    PATIENT is any number that the patient ever had. Nothing that was written is changed.
    """


@command.command("withdraw")
@_patient
@click.option(
    "--extent",
    type=click.Choice([one.value for one in Extent]),
    default=Extent.VISITS.value,
    show_default=True,
    help="What the patient withdraws from.",
)
@_since
@_reason
@trial_options
def withdraw(place: Place, patient: str, *, extent: str, since: str, reason: str) -> None:
    """Record that PATIENT withdrew. What was taken before counts; nothing is erased by it."""
    with place.opened(must_exist=True) as services:
        standing = services.changing.withdraw(
            OFFICE, patient, Extent(extent), since=_time(since), because=reason, at=now()
        )
    _say(standing)
    click.echo("Training sets that were frozen before hold pictures of this patient's photographs.")


@command.command("take-back")
@_patient
@_reason
@trial_options
def take_back(place: Place, patient: str, *, reason: str) -> None:
    """Record that the withdrawal of PATIENT no longer holds. What was erased stays erased."""
    with place.opened(must_exist=True) as services:
        standing = services.changing.take_back(OFFICE, patient, because=reason, at=now())
    _say(standing)


@command.command("transfer")
@_patient
@click.option("--site", required=True, metavar="CODE", help="A site of the trial file.")
@_since
@_reason
@trial_options
def transfer(place: Place, patient: str, *, site: str, since: str, reason: str) -> None:
    """Record that PATIENT is at another site. The outcome stays with the site that randomised."""
    with place.opened(must_exist=True) as services:
        standing = services.changing.transfer(
            OFFICE, patient, site, since=_time(since), because=reason, at=now()
        )
    _say(standing)


@command.command("number")
@_patient
@click.argument("becomes", metavar="NEW")
@_reason
@trial_options
def number(place: Place, patient: str, becomes: str, *, reason: str) -> None:
    """Record that the number of PATIENT was wrong and NEW is right. Everything stays with the patient."""
    with place.opened(must_exist=True) as services:
        standing = services.changing.correct_number(OFFICE, patient, becomes, because=reason, at=now())
    _say(standing)


@command.command("enrolment")
@_patient
@click.option("--site", metavar="CODE", help="The right site [default: the one on record].")
@click.option("--randomised-at", metavar="TIME", help="The right time [default: the one on record].")
@_reason
@trial_options
def enrolment(
    place: Place, patient: str, *, site: str | None, randomised_at: str | None, reason: str
) -> None:
    """Record that site or time of randomisation of PATIENT were wrong; windows follow the time."""
    with place.opened(must_exist=True) as services:
        known = services.changing.look_up(OFFICE, patient)
        standing = services.changing.correct_enrolment(
            OFFICE,
            patient,
            site or known.site,
            randomised_at=known.randomised_at if randomised_at is None else _time(randomised_at),
            because=reason,
            at=now(),
        )
    _say(standing)


@command.command("show")
@_patient
@trial_options
def show(place: Place, patient: str) -> None:
    """Show what holds of PATIENT now, and every change."""
    with place.opened(must_exist=True) as services:
        standing = services.changing.look_up(OFFICE, patient)
    _say(standing)
    for one in standing.changes:
        click.echo(f"  {one.at:%Y-%m-%d %H:%M} UTC  {one.by}  {said_in_short(one)}: {one.because}")


@command.command("list")
@trial_options
def list_changes(place: Place) -> None:
    """List every change of every patient, the latest first."""
    with place.opened(must_exist=True) as services:
        for one in services.changing.lines(OFFICE):
            at = f"{one.at:%Y-%m-%d %H:%M} UTC"
            click.echo(f"{one.patient}  {at}  {one.by}  {said_in_short(one)}: {one.because}")


def _say(standing: PatientStanding) -> None:
    was = f" (was {', '.join(standing.former_numbers)})" if standing.former_numbers else ""
    where = (
        standing.site if standing.site == standing.site_now else f"{standing.site}, now {standing.site_now}"
    )
    click.echo(f"{standing.patient}{was}, site {where}, randomised {standing.randomised_at.isoformat()}")
    if standing.withdrawal is not None:
        click.echo(f"Withdrawn from {standing.withdrawal.since.isoformat()}: {standing.withdrawal.extent}")
    if standing.after_withdrawal:
        click.echo(f"{standing.after_withdrawal} photographs from after it are kept and count nowhere.")
    if standing.is_erasure_asked:
        click.echo(
            "The photographs are not erased yet. When it is meant:"
            f" mottling erase-photos {standing.patient} --reason TEXT"
        )


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise _no_time(text) from error
    if time.tzinfo is None:
        raise _no_time(text)
    return time


def _no_time(text: str) -> RecordRefused:
    return RecordRefused(f"{text!r} is no time with its offset", remedy="Write it as 2026-03-03T14:05+01:00")
