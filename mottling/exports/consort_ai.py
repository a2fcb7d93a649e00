"""The CONSORT-AI page: what a report of the trial has to say of the software, filled with this trial's facts.

The items are those of the extension (Liu et al., Nature Medicine 2020;26:1364), asked in words of our own.
The trial's intervention is no software: the items are answered for what measures its outcome. Facts come from
the trial file and the records; how often the model was right is said once the read-out is closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mottling.assessment import ModelName
from mottling.exports.consort_changes import ChangeFacts, change_facts_of
from mottling.exports.extract import ExportFile, Extract, moment
from mottling.exports.texts import Texts, page, texts_in
from mottling.scale import Status
from mottling.trial.changes import Extent
from mottling.trial.charter import Language, Reason
from mottling.trial.outcome import PhotoRead
from mottling.trial.reading_rules import ModelUse
from mottling.trial.records import Answer

__all__ = ["ITEMS", "ConsortFacts", "ModelInUse", "consort_ai", "facts_of"]

ITEMS = ("1i", "1ii", "2", "4ai", "4aii", "4b", "5i", "5ii", "5iii", "5iv", "5v", "5vi", "19", "25")
"""The fourteen items of the extension, by the number of the CONSORT item that each extends."""


@dataclass(frozen=True)
class ModelInUse:
    """One model that read photographs of this trial."""

    name: str
    sha256: str
    photographs: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class ConsortFacts:
    """What the records say, counted over every photograph of every visit."""

    patients: int
    sites: int
    photographs: int
    replaced: int
    """Photographs in whose place a later one was taken."""
    outside_window: int
    """Of those that count."""
    not_done: Mapping[str, int]
    """Visits without a photograph that are on record so, by reason."""
    changes: ChangeFacts
    read_by_model: Mapping[Status, int]
    unread_by_model: int
    """Scored by the ward, and not read by a model: whatever stopped it."""
    revealed: int
    changed: int
    """Of those, how often the ward's last word was not its first."""
    ward_not_assessable: Mapping[str, int]
    """By reason."""
    verdicts: int
    committee_not_assessable: Mapping[str, int]
    """By reason."""
    compared: int
    """Photographs with a score of the committee and one of the model."""
    exact: int
    within_one: int
    models: tuple[ModelInUse, ...]
    """The one that came first, first."""


def facts_of(extract: Extract) -> ConsortFacts:
    """Count."""
    records = [one.records for one in extract.outcomes]
    photos = [photo for one in records for photo in one.photos]
    counting = sum(one.photo is not None for one in records)
    seen = [one.steps.assessment.assessment for one in photos if one.steps.assessment is not None]
    shown = [one.steps for one in photos if one.steps.reveal is not None and one.steps.final is not None]
    apart = list(_apart(photos))
    finals = [one.steps.final.answer for one in photos if one.steps.final is not None]
    verdicts = [one.verdict.answer for one in photos if one.verdict is not None]
    return ConsortFacts(
        patients=len({one.patient.patient for one in records}),
        sites=len({one.patient.site for one in records}),
        photographs=len(photos),
        replaced=len(photos) - counting,
        outside_window=sum(one.outside_window is True for one in extract.outcomes),
        not_done=Counter(one.not_done.reason for one in records if one.not_done is not None),
        changes=change_facts_of(extract),
        read_by_model=Counter(one.status for one in seen),
        unread_by_model=sum(one.steps.own is not None and one.steps.assessment is None for one in photos),
        revealed=len(shown),
        changed=sum(
            one.own is not None and one.final is not None and one.own.answer != one.final.answer
            for one in shown
        ),
        ward_not_assessable=_reasons(finals),
        verdicts=len(verdicts),
        committee_not_assessable=_reasons(verdicts),
        compared=len(apart),
        exact=apart.count(0),
        within_one=sum(one <= 1 for one in apart),
        models=_models(photos),
    )


def consort_ai(extract: Extract, *, language: Language, is_closed: bool) -> ExportFile:
    """Write the page.

    Args:
        extract: The trial at one moment.
        language: Of the page.
        is_closed: Whether the read-out is: only then it says how often the model was right.
    """
    writer = _Writer(extract, facts_of(extract), texts_in(language), language, is_closed)
    values = {
        "trial": extract.charter.trial,
        "registration": extract.charter.registration,
        "made_at": moment(extract.made_at),
        "version": extract.version,
        "items": writer.items(),
        "models": writer.facts.models,
        "moment": moment,
    }
    return ExportFile("consort-ai.html", page("consort_ai.html", writer.texts, values), len(ITEMS))


@dataclass(frozen=True)
class Item:
    """One item, ready to show."""

    number: str
    title: str
    asks: str
    says: tuple[str, ...]


