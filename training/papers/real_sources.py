"""Who made the real material in a folder, and under which licence: from its manifests, no picture is read."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from mottling.errors import TrainingRefused

__all__ = ["Source", "read_sources"]

_UNNAMED = "not named"


@dataclass(frozen=True)
class Source:
    """Pictures of one author under one licence."""

    what: str
    author: str
    licence: str
    pictures: int


def read_sources(folder: Path) -> tuple[Source, ...]:
    """List the sources of a folder of real material, by part, author and licence.

    Raises:
        TrainingRefused: No manifest lies in it, or one lacks the licence or the credit.
    """
    manifests = sorted(folder.glob("*/manifest.csv"))
    if not manifests:
        raise TrainingRefused(
            f"{folder} holds no manifest.csv in any of its folders", remedy="Give the folder that --real was"
        )
    found: Counter[tuple[str, str, str]] = Counter()
    for manifest in manifests:
        found.update(_read_manifest(manifest))
    return tuple(
        Source(what, author, licence, pictures) for (what, author, licence), pictures in sorted(found.items())
    )


def _read_manifest(manifest: Path) -> list[tuple[str, str, str]]:
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        return [
            (manifest.parent.name, _cleaned(row["attribution"]), _cleaned(row["licence"])) for row in rows
        ]
    except KeyError as error:
        raise TrainingRefused(
            f"{manifest} has no column {error}", remedy="Name author and licence of each picture in it"
        ) from error


def _cleaned(text: str) -> str:
    """A table's cell holds no line break and no bar."""
    return " ".join(text.replace("|", "/").split()) or _UNNAMED
