"""Records to rows and back. A row is what is stored and what is hashed: text and numbers only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from typing import TypeVar

from mottling.assessment import Assessment
from mottling.errors import ChainBroken
from mottling.json_records import read_record, to_json
from mottling.scale import Status
from mottling.trial.markings import Outline
from mottling.trial.records import Answer, Record

__all__ = ["Cell", "Row", "from_row", "time_cell", "to_row"]

Cell = str | int | float | None
Row = Mapping[str, Cell]
"""One row, by column."""

Kept = TypeVar("Kept", bound=Record)

_WHOLE: Mapping[object, Callable[[str], object]] = {
    Assessment: partial(read_record, Assessment),
    Outline: Outline.model_validate_json,
}
"""Kept as text of one cell, since nobody asks for a part of them."""


def time_cell(time: datetime) -> str:
    """Write a time as it is stored: UTC, always with microseconds, so that text sorts as time."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def to_row(record: Record) -> Row:
    """Turn a record into its row, without the number."""
    row: dict[str, Cell] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, Answer):
            row |= {"status": value.status.value, "score": value.score, "reason": value.reason}
        else:
            row[name] = _cell(value)
    return row


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return time_cell(value)
    if isinstance(value, Assessment):
        return to_json(value)
    if isinstance(value, Outline):
        return value.model_dump_json()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return int(value)
    assert value is None or isinstance(value, str | int | float), "a record holds text and numbers"
    return value


def from_row(kind: type[Kept], row: Row) -> Kept:
    """Turn a row back into the record that it was.

    Raises:
        ChainBroken: It is none that was ever written.
    """
    try:
        return kind.model_validate(_values(kind, row))
    except ValueError as error:
        raise ChainBroken(
            f"A stored record of the kind {kind.__name__} is not what was written",
            remedy="Run `mottling verify` and restore the store from a backup",
        ) from error


def _values(kind: type[Record], row: Row) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, field in kind.model_fields.items():
        if field.annotation is Answer:
            values[name] = _answer(row)
        elif field.annotation in _WHOLE:
            values[name] = _WHOLE[field.annotation](str(row[name]))
        else:
            values[name] = row[name]
    return values


def _answer(row: Row) -> Answer:
    score, reason = row["score"], row["reason"]
    return Answer(
        Status(str(row["status"])),
        None if score is None else int(score),
        None if reason is None else str(reason),
    )
