"""One patient on the way in: what a line of a file, or a form, says, and what of it cannot be taken.

Whichever way a patient comes, the same rules hold and the same problems are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from mottling.services.office_views import EnrolmentFault as Fault
from mottling.services.office_views import EnrolmentProblem
from mottling.trial.charter import Charter
from mottling.trial.eligibility import expected, in_one_writing
from mottling.trial.enrolment_plan import EligibilityItem, EnrolmentPlan
from mottling.trial.local_times import moments_of

__all__ = [
    "EnrolmentLine",
    "EnrolmentRules",
    "SaidTime",
    "WrittenLine",
    "checked",
    "on_the_clock",
]

_INITIALS = re.compile(r"[A-Z]{2,3}")
# The Monk scale.
_TONE = re.compile(r"[1-9]|10")


@dataclass(frozen=True)
class EnrolmentRules:
    """What the trial file says of patients."""

    zones: Mapping[str, ZoneInfo]
    """Of the clocks of each site, by its code: no other site is taken."""
    patient_pattern: str
    """A regular expression that the whole number matches."""
    plan: EnrolmentPlan = field(default_factory=EnrolmentPlan)

    @classmethod
    def of(cls, charter: Charter, *, site: str | None = None) -> EnrolmentRules:
        """Take them from a trial file; with a site, for who may enrol at this one only."""
        zones = {one.code: ZoneInfo(one.time_zone) for one in charter.sites if site in (None, one.code)}
        return cls(zones, charter.patient_pattern, charter.enrolment)


@dataclass(frozen=True)
class SaidTime:
    """What was said of a time."""

    text: str
    """As it was written."""
    at: datetime | None
    """When it is; None where that cannot be told."""
    fault: Fault | None = None
    """Why it cannot be told."""


@dataclass(frozen=True)
class WrittenLine:
    """What is written of one patient, before anything is checked."""

    line: int
    patient: str
    site: str
    randomised: SaidTime
    initials: str = ""
    skin_tone: str = ""
    items: Mapping[str, str] = field(default_factory=dict)
    """By code of the item; where nothing is said it is empty or left out."""


@dataclass(frozen=True)
class EnrolmentLine:
    """One patient, as everything is recorded."""

    line: int
    patient: str
    site: str
    randomised_at: datetime
    initials: str = ""
    """Two or three capital letters; empty where none are given."""
    skin_tone: str = ""
    """1 to 10 on the Monk scale; empty where none is given."""
    items: Mapping[str, str] = field(default_factory=dict)
    """By code of the item, in one writing; without those of which nothing is said."""


def on_the_clock(text: str, shown: datetime, zone: ZoneInfo | None) -> SaidTime:
    """Say when it was that a site's clock showed a time.

    Args:
        text: As the time was written.
        shown: What the clock showed; a time with an offset is taken as it is.
        zone: Of the site; None where it is no site of this trial.
    """
    if shown.tzinfo is not None:
        return SaidTime(text, shown)
    if zone is None:
        return SaidTime(text, None)
    moments = moments_of(shown, zone)
    if len(moments) == 1:
        return SaidTime(text, moments[0])
    return SaidTime(text, None, Fault.TWICE_ON_CLOCK if moments else Fault.NEVER_ON_CLOCK)


def checked(
    written: WrittenLine, rules: EnrolmentRules, *, at: datetime
) -> EnrolmentLine | tuple[EnrolmentProblem, ...]:
    """Check what is written of a patient; gives the line, or all that cannot be taken.

    Args:
        written: What is written.
        rules: What the trial file says of patients.
        at: Now; nobody was randomised later.
    """
    items = {item.code: item for item in rules.plan.items}
    said = {code: text for code, text in written.items.items() if text}
    assert set(said) <= set(items), "only items of the trial file are read"
    problems = (
        *_of_patient(written, rules, at=at),
        *_of_person(written),
        *_of_items(written.line, items, said),
    )
    if problems:
        return problems
    assert written.randomised.at is not None, "else its fault, or that of the site, is a problem"
    return EnrolmentLine(
        written.line,
        written.patient,
        written.site,
        written.randomised.at,
        written.initials,
        written.skin_tone,
        {code: in_one_writing(items[code], text) or "" for code, text in said.items()},
    )


def _of_patient(written: WrittenLine, rules: EnrolmentRules, *, at: datetime) -> Iterator[EnrolmentProblem]:
    line, patient, site, time = written.line, written.patient, written.site, written.randomised
    if not re.fullmatch(rules.patient_pattern, patient):
        said = f"patient {patient!r} is not a number of the form {rules.patient_pattern}"
        yield EnrolmentProblem(line, said, Fault.PATIENT, patient)
    if site not in rules.zones:
        yield EnrolmentProblem(line, f"site {site!r} is not in the trial file", Fault.SITE, site)
    if time.fault is not None:
        said = f"randomised_at {time.text!r} {_WHEN[time.fault].format(zone=rules.zones.get(site))}"
        yield EnrolmentProblem(line, said, time.fault, time.text)
    elif time.at is not None and time.at > at:
        said = f"randomised_at {time.text!r} lies in the future"
        yield EnrolmentProblem(line, said, Fault.FUTURE, time.text)


_WHEN = {
    Fault.TIME: "is not a time such as 2026-03-29T14:05+02:00",
    Fault.LOCAL_TIME: "is not a date and time such as 2026-03-29 14:05",
    Fault.NEVER_ON_CLOCK: "was on no clock of {zone}: clocks were put forward over it",
    Fault.TWICE_ON_CLOCK: "was twice on the clocks of {zone}: write its offset too, such as 02:30+02:00",
}


def _of_person(written: WrittenLine) -> Iterator[EnrolmentProblem]:
    initials, tone = written.initials, written.skin_tone
    if initials and not _INITIALS.fullmatch(initials):
        said = f"initials {initials!r} are not two or three capital letters"
        yield EnrolmentProblem(written.line, said, Fault.INITIALS, initials)
    if tone and not _TONE.fullmatch(tone):
        said = f"skin_tone {tone!r} is not a number from 1 to 10"
        yield EnrolmentProblem(written.line, said, Fault.TONE, tone)


def _of_items(
    line: int, items: Mapping[str, EligibilityItem], said: Mapping[str, str]
) -> Iterator[EnrolmentProblem]:
    for code, item in items.items():
        text = said.get(code, "")
        if text and in_one_writing(item, text) is None:
            told = f"{code} {text!r} is not {expected(item)}"
            yield EnrolmentProblem(line, told, Fault.ITEM, text, code)
        elif item.required and not text:
            yield EnrolmentProblem(line, f"{code} is missing", Fault.ITEM_MISSING, "", code)
