"""Drift as the service counts it: only what the model in use read, by site and device, without patients."""

from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from mottling.agreement.drift import Flag
from mottling.errors import NotAllowed
from mottling.imaging.contract import ModelContract
from mottling.scale import Zone
from mottling.services import drift as drift_module
from mottling.services.drift import Grouping
from mottling.services.views import Answer
from tests.house import DAY1, EMMA, NINA, OLGA, RAVI, RITA, confirm, enrol, lock, open_house, sign
from tests.tiny_model import a_jpeg, tiny_reference, write_tiny_registry


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Six patients of site 01, whose knees are mottled, and one of site 02; of each the verdict is 2."""
    with closing(open_house(tmp_path_factory.mktemp("drift"))) as services:
        enrol(services, "01-003", "01-004", "01-005", "01-006")
        for number in range(1, 7):
            confirm(services, f"01-00{number}", data=a_jpeg([Zone.COIN, Zone.KNEE]))
        confirm(services, "02-001")
        for reader in (RITA, RAVI):
            for _ in range(7):
                lock(services, reader, Answer.scored(2))
            sign(services, reader)
        yield services


def report(house, grouping=Grouping.SITE):
    return house.drift.report(EMMA, grouping)


def test_the_weeks_of_each_site_are_counted_for_the_model_in_use(house):
    seen = report(house)
    assert (seen.model, seen.photographs, seen.alarms) == ("tiny", 7, ())
    (week,) = seen.all.weeks
    assert (week.week, week.photographs, week.scores[2]) == (date(2026, 3, 2), 7, 6)
    assert [(one.group, one.weeks[0].photographs) for one in seen.groups] == [("01", 6), ("02", 1)]


def test_how_many_of_few_verdicts_are_alike_is_not_told(house):
    (week,) = report(house).all.weeks
    assert (week.compared, week.alike) == (7, 6)
    assert [(one.weeks[0].compared, one.weeks[0].alike) for one in report(house).groups] == [(6, 6), (1, 0)]


def test_devices_are_told_apart_and_looked_for_once(house, monkeypatch):
    assert [one.group for one in report(house, Grouping.DEVICE).groups] == ["unknown"]
    monkeypatch.setattr(drift_module, "device_of", None)
    assert report(house, Grouping.DEVICE).photographs == 7


def test_what_another_model_read_counts_no_more(house, monkeypatch):
    active = house.release._registry.active()
    monkeypatch.setattr(house.drift._registry, "active", lambda: replace(active, sha256="0" * 64))
    assert report(house).photographs == 0


def test_an_alarm_reaches_the_report(house, monkeypatch):
    monkeypatch.setattr("mottling.agreement.drift.REFERENCE", 1)
    monkeypatch.setattr("mottling.agreement.drift._THRESHOLD", 0.01)
    assert (Flag.LOW, "02") in {(alarm.flag, alarm.group) for alarm in report(house).alarms}


def test_of_a_model_without_a_reference_no_distance_is_known(house):
    assert (report(house).measured, report(house).all.weeks[0].distance) == (0, None)


def test_the_distance_of_what_the_model_reads_is_kept_and_nothing_that_it_was_computed_from(tmp_path):
    write_tiny_registry(tmp_path / "models", contract=ModelContract(reference=tiny_reference()))
    with closing(open_house(tmp_path)) as services:
        photo_id = confirm(services, "01-001")
        (week,) = report(services).all.weeks
        kept = services.office._store.ward.distances()
    assert kept == {photo_id: week.distance}
    assert 0 < week.distance < 100


def test_engineers_and_the_office_look_and_nobody_else(house):
    assert house.drift.report(OLGA, Grouping.SITE).photographs == 7
    for user in (NINA, RITA):
        with pytest.raises(NotAllowed):
            house.drift.report(user, Grouping.SITE)


def test_no_patient_and_no_photograph_is_named(house):
    assert "01-00" not in repr(report(house))
    assert DAY1.isoformat() not in repr(report(house))
