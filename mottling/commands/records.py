"""What commands share that look after the records alone, and wait for no trial file and no model."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.settings import read_settings
from mottling.store.store import Store

__all__ = ["data_option", "records"]

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The data folder; without it, the one that app.toml names.",
)


def records(data: Path | None) -> Store:
    """Open the records of a data folder, or of the one that app.toml names; `with` closes them again.

    Raises:
        StoreRefused: There are none.
    """
    return Store.open(data or read_settings().data, must_exist=True)
