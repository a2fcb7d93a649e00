"""The outcome, one line a patient and visit, looked at by site and by how far each has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mottling.services.views import Answer, OutcomeLine, VisitState
from mottling.web.trial_words import TrialWords

__all__ = ["Look", "SeenLine", "SeenLines", "Standing", "look_at"]


class Standing(StrEnum):
    """How far a patient's visit has come, as the office asks for it."""

    ALL = "all"
    OVERDUE = "overdue"
    DUE = "due"
    ON_WARD = "on_ward"
    """Photographed; the ward has not confirmed a score."""
    COMMITTEE = "committee"
    """Confirmed at the bedside; the committee has not decided."""
    COMPLETE = "complete"
    """The committee has decided."""
    NOT_DONE = "not_done"
    NOT_YET = "not_yet"


_STANDING = {
    VisitState.NOT_YET: Standing.NOT_YET,
    VisitState.DUE: Standing.DUE,
    VisitState.OVERDUE: Standing.OVERDUE,
    VisitState.TO_SCORE: Standing.ON_WARD,
    VisitState.TO_CONFIRM: Standing.ON_WARD,
    VisitState.NOT_DONE: Standing.NOT_DONE,
}


@dataclass(frozen=True)
class Look:
    """What is looked at."""

    site: str
    """Empty is every site."""
    standing: Standing


@dataclass(frozen=True)
class SeenLine:
    """One line, ready to show."""

    site: str
    patient: str
    visit_label: str
    standing: Standing
    bedside: str
    verdict: str
    outcome: str
    outside_window: bool
    not_done: str
    """Why it was not done; empty when it was."""


@dataclass(frozen=True)
class Count:
    """How many lines stand so."""

    standing: Standing
    lines: int


@dataclass(frozen=True)
class SeenLines:
    """The lines that are looked at, and what else could be."""

    look: Look
    lines: tuple[SeenLine, ...]
    counts: tuple[Count, ...]
    """Of the site; standings with no line are left out."""
    sites: tuple[str, ...]


def look_at(outcome: Sequence[OutcomeLine], look: Look, trial_words: TrialWords) -> SeenLines:
    """Choose the lines of a site and a standing."""
    of_site = [line for line in outcome if look.site in ("", line.site)]
    seen = [line for line in of_site if look.standing in (Standing.ALL, _standing(line))]
    counts = [Count(Standing.ALL, len(of_site))]
    counts += [Count(one, sum(_standing(line) is one for line in of_site)) for one in tuple(Standing)[1:]]
    return SeenLines(
        look=look,
        lines=tuple(_seen(line, trial_words) for line in seen),
        counts=tuple(count for count in counts if count.lines or count.standing is look.standing),
        sites=tuple(dict.fromkeys(line.site for line in outcome)),
    )


def _standing(line: OutcomeLine) -> Standing:
    if line.state is VisitState.DONE:
        return Standing.COMMITTEE if line.verdict is None else Standing.COMPLETE
    return _STANDING[line.state]


def _seen(line: OutcomeLine, trial_words: TrialWords) -> SeenLine:
    def said(answer: Answer | None) -> str:
        return "" if answer is None else trial_words.answer(answer)

    reason = line.not_done_reason
    return SeenLine(
        site=line.site,
        patient=line.patient,
        visit_label=trial_words.visit(line.visit),
        standing=_standing(line),
        bedside=said(line.bedside),
        verdict=said(line.verdict),
        outcome=said(line.outcome),
        outside_window=line.outside_window,
        not_done="" if reason is None else trial_words.why_not_done(reason),
    )
