"""One patient as a person writes it into a form: date and time as the site's clock showed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mottling.errors import RecordRefused
from mottling.services.enrolment_lines import EnrolmentRules, SaidTime, WrittenLine, on_the_clock
from mottling.services.office_views import EnrolmentFault as Fault
from mottling.trial.local_times import moments_of

__all__ = ["Hour", "OnePatient", "written_line"]


class Hour(StrEnum):
    """Which of two is meant, when clocks were put back and showed an hour twice."""

    FIRST = "first"
    """Before they were."""
    SECOND = "second"
    """After."""


@dataclass(frozen=True)
class OnePatient:
    """What was written into the form, before anything is checked."""

    patient: str
    site: str
    day: str
    """Such as 2026-03-29."""
    clock: str
    """Such as 14:05, at the site."""
    hour: Hour | None = None
    """None unless it was asked for."""
    initials: str = ""
    skin_tone: str = ""
    items: Mapping[str, str] = field(default_factory=dict)
    """By code of the item; empty where nothing is said."""


def written_line(person: OnePatient, rules: EnrolmentRules) -> WrittenLine:
    """Read a form as the one line of a file would be.

    Raises:
        RecordRefused: It names an item that the trial file does not know.
    """
    codes = [item.code for item in rules.plan.items]
    unknown = sorted(set(person.items) - set(codes))
    if unknown:
        raise RecordRefused(
            f"{unknown[0]!r} is no eligibility item of this trial",
            remedy="Load the page again and repeat the step",
        )
    return WrittenLine(
        line=1,
        patient=person.patient.strip(),
        site=person.site,
        randomised=_time(person, rules),
        initials=person.initials.strip(),
        skin_tone=person.skin_tone,
        items={code: person.items.get(code, "").strip() for code in codes},
    )


def _time(person: OnePatient, rules: EnrolmentRules) -> SaidTime:
    text = f"{person.day} {person.clock}".strip()
    try:
        shown = datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007 # what a clock shows says no offset
    except ValueError:
        return SaidTime(text, None, Fault.LOCAL_TIME)
    zone = rules.zones.get(person.site)
    said = on_the_clock(text, shown, zone)
    if said.fault is Fault.TWICE_ON_CLOCK and person.hour is not None:
        assert zone is not None, "else no clock was asked"
        return SaidTime(text, moments_of(shown, zone)[0 if person.hour is Hour.FIRST else 1])
    return said
