"""Which model scores: the options of the commands that score without a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mottling.registry import Model, Registry

__all__ = ["MODELS_HELP", "chosen_model", "model_options"]

MODELS_HELP = "Folder with registry.json [default: the models that come with Mottling]."


def model_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command be told a model by its name, and the folder that it is in."""
    folder = click.option("--models", type=click.Path(path_type=Path), metavar="DIR", help=MODELS_HELP)
    name = click.option("--model", metavar="NAME", help="Name of the model [default: the one in use].")
    return name(folder(command))


def chosen_model(model: str | None, *, models: Path | None) -> Model:
    """Find the model that was asked for.

    Args:
        model: Its name; None for the one in use.
        models: The folder; None for the models that come with Mottling.

    Raises:
        ModelRefused: There is no such model, or the folder was altered.
    """
    registry = Registry.open(models)
    return registry.active() if model is None else registry.find(model)
