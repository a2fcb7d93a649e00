"""From which command, version and commit a file came."""

from __future__ import annotations

import hashlib
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

import mottling
from mottling.imaging.contract import MadeBy

__all__ = ["command_line", "data_hash", "made_by"]

_UNKNOWN = "unknown"


def made_by() -> MadeBy:
    """Name this package's version and the commit that is checked out, with + where files differ from it."""
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", "mottling", "training")
    mark = "+" if changed and commit != _UNKNOWN else ""
    return MadeBy(package=mottling.__version__, commit=commit + mark)


def command_line(module: str, arguments: Sequence[str]) -> str:
    """Write a command as somebody would type it, with the names of folders instead of their places."""
    return shlex.join(["python", "-m", module, *(_without_place(argument) for argument in arguments)])


_RECORDS = (".json", ".jsonl", ".toml", ".csv")


def data_hash(folder: Path) -> str:
    """Give a sha256 of a folder of photographs: of every name and size, and of every record's text.

    A frozen set's manifest holds the sha256 of each photograph, and a rendered photograph's record all that
    it was drawn from, so that the pictures themselves need not be read.
    """
    said = hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        said.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        if path.suffix in _RECORDS:
            said.update(path.read_bytes())
    return said.hexdigest()


def _without_place(argument: str) -> str:
    """An absolute path says something of the machine and nothing of the result."""
    return Path(argument).name if Path(argument).is_absolute() else argument


def _git(*arguments: str) -> str:
    """Ask git, or say that nobody knows: an installed package lies in no repository."""
    try:
        told = subprocess.run(  # noqa: S603 - arguments are written in this file
            ["git", *arguments],  # noqa: S607 - the system's git
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return _UNKNOWN
    return told.stdout.strip()
