"""Who is compared with whom: pairs of answers to one photograph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from mottling.agreement.cases import Case
from mottling.agreement.coefficients import Tables
from mottling.scale import SCORES, Status
from mottling.trial.records import Answer, Reading

__all__ = [
    "Answers",
    "Pair",
    "bedside_pairs",
    "model_pairs",
    "pairs_after_model",
    "pairs_with_model",
    "reader_pairs",
    "repeat_pairs",
    "status_counts",
    "tables_by_patient",
]


@dataclass(frozen=True)
class Answers:
    """What one side says: a score, at least a score, or not assessable."""

    status: Status
    score: int | None


@dataclass(frozen=True)
class Pair:
    """Two answers to one photograph."""

    case: Case
    row: Answers
    column: Answers
    row_by: str = ""
    """The reader's name, where readers are compared."""
    column_by: str = ""
    at: datetime | None = None
    """When the later of both answers was given, where readers are compared; else the photograph tells."""

    def scores(self, *, bounds_as_scores: bool) -> tuple[int, int] | None:
        """Give both scores; None where one is not assessable, or a bound that is not taken as a score."""
        row, column = self.row, self.column
        if row.score is None or column.score is None:
            return None
        is_exact = row.status is Status.SCORED and column.status is Status.SCORED
        return (row.score, column.score) if is_exact or bounds_as_scores else None


def reader_pairs(cases: Iterable[Case], *, readers_per_photo: int) -> tuple[Pair, ...]:
    """Pair the first two readings of each photograph; the reader whose name comes first is the row.

    A third reader sees only what two had read differently: that reading says nothing of how often
    readers agree, and is not compared. Of readers who were shown the model, the answers before are.
    """
    return tuple(_pair(case, both, _before) for case, both in _first_two(cases, readers_per_photo))


def pairs_after_model(cases: Iterable[Case], *, readers_per_photo: int) -> tuple[Pair, ...]:
    """Pair the same readings as they were once both readers had seen what the model said."""
    return tuple(
        _pair(case, both, _after)
        for case, both in _first_two(cases, readers_per_photo)
        if all(reading.by in case.seen for reading in both)
    )


def pairs_with_model(cases: Iterable[Case], *, is_after: bool) -> tuple[Pair, ...]:
    """Pair each reader who was shown what the model said with the model: before, or after."""
    return tuple(
        Pair(
            case,
            _said(seen.after if is_after else seen.before),
            Answers(case.assessment.status, case.assessment.score),
            reader,
        )
        for case in cases
        if case.assessment is not None
        for reader, seen in case.seen.items()
    )


def _first_two(
    cases: Iterable[Case], readers_per_photo: int
) -> Iterator[tuple[Case, tuple[Reading, Reading]]]:
    for case in cases:
        both = sorted(case.readings[: min(readers_per_photo, 2)], key=lambda reading: reading.by)
        if len(both) == 2:  # noqa: PLR2004 # a pair
            yield case, (both[0], both[1])


def _pair(case: Case, both: tuple[Reading, Reading], answer: Callable[[Case, Reading], Answer]) -> Pair:
    one, other = both
    return Pair(
        case,
        _said(answer(case, one)),
        _said(answer(case, other)),
        one.by,
        other.by,
        at=max(one.at, other.at),
    )


def _before(case: Case, reading: Reading) -> Answer:
    return case.seen[reading.by].before if reading.by in case.seen else reading.answer


def _after(case: Case, reading: Reading) -> Answer:
    return case.seen[reading.by].after


def bedside_pairs(cases: Iterable[Case]) -> tuple[Pair, ...]:
    """Pair the ward's final record with the committee's verdict."""
    return tuple(
        Pair(case, _said(case.bedside), _said(case.verdict.answer))
        for case in cases
        if case.bedside is not None and case.verdict is not None
    )


def model_pairs(cases: Iterable[Case]) -> tuple[Pair, ...]:
    """Pair what the model said with the committee's verdict."""
    return tuple(
        Pair(case, Answers(case.assessment.status, case.assessment.score), _said(case.verdict.answer))
        for case in cases
        if case.assessment is not None and case.verdict is not None
    )


def repeat_pairs(cases: Iterable[Case]) -> tuple[Pair, ...]:
    """Pair a reader's first reading of a photograph with the one when it came back."""
    return tuple(
        Pair(
            case, _said(repeat.before), _said(repeat.again), repeat.reader, repeat.reader, at=repeat.again_at
        )
        for case in cases
        for repeat in case.repeats
    )


def tables_by_patient(pairs: Sequence[Pair], *, bounds_as_scores: bool = False) -> Tables:
    """Count the pairs of scores, one table a patient.

    Args:
        pairs: To count.
        bounds_as_scores: Whether "at least k" counts as k; else such a pair is left out.

    Returns:
        (patients, 6, 6); patients without a pair of scores have no table.
    """
    counted = [(pair.case.patient, pair.scores(bounds_as_scores=bounds_as_scores)) for pair in pairs]
    kept = [(patient, scores) for patient, scores in counted if scores is not None]
    rows = {patient: row for row, patient in enumerate(dict.fromkeys(patient for patient, _ in kept))}
    tables = np.zeros((len(rows), len(SCORES), len(SCORES)))
    for patient, (row, column) in kept:
        tables[rows[patient], row, column] += 1
    return tables


def status_counts(pairs: Iterable[Pair]) -> dict[tuple[Status, Status], int]:
    """Count pairs by the kind of answer of each side."""
    counts: dict[tuple[Status, Status], int] = {}
    for pair in pairs:
        kinds = (pair.row.status, pair.column.status)
        counts[kinds] = counts.get(kinds, 0) + 1
    return counts


def _said(answer: Answer) -> Answers:
    return Answers(answer.status, answer.score)
