"""Changes of a patient in the ODM file: an event of its own, one item group a change, with its audit."""

from __future__ import annotations

from collections.abc import Mapping

from mottling.exports.extract import moment
from mottling.exports.odm_definitions import CHANGES_SAID, Group, Item
from mottling.trial.changes import (
    Change,
    EnrolmentCorrected,
    NumberCorrected,
    Transfer,
    Withdrawal,
    WithdrawalTakenBack,
)

__all__ = ["CHANGES", "EVENT", "FORM_OF_CHANGES", "items_of", "what_changed"]

EVENT, FORM_OF_CHANGES = "SE.CHANGES", "F.CHANGES"
_KINDS = (Withdrawal, WithdrawalTakenBack, Transfer, NumberCorrected, EnrolmentCorrected)
_CODE_SIGNS, _NUMBER_SIGNS = 40, 60

CHANGES = Group(
    "IG.CHANGE",
    "Change of the patient",
    (
        Item("CHANGE", "What changed", length=_CODE_SIGNS),
        Item("SINCE", "From when on it holds", "datetime"),
        Item("EXTENT", "What the patient withdrew from", length=_CODE_SIGNS),
        Item("SITE", "The site that the patient is at, or was randomised at", length=_CODE_SIGNS),
        Item("WAS", "The number that was wrong", length=_NUMBER_SIGNS),
        Item("BECOMES", "The number that is right", length=_NUMBER_SIGNS),
        Item("RANDOMISED", "The time of randomisation that is right", "datetime"),
    ),
    repeats=True,
)


def items_of(change: Change) -> Mapping[str, str | None]:
    """Say a change, item by item."""
    return {"CHANGE": what_changed(change), **_said(change)}


def what_changed(change: Change) -> str:
    """Say what kind of change it is, in the one word that every export has for it."""
    return CHANGES_SAID[_KINDS.index(type(change))]


def _said(change: Change) -> Mapping[str, str | None]:
    match change:
        case Withdrawal():
            return {"SINCE": moment(change.since), "EXTENT": change.extent}
        case Transfer():
            return {"SINCE": moment(change.since), "SITE": change.site}
        case NumberCorrected():
            return {"WAS": change.was, "BECOMES": change.becomes}
        case EnrolmentCorrected():
            return {"SITE": change.site, "RANDOMISED": moment(change.randomised_at)}
        case WithdrawalTakenBack():
            return {}
