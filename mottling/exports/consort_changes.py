"""What changed about patients after enrolment, counted for the CONSORT-AI page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from mottling.exports.extract import Extract
from mottling.trial.changes import Extent
from mottling.trial.outcome import Missing, VisitRecords

__all__ = ["ChangeFacts", "change_facts_of"]


@dataclass(frozen=True)
class ChangeFacts:
    """Withdrawals, transfers and corrections, as they hold now."""

    withdrawn: Mapping[Extent, int]
    """Patients who withdrew, by what from."""
    withdrawn_visits: int
    """Visits without a photograph because of it; those on record as not done are counted by their reason."""
    after_withdrawal: int
    """Photographs from after a withdrawal; they are counted nowhere else."""
    transferred: int
    """Patients who moved to another site."""
    elsewhere: int
    """Photographs that were taken at another site than the one that randomised."""
    corrected: int
    """Patients whose number, site or time of randomisation was corrected."""


def change_facts_of(extract: Extract) -> ChangeFacts:
    """Count."""
    records = [one.records for one in extract.outcomes]
    # Of each patient there is one for every visit; what changed is the same in all of them.
    patients = {one.patient.patient: one for one in records}.values()
    return ChangeFacts(
        withdrawn=Counter(one.withdrawal.extent for one in patients if one.withdrawal is not None),
        withdrawn_visits=sum(
            one.missing is Missing.WITHDRAWN and one.records.not_done is None for one in extract.outcomes
        ),
        after_withdrawal=extract.after_withdrawal,
        transferred=sum(map(_moved, patients)),
        elsewhere=sum(
            one.site_of(photo.steps) != one.patient.site for one in records for photo in one.photos
        ),
        corrected=sum(map(_was_corrected, patients)),
    )


def _moved(one: VisitRecords) -> bool:
    moves = one.changes.transfers.get(one.patient.patient, ())
    return any(move.site != one.patient.site for move in moves)


def _was_corrected(one: VisitRecords) -> bool:
    return one.patient.patient in one.changes.former or one.patient.patient in one.changes.re_enrolled
