"""Restore: a backup becomes a data folder again, and nothing that was altered gets in."""

from __future__ import annotations

import shutil
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mottling.errors import StoreRefused
from mottling.store.album import Album
from mottling.store.bucket import Bucket, photographs_at
from mottling.store.copies import Manifest, put_back, read_copy, read_manifest
from mottling.store.head import SignedHead, difference
from mottling.store.key_files import reach_the_disk
from mottling.store.keyring import KeyRing
from mottling.store.moving import copy_into_database
from mottling.store.sqlite_file import FILE
from mottling.store.store import Store
from mottling.store.verify import Findings, Progress, untold
from mottling.store.whereabouts import empty_database, note_records

__all__ = ["Elsewhere", "Restored", "restore"]


@dataclass(frozen=True)
class Elsewhere:
    """What shall not stand in the data folder that a restore makes."""

    photos: str | None = None
    """The URL of a bucket for photographs and overlays."""
    records: str | None = None
    """The URL of an empty database for the records."""


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    rows: int
    files: int
    """Photographs and overlays that were checked against the records; 0 without keys."""
    missing: int
    """Photographs and overlays that were lost before the backup was made."""
    made_at: datetime
    """When the backup was made."""
    has_keys: bool
    erased_since: int
    """Patients who were erased after the backup was made: a record says so anew."""


def restore(  # noqa: PLR0913 # each is asked for by itself, and the last one only listens
    source: Path,
    data: Path,
    *,
    keys: Path | None,
    heads: Sequence[SignedHead] = (),
    at: datetime,
    elsewhere: Elsewhere | None = None,
    progress: Progress | None = None,
) -> Restored:
    """Make a data folder of a backup; it appears whole or not at all.

    Args:
        source: The backup.
        data: A folder that does not exist, or is empty.
        keys: The backup of the keys; None: photographs come back, and nobody can read them.
        heads: Heads that were kept elsewhere, which the records must go on from.
        at: Now.
        elsewhere: What goes into a bucket or a database; None: everything stands in the folder. What a
            restore that is refused has put into a bucket harms nothing; a database comes last, and whole.
        progress: Told now and then how far it is: one look at a file that is copied, two at a row and one at
            a photograph when they are checked, and again where records of erasures were added.

    Raises:
        StoreRefused: The backup was altered, is not whole, or is none; or the folder is taken.
    """
    manifest = _manifest(source, "records")
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise StoreRefused(f"{data} is there already", remedy="Name a folder that does not exist")
    photos, records = (None, None) if elsewhere is None else (elsewhere.photos, elsewhere.records)
    if records is not None:
        empty_database(records).close()
    aside = data.with_name(f"{data.name}.restoring")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir(mode=0o700, parents=True)
        told = progress or untold
        _copy(source, manifest, aside, None if photos is None else Bucket(photos), told=told)
        photographs_at(aside, photos)
        if keys is not None:
            _copy_keys(keys, aside)
        checking = _after(told, len(manifest.files))
        restored = _checked(aside, manifest, heads, has_keys=keys is not None, at=at, told=checking)
        if records is not None:
            _move_records(aside, records)
        aside.replace(data)
        reach_the_disk(data.parent)
    except OSError as error:
        raise StoreRefused(
            f"{data} cannot be made: {error.strerror}", remedy="Name another folder"
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return restored


def _manifest(folder: Path, kind: str) -> Manifest:
    manifest = read_manifest(folder, "keys" if kind == "keys" else "records")
    if manifest is None:
        raise StoreRefused(f"{folder} holds no backup", remedy="Name a folder that `mottling backup` wrote")
    return manifest


def _after(told: Progress, before: int) -> Progress:
    """Go on telling where so many looks were taken already."""
    return lambda done, of: told(before + done, before + of)


def _copy(source: Path, manifest: Manifest, aside: Path, bucket: Bucket | None, *, told: Progress) -> None:
    keys = KeyRing(aside / "keys")
    albums = {name: Album(aside / name, keys, bucket) for name in ("photos", "overlays")} if bucket else {}
    rows = 0 if manifest.head is None else manifest.head.rows
    looks = 2 * len(manifest.files) + 2 * rows  # a few too many: records and models are not looked at again
    for number, file in enumerate(manifest.files):
        told(number, looks)
        album, _, place = file.path.partition("/")
        if album in albums:
            albums[album].put_copy(place, read_copy(source, file))
            continue
        is_records = file.path.startswith("records-")
        put_back(source, file, aside / (FILE if is_records else file.path))
    if not (aside / FILE).is_file():
        raise StoreRefused(f"The backup {source} holds no records", remedy="Use another copy of the backup")


def _move_records(aside: Path, url: str) -> None:
    """Put records that were checked into a database, and let the folder name it."""
    copy_into_database(aside / FILE, url)
    note_records(aside, url)
    for path in aside.glob(f"{FILE}*"):
        path.unlink()


def _copy_keys(keys: Path, aside: Path) -> None:
    for file in _manifest(keys, "keys").files:
        put_back(keys, file, aside / file.path.partition("/")[2])


def _checked(
    aside: Path,
    manifest: Manifest,
    heads: Sequence[SignedHead],
    *,
    has_keys: bool,
    at: datetime,
    told: Progress,
) -> Restored:
    with Store.open(aside, must_exist=True) as store:
        before = store.verify(progress=told)
        erased_since = store.vault.note_destroyed(by="restore", at=at) if has_keys else 0
        again = _after(told, 2 * before.rows + before.files + before.erased)
        found = store.verify(progress=again) if erased_since else before
    kept = [head for head in (manifest.head, *heads) if head is not None]
    differs = difference(kept, found.hashes, trial=found.trial, public_key=None)
    known = set(manifest.missing) if has_keys else None
    problem = differs or _problem(before if before.bad_row else found, known)
    if problem is not None:
        raise StoreRefused(
            f"The backup is not what was written: {problem}", remedy="Use another copy of the backup"
        )
    return Restored(
        rows=found.rows,
        files=found.files if has_keys else 0,
        missing=len(manifest.missing),
        made_at=manifest.made_at,
        has_keys=has_keys,
        erased_since=erased_since,
    )


def _problem(found: Findings, known: Set[str] | None) -> str | None:
    """Name what is wrong, apart from pictures known to be lost; without keys nobody can look at them."""
    if found.bad_row is not None:
        return f"row {found.bad_row.number} {found.bad_row.what}"
    for bad in found.bad_files:
        if known is not None and bad.sha256 not in known:
            return f"the file {bad.sha256} {bad.what}"
    return None
