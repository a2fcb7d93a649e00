"""What is kept of the office's work: the trial file in use, exports, snapshots, releases, erasures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field

from mottling.trial.records import Code, Name, Record, Sentence, Sha256

__all__ = [
    "AuditEntry",
    "Erasure",
    "ExportRecord",
    "KeyRotation",
    "ModelRelease",
    "MonitorLook",
    "ReleaseKind",
    "SkinTone",
    "Snapshot",
    "TrialFile",
]


class TrialFile(Record):
    """A version of the trial file that came into use."""

    trial: Name
    sha256: Sha256
    """Of the text's UTF-8 bytes."""
    text: str


class ReleaseKind(StrEnum):
    """How a model came into use."""

    RELEASED = "released"
    ROLLED_BACK = "rolled_back"
    SIGNED = "signed"
    """It was in use already, and the registry that says so was signed."""


class ModelRelease(Record):
    """A model that scores from the next photograph on."""

    name: Name
    sha256: Sha256
    kind: ReleaseKind


class SkinTone(Record):
    """The tone of a patient's skin, as a person judged it; a later record replaces an earlier one."""

    patient: Code
    tone: Annotated[int, Field(ge=1, le=10)]
    """On the Monk scale, 1 (light) to 10 (dark)."""


class ExportRecord(Record):
    """A file, or a frozen set, that left the store."""

    kind: Name
    """Such as `outcome.csv`."""
    sha256: Sha256
    rows: Annotated[int, Field(ge=0)]

    @classmethod
    def of(cls, data: bytes, *, kind: str, rows: int, by: str, at: datetime) -> Self:
        """Describe a file by its bytes."""
        return cls(kind=kind, sha256=hashlib.sha256(data).hexdigest(), rows=rows, by=by, at=at)


class MonitorLook(Record):
    """A monitor looked at something: recorded before it is shown."""

    what: Name
    """Such as `patients of site 01`."""


class Erasure(Record):
    """A patient's photographs were erased: the key that they were sealed with is destroyed."""

    patient: Code
    reason: Sentence


class KeyRotation(Record):
    """The server's key was exchanged for another one."""

    keys: Annotated[int, Field(ge=0)]
    """How many patients' keys were wrapped anew."""
    sealed: Annotated[int, Field(ge=0)]
    """How many pictures, from before there were keys, were sealed with it."""


class Snapshot(Record):
    """The outcome of every patient, frozen as it stood; `by` signs for it."""

    snapshot: Annotated[int, Field(ge=1)]
    """Its number: 1, 2, 3 …"""
    table: str
    """The CSV file's text."""
    sha256: Sha256
    """Of the table's UTF-8 bytes."""
    rows: Annotated[int, Field(ge=1)]
    trial_file_sha256: Sha256
    """Of the trial file whose rules made it."""
    upto: Annotated[int, Field(ge=1)]
    """Number of the last record that it knows."""
    upto_hash: Sha256
    """Of that record's link in the chain."""
    supersedes: int | None
    """Number of the snapshot whose place it takes; None for the first one."""
    because: Sentence | None
    """Why it takes its place; None for the first one."""


@dataclass(frozen=True)
class AuditEntry:
    """One act in the audit trail."""

    number: int
    """Position in the chain: 1, 2, 3 …"""
    at: datetime
    by: str
    act: str
    """What was done, such as `photo_stored`."""
    subject: str
    """To what: a patient's number, a photo's id, a user's name …"""
    content_hash: str
    """SHA-256 over the record."""
    previous_hash: str
    hash: str
    """SHA-256 over this row and the hash before it."""
