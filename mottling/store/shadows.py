"""The book of shadows: which challenger scores silently, and what it says; no ward and no reader sees it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, select

from mottling.assessment import Assessment
from mottling.errors import Conflict
from mottling.store.changes import left_out_of
from mottling.store.ledger import Ledger, Page
from mottling.store.schema import KINDS
from mottling.store.steps import existing_photo
from mottling.trial.model_records import ShadowAct, ShadowAssessment, ShadowRun
from mottling.trial.office_records import Erasure, ModelRelease
from mottling.trial.records import AssessmentRecord, Patient, Photo

__all__ = ["ShadowBook", "ShadowPair"]

_RUNS = KINDS[ShadowRun].table
_SHADOWS = KINDS[ShadowAssessment].table
_ASSESSMENTS = KINDS[AssessmentRecord].table
_PHOTOS = KINDS[Photo].table
_RELEASES = KINDS[ModelRelease].table
_ERASURES = KINDS[Erasure].table


@dataclass(frozen=True)
class ShadowPair:
    """One photograph that both models have seen."""

    patient: str
    """Only told apart, never shown."""
    site: str
    in_use: Assessment
    """Of the model that was in use then."""
    shadow: Assessment


class ShadowBook:
    """What is kept of challengers that score beside the model in use."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def running(self) -> ShadowRun | None:
        """Give the challenger that scores silently; None when none does, or when it came into use."""
        with self._ledger.reading() as page:
            return _running(page)

    def runs(self) -> tuple[ShadowRun, ...]:
        """List when challengers were started and stopped, the earliest first."""
        with self._ledger.reading() as page:
            return page.all(ShadowRun)

    def note(self, run: ShadowRun) -> None:
        """Record that a challenger begins to score silently, or stops.

        Raises:
            Conflict: Another one does, or none does that could stop.
        """
        with self._ledger.writing() as pen:
            running = _running(pen)
            if run.kind is ShadowAct.STARTED and running is not None:
                raise Conflict(f"{running.name} scores silently already", remedy="Stop it first")
            if run.kind is ShadowAct.STOPPED and (running is None or running.sha256 != run.sha256):
                raise Conflict("No model scores silently", remedy="Nothing is to be done")
            pen.add(run)

    def waiting(self, run: ShadowRun) -> tuple[str, ...]:
        """List the photographs that were assessed since a run began and that its model has not seen."""
        seen = and_(_SHADOWS.c.photo_id == _ASSESSMENTS.c.photo_id, _SHADOWS.c.model_sha256 == run.sha256)
        with self._ledger.reading() as page:
            began = page.place(ShadowRun, _RUNS.c.kind == ShadowAct.STARTED.value)
            found = page.connection.execute(
                select(_ASSESSMENTS.c.photo_id)
                .join(_PHOTOS, _PHOTOS.c.photo_id == _ASSESSMENTS.c.photo_id)
                .outerjoin(_SHADOWS, seen)
                .outerjoin(_ERASURES, _ERASURES.c.patient == _PHOTOS.c.patient)
                .where(
                    _ASSESSMENTS.c.number > began,
                    _SHADOWS.c.number.is_(None),
                    _ERASURES.c.number.is_(None),
                )
                .order_by(_ASSESSMENTS.c.number)
            )
            return tuple(found.scalars())

    def add(self, seen: ShadowAssessment) -> None:
        """Record what a challenger says of a photograph; nothing happens when it has said it already.

        Raises:
            PhotosErased: The photograph was erased meanwhile.
        """
        same = (_SHADOWS.c.photo_id == seen.photo_id, _SHADOWS.c.model_sha256 == seen.model_sha256)
        with self._ledger.writing() as pen:
            existing_photo(pen, seen.photo_id)
            if pen.last(ShadowAssessment, *same) is None:
                pen.add(seen)

    def pairs(self, sha256: str) -> tuple[ShadowPair, ...]:
        """Pair what a challenger said with what the model in use said of the same photograph."""
        with self._ledger.reading() as page:
            sites = {one.patient: one.site for one in page.all(Patient)}
            patients = {one.photo_id: one.patient for one in page.all(Photo)}
            in_use = {one.photo_id: one.assessment for one in page.all(AssessmentRecord)}
            shadows = page.all(ShadowAssessment, _SHADOWS.c.model_sha256 == sha256)
            left_out = left_out_of(page)
        return tuple(
            ShadowPair(
                patient=patients[one.photo_id],
                site=sites[patients[one.photo_id]],
                in_use=in_use[one.photo_id],
                shadow=one.assessment,
            )
            for one in shadows
            if patients[one.photo_id] not in left_out
        )


def _running(page: Page) -> ShadowRun | None:
    last = page.last(ShadowRun)
    if last is None or last.kind is ShadowAct.STOPPED:
        return None
    # Who came into use since scores for all to see.
    released = page.place(ModelRelease, _RELEASES.c.name == last.name, _RELEASES.c.sha256 == last.sha256)
    return None if released > page.place(ShadowRun) else last
