"""Where each visit of each patient stands now, for the office: counted, and listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
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

__all__ = ["VisitStanding", "completeness_of", "lines_of", "outcome_line", "standings_of"]

_STANDING = {
    VisitState.NOT_YET: Standing.NOT_YET,
    VisitState.DUE: Standing.DUE,
    VisitState.OVERDUE: Standing.OVERDUE,
    VisitState.TO_SCORE: Standing.ON_WARD,
    VisitState.TO_CONFIRM: Standing.ON_WARD,
    VisitState.NOT_DONE: Standing.NOT_DONE,
    VisitState.WITHDRAWN: Standing.WITHDRAWN,
}


class VisitStanding(NamedTuple):
    """One visit of one patient. A named tuple: twenty thousand are made for one look at a large trial."""

    patient: Patient
    visit: Visit
    state: VisitState
    standing: Standing
    photo: PhotoStanding | None
    not_done: str | None


def standings_of(board: Board, charter: Charter, *, at: datetime) -> list[VisitStanding]:
    """Say where each visit stands, by patient and in the trial file's order of visits."""
    readers = charter.reading.readers_per_photo
    return [
        _standing_of(patient, visit, board, readers=readers, at=at)
        for patient in board.patients
        for visit in charter.visits
    ]


def _standing_of(
    patient: Patient, visit: Visit, board: Board, *, readers: int, at: datetime
) -> VisitStanding:
    place = (patient.patient, visit.code)
    photo, not_done = board.photos.get(place), board.not_done.get(place)
    if photo is not None and photo.taken_at is not None and patient.patient in board.changes.re_enrolled:
        window = window_of(visit, randomised_at=patient.randomised_at)
        photo = replace(photo, outside_window=not window.holds(photo.taken_at))
    state = state_on_record(photo, is_not_done=not_done is not None)
    if state is None:
        # Of twenty thousand visits, only those without a record need their window.
        window = window_of(visit, randomised_at=patient.randomised_at)
        state = state_by_window(window, board.changes.withdrawals.get(patient.patient), at=at)
    if state is not VisitState.DONE:
        standing = _STANDING[state]
    elif photo is not None and photo.verdict is not None:
        standing = Standing.COMPLETE
    else:
        assert photo is not None, "done is photographed"
        standing = Standing.DISPUTE if len(photo.readers) >= readers else Standing.COMMITTEE
    return VisitStanding(patient, visit, state, standing, photo, not_done)


def completeness_of(standings: Sequence[VisitStanding], charter: Charter) -> tuple[Completeness, ...]:
    """Count by site and visit, in the trial file's order; a site without patients has its line too."""
    places = [(site.code, visit.code) for site in charter.sites for visit in charter.visits]
    counted: dict[tuple[str, str], Counter[str]] = {place: Counter() for place in places}
    # Of twenty thousand visits, most are alike: each kind is looked at once.
    for alike, visits in Counter(map(_kind, standings)).items():
        place = (alike.site, alike.visit)
        if place in counted:  # a site may have left the trial file
            for name in _counts_as(alike):
                counted[place][name] += visits
    return tuple(_completeness(place, counted[place]) for place in places)


class _Pictured(NamedTuple):
    """What is counted of a photograph."""

    is_outside: bool
    has_final: bool
    verdict: Status | None


class _Kind(NamedTuple):
    """What is counted of a visit."""

    site: str
    visit: str
    standing: Standing
    photo: _Pictured | None


def _kind(one: VisitStanding) -> _Kind:
    photo = one.photo
    if photo is None:
        return _Kind(one.patient.site, one.visit.code, one.standing, None)
    verdict = None if photo.verdict is None else photo.verdict.status
    pictured = _Pictured(photo.outside_window, photo.final is not None, verdict)
    return _Kind(one.patient.site, one.visit.code, one.standing, pictured)


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
    of_site = [one for one in standings if look.site in ("", one.patient.site)]
    seen = (
        of_site
        if look.standing is Standing.ALL
        else [one for one in of_site if one.standing is look.standing]
    )
    counts = Counter(one.standing for one in of_site)
    counts[Standing.ALL] = len(of_site)
    return SeenLines(
        look=look,
        lines=tuple(outcome_line(one, charter) for one in seen[:most]),
        count=len(seen),
        counts={one: counts[one] for one in Standing if counts[one] or one is look.standing},
        sites=tuple(sorted({one.patient.site for one in standings})),
    )


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
