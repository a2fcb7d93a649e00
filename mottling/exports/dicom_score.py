"""The outcome of a visit as a DICOM structured report that points to the photograph it was read from."""

from __future__ import annotations

from collections.abc import Iterator

from highdicom.sr import (
    CodeContentItem,
    ContainerContentItem,
    ContentItem,
    ContentSequence,
    EnhancedSR,
    ImageContentItem,
    NumContentItem,
    TextContentItem,
)
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from mottling.exports.dicom import DicomOrigin
from mottling.exports.dicom_terms import MAKER, RESEARCH, add_scheme, made_at, ours, uid_of
from mottling.trial.outcome import Bound, Outcome

__all__ = ["AT_LEAST", "NOT_ASSESSABLE", "SCORE", "score"]

SCORE = ours("mottling-score", "Mottling score (Ait-Oufella 2011), 0 to 5")
AT_LEAST = ours("mottling-score-at-least", "Lower bound of the mottling score: the view ended there")
NOT_ASSESSABLE = ours("not-assessable", "Not assessable")
_REPORT = ours("mottling-report", "Mottling score of a photograph")
_REASON = ours("reason", "Reason, as the trial file codes it")
_BORDER = ours("mottled-border", "Mottled border as a reader marked it")
_ANSWER = ours("answer", "Record that gives the answer")
_KIND = ours("answer-of", "Whose answer it is")
_LANGUAGE = Code("121049", "DCM", "Language of Content Item and Descendants")
_ENGLISH = Code("en", "RFC5646", "English")
_SOURCE_IMAGE = Code("121112", "DCM", "Source of Measurement")
_COMMENT = Code("121106", "DCM", "Comment")
_NO_UNITS = Code("1", "UCUM", "no units")


def score(photo: Dataset, segmentation: Dataset | None, outcome: Outcome, origin: DicomOrigin) -> EnhancedSR:
    """Make the report: the score, a lower bound, or that it is not assessable and why; by nobody's name.

    Args:
        photo: The photograph's file.
        segmentation: The border's, where one was marked.
        outcome: A value, or not assessable.
        origin: What it is an export of.
    """
    source = outcome.source
    assert source is not None, "only what was answered is exported"
    evidence = [photo] if segmentation is None else [photo, segmentation]
    named = (
        origin.registration,
        *(str(one.SOPInstanceUID) for one in evidence),
        source.record_id,
        f"{outcome.value} {outcome.bound} {outcome.detail}",
        origin.version,
    )
    root = ContainerContentItem(name=_REPORT, is_content_continuous=False)
    root.ContentSequence = ContentSequence(list(_items(evidence, outcome)))
    made = EnhancedSR(
        evidence=evidence,
        content=root,
        series_instance_uid=uid_of("series of score", *named),
        series_number=3,
        sop_instance_uid=uid_of("score", *named),
        instance_number=1,
        manufacturer=MAKER,
        manufacturer_model_name=MAKER,
        software_versions=origin.version,
        is_complete=True,
        is_final=True,
        series_description="Mottling score",
    )
    made_at(made, source.at)
    add_scheme(made)
    return made


def _items(evidence: list[Dataset], outcome: Outcome) -> Iterator[ContentItem]:
    source = outcome.source
    assert source is not None, "asked before"
    yield CodeContentItem(_LANGUAGE, _ENGLISH, relationship_type="HAS CONCEPT MOD")
    yield TextContentItem(_ANSWER, source.record_id, relationship_type="HAS OBS CONTEXT")
    yield TextContentItem(_KIND, source.kind.value, relationship_type="HAS OBS CONTEXT")
    said = _said(outcome)
    said.ContentSequence = ContentSequence([_image(_SOURCE_IMAGE, evidence[0], "INFERRED FROM")])
    yield said
    if outcome.value is None and outcome.detail is not None:
        yield TextContentItem(_REASON, outcome.detail, relationship_type="CONTAINS")
    for segmentation in evidence[1:]:
        yield _image(_BORDER, segmentation, "CONTAINS")
    yield TextContentItem(_COMMENT, RESEARCH, relationship_type="CONTAINS")


def _said(outcome: Outcome) -> ContentItem:
    if outcome.value is None:
        return CodeContentItem(SCORE, NOT_ASSESSABLE, relationship_type="CONTAINS")
    name = AT_LEAST if outcome.bound is Bound.AT_LEAST else SCORE
    return NumContentItem(name, outcome.value, _NO_UNITS, relationship_type="CONTAINS")


def _image(name: Code, image: Dataset, relationship: str) -> ContentItem:
    return ImageContentItem(name, image.SOPClassUID, image.SOPInstanceUID, relationship_type=relationship)
