"""What comes with a patient who is enrolled: the trial file's table `[enrolment]`.

The eligibility items that the trial asks for; and, where patients come from REDCap, what the columns of its
export are called there.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mottling.trial.arm_words import looks_like_arm
from mottling.trial.labels import Words
from mottling.trial.twice import said_twice

__all__ = [
    "OWN_COLUMNS",
    "REDCAP_COLUMNS",
    "DateOrder",
    "EligibilityItem",
    "EnrolmentPlan",
    "ItemKind",
    "Option",
    "RedcapFile",
    "RedcapItem",
]

OWN_COLUMNS = ("patient", "site", "randomised_at", "initials", "skin_tone")
"""Of an enrolment file of ours; those of the items come to them."""
REDCAP_COLUMNS = frozenset(
    [
        "redcap_event_name",
        "redcap_repeat_instrument",
        "redcap_repeat_instance",
        "redcap_data_access_group",
        "redcap_survey_identifier",
        "Event Name",
        "Repeat Instrument",
        "Repeat Instance",
        "Data Access Group",
        "Survey Identifier",
    ]
)
"""What REDCap itself adds, by name or by label. `Group` in it is a group of users, which is a site."""

_GROUP = ("redcap_data_access_group", "Data Access Group")
_FEWEST_OPTIONS = 2

ItemCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Cell = Annotated[str, Field(min_length=1, max_length=200)]
Names = tuple[Annotated[str, Field(min_length=1, max_length=500)], ...]
"""What a column may be called: by its field's name in a raw export, by its label in the other kind."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ItemKind(StrEnum):
    """What can be said of an item."""

    SCORE = "score"
    """A mottling score, 0 to 5."""
    SECONDS = "seconds"
    """A duration, 0 or more."""
    NUMBER = "number"
    """Any number."""
    YES_NO = "yes_no"
    """Yes or no."""
    CHOICE = "choice"
    """One of its options."""


