"""The outcome, one line a patient and visit, in the words of the page."""

from __future__ import annotations

from dataclasses import dataclass

from mottling.services.office_views import Look, OutcomeLine, SeenLines, Standing
from mottling.services.views import Answer
from mottling.web.trial_words import TrialWords

__all__ = ["Line", "Lines", "in_words"]


@dataclass(frozen=True)
class Line:
    """One line, ready to show."""

    site: str
    patient: str
    visit: str
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
class Lines:
    """The lines that are looked at, and what else could be."""

    look: Look
    lines: tuple[Line, ...]
    left_out: int
    """Lines that are not shown, because there are very many."""
    counts: tuple[Count, ...]
    sites: tuple[str, ...]


def in_words(seen: SeenLines, trial_words: TrialWords) -> Lines:
    """Say the lines in the words of the trial file and of the page's language."""
    return Lines(
        look=seen.look,
        lines=tuple(_line(line, trial_words) for line in seen.lines),
        left_out=seen.count - len(seen.lines),
        counts=tuple(Count(standing, lines) for standing, lines in seen.counts.items()),
        sites=seen.sites,
    )


def _line(line: OutcomeLine, trial_words: TrialWords) -> Line:
    def said(answer: Answer | None) -> str:
        return "" if answer is None else trial_words.answer(answer)

    reason = line.not_done_reason
    return Line(
        site=line.site,
        patient=line.patient,
        visit=line.visit,
        visit_label=trial_words.visit(line.visit),
        standing=line.standing,
        bedside=said(line.bedside),
        verdict=said(line.verdict),
        outcome=said(line.outcome),
        outside_window=line.outside_window,
        not_done="" if reason is None else trial_words.why_not_done(reason),
    )
