"""What the office looks at: how complete each site is, and the outcome of each patient and visit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from mottling.scale import Status
from mottling.services.courses import VisitCourse
from mottling.services.verdicts import Verdicts
from mottling.services.views import Completeness, OutcomeLine, VisitState
from mottling.trial.charter import Charter
from mottling.trial.outcome import outcome_of

__all__ = ["completeness_of", "outcome_line"]


def completeness_of(
    courses: Sequence[VisitCourse], verdicts: Verdicts, charter: Charter, *, at: datetime
) -> tuple[Completeness, ...]:
    """Count by site and visit, in the trial file's order; a site without patients has its line too."""
    return tuple(
        _count(
            [each for each in courses if (each.patient.site, each.visit.code) == (site.code, visit.code)],
            verdicts,
            place=(site.code, visit.code),
            at=at,
        )
        for site in charter.sites
        for visit in charter.visits
    )


def _count(
    courses: Sequence[VisitCourse], verdicts: Verdicts, *, place: tuple[str, str], at: datetime
) -> Completeness:
    states = Counter(course.state(at) for course in courses)
    given = [verdicts.of(course) for course in courses]
    site, visit = place
    return Completeness(
        site=site,
        visit=visit,
        patients=len(courses),
        with_photo=sum(course.photo is not None for course in courses),
        with_bedside_score=sum(course.final is not None for course in courses),
        with_verdict=sum(verdict is not None for verdict in given),
        not_done=states[VisitState.NOT_DONE],
        due=states[VisitState.DUE],
        overdue=states[VisitState.OVERDUE],
        not_assessable=sum(
            verdict is not None and verdict.status is Status.NOT_ASSESSABLE for verdict in given
        ),
    )


def outcome_line(course: VisitCourse, verdicts: Verdicts, charter: Charter, *, at: datetime) -> OutcomeLine:
    """Say what the outcome of one patient and visit is so far."""
    verdict = verdicts.of(course)
    return OutcomeLine(
        site=course.patient.site,
        patient=course.patient.patient,
        visit=course.visit.code,
        state=course.state(at),
        bedside=course.final,
        verdict=verdict,
        outcome=outcome_of(charter.endpoint, own=course.own, final=course.final, verdict=verdict),
        outside_window=course.photo is not None and course.photo.outside_window,
        not_done_reason=None if course.not_done is None else course.not_done.reason,
    )
