"""Where each visit of each patient stands now, for the office: counted, and listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from mottling.scale import Status
from mottling.services.office_views import Completeness, Look, OutcomeLine, SeenLines, Standing
from mottling.services.views import VisitState
from mottling.services.visit_states import state_by_window, state_on_record
from mottling.store.board import Board, PhotoStanding
from mottling.trial.charter import Charter, Visit
from mottling.trial.outcome import outcome_of
from mottling.trial.records import Patient
from mottling.trial.visits import window_of

__all__ = ["Standings", "VisitStanding", "completeness_of", "lines_of", "outcome_line"]

_STANDING = {
    VisitState.NOT_YET: Standing.NOT_YET,
    VisitState.DUE: Standing.DUE,
    VisitState.OVERDUE: Standing.OVERDUE,
    VisitState.TO_SCORE: Standing.ON_WARD,
    VisitState.TO_CONFIRM: Standing.ON_WARD,
    VisitState.NOT_DONE: Standing.NOT_DONE,
    VisitState.WITHDRAWN: Standing.WITHDRAWN,
}


class _Pictured(NamedTuple):
    """What is counted of a photograph."""

    is_outside: bool
    has_final: bool
    verdict: Status | None


class _Kind(NamedTuple):
    """What is counted of a visit: of twenty thousand visits, nearly all are of a few hundred kinds."""

    site: str
    visit: str
    standing: Standing
    photo: _Pictured | None


class VisitStanding(NamedTuple):
    """One visit of one patient. A named tuple: there are twenty thousand of a large trial."""

    patient: Patient
    visit: Visit
    state: VisitState
    kind: _Kind
    photo: PhotoStanding | None
    not_done: str | None

    @property
    def standing(self) -> Standing:
        """How far the visit has come."""
        return self.kind.standing

    def without_dispute(self) -> VisitStanding:
        """Say that readers are awaited, also where they differ."""
        if self.kind.standing is not Standing.DISPUTE:
            return self
        return self._replace(kind=self.kind._replace(standing=Standing.COMMITTEE))


class Standings:
    """Says where each visit stands. Safe to use from several threads.

    What was said of a visit that has a record is kept, and said again as long as patient, photograph and
    reason are the very ones of which it was said: the board gives others as soon as a record says anything
    new of them. A visit without a record stands by the clock, and is looked at each time.
    """

    def __init__(self, charter: Charter) -> None:
        self._charter = charter
        self._said: dict[tuple[str, str], VisitStanding] = {}
        self._kinds: dict[_Kind, _Kind] = {}

    def of(self, board: Board, *, at: datetime) -> list[VisitStanding]:
        """Say where each visit stands, by patient and in the trial file's order of visits."""
        photos, not_dones, found = board.photos, board.not_done, []
        for patient in board.patients:
            for visit in self._charter.visits:
                place = (patient.patient, visit.code)
                photo, not_done, said = photos.get(place), not_dones.get(place), self._said.get(place)
                if said is None or not (
                    said.photo is photo and said.not_done == not_done and said.patient is patient
                ):
                    said = self._look(patient, visit, board, at=at)
                found.append(said)
        return found

    def _look(self, patient: Patient, visit: Visit, board: Board, *, at: datetime) -> VisitStanding:
        place = (patient.patient, visit.code)
        photo, not_done = board.photos.get(place), board.not_done.get(place)
        if photo is not None and photo.taken_at is not None and patient.patient in board.changes.re_enrolled:
            window = window_of(visit, randomised_at=patient.randomised_at)
            photo = replace(photo, outside_window=not window.holds(photo.taken_at))
        state = state_on_record(photo, is_not_done=not_done is not None)
        has_record = state is not None
        if state is None and place in board.erased:
            state = VisitState.WITHDRAWN
        if state is None:
            window = window_of(visit, randomised_at=patient.randomised_at)
            state = state_by_window(window, board.changes.withdrawals.get(patient.patient), at=at)
        kind = _kind(patient, visit, photo, standing=self._standing(state, photo))
        kind = self._kinds.setdefault(kind, kind)
        seen = VisitStanding(patient, visit, state, kind, photo, not_done)
        if has_record:
            self._said[place] = seen
        return seen

    def _standing(self, state: VisitState, photo: PhotoStanding | None) -> Standing:
        if state is not VisitState.DONE:
            return _STANDING[state]
        assert photo is not None, "done is photographed"
        if photo.verdict is not None:
            return Standing.COMPLETE
        has_all = len(photo.readers) >= self._charter.reading.readers_per_photo
        return Standing.DISPUTE if has_all else Standing.COMMITTEE


