"""FHIR R5: a collection of Observations, one a visit for the outcome and one for what a model proposed.

The score has no LOINC: its code is local, beside SNOMED CT 406128001 (mottling of skin) at 72696002 (knee
region). A photograph is named by its SHA-256 and never carried. What is missing says why and has no value.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from mottling.assessment import Assessment
from mottling.exports.extract import ExportFile, Extract, moment
from mottling.scale import Status
from mottling.trial.outcome import Bound, Missing, Outcome

__all__ = ["fhir"]

Resource = dict[str, Any]

_LOCAL = "urn:mottling:code"
_SNOMED = "http://snomed.info/sct"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:mottling")
"""Ids are made of what they name, so that the same record has the same id in every export."""

_NOT_PERFORMED = {Missing.DIED, Missing.DISCHARGED, Missing.WITHDRAWN, Missing.NOT_DONE}
_TO_COME = {Missing.NOT_YET, Missing.DUE, Missing.ON_WARD, Missing.WITH_READERS, Missing.IN_DISPUTE}


def fhir(extract: Extract) -> tuple[ExportFile, ...]:
    """Write the bundle."""
    resources = [*_patients(extract), *_devices(extract), *_observations(extract)]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": moment(extract.made_at),
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources],
    }
    data = json.dumps(bundle, ensure_ascii=False, indent=1).encode()
    return (ExportFile("fhir-r5.json", data, len(resources)),)


def _patients(extract: Extract) -> Iterator[Resource]:
    system = f"urn:mottling:{extract.charter.registration}:patient"
    for number, records in {one.records.patient.patient: one.records for one in extract.outcomes}.items():
        former = [
            {"use": "old", "system": system, "value": one} for one in records.changes.former.get(number, ())
        ]
        yield {
            "resourceType": "Patient",
            "id": _id(extract, "patient", records.first_number),
            "identifier": [{"system": system, "value": number}, *former],
        }


def _devices(extract: Extract) -> Iterator[Resource]:
    models = dict.fromkeys(seen.model for one in extract.outcomes if (seen := _seen(one)) is not None)
    for model in models:
        yield {
            "resourceType": "Device",
            "id": _id(extract, "device", model.sha256),
            "identifier": [{"system": "urn:mottling:model-sha256", "value": model.sha256}],
            "name": [{"value": model.name, "type": "registered-name", "display": True}],
        }


def _observations(extract: Extract) -> Iterator[Resource]:
    for outcome in extract.outcomes:
        yield _outcome(outcome, extract)
        seen = _seen(outcome)
        if seen is not None and seen.status in (Status.SCORED, Status.AT_LEAST):
            yield _proposed(outcome, seen, extract)


def _outcome(outcome: Outcome, extract: Extract) -> Resource:
    made = {
        **_begin(outcome, extract, "mottling-score", "Mottling score (Ait-Oufella 2011)"),
        "status": _status(outcome),
    }
    if outcome.source is not None:
        made["issued"] = moment(outcome.source.at)
        made["performer"] = [{"identifier": {"system": "urn:mottling:user", "value": outcome.source.by}}]
        made["identifier"] = [{"system": "urn:mottling:answer", "value": outcome.source.record_id}]
    if outcome.value is not None:
        return {**made, "valueQuantity": _quantity(outcome.value, at_least=outcome.bound is Bound.AT_LEAST)}
    assert outcome.missing is not None, "a value or a reason"
    detail = "" if outcome.detail is None else f": {outcome.detail}"
    absent = {
        "coding": [
            {"system": _ABSENT, "code": _absent(outcome.missing)},
            {"system": _LOCAL, "code": outcome.missing.value},
        ],
        "text": f"{outcome.missing}{detail}",
    }
    return {**made, "dataAbsentReason": absent}


def _proposed(outcome: Outcome, seen: Assessment, extract: Extract) -> Resource:
    assert seen.score is not None, "scored, or at least"
    return {
        **_begin(outcome, extract, "mottling-score-proposed", "Mottling score that a model proposed"),
        "status": "final",
        "device": {"reference": f"urn:uuid:{_id(extract, 'device', seen.model.sha256)}"},
        "valueQuantity": _quantity(seen.score, at_least=seen.status is Status.AT_LEAST),
    }


def _begin(outcome: Outcome, extract: Extract, code: str, display: str) -> Resource:
    person, visit = outcome.records.first_number, outcome.records.visit
    made: Resource = {
        "resourceType": "Observation",
        "id": _id(extract, code, person, visit.code),
        "category": [{"coding": [{"system": _CATEGORY, "code": "exam"}]}],
        "code": {
            "coding": [
                {"system": _LOCAL, "code": code, "display": display},
                {"system": _SNOMED, "code": "406128001", "display": "Mottling of skin"},
            ],
            "text": display,
        },
        "bodySite": {"coding": [{"system": _SNOMED, "code": "72696002", "display": "Knee region structure"}]},
        "subject": {"reference": f"urn:uuid:{_id(extract, 'patient', person)}"},
        "encounter": {
            "identifier": {"system": "urn:mottling:visit", "value": visit.code},
            "display": visit.label.en,
        },
    }
    photo = outcome.records.photo
    if photo is not None:
        made["effectiveDateTime"] = moment(photo.steps.taken_at)
        sha256 = {"system": "urn:mottling:photo-sha256", "value": photo.steps.photo.sha256}
        made["derivedFrom"] = [{"type": "DocumentReference", "identifier": sha256}]
    return made


def _status(outcome: Outcome) -> str:
    if outcome.missing in _NOT_PERFORMED:
        return "cancelled"
    return "registered" if outcome.missing in _TO_COME else "final"


def _absent(missing: Missing) -> str:
    if missing in _NOT_PERFORMED:
        return "not-performed"
    if missing is Missing.ERASED:
        return "masked"  # not available for reasons of privacy
    return "temp-unknown" if missing in _TO_COME else "unknown"


def _quantity(score: int, *, at_least: bool) -> Resource:
    said: Resource = {"value": score, "unit": "score", "system": _LOCAL, "code": "mottling-score"}
    return {**said, "comparator": ">="} if at_least else said


def _seen(outcome: Outcome) -> Assessment | None:
    photo = outcome.records.photo
    if photo is None or photo.steps.assessment is None:
        return None
    return photo.steps.assessment.assessment


def _id(extract: Extract, *names: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join((extract.charter.registration, *names))))
