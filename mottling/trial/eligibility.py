"""Eligibility items of a patient: what was said of each, and what can be said."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from mottling.trial.enrolment_plan import EligibilityItem, ItemKind
from mottling.trial.records import Code, Record, Sentence

__all__ = ["EligibilityValue", "expected", "in_one_writing"]

_SCORE = re.compile(r"[0-5]")
# As precise as anybody measures; a comma is a French decimal point.
_NUMBER = re.compile(r"-?[0-9]{1,6}(?:[.,][0-9]{1,3})?")
_YES_NO = {"yes": "yes", "oui": "yes", "1": "yes", "no": "no", "non": "no", "0": "no"}
_EXPECTED = {
    ItemKind.SCORE: "a score from 0 to 5",
    ItemKind.SECONDS: "a number of seconds",
    ItemKind.NUMBER: "a number",
    ItemKind.YES_NO: "yes or no",
    ItemKind.CHOICE: "one of",
}


class EligibilityValue(Record):
    """What was said of one eligibility item of a patient; the last version counts."""

    patient: Code
    item: Code
    """A code of the trial file."""
    value: Annotated[str, Field(min_length=1, max_length=60)] | None
    """As `in_one_writing` gives it; None where the version before is taken back and nothing said instead."""
    version: Annotated[int, Field(ge=1)]
    """1, 2, 3 …: each supersedes the one before it."""
    because: Sentence | None
    """Why it supersedes the one before it; None for the first one."""


def in_one_writing(item: EligibilityItem, text: str) -> str | None:
    """Give what somebody wrote of an item as it is recorded; None where it cannot be said of the item."""
    match item.kind:
        case ItemKind.SCORE:
            return text if _SCORE.fullmatch(text) else None
        case ItemKind.YES_NO:
            return _YES_NO.get(text.lower())
        case ItemKind.CHOICE:
            found = [one.code for one in item.options if text in (one.code, one.label.fr, one.label.en)]
            return found[0] if len(found) == 1 else None
        case ItemKind.NUMBER | ItemKind.SECONDS:
            return _number(item, text)


def _number(item: EligibilityItem, text: str) -> str | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text.replace(",", "."))
    least = 0.0 if item.kind is ItemKind.SECONDS else -float("inf")
    if not max(least, _or(item.least, least)) <= number <= _or(item.most, float("inf")):
        return None
    # 3, 3.0 and 3,00 are one value.
    return f"{number.normalize() + 0:f}"


def _or(bound: float | None, otherwise: float) -> float:
    return otherwise if bound is None else bound


def expected(item: EligibilityItem) -> str:
    """Say in English what can be said of an item."""
    said = [_EXPECTED[item.kind]]
    if item.kind is ItemKind.CHOICE:
        said.append(", ".join(option.code for option in item.options))
    if item.least is not None:
        said.append(f"from {item.least:g}")
    if item.most is not None:
        said.append(f"up to {item.most:g}")
    return " ".join(said)
