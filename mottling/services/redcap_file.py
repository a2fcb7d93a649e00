"""Reads the CSV file that REDCap exports, raw or with labels, by the columns that the trial file names.

A record has a row for each event and for each instance of an instrument that repeats: only the row of the
enrolment is read, the others are counted. What no column of the trial file names is ignored, unless it looks
like the treatment arm: then the file is refused whole, and so is one whose events are of several arms of the
REDCap project, since those may be the arms of the trial.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mottling.errors import RecordRefused
from mottling.services.csv_file import CsvFile, CsvLine
from mottling.services.enrolment_lines import EnrolmentRules, SaidTime, WrittenLine, on_the_clock
from mottling.services.office_views import EnrolmentFault as Fault
from mottling.services.office_views import Skipped
from mottling.trial.arm_words import looks_like_arm, says_an_arm
from mottling.trial.enrolment_plan import REDCAP_COLUMNS, DateOrder, RedcapFile

__all__ = ["RedcapLines", "read_redcap"]

_EVENT = ("redcap_event_name", "Event Name")
_INSTRUMENT = ("redcap_repeat_instrument", "Repeat Instrument")
# `inclusion_arm_2`, or by label `Inclusion (Arm 2: Second centre)`.
_PROJECT_ARM = re.compile(r"_arm_(\d+)[a-z]?$|\(Arm (\d+)\b")
_DATES = {
    DateOrder.YMD: re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"),
    DateOrder.DMY: re.compile(r"(?P<day>\d{2})[/.-](?P<month>\d{2})[/.-](?P<year>\d{4})"),
    DateOrder.MDY: re.compile(r"(?P<month>\d{2})[/.-](?P<day>\d{2})[/.-](?P<year>\d{4})"),
}
_CLOCK = re.compile(r"[ T]+(?P<clock>\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)")
_NEVER_HOLDS_AN_ARM = "Remove it: nobody who scores may learn the arm, and this software never holds it"


@dataclass(frozen=True)
class RedcapLines:
    """The rows of the enrolment, and how many others there were."""

    lines: tuple[WrittenLine, ...]
    skipped: Skipped


def read_redcap(file: CsvFile, plan: RedcapFile, rules: EnrolmentRules) -> RedcapLines:
    """Read an export.

    Args:
        file: The file; every line has as many cells as the header.
        plan: What its columns are called.
        rules: What the trial file says of patients.

    Raises:
        RecordRefused: A column that is needed is not there, or something looks like the treatment arm.
    """
    _refuse_arms(file)
    place = _places(file.header, plan)
    _refuse_several_arms(file.lines, place.get(_EVENT))
    rows, others = _of_the_enrolment(file.lines, place, plan)
    written = [_written(row, place, plan, rules) for row in rows]
    randomised = tuple(one for one in written if one.randomised.text)
    skipped = Skipped(other_rows=others, not_randomised=len(written) - len(randomised))
    return RedcapLines(randomised, skipped)


def _refuse_arms(file: CsvFile) -> None:
    for index, name in enumerate(file.header):
        if name in REDCAP_COLUMNS:
            continue
        if looks_like_arm(name):
            raise RecordRefused(
                f"The column {name!r} looks like the treatment arm", remedy=_NEVER_HOLDS_AN_ARM
            )
        if any(says_an_arm(line.cells[index]) for line in file.lines):
            # What the cells say is not repeated.
            raise RecordRefused(
                f"The column {name!r} holds what looks like the treatment arm", remedy=_NEVER_HOLDS_AN_ARM
            )


def _refuse_several_arms(lines: Sequence[CsvLine], event: int | None) -> None:
    if event is None:
        return
    found = [_PROJECT_ARM.search(line.cells[event]) for line in lines]
    arms = {one[1] or one[2] for one in found if one is not None}
    if len(arms) > 1:
        raise RecordRefused(
            f"The events of this file are of {len(arms)} arms of the REDCap project",
            remedy="Export one arm at a time, if they are not the arms of the trial; else export no events",
        )


def _places(header: Sequence[str], plan: RedcapFile) -> Mapping[tuple[str, ...], int]:
    """Find each column that is read: by what it may be called, its place in the header."""
    wanted = [names for names in plan.columns() if names]
    found: dict[tuple[str, ...], int] = {}
    for names in (*wanted, _EVENT, _INSTRUMENT):
        here = [index for index, name in enumerate(header) if name in names]
        if len(here) > 1:
            raise RecordRefused(
                f"Of the columns, {header[here[0]]!r} comes twice, or under two of its names",
                remedy="Export each field once, raw or with labels",
            )
        if here:
            found[names] = here[0]
    missing = [" or ".join(map(repr, names)) for names in wanted if names not in found]
    if missing:
        raise RecordRefused(
            f"The export has no column {missing[0]}",
            remedy="Export this field too, or correct [enrolment.redcap] of the trial file",
        )
    return found


def _of_the_enrolment(
    lines: Sequence[CsvLine], place: Mapping[tuple[str, ...], int], plan: RedcapFile
) -> tuple[list[CsvLine], int]:
    """Choose the rows of the enrolment, and count the others."""
    event, instrument = place.get(_EVENT), place.get(_INSTRUMENT)
    rows = [line for line in lines if instrument is None or not line.cells[instrument]]
    if event is not None:
        events = {line.cells[event] for line in rows}
        if not plan.event and len(events) > 1:
            raise RecordRefused(
                f"The export has rows of {len(events)} events, and the trial file does not say of which",
                remedy="Name the event of the enrolment as `event` in [enrolment.redcap], or export it alone",
            )
        rows = [line for line in rows if not plan.event or line.cells[event] in plan.event]
    return rows, len(lines) - len(rows)


def _written(
    row: CsvLine, place: Mapping[tuple[str, ...], int], plan: RedcapFile, rules: EnrolmentRules
) -> WrittenLine:
    def cell(names: tuple[str, ...]) -> str:
        return row.cells[place[names]] if names else ""

    site = plan.sites.get(cell(plan.site), cell(plan.site))
    when = cell(plan.randomised_at) or f"{cell(plan.randomised_on)} {cell(plan.randomised_clock)}".strip()
    return WrittenLine(
        row.number,
        cell(plan.patient),
        site,
        _time(when, plan.dates, rules, site),
        cell(plan.initials),
        cell(plan.skin_tone),
        {item.code: item.values.get(cell(item.field), cell(item.field)) for item in plan.items},
    )


def _time(text: str, dates: DateOrder, rules: EnrolmentRules, site: str) -> SaidTime:
    date = _DATES[dates].match(text)
    clock = None if date is None else _CLOCK.fullmatch(text, date.end())
    if date is None or clock is None:
        return SaidTime(text, None, Fault.LOCAL_TIME)
    try:
        shown = datetime.fromisoformat(f"{date['year']}-{date['month']}-{date['day']}T{clock['clock']}")
    except ValueError:
        return SaidTime(text, None, Fault.LOCAL_TIME)
    return on_the_clock(text, shown, rules.zones.get(site))
