"""`mottling score`: scores files or folders, without a server."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mottling.commands.model_choice import chosen_model, model_options
from mottling.commands.score_files import Desk, find_photos
from mottling.errors import ExportRefused
from mottling.json_records import to_json
from mottling.registry import Model
from mottling.scale import Status
from mottling.starting import loading

if TYPE_CHECKING:
    from mottling.assessment import Assessment
    from mottling.imaging.assessor import Assessed, Assessor

__all__ = ["command"]

_SOME_UNREADABLE = 1


@click.command("score")
@click.argument("photos", nargs=-1, required=True, metavar="PHOTO...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a photograph, one a line.")
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the zone map, the mottling map and the overlay of each photograph there.",
)
@model_options
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Photographs at a time [default: one for each core]."
)
def command(
    photos: tuple[str, ...],
    *,
    as_json: bool,
    save: Path | None,
    model: str | None,
    models: Path | None,
    workers: int | None,
) -> None:
    """Score photographs: files, or folders with all photographs in them, sorted by name.

    The exit status is 1 when a file could not be read; the others are scored all the same.
    """
    files = find_photos(photos)
    if save is not None:
        _make_folder(save, files)
    chosen = chosen_model(model, models=models)
    at_a_time = min(workers or os.cpu_count() or 1, len(files))
    assessor = _load(chosen, threads=None if at_a_time == 1 else 1)
    desk = Desk(assessor, keep=None if save is None else partial(_save, save))
    unreadable = False
    for assessment in _scored(files, desk, at_a_time=at_a_time):
        click.echo(to_json(assessment) if as_json else _in_words(assessment))
        unreadable = unreadable or assessment.status is Status.ERROR
    if unreadable:
        sys.exit(_SOME_UNREADABLE)


def _load(model: Model, *, threads: int | None) -> Assessor:
    data = model.load()  # what is wrong with its file is said at once
    with loading():
        from mottling.assessment import ModelName  # noqa: PLC0415 - what is wrong with a path is said at once
        from mottling.imaging.assessor import Assessor  # noqa: PLC0415

    return Assessor.load_meanwhile(data, ModelName(name=model.name, sha256=model.sha256), threads=threads)


def _scored(files: Sequence[Path], desk: Desk, *, at_a_time: int) -> Iterator[Assessment]:
    """Score in the order given, each as soon as it and those before it are done."""
    if at_a_time == 1:
        yield from map(desk.score, files)
        return
    with ThreadPoolExecutor(at_a_time) as pool:
        try:
            yield from pool.map(desk.score, files)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _make_folder(save: Path, files: Sequence[Path]) -> None:
    """Make the folder, unless two photographs would be saved under one name."""
    first_of: dict[str, Path] = {}
    for path in files:
        other = first_of.setdefault(path.stem, path)
        if other != path:
            raise ExportRefused(
                f"{other} and {path} would be saved under one name, {path.stem}",
                remedy="Score them in two calls with a folder each, or rename one",
            )
    try:
        save.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(save, error) from error


def _save(folder: Path, assessed: Assessed, path: Path) -> None:
    maps, stem = assessed.map_files(), path.stem
    made = {
        f"{stem}.zones.png": maps.zones,
        f"{stem}.mottling.png": maps.mottling,
        f"{stem}.overlay.jpg": assessed.overlay(),
    }
    for name, data in made.items():
        try:
            (folder / name).write_bytes(data)
        except OSError as error:
            raise _unwritable(folder / name, error) from error


def _unwritable(path: Path, error: OSError) -> ExportRefused:
    return ExportRefused(
        f"{path} cannot be written: {error.strerror}", remedy="Check the rights and the free space"
    )


def _in_words(assessment: Assessment) -> str:
    """One line a photograph, and one for each reason with its numbers."""
    from mottling.imaging.sentences import Language, sentence, title  # noqa: PLC0415 - see `_load`

    if assessment.status is Status.ERROR:
        return f"{assessment.file}: {assessment.reasons[0].message}"
    line = f"{assessment.file}: {title(assessment, Language.ENGLISH)}"
    if len(assessment.prediction_set) > 1:
        line += f" ({assessment.prediction_set[0]} to {assessment.prediction_set[-1]} are possible)"
    line += f". {sentence(assessment, Language.ENGLISH)}"
    return "\n".join([line, *(f"    {reason.message}." for reason in assessment.reasons)])
