"""Tables as CSV: what a statistician and a spreadsheet read from them."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Annotated

import pytest

from mottling.exports.rows import AuditRow, ChangeRow, EligibilityRow, OutcomeRow, ReadingRow
from mottling.exports.tables import Column, dictionary, table
from mottling.scale import Status


@dataclass(frozen=True)
class Line:
    text: Annotated[str | None, Column("A text")]
    hours: Annotated[float | None, Column("A number", values="hours")] = None
    at: Annotated[datetime | None, Column("A time")] = None
    late: Annotated[bool | None, Column("Late")] = None
    status: Annotated[Status | None, Column("A status")] = None


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


@pytest.mark.parametrize("evil", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"])
def test_a_text_that_a_spreadsheet_takes_for_a_formula_is_escaped(evil):
    (row,) = read(table(Line, [Line(evil)]))
    assert row["text"] == "'" + evil


def test_a_negative_number_stays_a_number():
    (row,) = read(table(Line, [Line("x", hours=-3.5)]))
    assert row["hours"] == "-3.5"


def test_a_time_is_written_in_utc():
    at = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    (row,) = read(table(Line, [Line("x", at=at)]))
    assert row["at"] == "2026-03-29T01:30:00Z"


def test_what_was_not_recorded_is_empty_and_not_zero():
    (row,) = read(table(Line, [Line(None)]))
    assert row == {"text": "", "hours": "", "at": "", "late": "", "status": ""}


def test_commas_quotes_and_line_ends_come_back_as_they_were():
    (row,) = read(table(Line, [Line('a, "b"\nc é', late=True, status=Status.AT_LEAST)]))
    assert row["text"] == 'a, "b"\nc é'
    assert (row["late"], row["status"]) == ("yes", "at_least")


def test_a_table_without_rows_still_names_its_columns():
    assert table(Line, []) == b"text,hours,at,late,status\r\n"


@pytest.mark.parametrize("row_type", [OutcomeRow, ReadingRow, EligibilityRow, ChangeRow, AuditRow])
def test_the_dictionary_describes_every_column_of_a_table(row_type):
    described = [row["column"] for row in read(dictionary([("one", row_type)]))]
    header = table(row_type, []).decode().strip().split(",")
    assert described == header


def test_the_dictionary_says_what_a_column_can_hold():
    rows = read(dictionary([("lines", Line)]))
    assert rows[1] == {"table": "lines", "column": "hours", "means": "A number", "values": "hours"}
