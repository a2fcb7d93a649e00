"""Backup while the server runs: first the records as of one moment, then the photographs that they name.

OUT/manifest.json         what the set holds, each file with its sha256, and the signed end of the chain
OUT/records-N.sqlite      the records; N is how many there were
OUT/photos/, overlays/    sealed, as they stand in the data folder
OUT/models/               the registry with its models

KEYS/manifest.json        what the set holds
KEYS/set-N/               the keys; the set before is destroyed once this one is whole

Without the keys nobody reads a photograph of OUT, so a patient whose key was destroyed is erased there too.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mottling import __version__
from mottling.errors import ChainBroken, StoreBusy, StoreRefused
from mottling.store.album import Album
from mottling.store.copies import (
    Copied,
    Manifest,
    copy_whole,
    read_manifest,
    sha256_of_file,
    write_copy,
    write_manifest,
)
from mottling.store.head import ChainEnd, HeadKey, difference
from mottling.store.keyring import KeyRing, owner_of, shred
from mottling.store.ledger import Ledger, Page
from mottling.store.moving import copy_into_file
from mottling.store.sqlite_file import SqliteFile
from mottling.store.vault import erased_patients, owned_overlays, owned_photos
from mottling.store.verify import Count, Progress, chain_end, first_bad_row, looks_at
from mottling.store.walk import hashes_of

__all__ = ["BackedUp", "Originals", "back_up", "back_up_keys"]


@dataclass(frozen=True)
class Originals:
    """What a backup is made of."""

    data: Path
    ledger: Ledger
    models: Path
    photos: Album
    overlays: Album


@dataclass(frozen=True)
class BackedUp:
    """What a backup did."""

    rows: int
    manifest_sha256: str
    copied: int
    """Files that were not there."""
    kept: int
    """Files that were there already."""
    removed: int
    """Files of erased patients, and records of earlier backups, that were taken away."""
    missing: tuple[str, ...]
    """Pictures that the records name and that stand neither in the data folder nor in an earlier backup."""


def back_up(originals: Originals, out: Path, *, at: datetime, progress: Progress | None = None) -> BackedUp:
    """Bring a folder to what the store holds now; what is there already is not copied again.

    Args:
        originals: The store, which may be in use, and the models.
        out: The folder; made when missing.
        at: Now.
        progress: Told now and then how many looks were taken at rows and pictures, and how many there are.

    Raises:
        ChainBroken: The records are not what was written, or do not go on from those of the last backup: the
            backup stays as it was.
        StoreRefused: The folder cannot be written; the backup stays as it was.
        StoreBusy: Another backup into this folder is being made.
    """
    with _one_at_a_time(out):
        before = read_manifest(out, "records")
        snapshot = _snapshot(originals.ledger, out, last=_last_records(out, before))
        try:
            return _Run(originals, out, before).finish(snapshot, at=at, progress=progress)
        finally:
            snapshot.unlink(missing_ok=True)


class _Run:
    """One backup, from the snapshot of the records to the manifest."""

    def __init__(self, originals: Originals, out: Path, before: Manifest | None) -> None:
        self._originals = originals
        self._out = out
        self._before = {} if before is None else before.by_path
        self._heads = [] if before is None or before.head is None else [before.head]
        self._files: dict[str, Copied] = {}
        self._missing: list[str] = []
        self._erased: Set[str] = frozenset()
        self._here = {
            f"{album.name}/{place}"
            for album in (originals.photos, originals.overlays)
            for place in album.places()
        }
        self._copied = 0

    def finish(self, snapshot: Path, *, at: datetime, progress: Progress | None) -> BackedUp:
        ledger = Ledger(SqliteFile(snapshot))
        try:
            with ledger.reading() as page:
                end = self._check_and_copy(page, progress)
        finally:
            ledger.close()
        self._copy_if_changed(snapshot, f"records-{end.rows}.sqlite")
        for source in sorted(path for path in self._originals.models.rglob("*") if path.is_file()):
            self._copy_if_changed(source, f"models/{source.relative_to(self._originals.models).as_posix()}")
        head = HeadKey(self._originals.data).sign(end, at=at)
        manifest = Manifest(
            kind="records",
            made_at=at,
            made_by=__version__,
            head=head,
            files=tuple(self._files.values()),
            missing=tuple(self._missing),
        )
        sha256 = write_manifest(self._out, manifest)
        return BackedUp(
            rows=end.rows,
            manifest_sha256=sha256,
            copied=self._copied,
            kept=len(self._files) - self._copied,
            removed=self._clear(),
            missing=tuple(self._missing),
        )

    def _check_and_copy(self, page: Page, progress: Progress | None) -> ChainEnd:
        pictures = [
            (album, patient, sha256)
            for album, owned in (
                (self._originals.photos, owned_photos(page)),
                (self._originals.overlays, owned_overlays(page)),
            )
            for patient, sha256 in owned
        ]
        count = Count(progress, of=looks_at(page, pictures=len(pictures)))
        self._check(page, count)
        self._erased = erased_patients(page)
        for album, patient, sha256 in pictures:
            count.one()
            if patient not in self._erased:
                self._copy_picture(album, patient, sha256)
        count.end()
        return chain_end(page)

    def _check(self, page: Page, count: Count) -> None:
        """Refuse to put records that were altered in place of good ones."""
        bad = first_bad_row(page, count=count)
        differs = difference(self._heads, hashes_of(page), trial=chain_end(page).trial, public_key=None)
        if bad is not None or differs is not None:
            said = differs or f"row {bad.number if bad else 0} {bad.what if bad else ''}"
            raise ChainBroken(
                f"The records are not those of the last backup, or were altered: {said}",
                remedy="Keep this backup as it is, and run `mottling verify`",
            )

    def _copy_picture(self, album: Album, patient: str, sha256: str) -> None:
        paths = [f"{album.name}/{place}" for place in album.places_of(sha256, patient=patient)]
        # What was lost or damaged here since is kept there: a backup that forgot it too would be none.
        there = [path for path in paths if self._is_there(path)]
        here = [path for path in paths if path in self._here]
        if there and (there[0] in here or not here):
            self._files[there[0]] = self._before[there[0]]
            return
        sealed = None
        # None: the keys are elsewhere.
        if here and album.hash_of(sha256, patient=patient) in {sha256, None}:
            sealed = album.copy_at(here[0].partition("/")[2])
        if sealed is None:
            self._missing.append(sha256)
        else:
            self._files[here[0]] = write_copy(sealed, self._out, here[0])
            self._copied += 1

    def _is_there(self, path: str) -> bool:
        known = self._before.get(path)
        target = self._out / path
        return known is not None and target.is_file() and target.stat().st_size == known.size_bytes

    def _copy_if_changed(self, source: Path, path: str) -> None:
        known = self._before.get(path)
        if known is not None and self._is_there(path) and sha256_of_file(source) == known.sha256:
            self._files[path] = known
        else:
            self._copy(source, path)

    def _copy(self, source: Path, path: str) -> None:
        self._files[path] = copy_whole(source, self._out, path)
        self._copied += 1

    def _clear(self) -> int:
        """Take away earlier records, what was sealed since, and every file of patients who were erased."""
        named = {self._out / path for path in self._files}
        found = {self._out / path for path in self._before} | set(self._out.glob("records-*.sqlite"))
        for patient in self._erased:
            found.update(self._out.glob(f"*/{owner_of(patient)}/*"))
        gone = [path for path in found - named if path.is_file()]
        for path in gone:
            path.unlink()
        return len(gone)


def _last_records(out: Path, before: Manifest | None) -> Path | None:
    """Find the records of the last backup; None where there are none, or they are not what was written."""
    for file in () if before is None else before.files:
        path = out / file.path
        if file.path.startswith("records-") and path.is_file() and sha256_of_file(path) == file.sha256:
            return path
    return None


def _snapshot(ledger: Ledger, out: Path, *, last: Path | None) -> Path:
    """Copy the records as of one moment, while others write: an SQLite file, whatever keeps them.

    Of a database only what was added since the last backup is read.
    """
    path = out / "snapshot.sqlite"
    # And what a kill left beside it.
    for left in out.glob(f"{path.name}*"):
        left.unlink()
    if not isinstance(ledger.database, SqliteFile):
        copy_into_file(ledger, path, last=last)
        return path
    try:
        with (
            closing(sqlite3.connect(ledger.database.path)) as source,
            closing(sqlite3.connect(path)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise StoreRefused(
            f"The records cannot be copied to {out}: {error}", remedy="Make room and try again"
        ) from error
    return path


def back_up_keys(data: Path, keys: KeyRing, out: Path, *, at: datetime) -> int:
    """Copy the keys into a folder of their own, and destroy the copy before; gives how many there are.

    Raises:
        StoreRefused: The folder cannot be written; the copy stays as it was.
        StoreBusy: Another backup into this folder is being made.
    """
    with _one_at_a_time(out):
        before = read_manifest(out, "keys")
        number = 1 + max((int(path.name.removeprefix("set-")) for path in out.glob("set-*")), default=0)
        with keys.held():
            sources = [*data.glob("*.key"), *keys.folder.glob("server-*.key"), *keys.folder.glob("*/*.json")]
            files = tuple(
                copy_whole(source, out, f"set-{number}/{source.relative_to(data).as_posix()}")
                for source in sorted(sources)
            )
        write_manifest(out, Manifest(kind="keys", made_at=at, made_by=__version__, files=files))
        if before is not None:
            for folder in out.glob("set-*"):
                if folder.name != f"set-{number}":
                    _destroy(folder)
    return len(files)


def _destroy(folder: Path) -> None:
    shred(path for path in folder.rglob("*") if path.is_file())
    for empty in sorted((path for path in folder.rglob("*")), reverse=True):
        empty.rmdir()
    folder.rmdir()


@contextmanager
def _one_at_a_time(out: Path) -> Iterator[None]:
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(out / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreRefused(
            f"{out} cannot be written: {error.strerror}", remedy="Name another folder, or correct its rights"
        ) from error
    try:
        _hold(handle, out)
        yield
    finally:
        os.close(handle)


def _hold(handle: int, out: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StoreBusy(f"Another backup into {out} is being made", remedy="Wait until it is done") from error
