"""How complete each site and visit is: figures for a table, and shares for a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mottling.services.office_views import Completeness, Standing
from mottling.web.trial_words import TrialWords

__all__ = ["Bar", "Part", "Piece", "SiteFigures", "VisitFigures", "bars_of", "of_endpoint", "site_figures"]


@dataclass(frozen=True)
class Part:
    """So many of so many."""

    count: int
    of: int

    @property
    def percent(self) -> int:
        """The share in percent; 0 of nobody."""
        return round(100 * self.count / self.of) if self.of else 0


@dataclass(frozen=True)
class VisitFigures:
    """One visit at one site, or of the whole trial."""

    visit: str
    visit_label: str
    patients: int
    photo: Part
    bedside: Part
    verdict: Part
    due: int
    overdue: int
    outside: int
    """Photographed outside the window."""
    waiting: int
    """Confirmed at the bedside; readers of the committee are awaited."""
    dispute: int
    """The readers differ."""
    not_done: int
    withdrawn: int
    not_assessable: int


@dataclass(frozen=True)
class SiteFigures:
    """One site, visit by visit."""

    site: str
    site_label: str
    visits: tuple[VisitFigures, ...]


@dataclass(frozen=True)
class Piece:
    """One piece of a bar."""

    standing: Standing
    count: int
    left_percent: float
    """Where it begins."""
    percent: float


@dataclass(frozen=True)
class Bar:
    """How far the patients of one site, or of all, have come with one visit."""

    site: str
    """Empty is every site."""
    label: str
    patients: int
    complete: Part
    pieces: tuple[Piece, ...]


def site_figures(lines: Sequence[Completeness], trial_words: TrialWords) -> tuple[SiteFigures, ...]:
    """Put the counts together by site, in the order in which they come."""
    sites = tuple(dict.fromkeys(line.site for line in lines))
    return tuple(
        SiteFigures(
            site,
            trial_words.site(site),
            tuple(_figures(line, trial_words.visit(line.visit)) for line in lines if line.site == site),
        )
        for site in sites
    )


def of_endpoint(lines: Sequence[Completeness], visit: str, trial_words: TrialWords) -> VisitFigures:
    """Add the sites up for one visit."""
    of_visit = [one for one in lines if one.visit == visit]
    return _figures(_sum(of_visit, visit), trial_words.visit(visit))


def bars_of(lines: Sequence[Completeness], visit: str, trial_words: TrialWords) -> tuple[Bar, ...]:
    """Draw one visit: a bar for every site that has patients, under the bar of all of them."""
    of_visit = [one for one in lines if one.visit == visit and one.patients]
    total = _bar(_sum(of_visit, visit), trial_words.words.say("office.every_site"))
    return (total, *(_bar(one, trial_words.site(one.site)) for one in of_visit))


def _sum(lines: Sequence[Completeness], visit: str) -> Completeness:
    names = [name for name in Completeness.__dataclass_fields__ if name not in ("site", "visit")]
    counts = {name: sum(getattr(line, name) for line in lines) for name in names}
    return Completeness(site="", visit=visit, **counts)


def _bar(line: Completeness, label: str) -> Bar:
    counts = (
        (Standing.COMPLETE, line.complete),
        (Standing.COMMITTEE, line.with_readers),
        (Standing.DISPUTE, line.in_dispute),
        (Standing.ON_WARD, line.on_ward),
        (Standing.DUE, line.due),
        (Standing.OVERDUE, line.overdue),
        (Standing.NOT_DONE, line.not_done),
        (Standing.WITHDRAWN, line.withdrawn),
        (Standing.NOT_YET, line.not_yet),
    )
    pieces, begin = [], 0
    for standing, count in counts:
        if count:
            left, width = (round(100 * part / line.patients, 2) for part in (begin, count))
            pieces.append(Piece(standing, count, left, width))
        begin += count
    return Bar(line.site, label, line.patients, Part(line.complete, line.patients), tuple(pieces))


def _figures(line: Completeness, visit_label: str) -> VisitFigures:
    return VisitFigures(
        visit=line.visit,
        visit_label=visit_label,
        patients=line.patients,
        photo=Part(line.with_photo, line.patients),
        bedside=Part(line.with_bedside_score, line.patients),
        verdict=Part(line.with_verdict, line.patients),
        due=line.due,
        overdue=line.overdue,
        outside=line.outside_window,
        waiting=line.with_readers,
        dispute=line.in_dispute,
        not_done=line.not_done,
        withdrawn=line.withdrawn,
        not_assessable=line.not_assessable,
    )
