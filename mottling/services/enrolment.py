"""Reads an enrolment file: what each line says, and by line number what cannot be taken.

UTF-8, comma or semicolon (French spreadsheets), columns `patient`, `site` and `randomised_at`; `initials`
where the trial has them: the ward then sees that a number is the right one; `skin_tone` where somebody judged
it, so that figures can be given by tone; and a column for each eligibility item of the trial file. Or what
REDCap exports, where the trial file says what its columns are called. The treatment arm has no place in this
software: a file that carries it is refused whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mottling.errors import RecordRefused
from mottling.services.csv_file import CsvFile, read_csv
from mottling.services.enrolment_lines import EnrolmentLine, EnrolmentRules, SaidTime, WrittenLine, checked
from mottling.services.office_views import EnrolmentFault as Fault
from mottling.services.office_views import EnrolmentProblem, EnrolmentReport, Skipped
from mottling.services.redcap_file import RedcapLines, read_redcap
from mottling.trial.arm_words import looks_like_arm
from mottling.trial.enrolment_plan import OWN_COLUMNS, REDCAP_COLUMNS, EnrolmentPlan
from mottling.trial.records import Patient

__all__ = ["EnrolmentFile", "OnRecord", "compare", "read_enrolment"]

_NEEDED = OWN_COLUMNS[:3]


@dataclass(frozen=True)
class EnrolmentFile:
    """The file, read."""

    lines: tuple[EnrolmentLine, ...]
    problems: tuple[EnrolmentProblem, ...]
    skipped: Skipped = field(default_factory=Skipped)


@dataclass(frozen=True)
class OnRecord:
    """What is known already."""

    patients: Sequence[Patient]
    tones: Mapping[str, int]
    """Skin tone, by patient."""
    values: Mapping[tuple[str, str], str | None]
    """What was last said of each eligibility item, by patient and item; None where it was taken back."""
    now: Mapping[str, str] = field(default_factory=dict)
    """Which number a patient has now, by each number that the patient had before."""


def read_enrolment(data: bytes, rules: EnrolmentRules, *, at: datetime) -> EnrolmentFile:
    """Read an enrolment file.

    Args:
        data: The file's bytes.
        rules: What the trial file says of patients.
        at: Now; nobody was randomised later.

    Raises:
        RecordRefused: It is no text, a column is missing or unknown, or one looks like the treatment arm.
    """
    file = read_csv(data)
    problems = [
        EnrolmentProblem(
            line.number,
            f"{len(line.cells)} cells where {len(file.header)} are needed",
            Fault.CELLS,
            str(len(line.cells)),
        )
        for line in file.lines
        if len(line.cells) != len(file.header)
    ]
    whole = replace(file, lines=tuple(one for one in file.lines if len(one.cells) == len(file.header)))
    redcap = rules.plan.redcap
    if redcap is None or set(_NEEDED) <= set(file.header):
        read = RedcapLines(_own_lines(whole, rules.plan), Skipped())
    else:
        read = read_redcap(whole, redcap, rules)
    lines: list[EnrolmentLine] = []
    for written in read.lines:
        found = checked(written, rules, at=at)
        if isinstance(found, EnrolmentLine):
            lines.append(found)
        else:
            problems += found
    problems += _twice(lines)
    return EnrolmentFile(tuple(lines), tuple(sorted(problems, key=lambda one: one.line)), read.skipped)


def _own_lines(file: CsvFile, plan: EnrolmentPlan) -> tuple[WrittenLine, ...]:
    items = [item.code for item in plan.items]
    _check_header(file.header, optional=(*OWN_COLUMNS[3:], *items))
    rows = [(line.number, dict(zip(file.header, line.cells, strict=True))) for line in file.lines]
    return tuple(
        WrittenLine(
            number,
            row["patient"],
            row["site"],
            _time(row["randomised_at"]),
            row.get("initials", ""),
            row.get("skin_tone", ""),
            {code: row[code] for code in items if code in row},
        )
        for number, row in rows
    )


def _check_header(header: Sequence[str], *, optional: Sequence[str]) -> None:
    arm = [name for name in header if name not in REDCAP_COLUMNS and looks_like_arm(name)]
    if arm:
        raise RecordRefused(
            f"The column {arm[0]!r} looks like the treatment arm",
            remedy="Remove it: nobody who scores may learn the arm, and this software never holds it",
        )
    missing = [name for name in _NEEDED if name not in header]
    unknown = [name for name in header if name not in (*_NEEDED, *optional)]
    if missing or unknown or len(header) != len(set(header)):
        names = [repr(name) for name in (missing or unknown or header)]
        kind = "is missing" if missing else "is not known" if unknown else "come twice"
        raise RecordRefused(
            f"Of the columns, {', '.join(names)} {kind}",
            remedy=f"Give {', '.join(_NEEDED)} and, if wanted, {', '.join(optional)}",
        )


def _time(text: str) -> SaidTime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return SaidTime(text, None, Fault.TIME)
    return SaidTime(text, time) if time.tzinfo is not None else SaidTime(text, None, Fault.TIME)


def _twice(lines: Iterable[EnrolmentLine]) -> list[EnrolmentProblem]:
    first: dict[str, int] = {}
    problems = []
    for one in lines:
        if one.patient in first:
            problems.append(
                EnrolmentProblem(
                    one.line,
                    f"patient {one.patient!r} is on line {first[one.patient]} already",
                    Fault.TWICE,
                    one.patient,
                )
            )
        first.setdefault(one.patient, one.line)
    return problems


def compare(file: EnrolmentFile, known: OnRecord) -> EnrolmentReport:
    """Say what a file would do beside what is known already; nothing is stored.

    A patient who is enrolled with the same site and time is left as is, so the same file can come twice. Skin
    tone and eligibility items may come later than the patient. A tone may be judged anew; of an item of which
    something else is recorded already, a file says nothing new: that is corrected with a reason.
    """
    before = {patient.patient: (patient.site, patient.randomised_at) for patient in known.patients}
    problems = [
        EnrolmentProblem(
            one.line,
            f"patient {one.patient!r} is enrolled with another site or time",
            Fault.CHANGED,
            one.patient,
        )
        for one in file.lines
        if before.get(one.patient, (one.site, one.randomised_at)) != (one.site, one.randomised_at)
    ]
    problems += [
        EnrolmentProblem(
            one.line,
            f"patient {one.patient!r} has the number {known.now[one.patient]} now: correct the line",
            Fault.FORMER,
            one.patient,
        )
        for one in file.lines
        if one.patient in known.now
    ]
    problems += [problem for one in file.lines for problem in _said_otherwise(one, known)]
    return EnrolmentReport(
        new=tuple(one.patient for one in file.lines if one.patient not in before),
        known=tuple(one.patient for one in file.lines if one.patient in before),
        problems=tuple(sorted([*file.problems, *problems], key=lambda one: one.line)),
        stored=False,
        completed=tuple(one.patient for one in file.lines if one.patient in before and _adds(one, known)),
        skipped=file.skipped,
    )


def _said_otherwise(line: EnrolmentLine, known: OnRecord) -> Iterable[EnrolmentProblem]:
    for code, value in line.items.items():
        place = (line.patient, code)
        if place in known.values and known.values[place] != value:
            said = f"{code} of patient {line.patient!r} is recorded otherwise: correct it with a reason"
            yield EnrolmentProblem(line.line, said, Fault.ITEM_CHANGED, value, code)


def _adds(line: EnrolmentLine, known: OnRecord) -> bool:
    is_new_tone = bool(line.skin_tone) and known.tones.get(line.patient) != int(line.skin_tone)
    return is_new_tone or any((line.patient, code) not in known.values for code in line.items)
