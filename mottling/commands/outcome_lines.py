"""What `mottling outcome` prints: the table, a snapshot, and what changed between two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mottling.services.results import PatientOutcome
from mottling.services.snapshots import ExplainedChange, SnapshotDiff
from mottling.trial.office_records import Snapshot
from mottling.trial.outcome import Bound

__all__ = ["diff_lines", "outcome_lines", "snapshot_line"]

_SHORT = 12
"""Digits of a hash that a person compares."""

_HEADER = ("site", "patient", "value", "missing", "hours", "photo", "answer", "model")


def outcome_lines(rows: Sequence[PatientOutcome]) -> list[str]:
    """Give the table with its columns aligned, and how many patients have a value or which reason."""
    cells = [_HEADER, *(_cells(row) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    reasons = Counter(row.missing for row in rows if row.missing is not None)
    counted = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())
    values = len(rows) - reasons.total()
    return [*lines, "", f"Patients: {len(rows)}; with a value: {values}; without: {counted or 'nobody'}"]


def _cells(row: PatientOutcome) -> tuple[str, ...]:
    value = "" if row.value is None else f"{row.value}{'+' if row.bound is Bound.AT_LEAST else ''}"
    missing = "" if row.missing is None else f"{row.missing}{f' ({row.detail})' if row.detail else ''}"
    hours = "" if row.hours_after_randomisation is None else f"{row.hours_after_randomisation:.1f}"
    return (
        row.site,
        row.patient,
        value,
        missing,
        f"{hours}{'!' if row.outside_window else ''}",
        (row.photo_sha256 or "")[:_SHORT],
        "" if row.source is None else f"{row.source} {(row.record_id or '')[:_SHORT]}",
        "" if row.model is None else f"{row.model} {(row.model_sha256 or '')[:_SHORT]}",
    )


def snapshot_line(snapshot: Snapshot) -> str:
    """Say of a snapshot when it was made, by whom, of what, and why."""
    said = (
        f"Snapshot {snapshot.snapshot}: {snapshot.at:%Y-%m-%dT%H:%M:%SZ}, {snapshot.by}, "
        f"{snapshot.rows} patients, sha256 {snapshot.sha256}"
    )
    if snapshot.supersedes is None:
        return said
    return f"{said}; supersedes {snapshot.supersedes}: {snapshot.because}"


def diff_lines(diff: SnapshotDiff) -> list[str]:
    """Say what changed, patient by patient, and what was recorded of each in between."""
    lines = [snapshot_line(diff.before), snapshot_line(diff.after)]
    if diff.rules_changed:
        lines.append("Another trial file was in use: its rules, visits or sites may have changed lines.")
    for change in diff.changes:
        lines += _change_lines(change, diff)
    return [*lines, f"Patients whose line differs: {len(diff.changes)}"]


def _change_lines(explained: ExplainedChange, diff: SnapshotDiff) -> list[str]:
    change = explained.change
    parts = ", ".join(change.parts)
    lines = [f"{change.patient}: {change.before or 'not enrolled'} -> {change.after or 'gone'} [{parts}]"]
    lines += [
        f"    {act.number}  {act.at:%Y-%m-%dT%H:%M:%SZ}  {act.by}  {act.act}  {act.subject}"
        for act in explained.acts
    ]
    if not explained.acts:
        why = "the trial file changed" if diff.rules_changed else "only time went by"
        lines.append(f"    nothing was recorded of this patient: {why}")
    return lines
