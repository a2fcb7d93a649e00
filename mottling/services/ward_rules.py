"""What the ward refuses, each with its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.services.courses import VisitCourse, is_replaced
from mottling.services.views import Answer, Shot
from mottling.trial.charter import Charter
from mottling.trial.records import PhotoSteps

__all__ = [
    "check_because",
    "check_shot",
    "may_be_shown",
    "refuse_after_reveal",
    "refuse_after_withdrawal",
    "refuse_another_own_score",
    "refuse_closed",
    "refuse_replaced",
    "require_own_score",
]

_MOST_SIGNS = 2000
_KEY_SIGNS = 200
_LONGEST_WAIT_S = 30 * 24 * 3600.0


def refuse_closed(course: VisitCourse) -> None:
    """Refuse a photograph of a visit that is settled."""
    if course.not_done is not None:
        raise RecordRefused(
            f"The visit {course.visit.code!r} is recorded as not done", remedy="Choose another visit"
        )
    if course.steps is not None and course.steps.final is not None:
        raise RecordRefused(f"The visit {course.visit.code!r} is confirmed", remedy="Choose another visit")


def refuse_after_reveal(of_visit: Sequence[PhotoSteps], *, taken_at: datetime) -> None:
    """Refuse a photograph that was taken when the proposal for its visit had been shown.

    Its own score would be given by somebody who knows what the model said.
    """
    if any(one.reveal is not None and one.reveal.at <= taken_at for one in of_visit):
        raise RecordRefused(
            "What the model proposes for this visit was shown already",
            remedy="Go on with the photograph that is there: keep its score, or change it and say why",
        )


def may_be_shown(steps: PhotoSteps, charter: Charter) -> bool:
    """Say whether there is, or will be, a proposal to show; a model that failed has none."""
    return charter.proposal_on_ward and (steps.own is None or steps.assessment is not None)


def check_shot(shot: Shot) -> None:
    """Refuse a key or an age that no tablet sends."""
    if not 1 <= len(shot.key) <= _KEY_SIGNS:
        raise RecordRefused(
            f"The key has {len(shot.key)} characters", remedy=f"Send a key of 1 to {_KEY_SIGNS}"
        )
    if not 0 <= shot.age_s <= _LONGEST_WAIT_S:
        raise RecordRefused(
            f"The photograph is {shot.age_s:.0f} seconds old", remedy="Take the photograph again"
        )


def check_because(because: str) -> None:
    """Refuse a change of the score without its reason."""
    if not because.strip() or len(because) > _MOST_SIGNS:
        raise RecordRefused(
            f"The reason for the change has {len(because.strip())} characters",
            remedy=f"Say in a few words why the score changed, in at most {_MOST_SIGNS} characters",
        )


def require_own_score(steps: PhotoSteps) -> Answer:
    """Give the own score; refuse what comes after it while it is not locked."""
    if steps.own is None:
        raise NotAllowed("Your own score is not locked", remedy="Lock your own score first")
    return steps.own.answer


def refuse_replaced(steps: PhotoSteps, of_patient: Sequence[PhotoSteps]) -> None:
    """Refuse to go on with a photograph in whose place a later one was taken."""
    if is_replaced(steps, of_patient):
        raise Conflict("A later photograph of this visit was taken", remedy="Go on with the later photograph")


def refuse_after_withdrawal(steps: PhotoSteps) -> None:
    """Refuse to confirm what was taken when the patient had withdrawn: it is kept, and counts nowhere."""
    if steps.is_after_withdrawal:
        raise Conflict(
            "The patient had withdrawn when this photograph was taken",
            remedy="It is kept and counts nowhere: nothing is left to do",
        )


def refuse_another_own_score(steps: PhotoSteps, answer: Answer, *, by: str) -> None:
    """Refuse an own score that comes again and is not the one that is locked."""
    if steps.own is not None and (steps.own.answer, steps.own.by) != (answer, by):
        raise Conflict(
            "The own score of this photograph is locked already", remedy="Go on with the score that is locked"
        )
