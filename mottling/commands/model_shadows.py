"""`mottling models shadow`: a challenger that scores silently, and how alike it scores."""

from __future__ import annotations

import click

from mottling.agreement.intervals import Estimate
from mottling.commands.trial_options import ENGINEER, Place, now, trial_options
from mottling.services.shadow_agreement import ShadowFigures

__all__ = ["shadow"]

_reason = click.option("--reason", required=True, help="Why; it is kept.")


@click.group("shadow")
def shadow() -> None:
    """Let a challenger score each new photograph silently, stop it, or show how alike it scores."""


@shadow.command("start")
@click.argument("name")
@_reason
@trial_options
def start(place: Place, name: str, *, reason: str) -> None:
    """Let the challenger NAME score each photograph from the next one on; no ward and no reader sees it."""
    with place.opened(must_exist=True) as services:
        services.shadow.start(ENGINEER, name, because=reason, at=now())
    click.echo(f"{name} scores silently from the next photograph on.")


@shadow.command("stop")
@_reason
@trial_options
def stop(place: Place, *, reason: str) -> None:
    """Let the challenger score no more; what it said stays."""
    with place.opened(must_exist=True) as services:
        name = services.shadow.stop(ENGINEER, because=reason, at=now())
    click.echo(f"{name} scores silently no more.")


@shadow.command("show")
@click.argument("name", required=False)
@trial_options
def show(place: Place, *, name: str | None) -> None:
    """Show how alike a challenger and the model in use have scored, in all and by site."""
    with place.opened(must_exist=True) as services:
        state = services.shadow.state(ENGINEER)
        found = services.shadow.agreement(ENGINEER, name)
    if state is not None:
        click.echo(
            f"{state.name} scores silently since {state.at:%Y-%m-%d} ({state.because}); "
            f"not seen yet: {state.waiting}"
        )
    if found is None:
        click.echo("No challenger has scored silently.")
        return
    click.echo(f"{found.name} beside the model in use; 95 % intervals over patients")
    for figures in (found.all, *found.by_site):
        click.echo(_line(figures))


def _line(figures: ShadowFigures) -> str:
    where = f"site {figures.site}" if figures.site else "all"
    return (
        f"{where}: {figures.photographs} photographs, {figures.scored_by_both} scored by both; "
        f"exact {_said(figures.exact)}, kappa {_said(figures.kappa)}, "
        f"difference {_said(figures.difference)}; "
        f"scored by the model in use alone {figures.only_in_use}, "
        f"by the challenger alone {figures.only_shadow}"
    )


def _said(estimate: Estimate) -> str:
    if estimate.value is None:
        return "none"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.2f}"
    return f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"
