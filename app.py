"""Starts the web app: `python app.py`, or `python app.py --demo` for a made-up trial to click through."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from mottling.commands.demo import demo_folder, run_demo
from mottling.commands.serve import serve, with_address
from mottling.commands.trial_options import Place, trial_options
from mottling.errors import MottlingError


@click.command()
@click.option("--demo", is_flag=True, help="Serve a made-up trial; nothing in it is real.")
@trial_options
@click.option("--host", metavar="HOST", help="[default: the one that the settings name]")
@click.option("--port", type=click.IntRange(1, 65535), help="[default: the one that the settings name]")
def main(place: Place, *, demo: bool, host: str | None, port: int | None) -> None:
    """Read settings, open store and model, build the web app, serve."""
    try:
        if demo:
            place = replace(place, data=place.data or demo_folder())
        (run_demo if demo else serve)(with_address(place.chosen(), host, port))
    except MottlingError as error:
        sys.exit(f"mottling: {error}")


if __name__ == "__main__":
    main()
