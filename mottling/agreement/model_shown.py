"""What seeing the model did to readers, where the trial file shows it to them once they have locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mottling.agreement.cases import Case, SeenModel
from mottling.agreement.coefficients import ac2, exact, kappa_quadratic
from mottling.agreement.intervals import Estimate, estimates, seeded
from mottling.agreement.pairs import (
    Pair,
    pairs_after_model,
    pairs_with_model,
    reader_pairs,
    tables_by_patient,
)
from mottling.assessment import Assessment
from mottling.trial.reading_rules import ReadingRules

__all__ = ["BeforeAndAfter", "ModelShownFigures", "model_shown_figures"]

_FIGURES = {"exact": exact, "kappa_quadratic": kappa_quadratic, "ac2": ac2}


@dataclass(frozen=True)
class BeforeAndAfter:
    """How alike two sides were before the model was shown, and after, on the same photographs."""

    photographs: int
    """With a score on both sides before."""
    before: Mapping[str, Estimate]
    after: Mapping[str, Estimate]


@dataclass(frozen=True)
class ModelShownFigures:
    """What readers did once the model was shown. What they said before stays on record."""

    answers: int
    """Readings after which the model was shown and the reader answered."""
    changed: int
    to_model: int
    """Changed to what the model had said."""
    nearer: int
    """Changed, and nearer to the model's score than before, but not to it."""
    elsewhere: int
    """Changed in any other way."""
    counts: bool
    """Whether the answer after is the reader's."""
    readers: BeforeAndAfter
    """The first two readers of a photograph, who had both seen the model."""
    with_model: BeforeAndAfter
    """Each reader against the model."""


def model_shown_figures(cases: Sequence[Case], *, rules: ReadingRules) -> ModelShownFigures:
    """Say what seeing the model did."""
    seen = [(one, case.assessment) for case in cases for one in case.seen.values()]
    moves = [_move(one, assessment) for one, assessment in seen]
    both_saw = pairs_after_model(cases, readers_per_photo=rules.readers_per_photo)
    same_cases = [pair.case for pair in both_saw]
    return ModelShownFigures(
        answers=len(seen),
        changed=sum(move is not None for move in moves),
        to_model=moves.count("to_model"),
        nearer=moves.count("nearer"),
        elsewhere=moves.count("elsewhere"),
        counts=any(one.counts for one, _ in seen),
        readers=_both(reader_pairs(same_cases, readers_per_photo=rules.readers_per_photo), both_saw),
        with_model=_both(pairs_with_model(cases, is_after=False), pairs_with_model(cases, is_after=True)),
    )


def _move(seen: SeenModel, assessment: Assessment | None) -> str | None:
    """Say where a reader went; None for who kept his answer."""
    if seen.before == seen.after:
        return None
    if assessment is None:
        return "elsewhere"
    if (seen.after.status, seen.after.score) == (assessment.status, assessment.score):
        return "to_model"
    before, after, model = seen.before.score, seen.after.score, assessment.score
    if before is None or after is None or model is None:
        return "elsewhere"
    return "nearer" if abs(after - model) < abs(before - model) else "elsewhere"


def _both(before: Sequence[Pair], after: Sequence[Pair]) -> BeforeAndAfter:
    tables = tables_by_patient(before)
    return BeforeAndAfter(
        photographs=int(tables.sum()),
        before=estimates(tables, rng=seeded(), coefficients=_FIGURES),
        after=estimates(tables_by_patient(after), rng=seeded(), coefficients=_FIGURES),
    )
