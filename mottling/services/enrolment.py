"""Reads an enrolment file: what each line says, and by line number what cannot be taken.

UTF-8, comma or semicolon (French spreadsheets), columns `patient`, `site` and `randomised_at`; `initials`
where the trial has them: the ward then sees that a number is the right one; and `skin_tone` where somebody
judged it, so that figures can be given by tone. The treatment arm has no place in this software: a file that
carries it is refused whole.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mottling.errors import RecordRefused
from mottling.services.office_views import EnrolmentFault as Fault
from mottling.services.office_views import EnrolmentProblem, EnrolmentReport
from mottling.trial.records import Patient

__all__ = ["EnrolmentFile", "EnrolmentLine", "EnrolmentRules", "compare", "read_enrolment"]

COLUMNS = ("patient", "site", "randomised_at")
_INITIALS_COLUMN, _TONE_COLUMN = OPTIONAL = ("initials", "skin_tone")

_INITIALS = re.compile(r"[A-Z]{2,3}")
# The Monk scale.
_TONE = re.compile(r"[1-9]|10")

_ARM_WORDS = frozenset(
    [
        "arm",
        "bras",
        "group",
        "groupe",
        "treatment",
        "traitement",
        "allocation",
        "assignment",
        "iloprost",
        "placebo",
        "saline",
        "drug",
        "medicament",
        "produit",
        "kit",
        "blind",
        "aveugle",
        "unblinded",
        "ttt",
        "trt",
        "rx",
        "strategy",
        "intervention",
    ]
)


@dataclass(frozen=True)
class EnrolmentRules:
    """What the trial file says of patients."""

    sites: frozenset[str]
    patient_pattern: str
    """A regular expression that the whole number matches."""


@dataclass(frozen=True)
class EnrolmentLine:
    """One patient of the file."""

    line: int
    patient: str
    site: str
    randomised_at: datetime
    initials: str = ""
    """Two or three capital letters; empty where the file has none."""
    skin_tone: str = ""
    """1 to 10 on the Monk scale; empty where the file has none."""


@dataclass(frozen=True)
class EnrolmentFile:
    """The file, read."""

    lines: tuple[EnrolmentLine, ...]
    problems: tuple[EnrolmentProblem, ...]


def read_enrolment(data: bytes, rules: EnrolmentRules, *, at: datetime) -> EnrolmentFile:
    """Read an enrolment file.

    Args:
        data: The file's bytes.
        rules: What the trial file says of patients.
        at: Now; nobody was randomised later.

    Raises:
        RecordRefused: It is no text, a column is missing or unknown, or one looks like the treatment arm.
    """
    text = _text(data)
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [name.strip() for name in next(reader, [])]
    _check_header(header)
    lines: list[EnrolmentLine] = []
    problems: list[EnrolmentProblem] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        found = _read_line(reader.line_num, header, cells, rules=rules, at=at)
        if isinstance(found, EnrolmentLine):
            lines.append(found)
        else:
            problems.append(found)
    problems += [*_twice(lines), *_no_initials(lines), *_no_tone(lines)]
    return EnrolmentFile(tuple(lines), tuple(sorted(problems, key=lambda one: one.line)))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecordRefused(
            f"The enrolment file is not UTF-8 (byte {error.start})",
            remedy="Save it as CSV UTF-8 and send it again",
        ) from error


def _check_header(header: list[str]) -> None:
    arm = [name for name in header if _looks_like_arm(name)]
    if arm:
        raise RecordRefused(
            f"The column {arm[0]!r} looks like the treatment arm",
            remedy="Remove it: nobody who scores may learn the arm, and this software never holds it",
        )
    missing = [name for name in COLUMNS if name not in header]
    unknown = [name for name in header if name not in (*COLUMNS, *OPTIONAL)]
    if missing or unknown or len(header) != len(set(header)):
        names = [repr(name) for name in (missing or unknown or header)]
        kind = "is missing" if missing else "is not known" if unknown else "come twice"
        raise RecordRefused(
            f"Of the columns, {', '.join(names)} {kind}",
            remedy=f"Give {', '.join(COLUMNS)} and, if wanted, {' and '.join(OPTIONAL)}",
        )


def _looks_like_arm(name: str) -> bool:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return not _ARM_WORDS.isdisjoint(re.split(r"[^a-z]+", plain))


def _read_line(
    line: int, header: list[str], cells: list[str], *, rules: EnrolmentRules, at: datetime
) -> EnrolmentLine | EnrolmentProblem:
    if len(cells) != len(header):
        return EnrolmentProblem(
            line, f"{len(cells)} cells where {len(header)} are needed", Fault.CELLS, str(len(cells))
        )
    row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    randomised_at = _time(row["randomised_at"])
    problem = _not_of_the_trial(line, row, rules=rules) or _not_a_time_before(
        at, line, row["randomised_at"], randomised_at
    )
    if problem is not None:
        return problem
    assert randomised_at is not None, "else it was no time"
    return EnrolmentLine(
        line,
        row["patient"],
        row["site"],
        randomised_at,
        row.get(_INITIALS_COLUMN, ""),
        row.get(_TONE_COLUMN, ""),
    )


def _not_of_the_trial(line: int, row: dict[str, str], *, rules: EnrolmentRules) -> EnrolmentProblem | None:
    patient, site = row["patient"], row["site"]
    if not re.fullmatch(rules.patient_pattern, patient):
        said = f"patient {patient!r} is not a number of the form {rules.patient_pattern}"
        return EnrolmentProblem(line, said, Fault.PATIENT, patient)
    if site not in rules.sites:
        return EnrolmentProblem(line, f"site {site!r} is not in the trial file", Fault.SITE, site)
    return None


def _not_a_time_before(
    at: datetime, line: int, text: str, randomised_at: datetime | None
) -> EnrolmentProblem | None:
    if randomised_at is None:
        said = f"randomised_at {text!r} is not a time such as 2026-03-29T14:05+02:00"
        return EnrolmentProblem(line, said, Fault.TIME, text)
    if randomised_at > at:
        return EnrolmentProblem(line, f"randomised_at {text!r} lies in the future", Fault.FUTURE, text)
    return None


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo is not None else None


def _no_initials(lines: Iterable[EnrolmentLine]) -> list[EnrolmentProblem]:
    return [
        EnrolmentProblem(
            one.line,
            f"initials {one.initials!r} are not two or three capital letters",
            Fault.INITIALS,
            one.initials,
        )
        for one in lines
        if one.initials and not _INITIALS.fullmatch(one.initials)
    ]


def _no_tone(lines: Iterable[EnrolmentLine]) -> list[EnrolmentProblem]:
    return [
        EnrolmentProblem(
            one.line, f"skin_tone {one.skin_tone!r} is not a number from 1 to 10", Fault.TONE, one.skin_tone
        )
        for one in lines
        if one.skin_tone and not _TONE.fullmatch(one.skin_tone)
    ]


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


def compare(file: EnrolmentFile, enrolled: Sequence[Patient]) -> EnrolmentReport:
    """Say what a file would do beside those who are enrolled already; nothing is stored.

    A patient who is enrolled with the same site and time is left as is, so the same file can come twice; the
    skin tone alone may come later than the patient, or be judged anew.
    """
    before = {patient.patient: (patient.site, patient.randomised_at) for patient in enrolled}
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
    return EnrolmentReport(
        new=tuple(one.patient for one in file.lines if one.patient not in before),
        known=tuple(one.patient for one in file.lines if one.patient in before),
        problems=tuple(sorted([*file.problems, *problems], key=lambda one: one.line)),
        stored=False,
    )
