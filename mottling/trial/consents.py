"""Consent for retraining: whether a patient's photographs may be used to train models, and what counts."""

from __future__ import annotations

from enum import StrEnum

from mottling.trial.model_rules import ConsentRule
from mottling.trial.records import Code, Record, Sentence

__all__ = ["Choice", "RetrainingConsent", "may_train"]


class Choice(StrEnum):
    """What was said."""

    GIVEN = "given"
    REFUSED = "refused"
    """Or withdrawn: the photographs stay in the trial, and no later set has them."""


class RetrainingConsent(Record):
    """Whether a patient's photographs may train models; the last record of a patient counts."""

    patient: Code
    choice: Choice
    because: Sentence | None
    """Such as who said it; None where nothing was written."""


def may_train(said: RetrainingConsent | None, rule: ConsentRule) -> bool:
    """Say whether a patient's photographs may train models.

    Args:
        said: The last word; None when nothing is known.
        rule: The trial file's.
    """
    if said is None:
        return rule is ConsentRule.IMPLIED
    return said.choice is Choice.GIVEN
