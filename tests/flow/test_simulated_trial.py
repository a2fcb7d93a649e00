"""What leaves of a trial of 240 patients is the simulation's truth, for every patient and in every format."""

import csv
import io
import json
import random
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from mottling.services.results import ExportKind, Results
from mottling.store.store import Store
from mottling.trial.charter import read_charter
from tests.house import OLGA
from tests.simulated_trial import FATES, NOW, PATIENTS, SITES, Simulation, charter_of_25_sites

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"


@pytest.fixture(scope="module")
def simulation():
    return Simulation(random.Random(236)).run()  # noqa: S311 - a made-up trial


@pytest.fixture(scope="module")
def results(simulation, tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulated")
    (folder / "trial.toml").write_text(charter_of_25_sites(), "utf-8")
    with Store.open(folder / "data") as store:
        with store._ledger.writing() as pen:  # all at once: a transaction for each would take a minute
            for record in simulation.records:
                pen.add(record)
        yield Results(store, read_charter(folder / "trial.toml"))


@pytest.fixture(scope="module")
def lines(results):
    data = results.outcome_csv(OLGA, at=NOW).decode()
    return {line["patient"]: line for line in csv.DictReader(io.StringIO(data, newline=""))}


@pytest.fixture(scope="module")
def values(simulation):
    return {name: one.value for name, one in simulation.truth.items() if one.value is not None}


def test_the_simulated_trial_has_everything_in_it(simulation):
    reasons = Counter(one.missing for one in simulation.truth.values())
    assert {"died", "discharged", "withdrawn", "not_done", "no_record", "due", "not_yet"} <= reasons.keys()
    assert {"in_dispute", "with_readers", "not_assessable"} <= reasons.keys()
    assert len({name[:2] for name in simulation.truth}) == SITES
    assert sum(one.outside_window for one in simulation.truth.values()) > 10
    assert sum(one.at_least for one in simulation.truth.values()) > 5
    assert sum(bool(one.former) for one in simulation.truth.values()) > 10
    assert len({one.photo_site != one.site for one in simulation.truth.values() if one.sha256}) == 2


def test_every_patient_has_one_line(simulation, lines):
    assert lines.keys() == simulation.truth.keys()
    assert len(lines) == PATIENTS == sum(FATES.values())


def test_each_outcome_is_the_truth(simulation, lines):
    for name, truth in simulation.truth.items():
        line = lines[name]
        assert line["value"] == ("" if truth.value is None else str(truth.value)), name
        assert line["missing"] == truth.missing, name
        assert (line["bound"] == "at_least") is truth.at_least, name
        assert (line["outside_window"] == "yes") is truth.outside_window, name


def test_site_and_number_of_each_patient_are_the_truth(simulation, lines):
    for name, truth in simulation.truth.items():
        line = lines[name]
        assert (line["site"], line["site_now"]) == (truth.site, truth.site_now), name
        assert line["former_numbers"] == truth.former, name
        assert bool(line["withdrawn_at"]) is truth.withdrew, name
        if truth.sha256:
            assert line["photo_site"] == truth.photo_site, name


def test_odm_says_why_each_patient_changed(results, simulation):
    (file,) = results.export(OLGA, ExportKind.ODM, at=NOW)
    changed = {
        subject.get("SubjectKey")
        for subject in ET.fromstring(file.data).iter(ODM + "SubjectData")  # noqa: S314 - written by this test
        for group in subject.iter(ODM + "ItemGroupData")
        if group.get("ItemGroupOID") == "IG.CHANGE" and group.find(f".//{ODM}ReasonForChange") is not None
    }
    truth = simulation.truth.items()
    assert changed >= {name for name, one in truth if one.former or one.withdrew or one.site != one.site_now}


def test_each_value_goes_back_to_its_photograph_and_reading(simulation, lines):
    for name, truth in simulation.truth.items():
        if truth.value is not None:
            assert (lines[name]["photo_sha256"], lines[name]["record_id"]) == (truth.sha256, truth.reading_id)
            assert (lines[name]["model"], lines[name]["model_sha256"]) == ("simulated", "d" * 64)


def test_dataset_json_accepts_the_true_values(results, values):
    rs = json.loads(results.export(OLGA, ExportKind.DATASET_JSON, at=NOW)[0].data)
    names = [column["name"] for column in rs["columns"]]
    records = [dict(zip(names, row, strict=True)) for row in rs["rows"]]
    accepted = {
        one["USUBJID"][-6:]: int(one["RSORRES"].removeprefix(">="))
        for one in records
        if one["RSACPTFL"] == "Y" and one["RSORRES"]
    }
    assert accepted == values


def test_odm_holds_the_true_values(results, values):
    (file,) = results.export(OLGA, ExportKind.ODM, at=NOW)
    found = {
        subject.get("SubjectKey"): int(item.get("Value"))
        for subject in ET.fromstring(file.data).iter(ODM + "SubjectData")  # noqa: S314 - written by this test
        for item in subject.iter(ODM + "ItemData")
        if item.get("ItemOID") == "IT.OUTCOME.VALUE"
    }
    assert found == values


def test_redcap_imports_the_true_values(results, values):
    data = results.export(OLGA, ExportKind.REDCAP, at=NOW)[0].data.decode()
    rows = csv.DictReader(io.StringIO(data, newline=""))
    assert {row["record_id"]: int(row["mo_value"]) for row in rows if row["mo_value"]} == values


def test_the_bundle_observes_the_true_values(results, values):
    bundle = json.loads(results.export(OLGA, ExportKind.FHIR, at=NOW)[0].data)
    resources = [entry["resource"] for entry in bundle["entry"]]
    number = {
        f"urn:uuid:{one['id']}": one["identifier"][0]["value"]
        for one in resources
        if one["resourceType"] == "Patient"
    }
    found = {
        number[one["subject"]["reference"]]: one["valueQuantity"]["value"]
        for one in resources
        if one["resourceType"] == "Observation"
        and one["code"]["coding"][0]["code"] == "mottling-score"
        and "valueQuantity" in one
    }
    assert found == values
