"""What is compared: a visit with everything that was said of its photograph. Nothing is split by arm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mottling.assessment import Assessment
from mottling.trial.committee_records import Counting
from mottling.trial.records import Answer, Reading

__all__ = ["Case", "Repeat", "SeenModel"]


@dataclass(frozen=True)
class Repeat:
    """A photograph that came back to the reader, unannounced."""

    reader: str
    before: Answer
    again: Answer
    """Both as they were before the model was shown, where it was."""
    again_at: datetime | None = None


@dataclass(frozen=True)
class SeenModel:
    """What a reader said before and after he was shown what the model said."""

    before: Answer
    after: Answer
    counts: bool
    """Whether the one after is the reader's answer, by the trial file."""


@dataclass(frozen=True)
class Case:
    """One visit of one patient: photographed, or due so far."""

    patient: str
    """Only told apart, never shown."""
    site: str
    taken_at: datetime | None
    """None where there is no photograph."""
    bedside: Answer | None = None
    """The ward's final record."""
    readings: tuple[Reading, ...] = ()
    """Of the committee, the earliest first, each by another reader, without repeats and second looks."""
    repeats: tuple[Repeat, ...] = ()
    verdict: Counting | None = None
    """The reading that counts: one of them, or what the committee said together at a meeting."""
    is_looked_at_again: bool = False
    """Whether it was given to one more reader because the model lay far from the verdict, which stays."""
    second_look: Reading | None = None
    """What that reader said, who was not told why; it is compared with nothing but verdict and model."""
    seen: Mapping[str, SeenModel] = field(default_factory=dict)
    """Readers of these readings who were shown what the model said, by name."""
    assessment: Assessment | None = None
    """What the model said."""
    tone: int | None = None
    """Of the patient's skin, as a person recorded it: 1 to 10 on the Monk scale; None where nobody did."""
    device: str | None = None
    """With which the photograph says that it was taken; None where it does not say."""
