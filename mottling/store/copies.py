"""Sets of copies: a folder of files, and a manifest that names each with its sha256."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from mottling.errors import StoreRefused
from mottling.settings import first_problem
from mottling.store.head import SignedHead
from mottling.store.key_files import reach_the_disk
from mottling.trial.records import Sha256, Utc

__all__ = [
    "MANIFEST",
    "Copied",
    "Manifest",
    "copy_whole",
    "put_back",
    "read_copy",
    "read_manifest",
    "sha256_of_file",
    "write_copy",
    "write_manifest",
    "write_whole",
]

MANIFEST = "manifest.json"

_PIECE_BYTES = 2**20
_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


def _stays_inside(path: str) -> str:
    if not all(_PART.fullmatch(part) for part in path.split("/")):
        raise ValueError(f"{path!r} is no path within the set")
    return path


class Copied(BaseModel):
    """One file of a set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Annotated[str, AfterValidator(_stays_inside)]
    """Within the set, with `/`."""
    size_bytes: Annotated[int, Field(ge=0)]
    sha256: Sha256


class Manifest(BaseModel):
    """What a set holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    kind: Literal["records", "keys"]
    """Records with photographs and models, or the keys that photographs are sealed with."""
    made_at: Utc
    made_by: str
    """The version of Mottling."""
    head: SignedHead | None = None
    """How the chain ended, of a set of records."""
    files: tuple[Copied, ...]
    missing: tuple[Sha256, ...] = ()
    """Pictures that the records name and that were lost before they were ever copied."""

    @property
    def by_path(self) -> dict[str, Copied]:
        """The files by their path."""
        return {file.path: file for file in self.files}


def read_manifest(folder: Path, kind: Literal["records", "keys"]) -> Manifest | None:
    """Read a set's manifest; None when there is none.

    Raises:
        StoreRefused: It cannot be read, was altered, or is of another kind of set.
    """
    path = folder / MANIFEST
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path, error) from error
    except ValidationError as error:
        raise StoreRefused(
            f"{path} is no manifest of a backup: {first_problem(error)}",
            remedy="Use another copy of the backup",
        ) from error
    if manifest.kind != kind:
        raise StoreRefused(
            f"{folder} holds {manifest.kind}, and a backup of {kind} is needed",
            remedy="Name the other folder",
        )
    return manifest


def read_copy(folder: Path, file: Copied) -> bytes:
    """Read a file of a set.

    Raises:
        StoreRefused: It is missing, or not what was copied.
    """
    return b"".join(_as_copied(folder, file))


def put_back(folder: Path, file: Copied, target: Path) -> None:
    """Copy a file of a set to where it shall stand: whole and as it was copied, or not at all.

    Raises:
        StoreRefused: It is missing, or not what was copied, or the target cannot be written.
    """
    write_whole(target, _as_copied(folder, file))


def copy_whole(source: Path, folder: Path, path: str) -> Copied:
    """Copy a file into a set, whole and through to the disk.

    Raises:
        StoreRefused: The source cannot be read, or the set cannot be written.
    """
    passing = _Passing(_readable(source))
    write_whole(folder / path, passing)
    return Copied(path=path, size_bytes=passing.size_bytes, sha256=passing.sha256)


def write_copy(data: bytes, folder: Path, path: str) -> Copied:
    """Write a file of a set, whole and through to the disk.

    Raises:
        StoreRefused: The set cannot be written.
    """
    write_whole(folder / path, (data,))
    return Copied(path=path, size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def sha256_of_file(path: Path) -> str:
    """Compute what a file's bytes hash to.

    Raises:
        StoreRefused: It cannot be read.
    """
    passing = _Passing(_readable(path))
    for _ in passing:
        pass
    return passing.sha256


class _Passing:
    """A file on its way, in pieces that are counted and hashed: records may be larger than the memory."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._hash = hashlib.sha256()
        self.size_bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.size_bytes += len(piece)
            self._hash.update(piece)
            yield piece

    @property
    def sha256(self) -> str:
        """Of what has passed."""
        return self._hash.hexdigest()


def _as_copied(folder: Path, file: Copied) -> Iterator[bytes]:
    """Give a file of a set in pieces; after the last one it is refused where it is not what was copied."""
    passing = _Passing(_pieces(folder / file.path))
    try:
        yield from passing
    except OSError as error:
        raise StoreRefused(
            f"The backup has lost {file.path}: {error.strerror}", remedy="Use another copy of the backup"
        ) from error
    if (passing.size_bytes, passing.sha256) != (file.size_bytes, file.sha256):
        raise StoreRefused(
            f"In the backup {file.path} is not what was copied: it was altered or damaged",
            remedy="Use another copy of the backup",
        )


def _readable(path: Path) -> Iterator[bytes]:
    try:
        yield from _pieces(path)
    except OSError as error:
        raise _unusable(path, error) from error


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file for its owner only, or put it in another's place: whole or not at all.

    Raises:
        StoreRefused: The disk is full or cannot be written.
    """
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        reach_the_disk(path.parent)
    except OSError as error:
        raise _unusable(path, error) from error
    finally:
        aside.unlink(missing_ok=True)


def write_manifest(folder: Path, manifest: Manifest) -> str:
    """Write a set's manifest, which makes the set what it says; gives its sha256."""
    data = manifest.model_dump_json(indent=1).encode()
    write_whole(folder / MANIFEST, (data,))
    return hashlib.sha256(data).hexdigest()


def _unusable(path: Path, error: OSError) -> StoreRefused:
    return StoreRefused(
        f"{path} cannot be used: {error.strerror}", remedy="Check the disk and the rights on the folder"
    )