def _kind(patient: Patient, visit: Visit, photo: PhotoStanding | None, *, standing: Standing) -> _Kind:
    if photo is None:
        return _Kind(patient.site, visit.code, standing, None)
    verdict = None if photo.verdict is None else photo.verdict.status
    pictured = _Pictured(photo.outside_window, photo.final is not None, verdict)
    return _Kind(patient.site, visit.code, standing, pictured)


def completeness_of(standings: Sequence[VisitStanding], charter: Charter) -> tuple[Completeness, ...]:
    """Count by site and visit, in the trial file's order; a site without patients has its line too."""
    places = [(site.code, visit.code) for site in charter.sites for visit in charter.visits]
    counted: dict[tuple[str, str], Counter[str]] = {place: Counter() for place in places}
    for kind, visits in _kinds_of(standings).items():
        place = (kind.site, kind.visit)
        if place in counted:  # a site may have left the trial file
            for name in _counts_as(kind):
                counted[place][name] += visits
    return tuple(_completeness(place, counted[place]) for place in places)


def _kinds_of(standings: Sequence[VisitStanding]) -> Counter[_Kind]:
    """Count the visits of each kind, so that each kind is looked at once."""
    return Counter(map(attrgetter("kind"), standings))


def _counts_as(one: _Kind) -> Iterator[str]:
    """Name each count that goes up by such a visit."""
    yield one.standing
    if one.photo is None:
        return
    yield "with_photo"
    if one.photo.has_final:
        yield "with_bedside_score"
    if one.photo.is_outside:
        yield "outside_window"
    if one.photo.verdict is not None:
        yield "with_verdict"
    if one.photo.verdict is Status.NOT_ASSESSABLE:
        yield "not_assessable"


def _completeness(place: tuple[str, str], counted: Counter[str]) -> Completeness:
    site, visit = place
    return Completeness(
        site=site,
        visit=visit,
        patients=sum(counted[standing] for standing in Standing),
        with_photo=counted["with_photo"],
        with_bedside_score=counted["with_bedside_score"],
        with_verdict=counted["with_verdict"],
        not_assessable=counted["not_assessable"],
        outside_window=counted["outside_window"],
        not_yet=counted[Standing.NOT_YET],
        due=counted[Standing.DUE],
        overdue=counted[Standing.OVERDUE],
        on_ward=counted[Standing.ON_WARD],
        with_readers=counted[Standing.COMMITTEE],
        in_dispute=counted[Standing.DISPUTE],
        complete=counted[Standing.COMPLETE],
        not_done=counted[Standing.NOT_DONE],
        withdrawn=counted[Standing.WITHDRAWN],
    )


def lines_of(standings: Sequence[VisitStanding], look: Look, charter: Charter, *, most: int) -> SeenLines:
    """Choose the lines of a site and a standing; of many, the first `most`."""
    kinds = _kinds_of(standings)
    counts: Counter[Standing] = Counter()
    for kind, visits in kinds.items():
        if look.site in ("", kind.site):
            counts[kind.standing] += visits
            counts[Standing.ALL] += visits
    seen = (one for one in standings if _is_looked_at(one.kind, look))
    return SeenLines(
        look=look,
        lines=tuple(outcome_line(one, charter) for one in islice(seen, most)),
        count=counts[look.standing],
        counts={one: counts[one] for one in Standing if counts[one] or one is look.standing},
        sites=tuple(sorted({kind.site for kind in kinds})),
    )


def _is_looked_at(kind: _Kind, look: Look) -> bool:
    return look.site in ("", kind.site) and look.standing in (Standing.ALL, kind.standing)


def outcome_line(one: VisitStanding, charter: Charter) -> OutcomeLine:
    """Say what the outcome of one patient and visit is so far."""
    photo = one.photo
    own, final, verdict = (None, None, None) if photo is None else (photo.own, photo.final, photo.verdict)
    return OutcomeLine(
        site=one.patient.site,
        patient=one.patient.patient,
        visit=one.visit.code,
        state=one.state,
        standing=one.standing,
        bedside=final,
        verdict=verdict,
        outcome=outcome_of(charter.endpoint, own=own, final=final, verdict=verdict),
        outside_window=photo is not None and photo.outside_window,
        not_done_reason=one.not_done,
    )
