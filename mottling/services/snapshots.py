"""Snapshots of the outcome: frozen with a hash, superseded with a reason, and what changed between two."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mottling.errors import RecordRefused
from mottling.exports.outcome_changes import Change, changes_between
from mottling.store.store import Store
from mottling.trial.changes import NumberCorrected
from mottling.trial.office_records import AuditEntry, Snapshot

__all__ = ["ExplainedChange", "SnapshotDiff", "compare", "find", "sha256_of"]


@dataclass(frozen=True)
class ExplainedChange:
    """One patient whose line differs, with what was recorded of the patient in between."""

    change: Change
    acts: tuple[AuditEntry, ...]
    """Empty when only time went by, or when only the trial file changed."""


@dataclass(frozen=True)
class SnapshotDiff:
    """What changed from one snapshot to another."""

    before: Snapshot
    after: Snapshot
    rules_changed: bool
    """Whether another trial file was in use."""
    changes: tuple[ExplainedChange, ...]


def sha256_of(table: str) -> str:
    """Compute the hash of a table: that of the CSV file."""
    return hashlib.sha256(table.encode()).hexdigest()


def find(snapshots: Sequence[Snapshot], number: int) -> Snapshot:
    """Find a snapshot.

    Raises:
        RecordRefused: There is none of this number.
    """
    for snapshot in snapshots:
        if snapshot.snapshot == number:
            return snapshot
    known = ", ".join(str(one.snapshot) for one in snapshots) or "none yet"
    raise RecordRefused(f"There is no snapshot {number}", remedy=f"Those that there are: {known}")


def compare(store: Store, before: Snapshot, after: Snapshot) -> SnapshotDiff:
    """Say what changed, and what was recorded of each patient between the two.

    Raises:
        RecordRefused: The first one is not the earlier.
    """
    if before.snapshot >= after.snapshot:
        raise RecordRefused(
            f"Snapshot {before.snapshot} is not earlier than {after.snapshot}",
            remedy="Name the earlier one first",
        )
    acts = _acts_between(store, before, after)
    return SnapshotDiff(
        before=before,
        after=after,
        rules_changed=before.trial_file_sha256 != after.trial_file_sha256,
        changes=tuple(
            ExplainedChange(change, tuple(acts.get(change.patient, ())))
            for change in changes_between(before.table, after.table, called=_called(store))
        ),
    )


def _acts_between(store: Store, before: Snapshot, after: Snapshot) -> Mapping[str, Sequence[AuditEntry]]:
    """Sort the acts between two snapshots by the patient whom they concern."""
    patient_of = _patients_of_subjects(store)
    found: defaultdict[str, list[AuditEntry]] = defaultdict(list)
    for entry in store.office.audit():
        if before.upto < entry.number <= after.upto and entry.subject in patient_of:
            found[patient_of[entry.subject]].append(entry)
    return found


def _called(store: Store) -> Mapping[str, str]:
    """Give the number of now by each that was corrected."""
    return {was: now for now, former in store.changes.look().former.items() for was in former}


def _patients_of_subjects(store: Store) -> Mapping[str, str]:
    """Say whom an act concerns: its subject is a patient, as called that day, or something of one."""
    ward = store.ward
    photos = (*ward.photos(), *ward.photos_after_withdrawal(), *ward.photos_left_out())
    of_photo = {steps.photo.photo_id: steps.photo.patient for steps in photos}
    with store.committee.looking() as board:
        of_reading = {
            reading_id: of_photo[photo_id] for reading_id, photo_id in board.photos_of_readings().items()
        }
    of_query = {one.asked.query_id: one.asked.patient for one in store.queries.all()}
    both = {
        f"{one.was} → {one.becomes}": one.patient
        for one in store.changes.all()
        if isinstance(one, NumberCorrected)
    }
    return {
        **_called(store),
        **both,
        **{one.patient: one.patient for one in store.ward.patients()},
        **of_photo,
        **of_reading,
        **of_query,
    }
