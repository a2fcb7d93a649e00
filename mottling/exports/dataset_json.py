"""CDISC Dataset-JSON 1.1: scores as SDTM's RS, one record an answer, and as SUPPRS what RS has no column for.

The accepted record (RSACPTFL) is the answer that the outcome comes from. A lower bound has no RSSTRESN; a
visit without a photograph, whose time is over, is one record that was NOT DONE. There is no CDISC term for
the score.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mottling.exports.extract import AnswerKind, ExportFile, Extract, GivenAnswer, answers_of, moment
from mottling.scale import Status
from mottling.trial.outcome import Missing, Outcome

__all__ = ["dataset_json"]

Cell = str | int | None

_AWAITED = {Missing.NOT_YET, Missing.DUE}
_EVALUATOR = {
    AnswerKind.OWN: "INVESTIGATOR",
    AnswerKind.FINAL: "INVESTIGATOR",
    AnswerKind.COMMITTEE: "ADJUDICATION COMMITTEE",
    AnswerKind.CONSENSUS: "ADJUDICATION COMMITTEE",
}


@dataclass(frozen=True)
class _Column:
    name: str
    label: str
    data_type: str = "string"
    key: int | None = None


_RS = (
    _Column("STUDYID", "Study Identifier", key=1),
    _Column("DOMAIN", "Domain Abbreviation"),
    _Column("USUBJID", "Unique Subject Identifier", key=2),
    _Column("RSSEQ", "Sequence Number", "integer", key=3),
    _Column("RSREFID", "Reference ID"),
    _Column("RSSPID", "Sponsor-Defined Identifier"),
    _Column("RSTESTCD", "Assessment Short Name"),
    _Column("RSTEST", "Assessment Name"),
    _Column("RSCAT", "Category for Assessment"),
    _Column("RSORRES", "Result or Finding in Original Units"),
    _Column("RSSTRESC", "Character Result/Finding in Std Format"),
    _Column("RSSTRESN", "Numeric Result/Finding in Standard Units", "integer"),
    _Column("RSSTAT", "Completion Status"),
    _Column("RSREASND", "Reason Not Done"),
    _Column("RSEVAL", "Evaluator"),
    _Column("RSEVALID", "Evaluator Identifier"),
    _Column("RSACPTFL", "Accepted Record Flag"),
    _Column("VISITNUM", "Visit Number", "integer"),
    _Column("VISIT", "Visit Name"),
    _Column("RSDTC", "Date/Time of Assessment"),
)
_SUPPRS = (
    _Column("STUDYID", "Study Identifier", key=1),
    _Column("RDOMAIN", "Related Domain Abbreviation", key=2),
    _Column("USUBJID", "Unique Subject Identifier", key=3),
    _Column("IDVAR", "Identifying Variable", key=4),
    _Column("IDVARVAL", "Identifying Variable Value", key=5),
    _Column("QNAM", "Qualifier Variable Name", key=6),
    _Column("QLABEL", "Qualifier Variable Label"),
    _Column("QVAL", "Data Value"),
    _Column("QORIG", "Origin"),
    _Column("QEVAL", "Evaluator"),
)


@dataclass(frozen=True)
class _Qualifier:
    name: str
    label: str
    value: str
    origin: str = "eDT"


@dataclass(frozen=True)
class _Record:
    """One record of RS with its qualifiers; the sequence number comes when the patient's are together."""

    outcome: Outcome
    orres: str = ""
    stresn: int | None = None
    reason_not_done: str = ""
    said: GivenAnswer | None = None
    qualifiers: tuple[_Qualifier, ...] = ()


def dataset_json(extract: Extract) -> tuple[ExportFile, ...]:
    """Write RS and SUPPRS, a file each."""
    rs: list[list[Cell]] = []
    supp: list[list[Cell]] = []
    sequence: dict[str, int] = {}
    for record in (record for outcome in extract.outcomes for record in _records(outcome)):
        patient = record.outcome.records.patient.patient
        sequence[patient] = sequence.get(patient, 0) + 1
        rs.append(_rs_row(record, extract, sequence[patient]))
        supp += [_supp_row(one, record, extract, sequence[patient]) for one in record.qualifiers]
    return (
        _file(extract, "RS", "Disease Response and Clin Classification", _RS, rs),
        _file(extract, "SUPPRS", "Supplemental Qualifiers for RS", _SUPPRS, supp),
    )


def _records(outcome: Outcome) -> Iterator[_Record]:
    if not outcome.records.photos:
        if outcome.missing is not None and outcome.missing not in _AWAITED:
            reason = (
                outcome.missing.value if outcome.detail is None else f"{outcome.missing}: {outcome.detail}"
            )
            yield _Record(outcome, reason_not_done=reason)
        return
    for said in answers_of(outcome):
        yield _answered(outcome, said)


