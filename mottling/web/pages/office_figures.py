"""How complete each site and visit is, as shares that bars can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mottling.services.views import Completeness
from mottling.web.trial_words import TrialWords

__all__ = ["Part", "SiteFigures", "VisitFigures", "of_endpoint", "site_figures"]


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
    waiting: int
    """Confirmed at the bedside, and the committee has not decided."""
    due: int
    overdue: int
    not_done: int
    not_assessable: int


@dataclass(frozen=True)
class SiteFigures:
    """One site, visit by visit."""

    site: str
    site_label: str
    visits: tuple[VisitFigures, ...]


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


def of_endpoint(sites: Sequence[SiteFigures], visit: str) -> VisitFigures:
    """Add the sites up for one visit."""
    of_visit = [one for site in sites for one in site.visits if one.visit == visit]
    patients = sum(one.patients for one in of_visit)
    return VisitFigures(
        visit=visit,
        visit_label=of_visit[0].visit_label if of_visit else visit,
        patients=patients,
        photo=Part(sum(one.photo.count for one in of_visit), patients),
        bedside=Part(sum(one.bedside.count for one in of_visit), patients),
        verdict=Part(sum(one.verdict.count for one in of_visit), patients),
        waiting=sum(one.waiting for one in of_visit),
        due=sum(one.due for one in of_visit),
        overdue=sum(one.overdue for one in of_visit),
        not_done=sum(one.not_done for one in of_visit),
        not_assessable=sum(one.not_assessable for one in of_visit),
    )


def _figures(line: Completeness, visit_label: str) -> VisitFigures:
    return VisitFigures(
        visit=line.visit,
        visit_label=visit_label,
        patients=line.patients,
        photo=Part(line.with_photo, line.patients),
        bedside=Part(line.with_bedside_score, line.patients),
        verdict=Part(line.with_verdict, line.patients),
        waiting=max(0, line.with_bedside_score - line.with_verdict),
        due=line.due,
        overdue=line.overdue,
        not_done=line.not_done,
        not_assessable=line.not_assessable,
    )
