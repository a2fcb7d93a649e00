"""The trial file: which sites and visits, who reads, and which answer is the outcome."""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from mottling.errors import RecordRefused
from mottling.scale import SCORES, Status
from mottling.settings import read_toml
from mottling.trial.enrolment_plan import EnrolmentPlan
from mottling.trial.labels import Language, Words
from mottling.trial.model_rules import ModelRules
from mottling.trial.outcome_rules import OutcomeRules
from mottling.trial.reading_rules import ReadingRules
from mottling.trial.records import Answer
from mottling.trial.twice import said_twice

__all__ = [
    "Charter",
    "CharterFile",
    "Endpoint",
    "Language",
    "Reason",
    "Site",
    "Visit",
    "Words",
    "read_charter",
]

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Text = Annotated[str, Field(min_length=1)]


class Endpoint(StrEnum):
    """Which answer is the outcome."""

    VERDICT = "verdict"
    """The committee's."""
    FINAL = "final"
    """The ward's final record."""
    OWN = "own"
    """The ward's own score, given before the model's proposal."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Site(_Part):
    """A centre of the trial."""

    code: Code
    """With it a patient is enrolled and a user is invited."""
    name: Text
    """As pages call it."""
    time_zone: str
    """Such as `Europe/Paris`: how the site's clocks are shown. Windows are counted in elapsed hours."""

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{name!r} is no time zone such as Europe/Paris") from error
        return name


class Visit(_Part):
    """When a photograph is due, in hours after randomisation."""

    code: Code
    """With it records and exports name the visit."""
    label: Words
    """What pages call it."""
    due_h: float
    """Elapsed hours after randomisation; 0 is the randomisation itself."""
    tolerance_h: Annotated[float, Field(gt=0)]
    """The window opens this long before and closes this long after; outside is flagged, never refused."""


class Reason(_Part):
    """One reason that may be given."""

    code: Code
    """With it records and exports name the reason."""
    label: Words
    """What pages call it."""


Part = TypeVar("Part", Site, Visit, Reason)


