"""REDCap: an import file and the data dictionary of the project that takes it.

Instruments: `mottling_outcome` once an event; `mottling_answer`, repeating, one instance an answer; and where
the trial file names eligibility items, `mottling_enrolment` once a patient, at the first visit's event. Codes
are those of the trial file. Patients' numbers are the records' names, and sites the data access groups.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from mottling.exports.extract import AnswerKind, ExportFile, Extract, GivenAnswer, answers_of
from mottling.exports.tables import safe
from mottling.scale import Status
from mottling.trial.enrolment_plan import EligibilityItem, ItemKind
from mottling.trial.outcome import Bound, Missing, Outcome

__all__ = ["redcap"]

_OUTCOME, _ANSWER, _ENROLMENT = "mottling_outcome", "mottling_answer", "mottling_enrolment"
_COMPLETE, _INCOMPLETE = "2", "0"
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")
_MOST_SIGNS = 26
"""Of a field's name, in REDCap."""

# The columns of a data dictionary, in REDCap's order and words.
_DICTIONARY = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
_BEGIN = (
    "record_id",
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "redcap_data_access_group",
)


@dataclass(frozen=True)
class _Field:
    name: str
    form: str
    label: str
    choices: tuple[_Choice, ...] = ()
    validation: str = ""
    low: str = ""
    high: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Choice:
    code: str
    label: str


def _coded(codes: Iterable[str]) -> tuple[_Choice, ...]:
    return tuple(_Choice(code, code.replace("_", " ")) for code in codes)


_YES_NO = _coded(("yes", "no"))
_FIELDS = (
    _Field(
        "mo_value", _OUTCOME, "Mottling score (Ait-Oufella 2011)", validation="integer", low="0", high="5"
    ),
    _Field("mo_bound", _OUTCOME, "How the value is meant", choices=_coded(Bound)),
    _Field("mo_missing", _OUTCOME, "Why there is no value (never imputed)", choices=_coded(Missing)),
    _Field("mo_detail", _OUTCOME, "Behind it: a code of the trial file"),
    _Field("mo_photo_sha256", _OUTCOME, "SHA-256 of the photograph that counts"),
    _Field("mo_photo_at", _OUTCOME, "Photograph, UTC", validation="datetime_seconds_ymd"),
    _Field("mo_photo_site", _OUTCOME, "Site where the photograph was taken"),
    _Field("mo_site_now", _OUTCOME, "Site where the patient is now; the group is the one that randomised"),
    _Field("mo_outside_window", _OUTCOME, "Outside the visit's window", choices=_YES_NO),
    _Field("mo_record_id", _OUTCOME, "Answer that the value comes from"),
    _Field("mo_model", _OUTCOME, "Model that read the photograph; no part of the value"),
    _Field("mo_model_sha256", _OUTCOME, "SHA-256 of the model"),
    _Field("ma_kind", _ANSWER, "Who answered, and when", choices=_coded(AnswerKind)),
    _Field(
        "ma_status",
        _ANSWER,
        "What was answered",
        choices=_coded((Status.SCORED, Status.AT_LEAST, Status.NOT_ASSESSABLE)),
    ),
    _Field("ma_score", _ANSWER, "Score, or its lower bound", validation="integer", low="0", high="5"),
    _Field("ma_reason", _ANSWER, "Why not assessable: a code of the trial file"),
    _Field("ma_photo_sha256", _ANSWER, "SHA-256 of the photograph"),
    _Field("ma_record_id", _ANSWER, "Id of the record"),
    _Field("ma_at", _ANSWER, "Locked, UTC", validation="datetime_seconds_ymd"),
    _Field("ma_counts", _ANSWER, "Whether the value comes from it", choices=_YES_NO),
    _Field("ma_sat", _ANSWER, "Who sat at the committee's meeting"),
    _Field("ma_note", _ANSWER, "What was noted at the committee's meeting"),
)


def redcap(extract: Extract) -> tuple[ExportFile, ...]:
    """Write the import file and the dictionary."""
    items = {item.code: _field_of(item) for item in extract.charter.enrolment.items}
    fields = (*_FIELDS, *items.values())
    enrolment = _enrolment_cells(extract, items) if items else {}
    rows = [row for outcome in extract.outcomes for row in _rows(outcome, enrolment)]
    forms = tuple(dict.fromkeys(field.form for field in fields))
    names = [*_BEGIN, *(name for form in forms for name in _columns_of(form, fields))]
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    dictionary = _dictionary(fields)
    return (
        ExportFile("redcap_import.csv", _csv(lines), len(rows)),
        ExportFile("redcap_dictionary.csv", _csv(dictionary), len(dictionary) - 1),
    )


def _columns_of(form: str, fields: Sequence[_Field]) -> list[str]:
    return [*(field.name for field in fields if field.form == form), f"{form}_complete"]


