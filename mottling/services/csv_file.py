"""Reads a CSV file as somebody sends it: saved by a spreadsheet, French or not, or exported by a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from mottling.errors import RecordRefused

__all__ = ["CsvFile", "CsvLine", "read_csv"]

_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class CsvLine:
    """One line that is not empty; a cell may hold line ends of its own."""

    number: int
    """Of its first line, as an editor counts; the header is line 1."""
    cells: tuple[str, ...]


@dataclass(frozen=True)
class CsvFile:
    """The file, read."""

    header: tuple[str, ...]
    lines: tuple[CsvLine, ...]


def read_csv(data: bytes) -> CsvFile:
    """Read a CSV file: UTF-8, with comma, semicolon or tab, whichever the first line has most of.

    Raises:
        RecordRefused: It is no text, or no CSV.
    """
    text = _text(data)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        lines = list(_lines(text, delimiter))
    except csv.Error as error:
        raise RecordRefused(
            f"The file is no CSV: {error}", remedy="Export it again, as CSV in UTF-8"
        ) from error
    header = lines[0].cells if lines else ()
    return CsvFile(header, tuple(line for line in lines[1:] if any(line.cells)))


def _lines(text: str, delimiter: str) -> Iterator[CsvLine]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    for cells in reader:
        yield CsvLine(before + 1, tuple(cell.strip() for cell in cells))
        before = reader.line_num


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecordRefused(
            f"The enrolment file is not UTF-8 (byte {error.start})",
            remedy="Save it as CSV UTF-8 and send it again",
        ) from error
