"""What the committee keeps beside its readings: photographs that came back, and the read-out's closing."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from mottling.trial.records import Answer, Code, Record, Sentence

__all__ = ["ReadoutAct", "ReadoutChange", "RepeatAssignment", "RepeatReading"]


class RepeatAssignment(Record):
    """A photograph that came back to a reader who had read it; `by` is the reader."""

    reading_id: Code
    """Random, like that of any reading: the reader cannot tell that it is a repeat."""
    photo_id: Code


class RepeatReading(Record):
    """What a reader says of a photograph that came back. It counts for no verdict."""

    reading_id: Code
    photo_id: Code
    answer: Answer
    reading_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """How long the photograph was looked at."""


class ReadoutAct(StrEnum):
    """What was done to the read-out."""

    CLOSED = "closed"
    REOPENED = "reopened"


class ReadoutChange(Record):
    """The read-out was closed, or opened again; `by` gave the password for it, as for a signature."""

    kind: ReadoutAct
    meaning: Sentence
    """What the signature stands for, or why it is opened again."""
