"""What is kept where a reader is shown what the model said: before, the moment, and after."""

from __future__ import annotations

from mottling.trial.records import Answer, Code, Record, Sentence, Sha256

__all__ = ["AnswerAfter", "ModelShown"]


class ModelShown(Record):
    """What the model said was first shown to a reader whose own answer is locked; `by` saw it."""

    reading_id: Code
    photo_id: Code
    answer_sha256: Sha256
    """Hash of the record that stood for the reading then: it was locked before, and this proves it."""


class AnswerAfter(Record):
    """What a reader says once the model was shown. What was said before stays on record."""

    reading_id: Code
    photo_id: Code
    answer: Answer
    answer_sha256: Sha256
    """Hash of the record that stood for the reading before."""
    counts: bool
    """Whether it is the reader's answer from here on, by the trial file; else the one before is."""
    because: Sentence | None
    """Why it differs from the answer before; None when it is that answer."""
