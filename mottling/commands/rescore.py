"""`mottling rescore`: scores an archive of photographs with Ray Data, on one machine or more."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from mottling.cluster import HERE, cluster
from mottling.commands.model_choice import chosen_model, model_options
from mottling.commands.score_files import find_photos
from mottling.errors import ExportRefused
from mottling.registry import Model
from mottling.scale import Status

if TYPE_CHECKING:
    from mottling.commands.rescore_on_ray import Typed

__all__ = ["command"]

_SOME_UNREADABLE = 1
_BEGINNING = b'{"file":'  # of every line, so that nothing else is taken for one that was never finished
_OTHER_FILE = "Give another --into, or remove the file to begin anew"


@click.command("rescore")
@click.argument("photos", nargs=-1, required=True, metavar="PHOTO...")
@click.option(
    "--into",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="Write the lines there that `mottling score --json` prints; what stands there already stays.",
)
@click.option(
    "--ray",
    "address",
    default=HERE,
    metavar="HOST:PORT",
    help=f"A Ray cluster that this machine belongs to [default: {HERE}, this machine alone].",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help="Photographs at a time [default: one for each core of the cluster].",
)
@model_options
def command(
    photos: tuple[str, ...],
    *,
    into: Path,
    address: str,
    workers: int | None,
    model: str | None,
    models: Path | None,
) -> None:
    """Score an archive of photographs again, spread over processes and machines by Ray.

    Stopped and called again, it goes on where the file ends. The lines stand in the order of the photographs,
    sorted by name within folders. The exit status is 1 when a photograph could not be read.
    """
    files = find_photos(photos)
    chosen = chosen_model(model, models=models)
    written = _read(into, files, chosen)
    if written.count < len(files):
        # What is wrong with a path or a model is said before a cluster is asked.
        from mottling.commands.rescore_on_ray import Typed  # noqa: PLC0415
        from mottling.imaging.assessor import Assessor  # noqa: PLC0415

        name = Assessor.load(chosen.load(), name=chosen.name).model
        _go_on(into, files[written.count :], Typed.here(name, models), address=address, workers=workers)
    whole = _read(into, files, chosen)
    click.echo(
        f"{into}: {len(files)} photographs with {chosen.name}, {written.count} of them before; "
        f"could not be read: {whole.unreadable}"
    )
    if whole.unreadable:
        sys.exit(_SOME_UNREADABLE)


@dataclass(frozen=True)
class _Written:
    """What stands in the file already."""

    count: int
    unreadable: int


def _read(into: Path, files: Sequence[Path], model: Model) -> _Written:
    """Read the lines that stand there, and cut off one that was never finished.

    Raises:
        ExportRefused: They are of other photographs or of another model, or no such lines.
    """
    try:
        text = into.read_bytes() if into.exists() else b""
    except OSError as error:
        raise _unwritable(into, error) from error
    whole, torn = text[: text.rfind(b"\n") + 1], text[text.rfind(b"\n") + 1 :]
    lines = whole.splitlines()
    if torn[: len(_BEGINNING)] != _BEGINNING[: len(torn)]:
        raise _not_ours(into, len(lines))
    unreadable = 0
    for number, line in enumerate(lines):
        unreadable += _status(into, number, line, files, model) == Status.ERROR
    if torn:
        _cut(into, len(whole))
    return _Written(len(lines), unreadable)


def _status(into: Path, number: int, line: bytes, files: Sequence[Path], model: Model) -> str:
    """Give the status that a line holds, if it is the line of the photograph with that number."""
    try:
        said = json.loads(line)
        file, sha256, status = said["file"], said["model"]["sha256"], str(said["status"])
    except (ValueError, KeyError, TypeError) as error:
        raise _not_ours(into, number) from error
    if number >= len(files) or file != str(files[number]):
        raise ExportRefused(
            f"Line {number + 1} of {into} is of {file}, which is not the photograph with that number",
            remedy=_OTHER_FILE,
        )
    if sha256 != model.sha256:
        raise ExportRefused(
            f"Line {number + 1} of {into} was written by another model than {model.name}", remedy=_OTHER_FILE
        )
    return status


def _not_ours(into: Path, number: int) -> ExportRefused:
    return ExportRefused(f"Line {number + 1} of {into} is nothing that mottling wrote", remedy=_OTHER_FILE)


def _cut(into: Path, length: int) -> None:
    try:
        os.truncate(into, length)
    except OSError as error:
        raise _unwritable(into, error) from error


def _go_on(into: Path, files: Sequence[Path], typed: Typed, *, address: str, workers: int | None) -> None:
    from tqdm import tqdm  # noqa: PLC0415 - see above

    from mottling.commands.rescore_on_ray import score_on_ray  # noqa: PLC0415

    with _opened(into) as out, cluster(address, processors=workers):
        lines = score_on_ray(files, typed, workers=workers)
        for line in tqdm(lines, total=len(files), unit="photo", disable=None):  # no bar in a log
            _add(out, into, line)


def _opened(into: Path) -> BinaryIO:
    try:
        return into.open("ab")
    except OSError as error:
        raise _unwritable(into, error) from error


def _add(out: BinaryIO, into: Path, line: str) -> None:
    try:
        out.write(f"{line}\n".encode())
        out.flush()
    except OSError as error:
        raise _unwritable(into, error) from error


def _unwritable(into: Path, error: OSError) -> ExportRefused:
    return ExportRefused(
        f"{into} cannot be written: {error.strerror}", remedy="Check the rights and the free space"
    )
