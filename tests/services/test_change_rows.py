"""Withdrawals, transfers and corrections as a CSV file, read again by somebody else's reader."""

import csv
import io
from datetime import timedelta

import pytest

from mottling.services.query_views import NewQuery
from mottling.trial.changes import Extent
from tests.house import DAY1, OLGA, PATIENT, RANDOMISED_AT, open_house

HOUR = timedelta(hours=1)
EVIL = '=HYPERLINK("http://x")'


@pytest.fixture
def house(tmp_path):
    services = open_house(tmp_path)
    yield services
    services.close()


def changes(house) -> list[dict[str, str]]:
    return rows(house.office.changes_csv(OLGA, at=DAY1))


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def why(minute: int, because="Said so"):
    return {"because": because, "at": DAY1 + timedelta(minutes=minute)}


def test_each_change_is_a_row_with_who_when_and_why_and_says_whether_it_holds(house):
    changing, since = house.changing, RANDOMISED_AT + HOUR
    changing.withdraw(OLGA, PATIENT, Extent.VISITS, since=since, **why(1))
    changing.take_back(OLGA, PATIENT, **why(2))
    changing.withdraw(OLGA, PATIENT, Extent.TRAINING, since=since, **why(3, EVIL))
    changing.transfer(OLGA, "01-002", "02", since=since, **why(4))
    changing.transfer(OLGA, "01-002", "03", since=since, **why(5, "+33 said so"))
    changing.correct_number(OLGA, PATIENT, "01-010", **why(6))
    found = changes(house)
    assert [(one["patient"], one["change"], one["counts"]) for one in found] == [
        ("01-010", "withdrawn", "no"),
        ("01-010", "withdrawal_taken_back", "no"),
        ("01-010", "withdrawn", "yes"),
        ("01-002", "transferred", "no"),
        ("01-002", "transferred", "yes"),
        ("01-010", "number_corrected", "yes"),
    ]
    assert {(one["trial"], one["site"], one["by"]) for one in found} == {("I-MICRO", "01", "olga")}
    assert [one["extent"] for one in found[:3]] == ["no_more_visits", "", "erase_and_never_train"]
    assert [one["to_site"] for one in found[3:]] == ["02", "03", ""]
    assert (found[5]["was"], found[5]["becomes"]) == (PATIENT, "01-010")
    assert found[2]["since"] == f"{since:%Y-%m-%dT%H:%M:%SZ}"
    assert found[2]["at"] == f"{DAY1 + timedelta(minutes=3):%Y-%m-%dT%H:%M:%SZ}"
    assert [one["because"] for one in found[2:5]] == [f"'{EVIL}", "Said so", "'+33 said so"]


def test_a_corrected_enrolment_says_what_holds_of_it(house):
    for minute, hours in ((1, 1), (2, 2)):
        randomised_at = RANDOMISED_AT + hours * HOUR
        house.changing.correct_enrolment(OLGA, PATIENT, "02", randomised_at=randomised_at, **why(minute))
    first, last = changes(house)
    assert [(one["change"], one["to_site"], one["counts"]) for one in (first, last)] == [
        ("enrolment_corrected", "02", "no"),
        ("enrolment_corrected", "02", "yes"),
    ]
    assert last["randomised_at"] == f"{RANDOMISED_AT + 2 * HOUR:%Y-%m-%dT%H:%M:%SZ}"
    assert {one["site"] for one in (first, last)} == {"02"}


def test_a_query_is_listed_under_the_site_that_has_the_patient(house):
    house.queries.ask(OLGA, NewQuery("01-002", "day1", "Is the time right?"), at=DAY1)
    house.changing.transfer(OLGA, "01-002", "02", since=RANDOMISED_AT + HOUR, **why(1))
    assert [one["site"] for one in rows(house.office.queries_csv(OLGA, at=DAY1))] == ["02"]


def test_without_a_change_there_is_the_header_alone(house):
    assert house.office.changes_csv(OLGA, at=DAY1).decode().count("\r\n") == 1
