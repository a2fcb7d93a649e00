"""Tables as CSV, for the statistician: UTF-8, one header line, cells that no spreadsheet takes for a formula.

A row is a frozen dataclass; each field is a column and says in its annotation what it means, so the data
dictionary cannot drift from the tables.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["Column", "dictionary", "safe", "table"]

Cell = str | int | float | bool | datetime | Enum | None

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection); the wide signs are taken for
# the narrow ones where the system writes Japanese.
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Column:
    """What one column of a table says: `name: Annotated[str, Column("...")]`."""

    means: str
    values: str = "text"


def table(row_type: type[DataclassInstance], rows: Sequence[DataclassInstance]) -> bytes:
    """Write rows of one type as a CSV file; the header is there even when no row is."""
    names = [one.name for one in fields(row_type)]
    return _written([names, *([_cell(getattr(row, name)) for name in names] for row in rows)])


@dataclass(frozen=True)
class DictionaryRow:
    """One column of one table."""

    table: Annotated[str, Column("Name of the table")]
    column: Annotated[str, Column("Name of the column")]
    means: Annotated[str, Column("What it says")]
    values: Annotated[str, Column("What it can hold; empty where nothing was recorded")]


def dictionary(tables: Sequence[tuple[str, type[DataclassInstance]]]) -> bytes:
    """Write the data dictionary of the named tables as a CSV file."""
    return table(DictionaryRow, [row for name, row_type in tables for row in _described(name, row_type)])


def _described(name: str, row_type: type[DataclassInstance]) -> list[DictionaryRow]:
    columns = {
        key: next(note for note in hint.__metadata__ if isinstance(note, Column))
        for key, hint in get_type_hints(row_type, include_extras=True).items()
    }
    return [DictionaryRow(name, key, column.means, column.values) for key, column in columns.items()]


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, int | float):
        return str(value)
    return safe(value)


def safe(text: str) -> str:
    """Give a text as a cell that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_FORMULA_BEGINS) else text


def _written(lines: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()