class Option(_Part):
    """One answer to choose."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    """With it records and exports name the answer."""
    label: Words
    """What pages call it."""


class EligibilityItem(_Part):
    """Something that was measured or asked before the patient was randomised."""

    code: ItemCode
    """With it records, exports and the column of an enrolment file name the item."""
    label: Words
    """What pages call it."""
    kind: ItemKind
    """What can be said of it."""
    required: bool = False
    """Whether nobody is enrolled without it."""
    unit: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    """Of a number, such as `mmol/L`. Seconds say theirs already."""
    least: float | None = None
    """The smallest number that is taken, of a number or of seconds."""
    most: float | None = None
    """The largest one."""
    options: tuple[Option, ...] = ()
    """What can be chosen, where it is a choice."""
    note: Words | None = None
    """A sentence beside the field, such as the criterion of the protocol. Nobody is refused by it."""

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> Self:
        is_number = self.kind in {ItemKind.NUMBER, ItemKind.SECONDS}
        if not is_number and (self.least, self.most) != (None, None):
            raise ValueError(f"{self.code!r} is no number, and least and most are for numbers")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError(f"least {self.least} of {self.code!r} is more than most {self.most}")
        if self.unit is not None and self.kind is not ItemKind.NUMBER:
            raise ValueError(f"{self.code!r} has a unit, which is for the kind number")
        return self

    @model_validator(mode="after")
    def _has_options_if_it_is_a_choice(self) -> Self:
        if (self.kind is ItemKind.CHOICE) is not (len(self.options) >= _FEWEST_OPTIONS):
            raise ValueError(f"{self.code!r}: two options or more are for the kind choice, and for no other")
        twice = said_twice(option.code for option in self.options)
        if twice is not None:
            raise ValueError(f"the option {twice!r} of {self.code!r} comes twice")
        return self

    @model_validator(mode="after")
    def _is_no_arm(self) -> Self:
        said = [self.code, self.label.fr, self.label.en]
        said += [one for each in self.options for one in (each.code, each.label.fr, each.label.en)]
        arm = next((one for one in said if looks_like_arm(one)), None)
        if arm is not None:
            raise ValueError(f"{arm!r} looks like the treatment arm, which this software never holds")
        return self


class DateOrder(StrEnum):
    """In which order an export writes a date."""

    YMD = "ymd"
    """2026-03-29, as REDCap exports every date."""
    DMY = "dmy"
    """29/03/2026, as a French spreadsheet saves it."""
    MDY = "mdy"
    """03/29/2026."""


class RedcapItem(_Part):
    """Where an export has one item."""

    code: ItemCode
    """Of the item."""
    field: Annotated[Names, Field(min_length=1)]
    """What its column is called."""
    values: dict[Cell, Annotated[str, Field(max_length=200)]] = {}
    """What the export writes, and what is meant by it: `{ "2" = "septic", ND = "" }`, where an empty text is
    that nothing was said. What is not here stands as it is."""


class RedcapFile(_Part):
    """What the columns of a REDCap export are called; each by its field's name, its label, or both."""

    patient: Annotated[Names, Field(min_length=1)]
    """The patient's number: the record id, or the field that has it."""
    site: Annotated[Names, Field(min_length=1)] = _GROUP
    """The site: REDCap's data access group, or a field."""
    sites: dict[Cell, Annotated[str, Field(min_length=1)]] = {}
    """What the export writes for a site, and its code here. What is not here is taken for the code itself."""
    randomised_at: Names = ()
    """Date and time of the randomisation, where one field has both."""
    randomised_on: Names = ()
    """The date, where there are two fields."""
    randomised_clock: Names = ()
    """The time, where there are two fields."""
    dates: DateOrder = DateOrder.YMD
    """How dates are written. Times without an offset are those of the site's clock."""
    event: Names = ()
    """The event with the randomisation, by its unique name, its label, or both. Other rows are skipped."""
    initials: Names = ()
    """Initials, where the ward is to see them."""
    skin_tone: Names = ()
    """Skin tone on the Monk scale, where somebody judged it."""
    items: tuple[RedcapItem, ...] = ()
    """Eligibility items, one block each."""

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        both = bool(self.randomised_on) and bool(self.randomised_clock)
        either = bool(self.randomised_on) or bool(self.randomised_clock)
        if bool(self.randomised_at) is either or either is not both:
            raise ValueError("redcap names randomised_at, or randomised_on and randomised_clock")
        return self

    @model_validator(mode="after")
    def _names_no_column_twice(self) -> Self:
        named = [name for names in self.columns() for name in names]
        twice = said_twice(named)
        if twice is not None:
            raise ValueError(f"redcap names the column {twice!r} twice")
        arm = [name for name in named if name not in REDCAP_COLUMNS and looks_like_arm(name)]
        if arm:
            raise ValueError(f"redcap names {arm[0]!r}, which looks like the treatment arm")
        if set(OWN_COLUMNS[:3]) <= set(named):
            raise ValueError("these are the columns of our own file, which needs no [enrolment.redcap]")
        return self

    def columns(self) -> Iterator[Names]:
        """Give what each column is called that is read."""
        times = (self.randomised_at, self.randomised_on, self.randomised_clock)
        yield from (self.patient, self.site, *times, self.initials, self.skin_tone)
        yield from (item.field for item in self.items)


class EnrolmentPlan(_Part):
    """What comes with a patient who is enrolled."""

    visit: str | None = None
    """Code of the visit whose photograph and score the office sees beside the items, such as `baseline`."""
    items: tuple[EligibilityItem, ...] = ()
    """Eligibility items, one block each: what was measured or asked before the randomisation."""
    redcap: RedcapFile | None = None
    """Columns of a REDCap export; without it only our own format is taken."""

    @model_validator(mode="after")
    def _items_differ(self) -> Self:
        codes = [item.code for item in self.items]
        twice = said_twice([*OWN_COLUMNS, *codes])
        if twice is not None:
            raise ValueError(f"the code {twice!r} of an item comes twice, or is a column already")
        mapped = [] if self.redcap is None else [item.code for item in self.redcap.items]
        if not set(mapped) <= set(codes):
            unknown = sorted(set(mapped) - set(codes))
            raise ValueError(f"redcap.items names {unknown[0]!r}, which is none of the items")
        twice = said_twice(mapped)
        if twice is not None:
            raise ValueError(f"redcap.items names {twice!r} twice")
        return self
