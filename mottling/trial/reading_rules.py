"""How the committee reads: the trial file's table `[reading]`.

Who reads, what counts as two readers who differ, which reading is then the verdict, what comes back, and when
the read-out may be closed. Rules that contradict each other are refused with a sentence.
"""

from __future__ import annotations

from enum import StrEnum
from math import ceil
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from mottling.trial.twice import said_twice

__all__ = [
    "Bounds",
    "Closes",
    "Counts",
    "InDispute",
    "ModelUse",
    "NotAssessable",
    "ReaderScope",
    "ReaderUse",
    "ReadersAnswer",
    "ReadingRules",
    "TrainingRules",
]


class Bounds(StrEnum):
    """How "at least k" stands beside an exact score."""

    DIFFER = "differ"
    """It differs from every exact score; two bounds are compared by their scores."""
    AS_SCORE = "as_score"
    """It is taken as k."""
    REACHED = "reached"
    """It differs only from a score below k; two bounds never differ, for both may be true."""


class NotAssessable(StrEnum):
    """What happens when one reader gives a score and the other says that there is none."""

    DIFFERS = "differs"
    """They differ; why a photograph cannot be judged may always be said differently."""
    SCORE_COUNTS = "score_counts"
    """They do not: the reading with a score counts."""


class Counts(StrEnum):
    """Which of two readings counts that are not the same and yet do not differ. Never an average."""

    EARLIER = "earlier"
    """The one that was locked first."""
    HIGHER = "higher"
    """The one with the higher score."""
    LOWER = "lower"
    """The one with the lower score."""


class InDispute(StrEnum):
    """Who settles a photograph on which two readers differ."""

    DECIDES = "decides"
    """A third reader, whatever the answer is."""
    JOINS = "joins"
    """A third reader whose answer does not differ from one of the two; else the committee meets."""
    MEETING = "meeting"
    """The committee, which meets; nobody reads it a third time."""


class ModelUse(StrEnum):
    """What the model has to do with the committee. No reader is shown what it said before his own lock."""

    SILENT = "silent"
    """Nothing."""
    AFTER_LOCK = "after_lock"
    """A reader is shown what it said once his own answer is locked, and may then say another one."""
    SECOND_LOOK = "second_look"
    """A photograph whose verdict lies far from it is read once more, and nobody is told why."""


class ReadersAnswer(StrEnum):
    """Which of two answers is a reader's, where he saw the model between them. Both are kept."""

    BEFORE = "before"
    """The one that he locked before he saw anything of the model."""
    AFTER = "after"
    """The one that he gave afterwards."""


class ReaderUse(StrEnum):
    """As which of a photograph's readers somebody is asked."""

    ANY = "any"
    """As any of them."""
    FIRST = "first"
    """As one of the first, never to decide between others."""
    THIRD = "third"
    """Only where others differ; such a reader knows that they do, and the protocol must want it so."""


class Closes(StrEnum):
    """What must be so before the read-out may be closed; each holds what stands before it."""

    ALL_READ = "all_read"
    """Every photograph that a ward has confirmed has its verdict."""
    ALL_SIGNED = "all_signed"
    """And no reader has locked a reading without signing it."""
    ALL_VISITS = "all_visits"
    """And no visit of any patient is awaited: each is confirmed, or recorded as not done."""


class ReaderScope(BaseModel):
    """What one reader reads: a block `[[reading.readers]]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=80)]
    """With which the reader signs in."""
    reads: ReaderUse = ReaderUse.ANY
    """As which of a photograph's readers."""
    keeps_from: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")], ...] = ()
    """Codes of sites whose photographs this reader is never given, such as the one where he works."""


