"""Starts the web app: `python app.py`, or `python app.py --demo` for a made-up trial to click through."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mottling.commands.demo import demo_folder, run_demo
from mottling.commands.serve import serve, with_address
from mottling.commands.trial_options import settings_from, trial_options
from mottling.errors import MottlingError


@click.command()
@click.option("--demo", is_flag=True, help="Serve a made-up trial; nothing in it is real.")
@trial_options
@click.option("--host", metavar="HOST", help="[default: the one that the settings name]")
@click.option("--port", type=click.IntRange(1, 65535), help="[default: the one that the settings name]")
def main(
    *,
    demo: bool,
    settings: Path | None,
    data: Path | None,
    models: Path | None,
    host: str | None,
    port: int | None,
) -> None:
    """Read settings, open store and model, build the web app, serve."""
    try:
        folder = data or (demo_folder() if demo else None)
        chosen = with_address(settings_from(settings, folder, models), host, port)
        (run_demo if demo else serve)(chosen)
    except MottlingError as error:
        sys.exit(f"mottling: {error}")


if __name__ == "__main__":
    main()