def _rows(outcome: Outcome, enrolment: Mapping[_Place, Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    patient, visit = outcome.records.patient, outcome.records.visit
    begin = {
        "record_id": patient.patient,
        "redcap_event_name": f"{_slug(visit.label.en)}_arm_1",
        "redcap_data_access_group": _slug(f"site {patient.site}"),
    }
    yield {**begin, **_outcome_cells(outcome), **enrolment.get(_Place(patient.patient, visit.code), {})}
    for instance, said in enumerate(answers_of(outcome), start=1):
        repeat = {"redcap_repeat_instrument": _ANSWER, "redcap_repeat_instance": str(instance)}
        yield {**begin, **repeat, **_answer_cells(said)}


class _Place(NamedTuple):
    """Where cells stand: one visit of one patient."""

    patient: str
    visit: str


def _enrolment_cells(extract: Extract, items: Mapping[str, _Field]) -> Mapping[_Place, Mapping[str, str]]:
    """Give what counts of the items, at the first visit of each patient; complete once all are said."""
    first = extract.charter.visits[0].code
    cells: dict[_Place, dict[str, str]] = {
        _Place(one.records.patient.patient, first): {} for one in extract.outcomes
    }
    for said in extract.eligibility:
        place = _Place(said.patient, first)
        if place in cells and said.item in items and said.value is not None:
            cells[place][items[said.item].name] = said.value
    for each in cells.values():
        each[f"{_ENROLMENT}_complete"] = _COMPLETE if len(each) == len(items) else _INCOMPLETE
    return cells


def _field_of(item: EligibilityItem) -> _Field:
    """Describe an item as a field; what it is called is the trial file's, in English."""
    begin = _Field(_name_of(item), _ENROLMENT, item.label.en, note=item.unit or "")
    match item.kind:
        case ItemKind.SCORE:
            return replace(begin, validation="integer", low="0", high="5")
        case ItemKind.YES_NO:
            return replace(begin, choices=_YES_NO)
        case ItemKind.CHOICE:
            # A bar would end the choice.
            labels = ((one.code, one.label.en.replace("|", "/")) for one in item.options)
            return replace(begin, choices=tuple(_Choice(code, label) for code, label in labels))
        case ItemKind.NUMBER | ItemKind.SECONDS:
            is_time = item.kind is ItemKind.SECONDS
            least = 0 if is_time and item.least is None else item.least
            low, high = (
                "" if bound is None else str(bound).removesuffix(".0") for bound in (least, item.most)
            )
            note = "s" if is_time else begin.note
            return replace(begin, validation="number", low=low, high=high, note=note)


def _name_of(item: EligibilityItem) -> str:
    """Give an item the name of a field; one that is too long for REDCap is told apart by its hash."""
    name = f"me_{item.code}"
    if len(name) <= _MOST_SIGNS:
        return name
    return f"{name[: _MOST_SIGNS - 5]}_{hashlib.sha256(name.encode()).hexdigest()[:4]}"


def _outcome_cells(outcome: Outcome) -> dict[str, str]:
    photo, source = outcome.records.photo, outcome.source
    cells = {
        "mo_value": "" if outcome.value is None else str(outcome.value),
        "mo_bound": outcome.bound or "",
        "mo_missing": outcome.missing or "",
        "mo_detail": outcome.detail or "",
        "mo_site_now": outcome.records.site_now,
        "mo_record_id": "" if source is None else source.record_id,
        f"{_OUTCOME}_complete": _COMPLETE if outcome.is_settled else _INCOMPLETE,
    }
    if photo is not None:
        cells["mo_photo_sha256"] = photo.steps.photo.sha256
        cells["mo_photo_site"] = outcome.records.site_of(photo.steps)
        cells["mo_photo_at"] = _time(photo.steps.taken_at)
        cells["mo_outside_window"] = "yes" if outcome.outside_window else "no"
        if photo.steps.assessment is not None:
            model = photo.steps.assessment.assessment.model
            cells |= {"mo_model": model.name, "mo_model_sha256": model.sha256}
    return cells


def _answer_cells(said: GivenAnswer) -> dict[str, str]:
    return {
        "ma_kind": said.kind,
        "ma_status": said.answer.status,
        "ma_score": "" if said.answer.score is None else str(said.answer.score),
        "ma_reason": said.answer.reason or "",
        "ma_photo_sha256": said.photo.sha256,
        "ma_record_id": said.record_id,
        "ma_at": _time(said.at),
        "ma_counts": "yes" if said.counts else "no",
        "ma_sat": said.sat or "",
        "ma_note": said.comment or "",
        f"{_ANSWER}_complete": _COMPLETE,
    }


def _dictionary(fields: Sequence[_Field]) -> list[list[str]]:
    first = _Field("record_id", _OUTCOME, "Number of the patient in the trial")
    return [list(_DICTIONARY), *(_described(field) for field in (first, *fields))]


def _described(field: _Field) -> list[str]:
    choices = " | ".join(f"{one.code}, {one.label}" for one in field.choices)
    cells = {
        "Variable / Field Name": field.name,
        "Form Name": field.form,
        "Field Type": "radio" if field.choices else "text",
        "Field Label": field.label,
        "Choices, Calculations, OR Slider Labels": choices,
        "Field Note": field.note,
        "Text Validation Type OR Show Slider Number": field.validation,
        "Text Validation Min": field.low,
        "Text Validation Max": field.high,
    }
    return [cells.get(name, "") for name in _DICTIONARY]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([[_cell(cell) for cell in line] for line in lines])
    return text.getvalue().encode()


def _cell(text: str) -> str:
    # A number is no formula, and REDCap takes it only as it is.
    return text if _NUMBER.fullmatch(text) else safe(text)