def _answered(outcome: Outcome, said: GivenAnswer) -> _Record:
    answer, qualifiers = said.answer, _qualifiers(outcome, said)
    if answer.status is Status.NOT_ASSESSABLE:
        reason = f"not assessable: {answer.reason}"
        return _Record(outcome, reason_not_done=reason, said=said, qualifiers=qualifiers)
    if answer.status is Status.SCORED:
        return _Record(outcome, str(answer.score), answer.score, said=said, qualifiers=qualifiers)
    bound = _Qualifier("RSLOBND", "Lower Bound of Score", str(answer.score))
    return _Record(outcome, f">={answer.score}", said=said, qualifiers=(bound, *qualifiers))


def _qualifiers(outcome: Outcome, said: GivenAnswer) -> tuple[_Qualifier, ...]:
    photo = next(one for one in outcome.records.photos if one.steps.photo.photo_id == said.photo.photo_id)
    found = [
        _Qualifier("RSKIND", "Kind of Answer", said.kind.value),
        _Qualifier("PHOTSHA", "SHA-256 of Photograph", said.photo.sha256),
        _Qualifier("OUTWIN", "Photograph Outside Window", _yes_no(not _in_window(outcome, said))),
    ]
    site = outcome.records.site_of(photo.steps)
    if site != outcome.records.patient.site:
        found.append(_Qualifier("PHOTSITE", "Site Where Photograph Was Taken", site))
    if said.because is not None:
        found.append(_Qualifier("RSCHGRSN", "Reason for Change", said.because))
    if said.sat is not None:
        found.append(_Qualifier("CONSMEMB", "Present at Consensus Meeting", said.sat))
    if said.comment is not None:
        found.append(_Qualifier("CONSNOTE", "Note of Consensus Meeting", said.comment))
    if photo.steps.assessment is not None:
        model = photo.steps.assessment.assessment.model
        found += [
            _Qualifier("MODNAM", "Name of Model", model.name, "Assigned"),
            _Qualifier("MODSHA", "SHA-256 of Model", model.sha256, "Assigned"),
        ]
    return tuple(found)


def _in_window(outcome: Outcome, said: GivenAnswer) -> bool:
    return outcome.records.window.holds(said.taken_at)


def _yes_no(value: bool) -> str:  # noqa: FBT001 - a flag of SDTM is what is written
    return "Y" if value else "N"


def _rs_row(record: _Record, extract: Extract, sequence: int) -> list[Cell]:
    said = record.said
    visits = [visit.code for visit in extract.charter.visits]
    visit = record.outcome.records.visit
    return [
        extract.charter.trial,
        "RS",
        _subject(record, extract),
        sequence,
        "" if said is None else said.photo.photo_id,
        "" if said is None else said.record_id,
        "MOTTLE",
        "Mottling Score",
        "MOTTLING SCORE (AIT-OUFELLA 2011)",
        record.orres,
        record.orres,
        record.stresn,
        "NOT DONE" if record.reason_not_done else "",
        record.reason_not_done,
        "" if said is None else _EVALUATOR[said.kind],
        "" if said is None else _evaluator_id(said),
        "Y" if said is not None and said.counts else "",
        visits.index(visit.code) + 1,
        visit.label.en.upper(),
        "" if said is None else moment(said.taken_at),
    ]


def _evaluator_id(said: GivenAnswer) -> str:
    if said.kind is AnswerKind.CONSENSUS:
        return "CONSENSUS"
    return f"READER {said.place}" if said.kind is AnswerKind.COMMITTEE else "WARD"


def _supp_row(one: _Qualifier, record: _Record, extract: Extract, sequence: int) -> list[Cell]:
    study, subject = extract.charter.trial, _subject(record, extract)
    return [study, "RS", subject, "RSSEQ", str(sequence), one.name, one.label, one.value, one.origin, ""]


def _subject(record: _Record, extract: Extract) -> str:
    patient = record.outcome.records.patient
    return f"{extract.charter.trial}-{patient.site}-{patient.patient}"


def _file(
    extract: Extract, name: str, label: str, columns: Sequence[_Column], rows: Sequence[Sequence[Cell]]
) -> ExportFile:
    # The order of the keys is the one that the standard recommends to writers.
    content = {
        "datasetJSONCreationDateTime": moment(extract.made_at),
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"{extract.charter.registration}.{name}.{moment(extract.made_at)}",
        "originator": "Mottling",
        "sourceSystem": {"name": "Mottling", "version": extract.version},
        "studyOID": extract.charter.registration,
        "metaDataVersionOID": f"MDV.{extract.trial_file_sha256[:12]}",
        "itemGroupOID": f"IG.{name}",
        "records": len(rows),
        "name": name,
        "label": label,
        "columns": [_described(name, column) for column in columns],
        "rows": rows,
    }
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return ExportFile(f"{name.lower()}.json", data, len(rows))


def _described(dataset: str, column: _Column) -> dict[str, Cell]:
    said: dict[str, Cell] = {
        "itemOID": f"IT.{dataset}.{column.name}",
        "name": column.name,
        "label": column.label,
        "dataType": column.data_type,
    }
    return said if column.key is None else {**said, "keySequence": column.key}
