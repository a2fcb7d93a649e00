"""How the committee's reading went: what each centre gave, who had to decide, how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mottling.agreement.cases import Case
from mottling.assessment import Assessment
from mottling.scale import Status
from mottling.trial.adjudication import are_far_apart, differ, is_left_open
from mottling.trial.committee_records import ConsensusReading
from mottling.trial.reading_rules import ReadingRules
from mottling.trial.records import Answer

__all__ = [
    "CentreCount",
    "Meetings",
    "ReaderTime",
    "ReadingFigures",
    "SecondLooks",
    "ThirdReader",
    "centre_counts",
    "reading_figures",
]


@dataclass(frozen=True)
class CentreCount:
    """What one centre gave and what the committee made of it."""

    site: str
    visits: int
    """Expected, or photographed."""
    photographed: int
    read: int
    """With at least one reading."""
    verdicts: int
    at_least: int
    """Verdicts that are a lower bound."""
    not_assessable: int
    """Verdicts."""

    @property
    def missing(self) -> int:
        """Visits without a photograph."""
        return self.visits - self.photographed


@dataclass(frozen=True)
class ThirdReader:
    """What came of photographs that two had read differently."""

    settled_by_two: int
    to_third: int
    """Photographs on which two differed, by the trial file's rule."""
    waiting: int
    """Of them, those the third has not read."""
    like_first: int
    """The third said what the one said whose name comes first in the alphabet."""
    like_other: int
    like_neither: int

    @property
    def share(self) -> float | None:
        """The share of photographs read by two that went to a third (0-1)."""
        read = self.settled_by_two + self.to_third
        return self.to_third / read if read else None


@dataclass(frozen=True)
class ReaderTime:
    """How long one reader looked at a photograph, in seconds."""

    reader: str
    readings: int
    shortest_s: float
    lower_quartile_s: float
    median_s: float
    upper_quartile_s: float
    longest_s: float


@dataclass(frozen=True)
class Meetings:
    """What came of photographs about which the committee met. Never an average: what people said together."""

    held: int
    waiting: int
    """Photographs that no reader's answer settles, without a meeting yet."""
    like_a_reader: int
    """The committee said together what one of the readers had said alone."""
    not_assessable: int
    """It said that the photograph cannot be judged."""


@dataclass(frozen=True)
class SecondLooks:
    """What came of photographs that one more reader was given because the model lay far from the verdict.

    The verdict stayed, and no reader was told.
    """

    far_apart: int
    """Photographs on which model and verdict lie so far apart, by the trial file's rule."""
    asked: int
    """Given to one more reader."""
    read: int
    like_verdict: int
    like_model: int
    like_neither: int


@dataclass(frozen=True)
class ReadingFigures:
    """How the reading went."""

    third: ThirdReader
    meetings: Meetings
    second_looks: SecondLooks
    times: tuple[ReaderTime, ...]
    """By the reader's name."""


def centre_counts(cases: Sequence[Case], sites: Sequence[str]) -> tuple[CentreCount, ...]:
    """Count by centre, in the trial file's order; a centre without visits has its line too."""
    return tuple(_centre(site, [case for case in cases if case.site == site]) for site in sites)


def _centre(site: str, cases: Sequence[Case]) -> CentreCount:
    verdicts = [case.verdict.answer.status for case in cases if case.verdict is not None]
    return CentreCount(
        site=site,
        visits=len(cases),
        photographed=sum(case.taken_at is not None for case in cases),
        read=sum(bool(case.readings) for case in cases),
        verdicts=len(verdicts),
        at_least=verdicts.count(Status.AT_LEAST),
        not_assessable=verdicts.count(Status.NOT_ASSESSABLE),
    )


def reading_figures(cases: Sequence[Case], *, rules: ReadingRules) -> ReadingFigures:
    """Say how the reading went."""
    read_by_two = [case for case in cases if rules.readers_per_photo > 1 and len(case.readings) > 1]
    return ReadingFigures(
        third=_third(read_by_two, rules),
        meetings=_meetings(read_by_two, rules),
        second_looks=_second_looks(cases, rules),
        times=_times(cases),
    )


def _second_looks(cases: Sequence[Case], rules: ReadingRules) -> SecondLooks:
    like = [
        _sided(case.second_look.answer, case.verdict.answer, case.assessment)
        for case in cases
        if case.second_look is not None and case.verdict is not None and case.assessment is not None
    ]
    return SecondLooks(
        far_apart=sum(_is_far_apart(case, rules) for case in cases),
        asked=sum(case.is_looked_at_again for case in cases),
        read=len(like),
        like_verdict=like.count("verdict"),
        like_model=like.count("model"),
        like_neither=like.count(None),
    )


def _is_far_apart(case: Case, rules: ReadingRules) -> bool:
    if case.verdict is None or case.assessment is None or isinstance(case.verdict, ConsensusReading):
        return False
    proposed = Answer(case.assessment.status, case.assessment.score)
    return are_far_apart(proposed, case.verdict.answer, rules=rules)


def _sided(said: Answer, verdict: Answer, assessment: Assessment) -> str | None:
    """Say with whom a second look goes: with the verdict, with the model, or with neither."""
    if _kind(said) == _kind(verdict):
        return "verdict"
    return "model" if _kind(said) == (assessment.status, assessment.score) else None


def _meetings(cases: Sequence[Case], rules: ReadingRules) -> Meetings:
    held = [(case, case.verdict) for case in cases if isinstance(case.verdict, ConsensusReading)]
    return Meetings(
        held=len(held),
        waiting=sum(case.verdict is None and is_left_open(case.readings, rules=rules) for case in cases),
        like_a_reader=sum(
            _kind(verdict.answer) in {_kind(one.answer) for one in case.readings} for case, verdict in held
        ),
        not_assessable=sum(verdict.answer.status is Status.NOT_ASSESSABLE for _, verdict in held),
    )


def _third(cases: Sequence[Case], rules: ReadingRules) -> ThirdReader:
    at_odds = [case for case in cases if differ(*_first_two(case), rules=rules)]
    decided = [case for case in at_odds if len(case.readings) > 2]  # noqa: PLR2004 # a third has read it
    like = [_like(case) for case in decided]
    return ThirdReader(
        settled_by_two=len(cases) - len(at_odds),
        to_third=len(at_odds),
        waiting=len(at_odds) - len(decided),
        like_first=like.count(0),
        like_other=like.count(1),
        like_neither=like.count(None),
    )


def _like(case: Case) -> int | None:
    """Say which of the two whom the third reader joined, by name; None for neither."""
    both = sorted(case.readings[:2], key=lambda reading: reading.by)
    third = _kind(case.readings[2].answer)
    return next((place for place, reading in enumerate(both) if _kind(reading.answer) == third), None)


def _first_two(case: Case) -> tuple[Answer, Answer]:
    return case.readings[0].answer, case.readings[1].answer


def _kind(answer: Answer) -> tuple[Status, int | None]:
    return answer.status, answer.score


def _times(cases: Sequence[Case]) -> tuple[ReaderTime, ...]:
    readings = [reading for case in cases for reading in case.readings]
    return tuple(
        _time(name, [reading.reading_s for reading in readings if reading.by == name])
        for name in sorted({reading.by for reading in readings})
    )


def _time(reader: str, seconds: Sequence[float]) -> ReaderTime:
    ends = np.quantile(np.array(seconds), [0, 0.25, 0.5, 0.75, 1])
    return ReaderTime(reader, len(seconds), *(float(one) for one in ends))
