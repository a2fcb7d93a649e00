"""The doctor: looks at disk, clock, rights, records, keys, backup, model, certificate; changes nothing."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cryptography import x509

from mottling.errors import MottlingError, StoreRefused
from mottling.registry import Registry
from mottling.settings import Settings
from mottling.store.bucket import Bucket, photographs_at
from mottling.store.checkup import (
    RecordsSeen,
    count_unsealed,
    is_schema_known,
    key_files,
    look_at_records,
    server_keys,
)
from mottling.store.head import HEAD_KEY
from mottling.trial.charter import read_charter

__all__ = ["Finding", "Level", "examine"]

_GIGABYTE = 10**9
# A photograph has some 4 MB: a gigabyte is a few days of a busy trial, ten are a month.
_LEAST_FREE_GB = 1.0
_ENOUGH_FREE_GB = 10.0
_CLOCK_SLACK = timedelta(minutes=2)
_BACKUP_AGE = timedelta(days=2)
# Whoever issues certificates in a hospital needs some weeks.
_CERTIFICATE_LEFT = timedelta(days=30)
# No record can be older than the program that writes it.
_NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


class Level(StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    what: str
    remedy: str = ""
    """What to do; empty when nothing is."""


def examine(settings: Settings, *, at: datetime) -> tuple[Finding, ...]:
    """Look at everything that a server needs.

    Args:
        settings: Where everything lies.
        at: Now.
    """
    registry = Registry(settings.models, keys=frozenset(settings.release_keys))
    findings = [_trial(settings.trial), _model(registry), *_certificate(settings.certificate, at)]
    if not settings.data.is_dir():
        what = f"The data folder {settings.data} does not exist"
        return (*findings, Finding(Level.ERROR, what, "Name another with --data, or add a user to make it"))
    seen, found = _seen(settings)
    return (
        *findings,
        _disk(settings.data),
        _clock(seen, at),
        *_rights(settings.data),
        *found,
        *_keys(settings.data),
        *_bucket(settings),
        *_kept_elsewhere(settings.data, seen, at),
    )


def _trial(path: Path) -> Finding:
    try:
        return Finding(Level.OK, f"Trial file: {read_charter(path).charter.trial}")
    except MottlingError as error:
        return Finding(Level.ERROR, error.message, error.remedy)


def _model(registry: Registry) -> Finding:
    try:
        model = registry.active()
        model.load()
        key = registry.signed_by()
    except MottlingError as error:
        return Finding(Level.ERROR, error.message, error.remedy)
    signed = "nobody signed the registry" if key is None else f"the registry was signed with the key {key}"
    return Finding(Level.OK, f"Model in use: {model.name}, its file is the one that was released; {signed}")


def _certificate(path: Path | None, at: datetime) -> Iterator[Finding]:
    """Say when the certificate of the proxy ends, where the settings name it."""
    if path is None:
        return
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else "it holds no certificate in PEM"
        remedy = "Name the file that the proxy uses, or let Mottling's user read it"
        yield Finding(Level.ERROR, f"The certificate {path} cannot be read: {said}", remedy)
        return
    ends_at = certificate.not_valid_after_utc
    what = f"Certificate: until {ends_at:%Y-%m-%d %H:%M} UTC"
    if ends_at - at > _CERTIFICATE_LEFT and certificate.not_valid_before_utc <= at:
        yield Finding(Level.OK, what)
    else:
        level = Level.WARNING if certificate.not_valid_before_utc <= at < ends_at else Level.ERROR
        yield Finding(level, what, "Give the proxy a new one: browsers refuse one that has ended")


def _disk(data: Path) -> Finding:
    usage = shutil.disk_usage(data)
    free_gb = usage.free / _GIGABYTE
    what = f"Disk: {free_gb:.1f} GB of {usage.total / _GIGABYTE:.0f} are free"
    if free_gb >= _ENOUGH_FREE_GB:
        return Finding(Level.OK, what)
    level = Level.WARNING if free_gb >= _LEAST_FREE_GB else Level.ERROR
    return Finding(level, what, "Make room, or move the data folder to a larger disk")


def _clock(seen: RecordsSeen | None, at: datetime) -> Finding:
    what = f"Clock: {at:%Y-%m-%d %H:%M:%S} UTC"
    last_at = None if seen is None else seen.last_at
    if at < _NOT_BEFORE:
        return Finding(Level.ERROR, f"{what}, which is before this version was written", _SET_THE_CLOCK)
    if last_at is not None and last_at > at + _CLOCK_SLACK:
        late = f"{what}, which is before the last record ({last_at:%Y-%m-%d %H:%M:%S} UTC)"
        return Finding(Level.ERROR, late, _SET_THE_CLOCK)
    return Finding(Level.OK, what)


_SET_THE_CLOCK = "Set the clock, and let it follow a time server"


def _rights(data: Path) -> Iterator[Finding]:
    if _others_may(data):
        yield Finding(Level.ERROR, f"Others may look into {data}", f"chmod 700 {data}")
    else:
        yield Finding(Level.OK, "Data folder: for its owner only")
    for path in key_files(data):
        if _others_may(path):
            yield Finding(
                Level.ERROR, f"Others may read the key {path}", f"chmod 600 {path}, then mottling rotate-keys"
            )


def _others_may(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _seen(settings: Settings) -> tuple[RecordsSeen | None, list[Finding]]:
    """Look at the records; a database that does not answer is a finding."""
    try:
        seen = look_at_records(settings.data, settings.records)
    except StoreRefused as error:
        return None, [Finding(Level.ERROR, error.message, error.remedy)]
    return seen, [_records(seen), *_careless(seen)]


def _records(seen: RecordsSeen | None) -> Finding:
    if seen is None:
        return Finding(Level.ERROR, "The data folder holds no records", "Name another with --data")
    if seen.damage is not None or seen.schema is None:
        return Finding(
            Level.ERROR, f"The file of the records is damaged: {seen.damage}", "Restore it from a backup"
        )
    place = "" if seen.where is None else f", in {seen.where}"
    what = f"Records: {seen.rows}, schema {seen.schema}{place}"
    if not is_schema_known(seen.schema):
        return Finding(Level.ERROR, f"{what}, which a later version wrote", "Use that version of Mottling")
    return Finding(Level.OK, what)


def _careless(seen: RecordsSeen | None) -> Iterator[Finding]:
    for name in () if seen is None else seen.careless:
        what = f"A power cut may lose records: the database has {name} off"
        yield Finding(Level.ERROR, what, f"Say {name} = on in postgresql.conf, and restart it")


def _keys(data: Path) -> Iterator[Finding]:
    unsealed = count_unsealed(data)
    if unsealed:
        what = f"Photographs and overlays that are not encrypted: {unsealed}"
        yield Finding(Level.WARNING, what, "Run mottling rotate-keys, which encrypts them")
    if server_keys(data) > 1:
        yield Finding(Level.WARNING, "An exchange of keys did not end", "Run mottling rotate-keys once more")
    elif not unsealed:
        yield Finding(Level.OK, "Keys: every photograph is encrypted with the key of its patient")


def _bucket(settings: Settings) -> Iterator[Finding]:
    """Ask the bucket, where photographs are in one."""
    try:
        where = photographs_at(settings.data, settings.photos, note=False)
        if where is not None:
            Bucket(where).look()
            yield Finding(Level.OK, f"Photographs: {where} answers")
    except StoreRefused as error:
        yield Finding(Level.ERROR, error.message, error.remedy)


def _kept_elsewhere(data: Path, seen: RecordsSeen | None, at: datetime) -> Iterator[Finding]:
    backup_at = None if seen is None else seen.backup_at
    if backup_at is None:
        yield Finding(Level.WARNING, "No backup was ever made", "Run mottling backup, every day")
    else:
        what = f"Last backup: {backup_at:%Y-%m-%d %H:%M} UTC"
        is_recent = at - backup_at <= _BACKUP_AGE
        yield Finding(Level.OK, what) if is_recent else Finding(Level.WARNING, what, "Run mottling backup")
    if not (data / HEAD_KEY).is_file():
        yield Finding(
            Level.WARNING,
            "No head of the chain was ever signed",
            "Run mottling head, and keep what it prints where nobody who has this machine can change it",
        )
