"""`mottling models`: what models there are, what is known of one, and which one is in use."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.model_choice import MODELS_HELP
from mottling.commands.model_comparison import compare
from mottling.commands.model_drift import drift
from mottling.commands.model_proposals import confirm, decline, propose
from mottling.commands.model_releases import release, retire, rollback, sign
from mottling.commands.model_shadows import shadow
from mottling.registry import Model, Registry

__all__ = ["command"]

_SHA_LETTERS = 12

_models_folder = click.option(
    "--models",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=MODELS_HELP,
)


@click.group("models")
def command() -> None:
    """List models, show what is known of one or of two, release one or go back."""


for _act in (release, rollback, sign, retire, propose, confirm, decline, shadow, drift, compare):
    command.add_command(_act)


@command.command("list")
@_models_folder
def list_models(folder: Path | None) -> None:
    """List the models, the one in use first."""
    registry = Registry.open(folder)
    for model in registry.models():
        click.echo(_line(model))
    key = registry.signed_by()
    click.echo("Not signed" if key is None else f"Signed with the key {key}")


@command.command("show")
@click.argument("name", required=False)
@_models_folder
def show_model(name: str | None, folder: Path | None) -> None:
    """Show the card of a model; of the one in use when no NAME is given."""
    registry = Registry.open(folder)
    model = registry.active() if name is None else registry.find(name)
    click.echo(_line(model))
    click.echo()
    click.echo(model.card)


def _line(model: Model) -> str:
    released = "never released" if model.released_at is None else f"released {model.released_at:%Y-%m-%d}"
    state = "in use" if model.active else "retired" if model.retired else "not in use"
    return f"{model.name}  {state}  {released}  sha256 {model.sha256[:_SHA_LETTERS]}"
