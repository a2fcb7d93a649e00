"""A committee whose habits are known reads a trial through the pages; the report says what was typed."""

import numpy as np
import pytest

from tests.house import OLGA
from tests.simulated_committee import OFTEN, read_a_trial
from tests.web_house import web_house

PATIENTS = 7


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    with web_house(tmp_path_factory.mktemp("committee"), charter=OFTEN) as house:
        yield read_a_trial(house, patients=PATIENTS)


def test_the_table_of_two_readers_is_what_they_typed(read):
    assert read.figures.readers.table.tolist() == read.typed.readers_table().tolist()
    assert read.figures.readers.table.sum() == 2 * PATIENTS


def test_the_table_of_repeats_is_what_they_typed_when_a_photograph_came_back(read):
    assert read.typed.again
    assert read.figures.repeats.table.tolist() == read.typed.repeats_table().tolist()


def test_the_third_reader_was_asked_where_two_had_typed_differently_and_the_verdict_is_by_the_rule(read):
    table = read.typed.readers_table()
    third = read.figures.reading.third
    assert (third.to_third, third.waiting) == (table.sum() - np.trace(table), 0)
    assert third.to_third == sum(name == "cleo" for _, name in read.typed.first)
    verdicts = read.figures.bedside.table.sum(0)
    assert {score: count for score, count in enumerate(verdicts) if count} == dict(read.typed.verdicts())


def test_the_report_that_the_office_is_given_says_the_same(read):
    olga = read.house.enter(OLGA)
    report = olga.get("/office/files/agreement.html", headers={"Accept-Language": "en"}).text
    table = read.typed.readers_table()
    assert f"{100 * np.trace(table) / table.sum():.1f}%" in report
    assert "Made after the read-out was closed" in report
    assert read.house.services.office._store.verify().clean
