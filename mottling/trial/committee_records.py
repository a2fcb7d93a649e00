"""What the committee keeps beside its readings: repeats, changes, signatures, training, closing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from mottling.trial.records import Answer, Code, Reading, Record, Sentence, Sha256

__all__ = [
    "BatchSignature",
    "ConsensusReading",
    "ConsensusVerdict",
    "Counting",
    "ReadingChange",
    "ReadoutAct",
    "ReadoutChange",
    "Remark",
    "RepeatAssignment",
    "RepeatReading",
    "SecondLook",
    "SignedReading",
    "TakenBack",
    "TrainingReading",
    "read_signed",
    "signed_text",
]


class RepeatAssignment(Record):
    """A photograph that came back to a reader who had read it; `by` is the reader."""

    reading_id: Code
    """Random, like that of any reading: the reader cannot tell that it is a repeat."""
    photo_id: Code


class TakenBack(Record):
    """A photograph was taken back from a reader who had not read it, so that another one can; `by` did it."""

    reading_id: Code
    because: Sentence


class RepeatReading(Record):
    """What a reader says of a photograph that came back. It counts for no verdict."""

    reading_id: Code
    photo_id: Code
    answer: Answer
    reading_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """How long the photograph was looked at."""


class ReadingChange(Record):
    """What a reader says anew of a photograph, before the batch is signed. What was said first stays."""

    reading_id: Code
    photo_id: Code
    answer: Answer
    because: Sentence


class Remark(Record):
    """What a reader noted beside one answer: free text, shown to no other reader."""

    reading_id: Code
    photo_id: Code
    answer_sha256: Sha256
    """Hash of the record that it goes with: of the answer, or of the border that was marked with it."""
    text: Sentence


@dataclass(frozen=True)
class SignedReading:
    """One reading that a signature names."""

    reading_id: str
    content_hash: str
    """Of the record that stood for it: the reading, or its last change."""


class BatchSignature(Record):
    """A reader signed what was locked since the signature before; `by` gave the password for it."""

    meaning: Sentence
    """What the signature stands for, in the words that the reader saw."""
    readings: Annotated[int, Field(ge=1)]
    signed: str
    """One line a reading: its id and the hash of the record that stood for it."""
    sha256: Sha256
    """Of `signed`."""

    def names(self) -> tuple[SignedReading, ...]:
        """List what was signed, in the order in which it was read."""
        return read_signed(self.signed)


def signed_text(readings: Iterable[SignedReading]) -> str:
    """Write what a signature names."""
    return "".join(f"{one.reading_id} {one.content_hash}\n" for one in readings)


def read_signed(text: str) -> tuple[SignedReading, ...]:
    """Read what a signature names."""
    return tuple(SignedReading(*line.split(" ", 1)) for line in text.splitlines())


class ConsensusReading(Record):
    """What the committee said together of a photograph on which its readers differ.

    `by` sat there, wrote it down and gave the password for it, as for a signature.
    """

    reading_id: Code
    photo_id: Code
    answer: Answer
    sat: Sentence
    """Readers who sat there, one a line, by name."""
    guests: Sentence | None
    """Who else sat there, as it was written down."""
    comment: Sentence | None
    meaning: Sentence
    """What the signature stands for, in the words that were shown."""
    differed: str
    """What lay on the table, one line a reading: its id and the hash of the record that stood for it."""

    def members(self) -> tuple[str, ...]:
        """List the readers who sat there."""
        return tuple(self.sat.splitlines())

    def names(self) -> tuple[SignedReading, ...]:
        """List the readings that lay on the table."""
        return read_signed(self.differed)


class ConsensusVerdict(Record):
    """What the committee said together counts; `by` recorded it."""

    photo_id: Code
    reading_id: Code
    """Of the consensus reading: always one that people gave."""


class SecondLook(Record):
    """A photograph was given to one more reader because the model lies far from its verdict.

    The reader is not told, and the verdict stays. `by` is the server: no person chose it.
    """

    reading_id: Code
    """Of the assignment, which is like any other."""
    photo_id: Code
    verdict_id: Code
    """Of the reading that is the verdict."""


Counting = Reading | ConsensusReading
"""A reading that can be the verdict: one reader's, or the committee's together."""


class TrainingReading(Record):
    """What a reader says of a made photograph whose score is known. It never counts for anything else."""

    attempt: Annotated[int, Field(ge=1)]
    case: Code
    """Name of the made photograph."""
    answer: Answer
    truth: Annotated[int, Field(ge=0, le=5)]
    """The score with which it was made; the reader was told it afterwards."""
    reading_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """How long it was looked at."""

    @property
    def is_right(self) -> bool:
        """Whether the reader gave its score, and exactly it."""
        return self.answer == Answer.scored(self.truth)


class ReadoutAct(StrEnum):
    """What was done to the read-out."""

    CLOSED = "closed"
    REOPENED = "reopened"


class ReadoutChange(Record):
    """The read-out was closed, or opened again; `by` gave the password for it, as for a signature."""

    kind: ReadoutAct
    meaning: Sentence
    """What the signature stands for, or why it is opened again."""
