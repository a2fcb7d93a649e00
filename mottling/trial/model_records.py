"""What is kept of models before and after they are in use: proposals, and challengers that score silently."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from mottling.assessment import Assessment
from mottling.trial.records import Code, Name, Record, Sentence, Sha256

__all__ = [
    "ModelRetirement",
    "PhotoDistance",
    "ProposalAnswer",
    "ProposalAnswered",
    "ReleaseProposal",
    "ShadowAct",
    "ShadowAssessment",
    "ShadowRun",
]


class ReleaseProposal(Record):
    """A model that somebody proposes for release; `by` cannot confirm it."""

    proposal: Code
    """Random."""
    name: Name
    sha256: Sha256
    """Of the file that is proposed: no other one can be confirmed."""
    because: Sentence


class ProposalAnswer(StrEnum):
    """What becomes of a proposal."""

    CONFIRMED = "confirmed"
    """By another person: the model is in use from then on."""
    DECLINED = "declined"
    """By another person, or withdrawn by who proposed it."""


class ProposalAnswered(Record):
    """The end of a proposal; `by` confirmed or declined it."""

    proposal: Code
    name: Name
    """Of the model that was proposed."""
    answer: ProposalAnswer
    because: Sentence


class ShadowAct(StrEnum):
    """What is done with a challenger that scores silently."""

    STARTED = "started"
    STOPPED = "stopped"


class ShadowRun(Record):
    """A challenger that scores silently, beside the model in use, from now on, or no more."""

    kind: ShadowAct
    name: Name
    sha256: Sha256
    because: Sentence


class ShadowAssessment(Record):
    """What a challenger says of a photograph: shown to no ward and no reader, and part of no export."""

    photo_id: Code
    model_sha256: Sha256
    """Of the challenger that said it; the assessment names it too."""
    assessment: Assessment


class PhotoDistance(Record):
    """How far the skin in a photograph looks from what the model that read it was calibrated on."""

    photo_id: Code
    distance: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """1: as far as one in twenty of the photographs of the calibration. The numbers that it was computed from
    are not kept: they would tell the colour of the skin."""


class ModelRetirement(Record):
    """A model whose weights were dropped; its name, hash and card stay in the registry."""

    name: Name
    sha256: Sha256
    because: Sentence
