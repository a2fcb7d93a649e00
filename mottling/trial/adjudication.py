"""Two readers, a third when they differ, or a meeting. A verdict is always a reading that people gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mottling.scale import SCORES, Status
from mottling.trial.reading_rules import (
    Bounds,
    Counts,
    InDispute,
    ModelUse,
    NotAssessable,
    ReaderScope,
    ReaderUse,
    ReadingRules,
)
from mottling.trial.records import Answer, Reading

__all__ = [
    "PhotoToRead",
    "are_far_apart",
    "awaits_meeting",
    "differ",
    "is_for",
    "is_left_open",
    "settling_reading",
    "wants_reader",
    "wants_second_look",
]


@dataclass(frozen=True)
class PhotoToRead:
    """How far the committee has come with one photograph."""

    photo_id: str
    readers: frozenset[str]
    """To whom it was given, and who is still expected to read it or has read it."""
    readings: tuple[Reading, ...]
    """What was locked and signed, the earliest first."""
    is_confirmed: bool = True
    """Whether the ward can no longer replace it by another one."""
    site: str = ""
    """Where it was taken; no reader is told."""
    without: frozenset[str] = frozenset()
    """From whom it was taken back: it is not given to them again."""
    verdict: Answer | None = None
    met: frozenset[str] = frozenset()
    """Who sat at the committee's meeting about it: it does not come back to them."""
    proposed: Answer | None = None
    """What the model said; None where it gave no score. Never shown to a reader."""
    is_looked_at_again: bool = False
    """Whether a reader has it, or had it, because the model lies far from its verdict."""


def differ(one: Answer, other: Answer, *, rules: ReadingRules) -> bool:
    """Say whether two answers differ, so that a third reader decides."""
    without = [answer.status is Status.NOT_ASSESSABLE for answer in (one, other)]
    if any(without):
        return not all(without) and rules.not_assessable is NotAssessable.DIFFERS
    return _apart(one, other, rules.at_least) >= rules.differ_by


def _apart(one: Answer, other: Answer, bounds: Bounds) -> int:
    """Say how many scores lie between two answers that have one."""
    assert one.score is not None, "an answer that can be judged has a score"
    assert other.score is not None, "an answer that can be judged has a score"
    if one.status is other.status:
        both_may_be_true = one.status is Status.AT_LEAST and bounds is Bounds.REACHED
        return 0 if both_may_be_true else abs(one.score - other.score)
    match bounds:
        case Bounds.DIFFER:
            return len(SCORES)
        case Bounds.AS_SCORE:
            return abs(one.score - other.score)
        case Bounds.REACHED:
            beyond = one.score - other.score if one.status is Status.AT_LEAST else other.score - one.score
            return max(0, beyond)


def settling_reading(readings: Sequence[Reading], *, rules: ReadingRules) -> Reading | None:
    """Choose the reading that is the verdict: of two that agree the one that counts, else the third.

    Args:
        readings: What was locked, the earliest first; each by another reader.
        rules: Of the trial file.

    Returns:
        None as long as a reader is missing, and where only a meeting can settle it.
    """
    first = readings[: rules.readers_per_photo]
    if len(first) < rules.readers_per_photo:
        return None
    if not differ(first[0].answer, first[-1].answer, rules=rules):
        return _counting(first, rules.counts)
    third = readings[rules.readers_per_photo] if len(readings) > rules.readers_per_photo else None
    return third if third is None or _decides(third, first, rules=rules) else None


def _decides(third: Reading, first: Sequence[Reading], *, rules: ReadingRules) -> bool:
    match rules.third_reader:
        case InDispute.DECIDES:
            return True
        case InDispute.JOINS:
            return any(not differ(third.answer, one.answer, rules=rules) for one in first)
        case InDispute.MEETING:
            return False


def _counting(readings: Sequence[Reading], counts: Counts | None) -> Reading:
    """Choose between readings that agree; of equals, and where no rule is needed, the earlier."""
    with_score = [reading for reading in readings if reading.answer.score is not None]
    if counts is Counts.HIGHER:
        return max(with_score or readings, key=_score)
    if counts is Counts.LOWER:
        return min(with_score or readings, key=_score)
    return (with_score or readings)[0]


def _score(reading: Reading) -> int:
    return -1 if reading.answer.score is None else reading.answer.score


def wants_reader(photo: PhotoToRead, *, rules: ReadingRules) -> bool:
    """Say whether a photograph should be given to one more reader."""
    if photo.verdict is not None:
        return wants_second_look(photo, rules=rules)
    if settling_reading(photo.readings, rules=rules) is not None:
        return False
    are_at_odds = len(photo.readings) >= rules.readers_per_photo
    has_third = are_at_odds and rules.third_reader is not InDispute.MEETING
    return len(photo.readers) < rules.readers_per_photo + has_third


def is_for(photo: PhotoToRead, scope: ReaderScope, *, rules: ReadingRules) -> bool:
    """Say whether the trial file lets a reader of this scope be the next one who reads a photograph."""
    if photo.site in scope.keeps_from:
        return False
    if scope.reads is ReaderUse.ANY:
        return True
    is_at_odds = photo.verdict is None and len(photo.readings) >= rules.readers_per_photo
    return is_at_odds is (scope.reads is ReaderUse.THIRD)


def wants_second_look(photo: PhotoToRead, *, rules: ReadingRules) -> bool:
    """Say whether one more reader should look, because the model lies far from the verdict, which stays.

    Not after a meeting: the committee has looked more than once by then.
    """
    return (
        not (photo.met or photo.is_looked_at_again)
        and photo.verdict is not None
        and are_far_apart(photo.proposed, photo.verdict, rules=rules)
    )


def are_far_apart(proposed: Answer | None, verdict: Answer, *, rules: ReadingRules) -> bool:
    """Say whether model and verdict lie so far apart that the trial file asks for a second look.

    A bound lies as far from a score as both can be sure of; what is not assessable lies nowhere.
    """
    if rules.model is not ModelUse.SECOND_LOOK or proposed is None:
        return False
    if proposed.score is None or verdict.score is None:
        return False
    assert rules.second_look_from is not None, "said with every second look"
    return _apart(proposed, verdict, Bounds.REACHED) >= rules.second_look_from


def is_left_open(readings: Sequence[Reading], *, rules: ReadingRules) -> bool:
    """Say whether everybody has read who should, and no reading is the verdict."""
    needed = rules.readers_per_photo + (rules.third_reader is not InDispute.MEETING)
    return len(readings) >= needed and settling_reading(readings, rules=rules) is None


def awaits_meeting(photo: PhotoToRead, *, rules: ReadingRules) -> bool:
    """Say whether the committee has to meet about a photograph: not while somebody still has it to read."""
    all_have_signed = photo.readers == {reading.by for reading in photo.readings}
    return photo.verdict is None and all_have_signed and is_left_open(photo.readings, rules=rules)