class Charter(_Part):
    """The trial file, understood."""

    trial: Text
    """Its name. A data folder belongs to one trial, and refuses another."""
    registration: Text
    """Number in the trial registry."""
    sponsor: Annotated[str, Field(pattern=r"^[^\\]{1,64}$")] | None = None
    """As the registry names it. DICOM files carry it; without it they say of the trial its number alone."""
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    """The first is the one that pages open in."""
    patient_pattern: str
    """A regular expression that the whole number of a patient matches."""
    sites: Annotated[tuple[Site, ...], Field(min_length=1)]
    """The centres, one block each."""
    visits: Annotated[tuple[Visit, ...], Field(min_length=1)]
    """When photographs are due, one block a visit."""
    proposal_on_ward: bool
    """Whether the ward sees what the model proposes, once its own score is locked."""
    endpoint: Endpoint = Endpoint.VERDICT
    """Whose answer is the outcome."""
    endpoint_visit: Code
    """Code of the visit whose answer is the outcome."""
    complete_from: Annotated[float, Field(gt=0, le=1)] = 0.95
    """Share of the patients due whose visit should be settled, scored or not done: the office sees if."""
    outcome: OutcomeRules = OutcomeRules()
    """How what is on record becomes a value or a reason."""
    reading: ReadingRules
    """How the committee reads."""
    models: ModelRules = ModelRules()
    """How a model comes into use."""
    enrolment: EnrolmentPlan = EnrolmentPlan()
    """What comes with a patient who is enrolled."""
    reasons_not_done: Annotated[tuple[Reason, ...], Field(min_length=1)]
    """What a ward or the office may say of a visit without a photograph."""
    reasons_not_assessable: Annotated[tuple[Reason, ...], Field(min_length=1)]
    """What anybody may say of a photograph that cannot be judged."""

    @field_validator("patient_pattern")
    @classmethod
    def _is_a_pattern(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
        return pattern

    @field_validator("sites", "visits", "reasons_not_done", "reasons_not_assessable")
    @classmethod
    def _codes_differ(cls, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        twice = said_twice(part.code for part in parts)
        if twice is not None:
            raise ValueError(f"the code {twice!r} comes twice")
        return parts

    @model_validator(mode="after")
    def _endpoint_is_a_visit(self) -> Self:
        if self.endpoint_visit not in {visit.code for visit in self.visits}:
            raise ValueError(f"endpoint_visit {self.endpoint_visit!r} is none of the visits")
        return self

    @model_validator(mode="after")
    def _reasons_of_the_outcome_are_known(self) -> Self:
        rules = self.outcome
        named = [*rules.died, *rules.discharged, *rules.withdrawn]
        unknown = sorted(set(named) - {reason.code for reason in self.reasons_not_done})
        if unknown:
            raise ValueError(f"outcome names {unknown[0]!r}, which is none of reasons_not_done")
        twice = said_twice(named)
        if twice is not None:
            raise ValueError(f"outcome names the reason {twice!r} twice")
        return self

    @model_validator(mode="after")
    def _readers_keep_from_sites_that_there_are(self) -> Self:
        kept_from = {code for one in self.reading.readers for code in one.keeps_from}
        unknown = sorted(kept_from - {site.code for site in self.sites})
        if unknown:
            raise ValueError(
                f"reading.readers keeps somebody from {unknown[0]!r}, which is none of the sites"
            )
        return self

    @model_validator(mode="after")
    def _enrolment_names_what_there_is(self) -> Self:
        visit, redcap = self.enrolment.visit, self.enrolment.redcap
        if visit is not None and visit not in {one.code for one in self.visits}:
            raise ValueError(f"enrolment.visit {visit!r} is none of the visits")
        named = set() if redcap is None else set(redcap.sites.values())
        unknown = sorted(named - {site.code for site in self.sites})
        if unknown:
            raise ValueError(f"enrolment.redcap.sites names {unknown[0]!r}, which is none of the sites")
        return self

    def site(self, code: str) -> Site:
        """Find a site.

        Raises:
            RecordRefused: There is no such site.
        """
        return _find("site", code, self.sites)

    def visit(self, code: str) -> Visit:
        """Find a visit.

        Raises:
            RecordRefused: There is no such visit.
        """
        return _find("visit", code, self.visits)

    def check_patient(self, number: str) -> None:
        """Refuse a number that is none of this trial's.

        Raises:
            RecordRefused: It does not match the pattern.
        """
        if not re.fullmatch(self.patient_pattern, number):
            raise RecordRefused(
                f"Patient {number!r} is not a number of the form {self.patient_pattern}",
                remedy="Give the number as the randomisation gave it",
            )

    def check_not_done(self, reason: str) -> None:
        """Refuse a reason that the trial file does not know for a visit that was not done.

        Raises:
            RecordRefused: It is none.
        """
        _find("reason for not done", reason, self.reasons_not_done)

    def check_answer(self, answer: Answer) -> None:
        """Refuse an answer that nobody can give: no such score, or a reason missing or out of place.

        Raises:
            RecordRefused: It is none that this trial knows.
        """
        if answer.status is Status.NOT_ASSESSABLE:
            _find("reason for not assessable", answer.reason or "", self.reasons_not_assessable)
            fits = answer.score is None
        else:
            # "At least 5" says no more than 5.
            scores = SCORES if answer.status is Status.SCORED else range(1, SCORES[-1])
            fits = answer.status is not Status.ERROR and answer.score in scores and answer.reason is None
        if not fits:
            raise RecordRefused(
                f"{answer.status.value} with score {answer.score} and reason {answer.reason} is no answer",
                remedy="Give a score from 0 to 5, at least 1 to 4, or not assessable with its reason",
            )


class CharterFile(_Part):
    """A trial file with the text that it was read from."""

    charter: Charter
    text: str
    sha256: str
    """Of the text's UTF-8 bytes."""


def read_charter(path: Path) -> CharterFile:
    """Read a trial file.

    Raises:
        SettingsRefused: It cannot be read, is no TOML, or says what nobody understands: the key is named.
    """
    charter = read_toml(path, Charter)
    text = path.read_text(encoding="utf-8")
    return CharterFile(charter=charter, text=text, sha256=hashlib.sha256(text.encode()).hexdigest())


def _find(kind: str, code: str, parts: tuple[Part, ...]) -> Part:
    for part in parts:
        if part.code == code:
            return part
    known = ", ".join(part.code for part in parts)
    raise RecordRefused(f"{code!r} is no {kind} of this trial", remedy=f"Give one of {known}")
