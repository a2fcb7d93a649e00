"""A committee whose habits are known reads a trial through the pages; the report says what was typed."""

import numpy as np
import pytest

from mottling.services.accounts import User
from mottling.trial.access import Role
from tests.simulated_committee import OFTEN, a_read_trial

PATIENTS = 5


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    folder = tmp_path_factory.mktemp("committee")
    with a_read_trial(folder, patients=PATIENTS, seed=[1], charter=OFTEN) as read:
        yield read


@pytest.fixture(scope="module")
def figures(read):
    return read.figures()


def test_the_table_of_two_readers_is_what_they_typed(read, figures):
    assert figures.readers.table.tolist() == read.typed.readers_table().tolist()
    assert figures.readers.table.sum() == 2 * PATIENTS


def test_the_table_of_repeats_is_what_they_typed_when_a_photograph_came_back(read, figures):
    assert read.typed.again
    assert figures.repeats.table.tolist() == read.typed.repeats_table().tolist()


def test_the_third_reader_was_asked_where_two_had_typed_differently_and_the_verdict_is_by_the_rule(
    read, figures
):
    table = read.typed.readers_table()
    third = figures.reading.third
    assert (third.to_third, third.waiting) == (table.sum() - np.trace(table), 0)
    assert third.to_third == sum(name == "cleo" for _, name in read.typed.first)
    verdicts = figures.bedside.table.sum(0)
    assert {score: count for score, count in enumerate(verdicts) if count} == dict(read.typed.verdicts())


def test_the_report_that_the_office_is_given_says_the_same(read):
    with read.server.visit(User("otto", Role.OFFICE, None)) as otto:
        report = otto.get("/office/files/agreement.html", **{"Accept-Language": "en"}).decode()
    table = read.typed.readers_table()
    assert f"{100 * np.trace(table) / table.sum():.1f}%" in report
    assert "Made after the read-out was closed" in report
    assert read.server.services.office._store.verify().clean
