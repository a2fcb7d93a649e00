"""`mottling models propose`, `confirm`, `decline`: a release by two people, each with a password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from mottling.commands.trial_options import Place, now, password_option, trial_options

__all__ = ["confirm", "decline", "propose"]

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_BY = "Who does it: a user who may release models."


def _of_a_person(command: Decorated) -> Decorated:
    """Let a command be told who acts and why; the password says that it is so."""
    command = password_option(command)
    command = click.option("--reason", required=True, help="Why; it is kept.")(command)
    return click.option("--by", metavar="NAME", required=True, help=_BY)(command)


@click.command("propose")
@click.argument("name")
@_of_a_person
@trial_options
def propose(place: Place, name: str, *, by: str, reason: str, password: str) -> None:
    """Propose the model NAME for release, where the trial file asks for two people."""
    with place.opened(must_exist=True) as services:
        user = services.accounts.confirm(by, password, at=now())
        services.proposals.propose(user, name, because=reason, at=now())
    click.echo(f"{name} is proposed; another person confirms it.")


@click.command("confirm")
@click.argument("name")
@_of_a_person
@trial_options
def confirm(place: Place, name: str, *, by: str, reason: str, password: str) -> None:
    """Confirm the model NAME that another person proposed: it scores from the next photograph on."""
    with place.opened(must_exist=True) as services:
        user = services.accounts.confirm(by, password, at=now())
        services.proposals.confirm(user, name, because=reason, at=now())
    click.echo(f"{name} is in use.")


@click.command("decline")
@click.argument("name")
@_of_a_person
@trial_options
def decline(place: Place, name: str, *, by: str, reason: str, password: str) -> None:
    """Decline the model NAME that another person proposed, or withdraw the own proposal."""
    with place.opened(must_exist=True) as services:
        user = services.accounts.confirm(by, password, at=now())
        services.proposals.decline(user, name, because=reason, at=now())
    click.echo(f"{name} is not released.")
