"""What the committee said together leaves in every format, as the answer that counts."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from mottling.exports.dataset_json import dataset_json
from mottling.exports.extract import AnswerKind, answers_of
from mottling.exports.fhir import fhir
from mottling.exports.odm import odm
from mottling.exports.redcap import redcap
from mottling.trial.committee_records import ConsensusReading
from mottling.trial.outcome import VisitRecords, visit_outcome
from mottling.trial.records import Answer
from tests.exports.drawn_trial import extract
from tests.trial.drawn_visits import CHARTER, LATER, PATIENT, hours, photo

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"


def met(*, comment="A shadow\x0b on the knee"):
    """The trial's extract with one patient more, of whom three had said three things."""
    said = (Answer.scored(1), Answer.scored(4), Answer.scored(2))
    together = ConsensusReading(
        reading_id="together",
        photo_id="z",
        answer=Answer.scored(3),
        sat="ravi\nrita",
        guests="Dr Z",
        comment=comment,
        meaning="We said this together",
        differed="",
        by="rita",
        at=hours(30),
    )
    disputed = replace(photo("z", readings=said), verdict=together)
    patient = PATIENT.model_copy(update={"patient": "01-009"})
    outcome = visit_outcome(
        VisitRecords(patient, CHARTER.visit("day1"), (disputed,), None), CHARTER, at=LATER
    )
    return replace(extract(), outcomes=(outcome,)), outcome


def test_it_is_the_value_and_where_it_comes_from():
    _, outcome = met()
    assert (outcome.value, outcome.source.record_id, outcome.source.by) == (3, "together", "rita")
    counted = [one for one in answers_of(outcome) if one.counts]
    assert [(one.kind, one.sat) for one in counted] == [(AnswerKind.CONSENSUS, "ravi, rita, Dr Z")]


def test_dataset_json_has_it_as_the_accepted_record_of_the_committee():
    whole, _ = met()
    content = json.loads(dataset_json(whole)[0].data)
    names = [one["name"] for one in content["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in content["rows"]]
    (accepted,) = [row for row in rows if row["RSACPTFL"] == "Y"]
    assert (accepted["RSEVAL"], accepted["RSEVALID"]) == ("ADJUDICATION COMMITTEE", "CONSENSUS")
    assert [row["RSEVALID"] for row in rows] == ["READER 1", "READER 2", "READER 3", "CONSENSUS"]
    more = json.loads(dataset_json(whole)[1].data)
    assert {"CONSMEMB", "CONSNOTE"} <= {row[5] for row in more["rows"]}


def test_odm_names_who_sat_there_and_holds_nothing_that_xml_cannot():
    whole, _ = met()
    root = ET.fromstring(odm(whole)[0].data)  # noqa: S314 - our own file
    groups = [
        {item.get("ItemOID"): item.get("Value") for item in group.iter(f"{ODM}ItemData")}
        for group in root.iter(f"{ODM}ItemGroupData")
    ]
    (said,) = [one for one in groups if one.get("IT.ANSWER.KIND") == "consensus"]
    assert (said["IT.ANSWER.ACCEPTED"], said["IT.ANSWER.SAT"]) == ("yes", "ravi, rita, Dr Z")
    assert said["IT.ANSWER.NOTE"] == "A shadow\N{REPLACEMENT CHARACTER} on the knee"
    assert any(one.get("CodedValue") == "consensus" for one in root.iter(f"{ODM}CodeListItem"))


@pytest.mark.parametrize("evil", ["=1+1", "+1+1", "-1+1", "@SUM(A1)"])
def test_what_a_spreadsheet_takes_for_a_formula_is_escaped_in_redcap_too(evil):
    rows = csv.DictReader(io.StringIO(redcap(met(comment=evil)[0])[0].data.decode(), newline=""))
    assert {row["ma_note"] for row in rows if row["ma_note"]} == {f"'{evil}"}


def test_redcap_and_fhir_go_back_to_it():
    whole, _ = met()
    rows = list(csv.DictReader(io.StringIO(redcap(whole)[0].data.decode(), newline="")))
    (said,) = [row for row in rows if row["ma_counts"] == "yes"]
    assert (said["ma_kind"], said["ma_score"], said["ma_sat"]) == ("consensus", "3", "ravi, rita, Dr Z")
    resources = [one["resource"] for one in json.loads(fhir(whole)[0].data)["entry"]]
    assert [one["identifier"][0]["value"] for one in resources if one.get("valueQuantity")] == ["together"]
