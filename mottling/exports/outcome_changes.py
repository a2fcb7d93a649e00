"""What differs between two tables of outcomes, patient by patient, as the files say it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Change", "Part", "changes_between"]

_KEY = "patient"


class Part(StrEnum):
    """Which part of a patient's line differs."""

    ENROLMENT = "enrolment"
    """The patient is new, or number, site, randomisation or a withdrawal differ."""
    OUTCOME = "outcome"
    """The value, or the reason why there is none."""
    PHOTOGRAPH = "photograph"
    ANSWER = "answer"
    """Which answer counts, or who gave it."""
    MODEL = "model"
    """What the model said; never part of the value."""


_PARTS = {
    "value": Part.OUTCOME,
    "bound": Part.OUTCOME,
    "missing": Part.OUTCOME,
    "detail": Part.OUTCOME,
    "photographs": Part.PHOTOGRAPH,
    "photo_sha256": Part.PHOTOGRAPH,
    "photo_site": Part.PHOTOGRAPH,
    "photo_at": Part.PHOTOGRAPH,
    "hours_after_randomisation": Part.PHOTOGRAPH,
    "outside_window": Part.PHOTOGRAPH,
    "source": Part.ANSWER,
    "record_id": Part.ANSWER,
    "answered_by": Part.ANSWER,
    "answered_at": Part.ANSWER,
    "model": Part.MODEL,
    "model_sha256": Part.MODEL,
    "model_status": Part.MODEL,
    "model_score": Part.MODEL,
}
"""By column; any other column is of the enrolment."""


@dataclass(frozen=True)
class Change:
    """One patient whose line differs."""

    patient: str
    before: str | None
    """The outcome in short, such as `3`, `3+` or `died`; None when the patient is new."""
    after: str | None
    """None when the patient is in the earlier table only."""
    parts: tuple[Part, ...]


def changes_between(
    before: str, after: str, *, called: Mapping[str, str] | None = None
) -> tuple[Change, ...]:
    """Compare two tables of outcomes.

    Args:
        before: The earlier one, as the CSV file's text.
        after: The later one.
        called: The number of now by each that was corrected since: by it a patient is the same in both.
    """
    earlier, later = (_lines(text, called or {}) for text in (before, after))
    return tuple(
        Change(patient, _short(earlier.get(patient)), _short(later.get(patient)), parts)
        for patient in sorted(earlier.keys() | later.keys())
        if (parts := _different(earlier.get(patient, {}), later.get(patient, {})))
    )


def _lines(text: str, called: Mapping[str, str]) -> dict[str, dict[str, str]]:
    lines = csv.DictReader(io.StringIO(text, newline=""))
    return {called.get(line[_KEY], line[_KEY]): line for line in lines}


def _different(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[Part, ...]:
    # A column that a later version of Mottling added is no change of a patient.
    columns = one.keys() & other.keys() or one.keys() | other.keys()
    found = {_PARTS.get(column, Part.ENROLMENT) for column in columns if one.get(column) != other.get(column)}
    return tuple(part for part in Part if part in found)


def _short(line: Mapping[str, str] | None) -> str | None:
    if line is None:
        return None
    if line["value"]:
        return line["value"] + ("+" if line["bound"] == "at_least" else "")
    return line["missing"] + (f" ({line['detail']})" if line["detail"] else "")
