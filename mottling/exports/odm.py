"""CDISC ODM-XML 1.3.2: the metadata of the scores, and a snapshot of them with who, when and why of each.

An answer is an item group with its AuditRecord: the user, the place, the time, the reason for a change, and
as SourceID the record's id. Nothing is imputed. Users are their sign-in names; a Signature element is not
written, because locking an answer asks for no second password.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mottling.exports.extract import AnswerKind, ExportFile, Extract, GivenAnswer, answers_of, moment
from mottling.exports.odm_changes import CHANGES, EVENT, FORM_OF_CHANGES, items_of
from mottling.exports.odm_definitions import CENTRAL, FORM, GROUPS, LIST_OF, Group, lists_of
from mottling.trial.changes import Change
from mottling.trial.outcome import Outcome, PhotoRead

__all__ = ["odm"]

_NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
# What a person can type and XML 1.0 cannot hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class _Oids:
    """What elements call the study and the version of its metadata."""

    study: str
    metadata: str


def odm(extract: Extract) -> tuple[ExportFile, ...]:
    """Write the file."""
    oids = _Oids(extract.charter.registration, f"MDV.{extract.trial_file_sha256[:12]}")
    made = moment(extract.made_at)
    root = ET.Element(
        "ODM",
        {
            "xmlns": _NAMESPACE,
            "FileType": "Snapshot",
            "Granularity": "All",
            "FileOID": f"{oids.study}.{made}",
            "CreationDateTime": made,
            "AsOfDateTime": made,
            "ODMVersion": "1.3.2",
            "Originator": "Mottling",
            "SourceSystem": "Mottling",
            "SourceSystemVersion": extract.version,
        },
    )
    _add_study(root, extract, oids)
    _add_admin(root, extract, oids)
    _add_clinical(root, extract, oids)
    ET.indent(root, " ")
    data = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return (ExportFile("odm.xml", data, len({one.records.patient.patient for one in extract.outcomes})),)


def _add_study(root: ET.Element, extract: Extract, oids: _Oids) -> None:
    study = ET.SubElement(root, "Study", OID=oids.study)
    names = ET.SubElement(study, "GlobalVariables")
    ET.SubElement(names, "StudyName").text = extract.charter.trial
    ET.SubElement(names, "StudyDescription").text = "Mottling score (Ait-Oufella 2011) from photographs"
    ET.SubElement(names, "ProtocolName").text = extract.charter.registration
    version = ET.SubElement(study, "MetaDataVersion", OID=oids.metadata, Name="Mottling")
    protocol = ET.SubElement(version, "Protocol")
    for order, visit in enumerate(extract.charter.visits, start=1):
        ET.SubElement(
            protocol,
            "StudyEventRef",
            StudyEventOID=f"SE.{visit.code}",
            OrderNumber=str(order),
            Mandatory="Yes",
        )
    for visit in extract.charter.visits:
        event = ET.SubElement(
            version,
            "StudyEventDef",
            OID=f"SE.{visit.code}",
            Name=visit.label.en,
            Repeating="No",
            Type="Scheduled",
        )
        ET.SubElement(event, "FormRef", FormOID=FORM, Mandatory="Yes")
    event = ET.SubElement(
        version, "StudyEventDef", OID=EVENT, Name="Changes of the patient", Repeating="No", Type="Common"
    )
    ET.SubElement(event, "FormRef", FormOID=FORM_OF_CHANGES, Mandatory="No")
    _add_definitions(version, extract)


def _add_definitions(version: ET.Element, extract: Extract) -> None:
    form = ET.SubElement(version, "FormDef", OID=FORM, Name="Mottling score", Repeating="No")
    for group in GROUPS:
        ET.SubElement(form, "ItemGroupRef", ItemGroupOID=group.oid, Mandatory="No")
    form = ET.SubElement(version, "FormDef", OID=FORM_OF_CHANGES, Name="Changes", Repeating="No")
    ET.SubElement(form, "ItemGroupRef", ItemGroupOID=CHANGES.oid, Mandatory="No")
    for group in (*GROUPS, CHANGES):
        repeating = "Yes" if group.repeats else "No"
        defined = ET.SubElement(version, "ItemGroupDef", OID=group.oid, Name=group.name, Repeating=repeating)
        for item in group.items:
            ET.SubElement(defined, "ItemRef", ItemOID=group.item_oid(item.name), Mandatory="No")
    for group in (*GROUPS, CHANGES):
        for item in group.items:
            _add_item(version, group, item.name)
    for oid, codes in lists_of(extract.charter):
        coded = ET.SubElement(version, "CodeList", OID=oid, Name=oid.removeprefix("CL."), DataType="text")
        for code, label in codes:
            entry = ET.SubElement(coded, "CodeListItem", CodedValue=code)
            decode = ET.SubElement(entry, "Decode")
            ET.SubElement(decode, "TranslatedText", {_LANGUAGE: "en"}).text = label


def _add_item(version: ET.Element, group: Group, name: str) -> None:
    item = next(one for one in group.items if one.name == name)
    said = {"OID": group.item_oid(name), "Name": name, "DataType": item.data_type}
    if item.length:
        said["Length"] = str(item.length)
    defined = ET.SubElement(version, "ItemDef", said)
    question = ET.SubElement(defined, "Question")
    ET.SubElement(question, "TranslatedText", {_LANGUAGE: "en"}).text = item.means
    if name in LIST_OF:
        ET.SubElement(defined, "CodeListRef", CodeListOID=LIST_OF[name])


def _add_admin(root: ET.Element, extract: Extract, oids: _Oids) -> None:
    admin = ET.SubElement(root, "AdminData", StudyOID=oids.study)
    users = {one.by for outcome in extract.outcomes for one in answers_of(outcome)}
    users |= {photo.steps.photo.by for outcome in extract.outcomes for photo in outcome.records.photos}
    users |= {gone.by for outcome in extract.outcomes if (gone := outcome.records.not_done) is not None}
    users |= {outcome.records.patient.by for outcome in extract.outcomes}
    users |= {change.by for change in extract.changes}
    for user in sorted(users):
        ET.SubElement(ET.SubElement(admin, "User", OID=f"U.{user}"), "LoginName").text = user
    places = [(f"L.{site.code}", site.name, "Site") for site in extract.charter.sites]
    for oid, name, kind in [*places, (CENTRAL, "Trial office and committee", "Other")]:
        place = ET.SubElement(admin, "Location", OID=oid, Name=name, LocationType=kind)
        ET.SubElement(
            place,
            "MetaDataVersionRef",
            StudyOID=oids.study,
            MetaDataVersionOID=oids.metadata,
            EffectiveDate=f"{extract.made_at:%Y-%m-%d}",
        )


def _add_clinical(root: ET.Element, extract: Extract, oids: _Oids) -> None:
    clinical = ET.SubElement(root, "ClinicalData", StudyOID=oids.study, MetaDataVersionOID=oids.metadata)
    subjects: dict[str, ET.Element] = {}
    for outcome in extract.outcomes:
        patient = outcome.records.patient
        if patient.patient not in subjects:
            subject = ET.SubElement(clinical, "SubjectData", SubjectKey=patient.patient)
            _add_audit(subject, by=patient.by, place=CENTRAL, at=moment(patient.at))
            ET.SubElement(subject, "SiteRef", LocationOID=f"L.{patient.site}")
            subjects[patient.patient] = subject
        _add_visit(subjects[patient.patient], outcome)
    for number, subject in subjects.items():
        _add_changes(subject, [one for one in extract.changes if one.patient == number])


def _add_changes(subject: ET.Element, changes: Sequence[Change]) -> None:
    if not changes:
        return
    event = ET.SubElement(subject, "StudyEventData", StudyEventOID=EVENT)
    form = ET.SubElement(event, "FormData", FormOID=FORM_OF_CHANGES)
    for key, change in enumerate(changes, start=1):
        group = ET.SubElement(form, "ItemGroupData", ItemGroupOID=CHANGES.oid, ItemGroupRepeatKey=str(key))
        _add_audit(group, by=change.by, place=CENTRAL, at=moment(change.at), why=change.because)
        _add_items(group, CHANGES.oid, items_of(change))


def _add_visit(subject: ET.Element, outcome: Outcome) -> None:
    event = ET.SubElement(subject, "StudyEventData", StudyEventOID=f"SE.{outcome.records.visit.code}")
    form = ET.SubElement(event, "FormData", FormOID=FORM)
    place = f"L.{outcome.records.patient.site}"
    result = ET.SubElement(form, "ItemGroupData", ItemGroupOID="IG.OUTCOME")
    gone = outcome.records.not_done
    if gone is not None:
        _add_audit(result, by=gone.by, place=place, at=moment(gone.at))
    _add_items(result, "IG.OUTCOME", _outcome_items(outcome))
    photos = sorted(outcome.records.photos, key=lambda one: (one.steps.photo.at, one.steps.photo.photo_id))
    for key, photo in enumerate(photos, start=1):
        group = ET.SubElement(form, "ItemGroupData", ItemGroupOID="IG.PHOTO", ItemGroupRepeatKey=str(key))
        taken, there = photo.steps.photo, f"L.{outcome.records.site_of(photo.steps)}"
        _add_audit(group, by=taken.by, place=there, at=moment(taken.at), source=taken.photo_id)
        _add_items(group, "IG.PHOTO", dict(_photo_items(photo, outcome)))
    for key, said in enumerate(answers_of(outcome), start=1):
        group = ET.SubElement(form, "ItemGroupData", ItemGroupOID="IG.ANSWER", ItemGroupRepeatKey=str(key))
        there = f"L.{outcome.records.changes.site_at(outcome.records.patient, said.taken_at)}"
        where = there if said.kind in (AnswerKind.OWN, AnswerKind.FINAL) else CENTRAL
        at = moment(said.at)
        _add_audit(group, by=said.by, place=where, at=at, why=said.because, source=said.record_id)
        _add_items(group, "IG.ANSWER", _answer_items(said))


def _outcome_items(outcome: Outcome) -> Mapping[str, str | None]:
    source = outcome.source
    return {
        "VALUE": None if outcome.value is None else str(outcome.value),
        "BOUND": outcome.bound,
        "MISSING": outcome.missing,
        "DETAIL": outcome.detail,
        "SOURCE": None if source is None else source.record_id,
    }


def _photo_items(photo: PhotoRead, outcome: Outcome) -> Iterator[tuple[str, str]]:
    taken = photo.steps.photo
    yield "SHA256", taken.sha256
    yield "TAKEN", moment(photo.steps.taken_at)
    yield "OUTSIDE", "no" if outcome.records.window.holds(photo.steps.taken_at) else "yes"
    yield "COUNTS", "yes" if photo == outcome.records.photo else "no"
    if photo.steps.assessment is not None:
        seen = photo.steps.assessment.assessment
        yield "MODEL", seen.model.name
        yield "MODELSHA", seen.model.sha256
        yield "PROPOSED", seen.status if seen.score is None else f"{seen.status} {seen.score}"


def _answer_items(said: GivenAnswer) -> Mapping[str, str | None]:
    return {
        "KIND": said.kind,
        "STATUS": said.answer.status,
        "SCORE": None if said.answer.score is None else str(said.answer.score),
        "REASON": said.answer.reason,
        "PHOTO": said.photo.photo_id,
        "ACCEPTED": "yes" if said.counts else "no",
        "SAT": said.sat,
        "NOTE": said.comment,
    }


def _add_items(group: ET.Element, oid: str, items: Mapping[str, str | None]) -> None:
    for name, value in items.items():
        if value is not None:
            written = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(value))
            ET.SubElement(group, "ItemData", ItemOID=f"IT.{oid.removeprefix('IG.')}.{name}", Value=written)


def _add_audit(
    parent: ET.Element, *, by: str, place: str, at: str, why: str | None = None, source: str | None = None
) -> None:
    audit = ET.SubElement(parent, "AuditRecord", EditPoint="DBAudit", UsedImputationMethod="No")
    ET.SubElement(audit, "UserRef", UserOID=f"U.{by}")
    ET.SubElement(audit, "LocationRef", LocationOID=place)
    ET.SubElement(audit, "DateTimeStamp").text = at
    if why is not None:
        ET.SubElement(audit, "ReasonForChange").text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", why)
    if source is not None:
        ET.SubElement(audit, "SourceID").text = source
