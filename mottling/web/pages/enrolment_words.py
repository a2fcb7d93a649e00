"""Enrolment in the words of a page: what an item is called, what can be said of it, what cannot be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mottling.scale import SCORES
from mottling.services.office_views import EnrolmentFault as Fault
from mottling.services.office_views import EnrolmentProblem
from mottling.trial.eligibility import in_one_writing
from mottling.trial.enrolment_plan import EligibilityItem, ItemKind
from mottling.web.trial_words import Choice, TrialWords

__all__ = ["EnrolmentWords", "SaidItem", "SaidProblem"]

_FIELDS = {
    Fault.PATIENT: "patient",
    Fault.TWICE: "patient",
    Fault.CHANGED: "patient",
    Fault.FORMER: "patient",
    Fault.SITE: "site",
    Fault.TIME: "time",
    Fault.LOCAL_TIME: "time",
    Fault.NEVER_ON_CLOCK: "time",
    Fault.TWICE_ON_CLOCK: "time",
    Fault.FUTURE: "time",
    Fault.INITIALS: "initials",
    Fault.TONE: "skin_tone",
}
"""Beside which field of the form a problem is said; those of an item beside the item's."""
_SAY_SO_WHEN_EMPTY = {Fault.PATIENT, Fault.SITE, Fault.LOCAL_TIME}


@dataclass(frozen=True)
class SaidProblem:
    """What cannot be taken, ready to show."""

    line: int
    field: str
    """Of the form; empty where it is about the whole line."""
    text: str


@dataclass(frozen=True)
class SaidItem:
    """An eligibility item, ready to be asked for."""

    code: str
    label: str
    kind: ItemKind
    unit: str
    """Empty where it has none."""
    note: str
    """A sentence beside it; empty where there is none."""
    required: bool
    choices: tuple[Choice, ...]
    """What can be chosen; empty where a number is written."""


@dataclass(frozen=True)
class EnrolmentWords:
    """Says it in the language of a page."""

    trial_words: TrialWords

    def problems(self, problems: Sequence[EnrolmentProblem]) -> tuple[SaidProblem, ...]:
        """Say what cannot be taken, in the order in which it was found."""
        return tuple(self._problem(one) for one in problems)

    def items(self) -> tuple[SaidItem, ...]:
        """List the items of the trial file."""
        return tuple(self._item(one) for one in self.trial_words.charter.enrolment.items)

    def label(self, code: str) -> str:
        """Name an item; one that the trial file names no longer, by its code."""
        item = self._find(code)
        return code if item is None else item.label.of(self.trial_words.language)

    def value(self, code: str, value: str) -> str:
        """Say what was said of an item: `3`, `4,5 s`, `oui`, or the option's label."""
        item, say = self._find(code), self.trial_words.words.say
        if item is None:
            return value
        match item.kind:
            case ItemKind.YES_NO:
                return say(f"office.item.{value}")
            case ItemKind.CHOICE:
                return next((one.label for one in self._choices(item) if one.code == value), value)
            case _:
                number = value.replace(".", ",") if self.trial_words.language == "fr" else value
                return f"{number} {_unit(item)}".strip()

    def wrong(self, code: str, text: str) -> str:
        """Say why something cannot be said of an item; empty where it can, or where nothing is said."""
        item = self._find(code)
        if item is None or not text or in_one_writing(item, text) is not None:
            return ""
        values = {"value": text, "label": self.label(code), "expected": self._expected(item)}
        return self.trial_words.words.say("office.fault.item", values)

    def _problem(self, one: EnrolmentProblem) -> SaidProblem:
        say = self.trial_words.words.say
        values = {"value": one.value, "label": one.item, "expected": ""}
        item = self._find(one.item)
        if item is not None:
            values |= {"label": self.label(one.item), "expected": self._expected(item)}
        fault = "empty" if not one.value and one.fault in _SAY_SO_WHEN_EMPTY else one.fault.value
        return SaidProblem(
            one.line, one.item or _FIELDS.get(one.fault, ""), say(f"office.fault.{fault}", values)
        )

    def _expected(self, item: EligibilityItem) -> str:
        say = self.trial_words.words.say
        said = [say(f"office.item.expected.{item.kind}")]
        if item.kind is ItemKind.CHOICE:
            said.append(", ".join(one.label for one in self._choices(item)))
        if item.least is not None:
            said.append(say("office.item.least", {"least": f"{item.least:g}"}))
        if item.most is not None:
            said.append(say("office.item.most", {"most": f"{item.most:g}"}))
        return " ".join(said)

    def _item(self, item: EligibilityItem) -> SaidItem:
        note = "" if item.note is None else item.note.of(self.trial_words.language)
        return SaidItem(
            item.code,
            self.label(item.code),
            item.kind,
            _unit(item),
            note,
            item.required,
            self._choices(item),
        )

    def _choices(self, item: EligibilityItem) -> tuple[Choice, ...]:
        say = self.trial_words.words.say
        match item.kind:
            case ItemKind.SCORE:
                return tuple(Choice(str(score), str(score)) for score in SCORES)
            case ItemKind.YES_NO:
                return tuple(Choice(code, say(f"office.item.{code}")) for code in ("yes", "no"))
            case _:
                language = self.trial_words.language
                return tuple(Choice(one.code, one.label.of(language)) for one in item.options)

    def _find(self, code: str) -> EligibilityItem | None:
        items = self.trial_words.charter.enrolment.items
        return next((item for item in items if item.code == code), None)


def _unit(item: EligibilityItem) -> str:
    return "s" if item.kind is ItemKind.SECONDS else item.unit or ""
