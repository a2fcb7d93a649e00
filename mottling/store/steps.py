"""Finds photographs and the steps that were taken with each."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from sqlalchemy import ColumnElement

from mottling.errors import RecordRefused
from mottling.store.changes import left_out_of, withdrawals_of
from mottling.store.keyring import were_erased
from mottling.store.ledger import Page
from mottling.store.schema import KINDS
from mottling.trial.changes import Changes
from mottling.trial.office_records import Erasure
from mottling.trial.records import (
    AssessmentRecord,
    FinalRecord,
    OwnScore,
    Photo,
    PhotoSteps,
    Reveal,
    WaitedPhoto,
)

__all__ = ["existing_photo", "refuse_erased", "step", "with_steps"]

_PHOTOS = KINDS[Photo].table
_ERASURES = KINDS[Erasure].table

# Up to so many photographs are looked up one by one; of more, all steps are read and sorted out here.
_FEW = 20

Step = TypeVar("Step", OwnScore, AssessmentRecord, Reveal, FinalRecord, WaitedPhoto)


def existing_photo(page: Page, photo_id: str) -> Photo:
    """Find a photograph that must be there.

    Raises:
        RecordRefused: There is none.
        PhotosErased: It was erased.
    """
    photo = page.newest(Photo, _PHOTOS.c.photo_id, photo_id)
    if photo is None:
        raise RecordRefused("There is no such photograph", remedy="Choose the patient and the visit again")
    refuse_erased(page, photo.patient)
    return photo


def refuse_erased(page: Page, patient: str) -> None:
    """Refuse whatever would be done with photographs that were erased.

    Raises:
        PhotosErased: They were.
    """
    if page.newest(Erasure, _ERASURES.c.patient, page.who.first(patient)) is not None:
        raise were_erased()


def step(page: Page, kind: type[Step], photo_id: str) -> Step | None:
    """Find one step of a photograph."""
    return page.newest(kind, KINDS[kind].table.c.photo_id, photo_id)


def with_steps(page: Page, *where: ColumnElement[bool]) -> tuple[PhotoSteps, ...]:
    """List photographs with their steps, the earliest first."""
    photos = page.all(Photo, *where)
    if not photos:  # as with every first photograph of a visit
        return ()
    wanted = {photo.photo_id for photo in photos}
    own = _by_photo(page, OwnScore, wanted)
    assessments = _by_photo(page, AssessmentRecord, wanted)
    reveals = _by_photo(page, Reveal, wanted)
    finals = _by_photo(page, FinalRecord, wanted)
    waited = _by_photo(page, WaitedPhoto, wanted)
    found = (
        PhotoSteps(
            photo,
            own=own.get(photo.photo_id),
            assessment=assessments.get(photo.photo_id),
            reveal=reveals.get(photo.photo_id),
            final=finals.get(photo.photo_id),
            waited=waited.get(photo.photo_id),
        )
        for photo in photos
    )
    changes = Changes(withdrawals_of(page), left_out=left_out_of(page))
    return tuple(_as_it_counts(one, changes) for one in found)


def _as_it_counts(steps: PhotoSteps, changes: Changes) -> PhotoSteps:
    """Say of a photograph whether it counts; of one that is left out no step is given to anybody."""
    patient = steps.photo.patient
    is_late = changes.is_after_withdrawal(patient, steps.taken_at)
    if changes.is_left_out(patient):
        without = replace(steps, own=None, assessment=None, reveal=None, final=None)
        return replace(without, is_after_withdrawal=is_late, is_left_out=True)
    return replace(steps, is_after_withdrawal=True) if is_late else steps


def _by_photo(page: Page, kind: type[Step], wanted: set[str]) -> dict[str, Step]:
    column = KINDS[kind].table.c.photo_id
    where = [column.in_(wanted)] if len(wanted) <= _FEW else []
    return {step.photo_id: step for step in page.all(kind, *where)}
