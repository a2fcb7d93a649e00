"""Each format, opened by somebody else's reader or held to the rules of its standard."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from importlib.resources import files

import pytest
import xmlschema
from fhir.resources.bundle import Bundle
from odmlib.dataset_json_1_1.model import DatasetJSON

from mottling.exports.dataset_json import dataset_json
from mottling.exports.fhir import fhir
from mottling.exports.odm import odm
from mottling.exports.redcap import redcap
from mottling.trial.enrolment_plan import EligibilityItem
from tests.exports.dataset_json_schema import against_the_schema
from tests.exports.drawn_trial import DAY1, ELIGIBILITY, EVIL, VALUES, eligible, extract

FORMATS = (dataset_json, odm, redcap, fhir)
ODM = "{http://www.cdisc.org/ns/odm/v1.3}"


@pytest.fixture(scope="module")
def made():
    return {file.name: file for write in FORMATS for file in write(extract())}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


@pytest.mark.parametrize("write", FORMATS, ids=lambda write: write.__name__)
def test_the_same_records_at_the_same_moment_give_the_same_bytes(write):
    assert write(extract()) == write(extract())


def test_no_export_holds_a_photograph_or_its_exif(made):
    for file in made.values():
        for sign in (b"\xff\xd8\xff", b"Exif", b"/9j/", b"data:image", b"iVBOR"):
            assert sign not in file.data, file.name


# --- Dataset-JSON ---


def dataset(made, name) -> list[dict[str, object]]:
    content = json.loads(made[name].data)
    return [
        dict(zip([one["name"] for one in content["columns"]], row, strict=True)) for row in content["rows"]
    ]


@pytest.mark.parametrize("name", ["rs.json", "supprs.json"])
def test_dataset_json_is_valid_against_cdisc_s_schema(made, name):
    assert against_the_schema(made[name].data) == []


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [
        ("datasetJSONVersion", "1.0.0", "does not match"),
        ("records", "many", "is not of type 'integer'"),
        ("arm", "adrenaline", "Additional properties are not allowed"),
        ("columns", [{"name": "RSSEQ"}], "'dataType' is a required property"),
        ("label", None, "is not of type 'string'"),
    ],
)
def test_cdisc_s_schema_refuses_what_is_no_dataset_json(made, key, value, wrong):
    content = {**json.loads(made["rs.json"].data), key: value}
    assert any(wrong in one for one in against_the_schema(json.dumps(content).encode()))


@pytest.mark.parametrize("name", ["rs.json", "supprs.json"])
def test_dataset_json_is_read_by_odmlib_and_follows_the_standard(made, name):
    content = json.loads(made[name].data)
    # CDISC publishes its JSON schema without a licence: these are rules written from the standard's tables.
    required = {
        "datasetJSONCreationDateTime",
        "datasetJSONVersion",
        "itemGroupOID",
        "records",
        "name",
        "label",
    }
    assert required | {"columns"} <= content.keys()
    assert re.fullmatch(r"1\.1(\.(0|[1-9]\d*))?", content["datasetJSONVersion"])
    assert datetime.fromisoformat(content["datasetJSONCreationDateTime"]).tzinfo is not None
    assert content["records"] == len(content["rows"]) == made[name].rows
    kinds = {"string": str, "integer": int}
    for column in content["columns"]:
        assert {"itemOID", "name", "label", "dataType"} <= column.keys()
        assert len(column["name"]) <= 8
        assert len(column["label"]) <= 40
    for row in content["rows"]:
        for value, column in zip(row, content["columns"], strict=True):
            assert value is None or type(value) is kinds[column["dataType"]]
    assert DatasetJSON.from_json(made[name].data.decode()).records == content["records"]


def test_rs_has_one_accepted_record_for_each_patient_whose_answer_counts(made):
    accepted = [one for one in dataset(made, "rs.json") if one["RSACPTFL"] == "Y"]
    assert {one["USUBJID"]: one["RSORRES"] for one in accepted} == {
        "I-MICRO-01-01-001": "3",
        "I-MICRO-01-01-002": ">=3",
        "I-MICRO-01-01-003": "",
        "I-MICRO-02-02-001": "2",
    }


def test_rs_gives_no_number_to_a_lower_bound_and_none_to_what_was_not_done(made):
    for one in dataset(made, "rs.json"):
        assert (one["RSSTRESN"] is None) is (one["RSORRES"] in ("", ">=3"))
        assert (one["RSSTAT"] == "NOT DONE") is (one["RSREASND"] != "") is (one["RSORRES"] == "")


def test_rs_says_why_a_visit_was_not_done(made):
    gone = [
        one
        for one in dataset(made, "rs.json")
        if one["USUBJID"].endswith(("01-005", "02-002")) and one["VISITNUM"] == 2
    ]
    assert [one["RSREASND"] for one in gone] == ["died: died", "no_record"]


def test_each_record_of_rs_has_its_number_and_each_of_supprs_its_record(made):
    records = {(one["USUBJID"], str(one["RSSEQ"])) for one in dataset(made, "rs.json")}
    assert len(records) == made["rs.json"].rows
    supp = dataset(made, "supprs.json")
    assert {(one["USUBJID"], one["IDVARVAL"]) for one in supp} <= records
    assert {one["QNAM"] for one in supp} >= {"RSLOBND", "PHOTSHA", "MODSHA", "OUTWIN", "RSCHGRSN"}
    assert len({(one["USUBJID"], one["IDVARVAL"], one["QNAM"]) for one in supp}) == len(supp)


# --- ODM-XML ---


@pytest.fixture(scope="module")
def odm_schema():
    # odmlib (MIT) brings CDISC's schema for ODM 1.3.2; nothing is fetched.
    folder = files("odmlib") / "schemas" / "odm" / "1.3.2"
    return xmlschema.XMLSchema(str(folder / "ODM1-3-2.xsd"), allow="local")


def test_odm_is_valid_against_cdisc_s_schema(made, odm_schema):
    assert [str(error) for error in odm_schema.iter_errors(io.BytesIO(made["odm.xml"].data))] == []


def test_odm_names_nothing_that_it_does_not_define(made):
    root = ET.fromstring(made["odm.xml"].data)  # noqa: S314 - written by this test
    for defined, used in (
        ("StudyEventDef", "StudyEventOID"),
        ("FormDef", "FormOID"),
        ("ItemGroupDef", "ItemGroupOID"),
        ("ItemDef", "ItemOID"),
        ("CodeList", "CodeListOID"),
        ("User", "UserOID"),
        ("Location", "LocationOID"),
    ):
        oids = {one.get("OID") for one in root.iter(ODM + defined)}
        assert {value for one in root.iter() if (value := one.get(used)) is not None} <= oids, defined


def test_every_answer_in_odm_has_who_when_and_which_record(made):
    root = ET.fromstring(made["odm.xml"].data)  # noqa: S314 - written by this test
    answers = [one for one in root.iter(ODM + "ItemGroupData") if one.get("ItemGroupOID") == "IG.ANSWER"]
    assert len(answers) == sum(
        (photo.steps.own is not None) + (photo.steps.final is not None) + len(photo.readings)
        for photos in DAY1.values()
        for photo in photos
    )
    for one in answers:
        audit = one.find(ODM + "AuditRecord")
        assert audit.get("UsedImputationMethod") == "No"
        assert audit.find(ODM + "SourceID").text
    assert {one.text for one in root.iter(ODM + "ReasonForChange")} == {EVIL.replace("\x0b", "\ufffd")}


def test_odm_gives_the_values(made):
    root = ET.fromstring(made["odm.xml"].data)  # noqa: S314 - written by this test
    found = {
        subject.get("SubjectKey"): int(item.get("Value"))
        for subject in root.iter(ODM + "SubjectData")
        for item in subject.iter(ODM + "ItemData")
        if item.get("ItemOID") == "IT.OUTCOME.VALUE"
    }
    assert found == VALUES


# --- REDCap (rules written from REDCap's import and dictionary formats; it has no public validator) ---


def test_redcap_s_dictionary_has_its_eighteen_columns_and_legal_fields(made):
    header, *fields = csv.reader(io.StringIO(made["redcap_dictionary.csv"].data.decode(), newline=""))
    assert len(header) == 18
    assert fields[0][0] == "record_id"
    names = [field[0] for field in fields]
    assert len(names) == len(set(names))
    for field in fields:
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,25}", field[0])
        assert field[3] in {"text", "radio"}
        assert (field[5] != "") is (field[3] == "radio")


def test_redcap_s_import_holds_only_what_its_dictionary_allows(made):
    dictionary, imported = (rows(made[f"redcap_{name}.csv"].data) for name in ("dictionary", "import"))
    forms = {one["Form Name"] for one in dictionary}
    assert forms == {"mottling_outcome", "mottling_answer", "mottling_enrolment"}
    extra = {"redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"}
    extra |= {"redcap_data_access_group", *(f"{form}_complete" for form in forms)}
    assert imported[0].keys() - {one["Variable / Field Name"] for one in dictionary} == extra
    assert list(not_allowed(dictionary, imported)) == []


def not_allowed(dictionary, imported) -> Iterator[str]:
    """Name each cell that REDCap would not take."""
    fields = {one["Variable / Field Name"]: one for one in dictionary}
    for row in imported:
        for name in row.keys() & fields.keys() - {"record_id"}:
            if row[name] and not (is_allowed(row[name], fields[name]) and is_of_form(fields[name], row)):
                yield f"{name}: {row[name]}"


def is_allowed(cell: str, field: dict[str, str]) -> bool:
    choices = field["Choices, Calculations, OR Slider Labels"]
    if choices:
        return cell in [one.partition(",")[0].strip() for one in choices.split("|")]
    kind = field["Text Validation Type OR Show Slider Number"]
    written = {"integer": r"-?\d+", "number": r"-?\d+(\.\d+)?", "datetime_seconds_ymd": r"[-\d]{10} [:\d]{8}"}
    if not re.fullmatch(written.get(kind, r"(?s).+"), cell):
        return False
    low, high = field["Text Validation Min"], field["Text Validation Max"]
    return (not low or float(low) <= float(cell)) and (not high or float(cell) <= float(high))


def is_of_form(field: dict[str, str], row: dict[str, str]) -> bool:
    repeating = row["redcap_repeat_instrument"]
    once = {"mottling_outcome", "mottling_enrolment"}
    return field["Form Name"] in ({repeating} if repeating else once)


def test_redcap_has_what_counts_of_each_eligibility_item_once_a_patient(made):
    imported = [one for one in rows(made["redcap_import.csv"].data) if one["mottling_enrolment_complete"]]
    assert [one["record_id"] for one in imported] == sorted(DAY1)
    assert {(one["redcap_event_name"], one["redcap_repeat_instrument"]) for one in imported} == {
        ("baseline_arm_1", "")
    }
    found = {
        (one["record_id"], name.removeprefix("me_")): cell
        for one in imported
        for name, cell in one.items()
        if name.startswith("me_") and cell
    }
    assert found == {place: value for place, value in ELIGIBILITY.items() if value is not None}
    complete = [one["record_id"] for one in imported if one["mottling_enrolment_complete"] == "2"]
    assert complete == ["01-001"]


def test_each_kind_of_eligibility_item_is_a_field_that_takes_its_values():
    long = "lactate_of_the_last_hour_before"
    labels = {"fr": "Un point", "en": "A point"}
    options = tuple(
        {"code": code, "label": {"fr": code, "en": f"{code} | or so"}} for code in ("lung", "gut")
    )
    more = {
        "shock": {"kind": "yes_no"},
        "source": {"kind": "choice", "options": options},
        long: {"kind": "number", "unit": "mmol/L", "least": -1.5, "most": 30},
        f"{long}_too": {"kind": "number"},
    }
    items = [
        EligibilityItem.model_validate({"code": code, "label": labels, **one}) for code, one in more.items()
    ]
    made = extract()
    plan = made.charter.enrolment.model_copy(update={"items": tuple(items)})
    said = zip(more, ("yes", "gut", "-1.25", "4.125"), strict=True)
    of_items = replace(
        made,
        charter=made.charter.model_copy(update={"enrolment": plan}),
        eligibility=tuple(eligible("02-001", code, value) for code, value in said),
    )
    imported, dictionary = (rows(file.data) for file in redcap(of_items))
    assert list(not_allowed(dictionary, imported)) == []
    fields = [one for one in dictionary if one["Form Name"] == "mottling_enrolment"]
    names = [one["Variable / Field Name"] for one in fields]
    assert len(set(names)) == 4
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,25}", name) for name in names)
    assert fields[1]["Choices, Calculations, OR Slider Labels"] == "lung, lung / or so | gut, gut / or so"
    assert (fields[2]["Field Note"], fields[2]["Text Validation Min"]) == ("mmol/L", "-1.5")
    (row,) = (one for one in imported if one["mottling_enrolment_complete"] == "2")
    assert [row[name] for name in names] == ["yes", "gut", "-1.25", "4.125"]


def test_without_eligibility_items_redcap_has_two_instruments():
    made = extract()
    plan = made.charter.enrolment.model_copy(update={"items": ()})
    _, dictionary = redcap(replace(made, charter=made.charter.model_copy(update={"enrolment": plan})))
    assert {one["Form Name"] for one in rows(dictionary.data)} == {"mottling_outcome", "mottling_answer"}


def test_redcap_s_lines_come_once_and_give_the_values(made):
    imported = rows(made["redcap_import.csv"].data)
    keys = [
        (
            one["record_id"],
            one["redcap_event_name"],
            one["redcap_repeat_instrument"],
            one["redcap_repeat_instance"],
        )
        for one in imported
    ]
    assert len(keys) == len(set(keys))
    assert {one["record_id"]: int(one["mo_value"]) for one in imported if one["mo_value"]} == VALUES
    assert {one["redcap_event_name"] for one in imported} == {"baseline_arm_1", "day_1_arm_1"}


# --- FHIR ---


def test_the_bundle_is_read_by_the_models_of_fhir_r5(made):
    bundle = Bundle.model_validate_json(made["fhir-r5.json"].data)
    assert len(bundle.entry) == made["fhir-r5.json"].rows
    known = {entry.fullUrl for entry in bundle.entry}
    assert len(known) == len(bundle.entry)
    for entry in bundle.entry:
        if entry.resource.__class__.__name__ == "Observation":
            assert entry.resource.subject.reference in known
            assert entry.resource.device is None or entry.resource.device.reference in known


def observations(made, code="mottling-score", visit="day1") -> dict[str, dict]:
    entries = [one["resource"] for one in json.loads(made["fhir-r5.json"].data)["entry"]]
    number = {
        f"urn:uuid:{one['id']}": one["identifier"][0]["value"]
        for one in entries
        if one["resourceType"] == "Patient"
    }
    return {
        number[one["subject"]["reference"]]: one
        for one in entries
        if one["resourceType"] == "Observation"
        and one["code"]["coding"][0]["code"] == code
        and one["encounter"]["identifier"]["value"] == visit
    }


def test_an_observation_has_a_value_or_says_why_not(made):
    found = observations(made)
    assert found.keys() == DAY1.keys()
    assert {
        number: one["valueQuantity"]["value"] for number, one in found.items() if "valueQuantity" in one
    } == VALUES
    assert all(("valueQuantity" in one) is not ("dataAbsentReason" in one) for one in found.values())
    assert found["01-002"]["valueQuantity"]["comparator"] == ">="
    assert "comparator" not in found["01-001"]["valueQuantity"]
    assert [found[number]["status"] for number in ("01-001", "01-004", "01-005")] == [
        "final",
        "registered",
        "cancelled",
    ]


def test_what_a_model_proposed_is_an_observation_of_its_own_with_its_device(made):
    proposed = observations(made, code="mottling-score-proposed")
    assert proposed.keys() == {"01-001", "01-003"}
    assert all("device" in one for one in proposed.values())
    assert all("device" not in one for one in observations(made).values())
