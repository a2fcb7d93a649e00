"""The book of the office: what left the store, which model came into use, and the audit trail."""

from __future__ import annotations

from mottling.trial.records import AuditEntry, ExportRecord, ModelRelease

__all__ = ["OfficeBook"]


class OfficeBook:
    """Exports, releases and the audit trail."""

    def note_export(self, export: ExportRecord) -> None:
        """Record that a file or a frozen set left the store."""
        raise NotImplementedError

    def note_release(self, release: ModelRelease) -> None:
        """Record that a model came into use."""
        raise NotImplementedError

    def releases(self) -> tuple[ModelRelease, ...]:
        """List the releases, the earliest first."""
        raise NotImplementedError

    def audit(self) -> tuple[AuditEntry, ...]:
        """Give the audit trail, the earliest act first."""
        raise NotImplementedError
