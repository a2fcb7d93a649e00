"""How alike readings are: the trial's cases, and the report once the read-out is closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mottling import __version__
from mottling.agreement.cases import Case, Repeat, SeenModel
from mottling.agreement.figures import figures_of
from mottling.agreement.printer import report_pdf
from mottling.agreement.report import Origin, report_html
from mottling.agreement.texts import texts_in
from mottling.errors import ExportRefused, PhotosErased
from mottling.imaging.device import device_of
from mottling.services.accounts import User
from mottling.services.courses import VisitCourse, courses_of
from mottling.services.readout import is_closed
from mottling.services.views import VisitState
from mottling.store.locked import Locked
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.charter import Charter
from mottling.trial.committee_records import ConsensusReading
from mottling.trial.office_records import ExportRecord
from mottling.trial.records import Answer, Reading

__all__ = ["Agreement", "cases_of"]


class Agreement:
    """What the statistician asks for. Readers never see it."""

    def __init__(self, store: Store, charter: Charter) -> None:
        """Take the store and the trial file."""
        self._store = store
        self._charter = charter

    def may_leave(self) -> bool:
        """Say whether the report may be made for anybody: the read-out is closed."""
        return is_closed(self._store)

    def report(self, user: User, *, language: str, while_open: bool, at: datetime) -> str:
        """Write the report as one HTML file; the audit trail records that it leaves.

        Args:
            user: For whom it is.
            language: Of the report: `fr` or `en`.
            while_open: Whether it may be made though the read-out is open: for a statistician who has no
                part in the reading. The report says so.
            at: Now.

        Raises:
            ExportRefused: The read-out is open.
        """
        made = self._make(user, language=language, while_open=while_open, at=at)
        self._note(user, made, "agreement.html", made.html.encode(), at=at)
        return made.html

    def report_pdf(self, user: User, *, language: str, while_open: bool, at: datetime) -> bytes:
        """Print the same report as a PDF; as `report` otherwise."""
        made = self._make(user, language=language, while_open=while_open, at=at)
        title = f"{texts_in(language).say('title')}, {self._charter.trial}"
        pdf = report_pdf(made.html, title=title, language=language, made_at=at)
        self._note(user, made, "agreement.pdf", pdf, at=at)
        return pdf

    def _make(self, user: User, *, language: str, while_open: bool, at: datetime) -> _Made:
        require(user.role, Act.SEE_AGREEMENT)
        is_open = not is_closed(self._store)
        if is_open and not while_open:
            raise ExportRefused(
                "The read-out is open, and nobody who reads may see how alike readings are",
                remedy="Close it with `mottling readout close`, or say --statistician-while-open",
            )
        cases = cases_of(self._store, self._charter, at=at)
        figures = figures_of(
            cases,
            sites=[site.code for site in self._charter.sites],
            rules=self._charter.reading,
        )
        report = report_html(figures, self._origin(is_open=is_open, at=at), language=language)
        return _Made(report, is_open=is_open, cases=len(cases))

    def _note(self, user: User, made: _Made, kind: str, data: bytes, *, at: datetime) -> None:
        self._store.office.note_export(
            ExportRecord.of(
                data,
                kind=f"{kind}, read-out open" if made.is_open else kind,
                rows=made.cases,
                by=user.name,
                at=at,
            )
        )

    def _origin(self, *, is_open: bool, at: datetime) -> Origin:
        return Origin(
            trial=self._charter.trial,
            registration=self._charter.registration,
            made_at=at,
            version=__version__,
            is_open=is_open,
            sites={site.code: site.name for site in self._charter.sites},
            reading=self._charter.reading,
        )


@dataclass(frozen=True)
class _Made:
    """A report before it leaves."""

    html: str
    is_open: bool
    cases: int


@dataclass(frozen=True)
class _Said:
    """What the committee said of each photograph."""

    readings: Mapping[str, tuple[Locked, ...]]
    repeats: Mapping[str, tuple[Repeat, ...]]
    verdicts: Mapping[str, str]
    """The id of the reading that counts, by photo."""
    consensus: Mapping[str, ConsensusReading]
    """What was said together, by photo: it counts then."""
    second_looks: Mapping[str, str]
    """The id of the reading that was asked for last because the model lay far from the verdict, by photo."""


def cases_of(store: Store, charter: Charter, *, at: datetime) -> tuple[Case, ...]:
    """Gather every visit whose window has opened, with all that was said of its photograph."""
    said, tones = _said(store), store.office.tones()
    return tuple(
        _case(store, course, said, tone=tones.get(course.patient.patient))
        for visits in courses_of(store.ward.patients(), store.ward, charter)
        for course in visits
        if course.state(at) is not VisitState.NOT_YET
    )


def _said(store: Store) -> _Said:
    readings: defaultdict[str, list[Locked]] = defaultdict(list)
    repeats: defaultdict[str, list[Repeat]] = defaultdict(list)
    for locked in store.committee.counting():
        photo_id, reading = locked.reading.photo_id, locked.reading
        if isinstance(reading, Reading):
            readings[photo_id].append(locked)
            continue
        for first in readings[photo_id]:
            if first.reading.by == reading.by:
                repeats[photo_id].append(Repeat(reading.by, _blind(first), _blind(locked), reading.at))
    return _Said(
        {photo_id: tuple(each) for photo_id, each in readings.items()},
        {photo_id: tuple(each) for photo_id, each in repeats.items()},
        {verdict.photo_id: verdict.reading_id for verdict in store.committee.verdicts()},
        {together.photo_id: together for together in store.committee.consensus()},
        {asked.photo_id: asked.reading_id for asked in store.committee.second_looks()},
    )


def _blind(locked: Locked) -> Answer:
    """Give what a reader said before he saw anything of the model."""
    return locked.reading.answer if locked.seen is None else locked.seen.before


def _case(store: Store, course: VisitCourse, said: _Said, *, tone: int | None) -> Case:
    patient, steps = course.patient, course.steps
    if steps is None:
        return Case(patient.patient, patient.site, None)
    photo = steps.photo
    locked = said.readings.get(photo.photo_id, ())
    readings = [one.reading for one in locked if isinstance(one.reading, Reading)]
    chosen = said.verdicts.get(photo.photo_id)
    again = said.second_looks.get(photo.photo_id)
    one_of_them = next((reading for reading in readings if reading.reading_id == chosen), None)
    return Case(
        patient=patient.patient,
        site=patient.site,
        taken_at=steps.taken_at,
        bedside=course.final,
        readings=tuple(reading for reading in readings if reading.reading_id != again),
        repeats=said.repeats.get(photo.photo_id, ()),
        is_looked_at_again=again is not None,
        second_look=next((reading for reading in readings if reading.reading_id == again), None),
        verdict=one_of_them or said.consensus.get(photo.photo_id),
        seen=_seen(locked, but=again),
        assessment=course.assessment,
        device=_device(store, photo.photo_id),
        tone=tone,
    )


def _seen(locked: Iterable[Locked], *, but: str | None) -> Mapping[str, SeenModel]:
    return {
        one.reading.by: SeenModel(one.seen.before, one.seen.after, one.seen.counts)
        for one in locked
        if one.seen is not None and one.reading.reading_id != but
    }


def _device(store: Store, photo_id: str) -> str | None:
    """Read the device from the photograph itself: no record names it, and an erased one says nothing."""
    try:
        return device_of(store.ward.photo_bytes(photo_id))
    except PhotosErased:
        return None
