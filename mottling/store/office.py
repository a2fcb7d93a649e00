"""The book of the office: what left, what was frozen, models in use, the read-out and the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from mottling.errors import Conflict
from mottling.store.enrolling import tones_in
from mottling.store.head import ChainEnd
from mottling.store.ledger import Ledger, Page
from mottling.store.schema import AUDIT
from mottling.store.verify import chain_end
from mottling.trial.committee_records import BatchSignature, ReadoutChange
from mottling.trial.office_records import (
    AuditEntry,
    ExportRecord,
    ModelRelease,
    MonitorLook,
    Snapshot,
    TrialFile,
)

__all__ = ["OfficeBook"]


class OfficeBook:
    """Exports, snapshots, releases and the audit trail."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def note_export(self, export: ExportRecord) -> None:
        """Record that a file or a frozen set left the store."""
        with self._ledger.writing() as pen:
            pen.add(export)

    def note_look(self, look: MonitorLook) -> None:
        """Record that a monitor looks at something."""
        with self._ledger.writing() as pen:
            pen.add(look)

    def tones(self) -> Mapping[str, int]:
        """Give the skin tone of the patients of whom somebody recorded it, by number."""
        with self._ledger.reading() as page:
            return tones_in(page)

    def end(self) -> ChainEnd:
        """Say how long the chain is, and how it ends."""
        with self._ledger.reading() as page:
            return chain_end(page)

    def add_snapshot(self, snapshot: Snapshot) -> None:
        """Freeze a table of outcomes.

        Raises:
            Conflict: Something was recorded after the last record that the table knows.
        """
        with self._ledger.writing() as pen:
            if chain_end(pen).hash != snapshot.upto_hash:
                raise Conflict(
                    "Something was recorded while the outcome was frozen", remedy="Freeze it again"
                )
            pen.add(snapshot)

    def snapshots(self) -> tuple[Snapshot, ...]:
        """List the snapshots, the earliest first."""
        with self._ledger.reading() as page:
            return page.all(Snapshot)

    def note_release(self, release: ModelRelease) -> None:
        """Record that a model came into use."""
        with self._ledger.writing() as pen:
            pen.add(release)

    def releases(self) -> tuple[ModelRelease, ...]:
        """List the releases, the earliest first."""
        with self._ledger.reading() as page:
            return page.all(ModelRelease)

    def trial_files(self) -> tuple[TrialFile, ...]:
        """List the versions of the trial file that came into use, the earliest first."""
        with self._ledger.reading() as page:
            return page.all(TrialFile)

    def batch_signatures(self) -> tuple[BatchSignature, ...]:
        """List what readers signed, the earliest first."""
        with self._ledger.reading() as page:
            return page.all(BatchSignature)

    def change_readout(self, change: ReadoutChange) -> None:
        """Record that the read-out was closed, or opened again."""
        with self._ledger.writing() as pen:
            pen.add(change)

    def readout_changes(self) -> tuple[ReadoutChange, ...]:
        """List when the read-out was closed and opened again, the earliest first."""
        with self._ledger.reading() as page:
            return page.all(ReadoutChange)

    def audit(self) -> tuple[AuditEntry, ...]:
        """Give the audit trail, the earliest act first."""
        with self._ledger.reading() as page:
            return _entries(page, select(AUDIT).order_by(AUDIT.c.number))

    def audit_before(self, number: int | None, *, most: int) -> tuple[AuditEntry, ...]:
        """Give the latest acts of the audit trail, the latest first.

        Args:
            number: Of an act: only earlier ones are given; None is the end.
            most: How many at most.
        """
        asked = select(AUDIT).order_by(AUDIT.c.number.desc()).limit(most)
        with self._ledger.reading() as page:
            return _entries(page, asked if number is None else asked.where(AUDIT.c.number < number))


def _entries(page: Page, asked: Select[Any]) -> tuple[AuditEntry, ...]:
    rows = page.connection.execute(asked).mappings()
    return tuple(AuditEntry(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in rows)
