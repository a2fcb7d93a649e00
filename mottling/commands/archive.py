"""`mottling archive`: everything that this trial exports, for the trial master file."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from mottling.commands.trial_options import OFFICE, Place, now, trial_options
from mottling.trial.charter import Language

__all__ = ["command"]


@click.command("archive")
@click.argument("out", type=click.Path(path_type=Path, file_okay=False), metavar="OUT")
@click.option(
    "--language",
    type=click.Choice(get_args(Language)),
    help="Of its pages [default: the first one of the trial file].",
)
@trial_options
def command(place: Place, out: Path, *, language: Language | None) -> None:
    """Write everything that leaves into the new folder OUT, with a page to read it and a hash of each file.

    Tables, formats, the CONSORT-AI page, each trial file, what is known of each model, frozen outcomes, and
    once the read-out is closed how alike readings are. No photograph leaves. `OUT/index.html` opens without
    a server; `sha256sum --check SHA256SUMS` within OUT checks every file.
    """
    with place.opened(must_exist=True) as services:
        chosen = language or services.charter.languages[0]
        done = services.archive.write(OFFICE, out, language=chosen, at=now())
    click.echo(f"{out}: {done.files} files; SHA-256 of the manifest: {done.manifest_sha256}")
    click.echo("The chain that holds it, signed; keep this line somewhere else:")
    click.echo(done.head.model_dump_json())