class TrainingRules(BaseModel):
    """What a reader reads before the first photograph of the trial: the table `[reading.training]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cases: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=60)], ...], Field(min_length=1)]
    """Names of made photographs that Mottling ships, whose score is known."""
    least_right: Annotated[float, Field(gt=0, le=1)]
    """Share of the cases to be read with their score before the reading list opens (0-1)."""

    @property
    def needed(self) -> int:
        """How many cases must be right."""
        return ceil(self.least_right * len(self.cases) - 1e-9)

    @field_validator("cases")
    @classmethod
    def _cases_differ(cls, cases: tuple[str, ...]) -> tuple[str, ...]:
        twice = said_twice(cases)
        if twice is not None:
            raise ValueError(f"the case {twice!r} comes twice, and would be known the second time")
        return cases


_OF_TWO = ("third_reader", "differ_by", "at_least", "not_assessable", "counts")


class ReadingRules(BaseModel):
    """The rules by which photographs are read and become verdicts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    readers_per_photo: Literal[1, 2] = 2
    """Blinded readers of every photograph; with 1 there is no dispute and no third reader."""
    third_reader: InDispute = InDispute.DECIDES
    """What happens when two readers differ, and so whether the committee ever meets."""
    differ_by: Annotated[int, Field(ge=1, le=5)] = 1
    """Two scores differ that are so many apart, or more."""
    at_least: Bounds = Bounds.DIFFER
    """How "at least k" and a score are compared."""
    not_assessable: NotAssessable = NotAssessable.DIFFERS
    """How a score and no score are compared."""
    counts: Counts | None = None
    """Said when, and only when, two readings can agree that are not the same."""
    model: ModelUse = ModelUse.SILENT
    """Whether the model has a part in the committee's reading."""
    model_shown_counts: ReadersAnswer | None = None
    """Said when, and only when, readers are shown what the model said: which of their answers is theirs."""
    second_look_from: Annotated[int, Field(ge=1, le=5)] | None = None
    """So many scores apart, or more; said when, and only when, there is a second look."""
    closes: Closes = Closes.ALL_READ
    """What must be so before the read-out may be closed."""
    repeats_share: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    """Share of photographs that come back to the same reader, unannounced (0-1)."""
    repeat_after: Annotated[int, Field(ge=2, le=200)] = 20
    """A photograph comes back after at least so many others, and at most twice as many."""
    late_after_days: Annotated[int, Field(ge=1, le=365)] = 7
    """A reader is late whose photographs, or what he read and has not signed, have waited so many days."""
    batch_size: Annotated[int, Field(ge=1, le=500)] = 40
    """Photographs that a reader signs together, and after which the page offers a pause."""
    readers: tuple[ReaderScope, ...] = ()
    """Readers who do not read everything; who has no block reads whatever comes."""
    training: TrainingRules | None = None
    """Made photographs that each reader reads first; without the table readers begin with the trial's own."""

    @property
    def holds_meetings(self) -> bool:
        """Whether the committee may have to meet about a photograph."""
        return self.readers_per_photo > 1 and self.third_reader is not InDispute.DECIDES

    def scope_of(self, reader: str) -> ReaderScope:
        """Say what a reader reads."""
        return next((one for one in self.readers if one.name == reader), ReaderScope(name=reader))

    @field_validator("readers")
    @classmethod
    def _readers_differ(cls, readers: tuple[ReaderScope, ...]) -> tuple[ReaderScope, ...]:
        twice = said_twice(one.name for one in readers)
        if twice is not None:
            raise ValueError(f"the reader {twice!r} has two blocks")
        return readers

    @model_validator(mode="after")
    def _somebody_is_third_only_where_there_is_a_third(self) -> Self:
        third = [one.name for one in self.readers if one.reads is ReaderUse.THIRD]
        if third and (self.readers_per_photo == 1 or self.third_reader is InDispute.MEETING):
            raise ValueError(f"{third[0]!r} reads where others differ, and by these rules nobody does")
        return self

    @model_validator(mode="after")
    def _one_reader_differs_with_nobody(self) -> Self:
        said = [name for name in _OF_TWO if name in self.model_fields_set]
        if self.readers_per_photo == 1 and said:
            raise ValueError(
                f"{said[0]} is for readers who differ, and readers_per_photo = 1 has one who reads alone"
            )
        return self

    @model_validator(mode="after")
    def _how_far_is_said_where_there_is_a_second_look(self) -> Self:
        _hold_to_where_it_is_said(
            is_said=self.second_look_from is not None,
            is_needed=self.model is ModelUse.SECOND_LOOK,
            missing="model = 'second_look' needs second_look_from: how many scores apart",
            idle=f"second_look_from is for a second look, and model = '{self.model}' has none",
        )
        return self

    @model_validator(mode="after")
    def _whose_answer_counts_is_said_where_the_model_is_shown(self) -> Self:
        _hold_to_where_it_is_said(
            is_said=self.model_shown_counts is not None,
            is_needed=self.model is ModelUse.AFTER_LOCK,
            missing="model = 'after_lock' needs model_shown_counts: before or after",
            idle=f"model_shown_counts is for readers who see the model, and with model = '{self.model}'"
            " they do not",
        )
        return self

    @model_validator(mode="after")
    def _which_counts_is_said_where_it_must_be(self) -> Self:
        _hold_to_where_it_is_said(
            is_said=self.counts is not None,
            is_needed=self.differ_by > 1 or self.at_least is not Bounds.DIFFER,
            missing=f"with differ_by = {self.differ_by} and at_least = '{self.at_least}' two readings can"
            " agree that are not the same, and counts does not say which of them is the verdict: earlier,"
            " higher or lower",
            idle=f"counts = '{self.counts}' chooses between readings that agree and are not the same, and"
            " with differ_by = 1 and at_least = 'differ' there are none",
        )
        return self


def _hold_to_where_it_is_said(*, is_said: bool, is_needed: bool, missing: str, idle: str) -> None:
    """Refuse a key that is not said where the other rules need it, or is said where it means nothing."""
    if is_needed and not is_said:
        raise ValueError(missing)
    if is_said and not is_needed:
        raise ValueError(idle)
