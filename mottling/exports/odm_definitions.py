"""What the ODM file calls its forms, groups and items, and which codes an item can hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mottling.exports.extract import AnswerKind
from mottling.scale import Status
from mottling.trial.changes import Extent
from mottling.trial.charter import Charter
from mottling.trial.outcome import Bound, Missing

__all__ = ["CENTRAL", "CHANGES_SAID", "FORM", "GROUPS", "LIST_OF", "Group", "Item", "lists_of"]

FORM = "F.MOTTLING"
CENTRAL = "L.CENTRAL"
"""Where office and committee are."""

LIST_OF = {
    "BOUND": "CL.BOUND",
    "MISSING": "CL.MISSING",
    "KIND": "CL.KIND",
    "STATUS": "CL.STATUS",
    "REASON": "CL.REASON",
    "OUTSIDE": "CL.YESNO",
    "COUNTS": "CL.YESNO",
    "ACCEPTED": "CL.YESNO",
    "CHANGE": "CL.CHANGE",
    "EXTENT": "CL.EXTENT",
}
"""By the item's name."""

CHANGES_SAID = (
    "withdrawn",
    "withdrawal_taken_back",
    "transferred",
    "number_corrected",
    "enrolment_corrected",
)
"""What can change about a patient, as the file says it."""

_ID_SIGNS, _SHA256_SIGNS, _CODE_SIGNS, _TEXT_SIGNS = 60, 64, 40, 200
_LONG_TEXT_SIGNS = 4010


@dataclass(frozen=True)
class Item:
    """One item."""

    name: str
    means: str
    data_type: str = "text"
    length: int = 0
    """0 where the type needs none."""


@dataclass(frozen=True)
class Group:
    """One group of items."""

    oid: str
    name: str
    items: tuple[Item, ...]
    repeats: bool

    def item_oid(self, name: str) -> str:
        """Name one of its items."""
        return f"IT.{self.oid.removeprefix('IG.')}.{name}"


GROUPS = (
    Group(
        "IG.OUTCOME",
        "Outcome",
        (
            Item("VALUE", "Mottling score, 0 to 5; absent when MISSING says why", "integer", 1),
            Item("BOUND", "Whether the value is exact or a lower bound", length=_CODE_SIGNS),
            Item("MISSING", "Why there is no value; nothing is imputed", length=_CODE_SIGNS),
            Item("DETAIL", "Behind it: a code of the trial file", length=_CODE_SIGNS),
            Item("SOURCE", "Id of the answer that the value comes from", length=_ID_SIGNS),
        ),
        repeats=False,
    ),
    Group(
        "IG.PHOTO",
        "Photograph",
        (
            Item("SHA256", "SHA-256 of the photograph's file, which is not in here", length=_SHA256_SIGNS),
            Item("TAKEN", "When it was taken", "datetime"),
            Item("OUTSIDE", "Taken outside the visit's window", length=3),
            Item("COUNTS", "Whether it is the photograph that counts", length=3),
            Item("MODEL", "Model that read it; no part of the value", length=_TEXT_SIGNS),
            Item("MODELSHA", "SHA-256 of the model's file", length=_SHA256_SIGNS),
            Item("PROPOSED", "What the model proposed", length=_CODE_SIGNS),
        ),
        repeats=True,
    ),
    Group(
        "IG.ANSWER",
        "Answer",
        (
            Item("KIND", "Who answered, and when", length=_CODE_SIGNS),
            Item("STATUS", "What was answered", length=_CODE_SIGNS),
            Item("SCORE", "Score, or its lower bound", "integer", 1),
            Item("REASON", "Why the photograph is not assessable", length=_CODE_SIGNS),
            Item("PHOTO", "Id of the photograph", length=_ID_SIGNS),
            Item("ACCEPTED", "Whether the outcome comes from it", length=3),
            Item("SAT", "Who sat at the committee's meeting", length=_LONG_TEXT_SIGNS),
            Item("NOTE", "What was noted at the committee's meeting", length=_LONG_TEXT_SIGNS),
        ),
        repeats=True,
    ),
)


def lists_of(charter: Charter) -> Iterator[tuple[str, Sequence[tuple[str, str]]]]:
    """Give each list of codes with what each code says."""
    yield "CL.BOUND", [(one, one.replace("_", " ")) for one in Bound]
    yield "CL.MISSING", [(one, one.replace("_", " ")) for one in Missing]
    yield "CL.KIND", [(one, one.value) for one in AnswerKind]
    statuses = (Status.SCORED, Status.AT_LEAST, Status.NOT_ASSESSABLE)
    yield "CL.STATUS", [(one, one.replace("_", " ")) for one in statuses]
    yield "CL.REASON", [(one.code, one.label.en) for one in charter.reasons_not_assessable]
    yield "CL.CHANGE", [(one, one.replace("_", " ")) for one in CHANGES_SAID]
    yield "CL.EXTENT", [(one, one.replace("_", " ")) for one in Extent]
    yield "CL.YESNO", [("yes", "Yes"), ("no", "No")]
