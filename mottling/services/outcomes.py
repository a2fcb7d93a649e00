"""What is on record of a visit, patient by patient, brought together for the trial's outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from mottling.services.verdicts import Verdicts
from mottling.store.store import Store
from mottling.trial.charter import Visit
from mottling.trial.outcome import PhotoRead, VisitRecords
from mottling.trial.records import PhotoSteps

__all__ = ["records_of"]


def records_of(store: Store, visits: Sequence[Visit]) -> tuple[VisitRecords, ...]:
    """Bring together what is on record of the visits of every patient, by patient and visit."""
    verdicts = Verdicts.read(store.committee)
    photos: defaultdict[tuple[str, str], list[PhotoRead]] = defaultdict(list)
    for steps in store.ward.photos():
        photos[steps.photo.patient, steps.photo.visit].append(_read(steps, verdicts))
    not_done = {(one.patient, one.visit): one for one in store.ward.not_done()}
    changes = store.changes.look()
    erased = {(one.photo.patient, one.photo.visit) for one in store.ward.photos_left_out()}
    return tuple(
        VisitRecords(
            patient=patient,
            visit=visit,
            photos=tuple(photos[patient.patient, visit.code]),
            not_done=not_done.get((patient.patient, visit.code)),
            changes=changes,
            is_erased=(patient.patient, visit.code) in erased,
        )
        for patient in store.ward.patients()
        for visit in visits
    )


def _read(steps: PhotoSteps, verdicts: Verdicts) -> PhotoRead:
    photo_id = steps.photo.photo_id
    return PhotoRead(steps, verdicts.readings(photo_id), verdicts.verdict(photo_id))
