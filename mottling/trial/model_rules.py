"""How models come into use, and whose photographs train them: the trial file's table `[models]`."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from mottling.trial.reading_use import UseWeights

__all__ = ["ConsentRule", "ModelRules", "Releasing"]


class Releasing(StrEnum):
    """How many people a release takes. The way back always takes one."""

    ONE_PERSON = "one_person"
    """Whoever may release does."""
    TWO_PEOPLE = "two_people"
    """One proposes, with a reason; another one confirms, with a reason of his own."""


class ConsentRule(StrEnum):
    """What is taken of a patient of whom no consent for retraining is known. A refusal always counts."""

    ASKED = "asked"
    """Nothing: photographs train models only where consent is on record."""
    IMPLIED = "implied"
    """Consent: the trial's own consent form has it, so who takes part has given it."""


class ModelRules(BaseModel):
    """The rules by which a model comes into use."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: Releasing = Releasing.ONE_PERSON
    """Whether one person releases a model, or one proposes it and another one confirms."""
    consent: ConsentRule = ConsentRule.ASKED
    """Whether a training set has the photographs of patients of whom no consent for retraining is known."""
    first_to_train: UseWeights = UseWeights()
    """Which photographs `mottling first-to-train` names first, once the read-out is closed."""