@dataclass(frozen=True)
class _Writer:
    extract: Extract
    facts: ConsortFacts
    texts: Texts
    language: Language
    is_closed: bool

    def items(self) -> tuple[Item, ...]:
        values = self._values()
        return tuple(
            Item(
                number=self.texts.say(f"consort.{item}.number"),
                title=self.texts.say(f"consort.{item}.title"),
                asks=self.texts.say(f"consort.{item}.asks"),
                says=tuple(self.texts.say(key, values) for key in self._keys(item)),
            )
            for item in ITEMS
        )

    def _keys(self, item: str) -> Iterator[str]:
        """List the sentences of an item: its own, and one for what the trial file or the records decide."""
        yield f"consort.{item}.says"
        charter = self.extract.charter
        more = {
            "4b": "shown" if charter.proposal_on_ward else "hidden",
            "5i": "models" if self.facts.models else "no_model",
            "5iv": "shown" if charter.proposal_on_ward else "hidden",
            "5vi": f"endpoint_{charter.endpoint}",
            "19": "closed" if self.is_closed else "open",
        }
        if item in more:
            yield f"consort.{item}.{more[item]}"
        if item == "5vi" and charter.reading.model is ModelUse.SECOND_LOOK:
            yield "consort.5vi.second_look"

    def _values(self) -> Mapping[str, object]:
        facts, charter = self.facts, self.extract.charter
        endpoint = charter.visit(charter.endpoint_visit)
        read = facts.read_by_model
        return {
            **{name: getattr(facts, name) for name in ConsortFacts.__dataclass_fields__},
            "trial": charter.trial,
            "registration": charter.registration,
            "version": self.extract.version,
            "all_sites": len(charter.sites),
            "visits": ", ".join(
                f"{one.label.of(self.language)} ({one.due_h:g} ± {one.tolerance_h:g} h)"
                for one in charter.visits
            ),
            "endpoint_visit": endpoint.label.of(self.language),
            "readers": charter.reading.readers_per_photo,
            "second_look_from": charter.reading.second_look_from,
            "reasons": ", ".join(one.label.of(self.language) for one in charter.reasons_not_assessable),
            "scored": read.get(Status.SCORED, 0),
            "at_least": read.get(Status.AT_LEAST, 0),
            "model_not_assessable": read.get(Status.NOT_ASSESSABLE, 0),
            "not_done": self._counted(facts.not_done, charter.reasons_not_done),
            **vars(facts.changes),
            "withdrawn": self._withdrawn(facts.changes),
            "ward_not_assessable": self._counted(facts.ward_not_assessable, charter.reasons_not_assessable),
            "committee_not_assessable": self._counted(
                facts.committee_not_assessable, charter.reasons_not_assessable
            ),
            "models": len(facts.models),
        }

    def _withdrawn(self, changes: ChangeFacts) -> str:
        counted = [(one, changes.withdrawn[one]) for one in Extent if one in changes.withdrawn]
        said = [f"{self.texts.say(f'consort.extent.{extent}')} {count}" for extent, count in counted]
        return ", ".join(said) or self.texts.say("consort.none")

    def _counted(self, counts: Mapping[str, int], reasons: Sequence[Reason]) -> str:
        """Say counts by reason: `Blurred 3, Covered 1`; none where nothing was counted."""
        labels = {one.code: one.label.of(self.language) for one in reasons}
        said = [f"{labels.get(code, code)} {count}" for code, count in sorted(counts.items())]
        return ", ".join(said) or self.texts.say("consort.none")


def _reasons(answers: Sequence[Answer]) -> Mapping[str, int]:
    return Counter(one.reason for one in answers if one.reason is not None)


def _apart(photos: Sequence[PhotoRead]) -> Iterator[int]:
    """Give how far the model's score lies from the committee's, where both gave a score."""
    for one in photos:
        if one.verdict is None or one.steps.assessment is None:
            continue
        seen, said = one.steps.assessment.assessment, one.verdict.answer
        if seen.status is Status.SCORED and said.status is Status.SCORED:
            assert seen.score is not None, "a score is scored"
            assert said.score is not None, "a score is scored"
            yield abs(seen.score - said.score)


def _models(photos: Sequence[PhotoRead]) -> tuple[ModelInUse, ...]:
    found: dict[ModelName, list[datetime]] = {}
    for one in photos:
        if one.steps.assessment is not None:
            found.setdefault(one.steps.assessment.assessment.model, []).append(one.steps.assessment.at)
    models = (
        ModelInUse(model.name, model.sha256, len(times), min(times), max(times))
        for model, times in found.items()
    )
    return tuple(sorted(models, key=lambda one: (one.first_at, one.name)))
