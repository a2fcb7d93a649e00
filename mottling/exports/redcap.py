"""REDCap: an import file and the data dictionary of the project that takes it.

Two instruments: `mottling_outcome` once an event, and `mottling_answer`, repeating, one instance an answer.
Codes are those of the trial file. Patients' numbers are the records' names, and sites the data access groups.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from mottling.exports.extract import AnswerKind, ExportFile, Extract, GivenAnswer, answers_of
from mottling.exports.tables import safe
from mottling.scale import Status
from mottling.trial.outcome import Bound, Missing, Outcome

__all__ = ["redcap"]

_OUTCOME, _ANSWER = "mottling_outcome", "mottling_answer"
_COMPLETE, _INCOMPLETE = "2", "0"

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
    choices: tuple[str, ...] = ()
    validation: str = ""
    low: str = ""
    high: str = ""


_FIELDS = (
    _Field(
        "mo_value", _OUTCOME, "Mottling score (Ait-Oufella 2011)", validation="integer", low="0", high="5"
    ),
    _Field("mo_bound", _OUTCOME, "How the value is meant", choices=tuple(Bound)),
    _Field("mo_missing", _OUTCOME, "Why there is no value (never imputed)", choices=tuple(Missing)),
    _Field("mo_detail", _OUTCOME, "Behind it: a code of the trial file"),
    _Field("mo_photo_sha256", _OUTCOME, "SHA-256 of the photograph that counts"),
    _Field("mo_photo_at", _OUTCOME, "Photograph, UTC", validation="datetime_seconds_ymd"),
    _Field("mo_photo_site", _OUTCOME, "Site where the photograph was taken"),
    _Field("mo_site_now", _OUTCOME, "Site where the patient is now; the group is the one that randomised"),
    _Field("mo_outside_window", _OUTCOME, "Outside the visit's window", choices=("yes", "no")),
    _Field("mo_record_id", _OUTCOME, "Answer that the value comes from"),
    _Field("mo_model", _OUTCOME, "Model that read the photograph; no part of the value"),
    _Field("mo_model_sha256", _OUTCOME, "SHA-256 of the model"),
    _Field("ma_kind", _ANSWER, "Who answered, and when", choices=tuple(AnswerKind)),
    _Field(
        "ma_status",
        _ANSWER,
        "What was answered",
        choices=(Status.SCORED, Status.AT_LEAST, Status.NOT_ASSESSABLE),
    ),
    _Field("ma_score", _ANSWER, "Score, or its lower bound", validation="integer", low="0", high="5"),
    _Field("ma_reason", _ANSWER, "Why not assessable: a code of the trial file"),
    _Field("ma_photo_sha256", _ANSWER, "SHA-256 of the photograph"),
    _Field("ma_record_id", _ANSWER, "Id of the record"),
    _Field("ma_at", _ANSWER, "Locked, UTC", validation="datetime_seconds_ymd"),
    _Field("ma_counts", _ANSWER, "Whether the value comes from it", choices=("yes", "no")),
    _Field("ma_sat", _ANSWER, "Who sat at the committee's meeting"),
    _Field("ma_note", _ANSWER, "What was noted at the committee's meeting"),
)
_FORMS = (_OUTCOME, _ANSWER)


def redcap(extract: Extract) -> tuple[ExportFile, ...]:
    """Write the import file and the dictionary."""
    rows = [row for outcome in extract.outcomes for row in _rows(outcome)]
    names = [*_BEGIN, *(name for form in _FORMS for name in _columns_of(form))]
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    dictionary = _dictionary()
    return (
        ExportFile("redcap_import.csv", _csv(lines), len(rows)),
        ExportFile("redcap_dictionary.csv", _csv(dictionary), len(dictionary) - 1),
    )


def _columns_of(form: str) -> list[str]:
    return [*(field.name for field in _FIELDS if field.form == form), f"{form}_complete"]


def _rows(outcome: Outcome) -> Iterator[Mapping[str, str]]:
    patient, visit = outcome.records.patient, outcome.records.visit
    begin = {
        "record_id": patient.patient,
        "redcap_event_name": f"{_slug(visit.label.en)}_arm_1",
        "redcap_data_access_group": _slug(f"site {patient.site}"),
    }
    yield {**begin, **_outcome_cells(outcome)}
    for instance, said in enumerate(answers_of(outcome), start=1):
        repeat = {"redcap_repeat_instrument": _ANSWER, "redcap_repeat_instance": str(instance)}
        yield {**begin, **repeat, **_answer_cells(said)}


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


def _dictionary() -> list[list[str]]:
    first = _Field("record_id", _OUTCOME, "Number of the patient in the trial")
    return [list(_DICTIONARY), *(_described(field) for field in (first, *_FIELDS))]


def _described(field: _Field) -> list[str]:
    choices = " | ".join(f"{code}, {code.replace('_', ' ')}" for code in field.choices)
    cells = {
        "Variable / Field Name": field.name,
        "Form Name": field.form,
        "Field Type": "radio" if field.choices else "text",
        "Field Label": field.label,
        "Choices, Calculations, OR Slider Labels": choices,
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
    csv.writer(text, lineterminator="\r\n").writerows([[safe(cell) for cell in line] for line in lines])
    return text.getvalue().encode()
