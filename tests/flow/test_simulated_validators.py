"""What leaves of a trial of 240 patients, opened by other people's readers; how two snapshots differ."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from fhir.resources.bundle import Bundle
from odmlib.dataset_json_1_1.model import DatasetJSON

from mottling.exports.outcome_table import PatientOutcome
from mottling.exports.tables import dictionary
from mottling.services.results import ExportKind, Results
from mottling.store.schema import KINDS
from mottling.store.store import Store
from mottling.trial.charter import read_charter
from mottling.trial.committee_records import BatchSignature
from mottling.trial.records import Record
from tests.exports.dataset_json_schema import against_the_schema
from tests.exports.test_formats import not_allowed, odm_schema, rows  # noqa: F401 - a fixture
from tests.flow.test_simulated_trial import simulation  # noqa: F401 - a fixture
from tests.house import OLGA
from tests.simulated_trial import BEGIN, NOW, charter_of_25_sites

MIDDLE = BEGIN + timedelta(days=90)
TIME_ALONE = {("not_yet", "due"), ("not_yet", "no_record"), ("due", "no_record")}


@pytest.fixture(scope="module")
def halves(simulation):  # noqa: F811 - the fixture
    before = [one for one in simulation.records if one.at <= MIDDLE]
    return before, simulation.records[len(before) :]


@pytest.fixture(scope="module")
def results(halves, tmp_path_factory):
    """Frozen in the middle of the trial, and at its end."""
    folder = tmp_path_factory.mktemp("validated")
    (folder / "trial.toml").write_text(charter_of_25_sites(), "utf-8")
    with Store.open(folder / "data") as store:
        made = Results(store, read_charter(folder / "trial.toml"))
        for half, because, at in zip(halves, (None, "The trial is over"), (MIDDLE, NOW), strict=True):
            with store._ledger.writing() as pen:
                for record in half:
                    pen.add(record)
            made.freeze(OLGA, because=because, at=at)
        yield made


def exported(results, kind: ExportKind) -> dict[str, bytes]:
    return {file.name: file.data for file in results.export(OLGA, kind, at=NOW)}


def test_odm_of_the_whole_trial_is_valid_against_cdisc_s_schema(results, odm_schema):  # noqa: F811
    (data,) = exported(results, ExportKind.ODM).values()
    assert [str(error) for error in odm_schema.iter_errors(io.BytesIO(data))] == []


def test_dataset_json_of_the_whole_trial_is_valid_against_cdisc_s_schema_and_read_by_odmlib(results):
    for name, data in exported(results, ExportKind.DATASET_JSON).items():
        assert against_the_schema(data) == [], name
        found = DatasetJSON.from_json(data.decode())
        assert (found.records > 0, found.records) == (True, len(found.rows)), name


def test_redcap_would_take_every_cell_of_the_whole_trial(results):
    files = exported(results, ExportKind.REDCAP)
    allowed, imported = (rows(files[f"redcap_{name}.csv"]) for name in ("dictionary", "import"))
    assert list(not_allowed(allowed, imported)) == []


def test_the_bundle_of_the_whole_trial_is_read_by_the_models_of_fhir_r5(results, simulation):  # noqa: F811
    (data,) = exported(results, ExportKind.FHIR).values()
    kinds = [one.resource.__class__.__name__ for one in Bundle.model_validate_json(data).entry]
    assert kinds.count("Patient") == len(simulation.truth)


def test_each_cell_of_the_outcome_is_what_the_data_dictionary_says(results):
    lines = rows(dictionary([("patient_outcome", PatientOutcome)]))
    described = {one["column"]: one["values"] for one in lines}
    lines = rows(results.outcome_csv(OLGA, at=NOW))
    wrong = [
        (column, cell)
        for line in lines
        for column, cell in line.items()
        if cell and not can_hold(described[column], cell)
    ]
    assert (lines[0].keys(), wrong) == (described.keys(), [])


def can_hold(values: str, cell: str) -> bool:
    """Say whether a cell is what the words of the data dictionary allow."""
    if values.startswith("0-5"):
        return cell in "012345"
    if "|" in values:
        return cell in [re.sub(r" \(.*\)", "", one.strip()) for one in values.split("|")]
    if values in ("a count", "hours"):
        return float(cell) >= 0 or values == "hours"
    if "UTC" in values:
        return datetime.fromisoformat(cell).utcoffset() == timedelta(0)
    return "64" not in values or re.fullmatch("[0-9a-f]{64}", cell) is not None


@pytest.mark.parametrize(
    ("values", "cell"),
    [("yes | no", "perhaps"), ("exact | at_least (a lower bound)", "a"), ("0-5", "6"), ("a count", "-1")],
)
def test_a_cell_that_the_dictionary_does_not_allow_is_found(values, cell):
    assert not can_hold(values, cell)


def test_a_diff_of_two_snapshots_explains_every_change_by_all_that_was_recorded(
    results,
    halves,
    simulation,  # noqa: F811
):
    tables = [by_number_of_now(one.table, simulation) for one in results.snapshots(OLGA)]
    differ = {name for name in tables[1] if tables[0].get(name) != tables[1][name]}
    diff = results.diff(OLGA, 1, 2)
    recorded = acts_by_patient(halves, simulation)
    assert {one.change.patient for one in diff.changes} == differ
    assert len(differ) > 100
    for one in diff.changes:
        assert [act.act for act in one.acts] == recorded.get(one.change.patient, []), one.change
        assert one.acts or (one.change.before, one.change.after) in TIME_ALONE, one.change


def by_number_of_now(table: str, simulation) -> dict[str, dict[str, str]]:  # noqa: F811
    now = {one.former: name for name, one in simulation.truth.items() if one.former}
    lines = csv.DictReader(io.StringIO(table, newline=""))
    return {now.get(line["patient"], line["patient"]): line for line in lines}


def acts_by_patient(halves, simulation) -> dict[str, list[str]]:  # noqa: F811
    """Sort what was recorded in the second half by patient, from the simulation's own records."""
    now = {one.former: name for name, one in simulation.truth.items() if one.former}
    of_photo, of_reading = {}, {}
    for record in (*halves[0], *halves[1]):
        if hasattr(record, "patient") and hasattr(record, "photo_id"):
            of_photo[record.photo_id] = record.patient
        if hasattr(record, "reading_id") and hasattr(record, "photo_id"):
            of_reading[record.reading_id] = of_photo[record.photo_id]
    found: dict[str, list[str]] = {}
    for record in halves[1]:
        if not isinstance(record, BatchSignature):
            name = next(_named(record, of_photo, of_reading))
            found.setdefault(now.get(name, name), []).append(KINDS[type(record)].act)
    return found


def _named(record: Record, of_photo: dict[str, str], of_reading: dict[str, str]) -> Iterator[str]:
    if hasattr(record, "patient"):
        yield record.patient
    elif hasattr(record, "photo_id"):
        yield of_photo[record.photo_id]
    else:
        yield of_reading[record.reading_id]
