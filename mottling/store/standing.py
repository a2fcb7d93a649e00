"""How the records stand, from their two ends: whoever watches the server asks every few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from mottling.store.ledger import Page
from mottling.store.schema import AUDIT, KINDS
from mottling.trial.office_records import ExportRecord

__all__ = ["Standing", "standing"]

_EXPORTS = KINDS[ExportRecord].table


@dataclass(frozen=True)
class Standing:
    """The records, counted."""

    rows: int
    last_at: datetime | None
    """When the last record was added."""
    backup_at: datetime | None
    """When the last backup was made."""


def standing(page: Page) -> Standing:
    """Look at the end of the chain and at the last backup."""
    last = page.connection.execute(
        select(AUDIT.c.number, AUDIT.c.at).order_by(AUDIT.c.number.desc()).limit(1)
    ).first()
    backup_at = page.connection.scalar(select(func.max(_EXPORTS.c.at)).where(_EXPORTS.c.kind == "backup"))
    return Standing(
        rows=0 if last is None else last.number,
        last_at=None if last is None else datetime.fromisoformat(last.at),
        backup_at=None if backup_at is None else datetime.fromisoformat(backup_at),
    )
