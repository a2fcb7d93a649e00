"""Drift: what the model in use said of each photograph, by week, and alarms where that has changed.

Engineers and the office see counts, never a patient. Where fewer than five verdicts are in a count, how many
the model met is not told: from one or two, a verdict could be guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from mottling.agreement.drift import (
    REFERENCE,
    Alarm,
    Flag,
    SeenPhoto,
    WeekFigures,
    alarms_of,
    weeks_of,
)
from mottling.assessment import Assessment, ReasonCode
from mottling.errors import PhotosErased
from mottling.imaging.device import device_of
from mottling.registry import Registry
from mottling.services.accounts import User
from mottling.services.verdicts import Verdicts
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.records import Answer, PhotoSteps

__all__ = ["FEWEST_VERDICTS", "Drift", "DriftReport", "GroupWeeks", "Grouping"]

FEWEST_VERDICTS = 5


class Grouping(StrEnum):
    """By what photographs are told apart."""

    SITE = "site"
    DEVICE = "device"
    """As the photograph names it; looking takes a while, and is done once for each photograph."""


@dataclass(frozen=True)
class GroupWeeks:
    """The weeks of one site or device, the latest first."""

    group: str
    """Empty for all; a device that no photograph names is `unknown`."""
    weeks: tuple[WeekFigures, ...]


@dataclass(frozen=True)
class DriftReport:
    """What the model in use has said so far."""

    model: str
    grouping: Grouping
    photographs: int
    reference: int
    """So many first photographs say what is usual; before there are more, nothing raises an alarm."""
    measured: int
    """Photographs of which is known how far they look from the calibration; 0 with a model that says nothing
    of it."""
    alarms: tuple[Alarm, ...]
    """The latest first."""
    all: GroupWeeks
    groups: tuple[GroupWeeks, ...]


class Drift:
    """What engineers, and the office, look at every week."""

    def __init__(self, store: Store, registry: Registry) -> None:
        self._store = store
        self._registry = registry
        self._devices: dict[str, str] = {}

    def report(self, user: User, grouping: Grouping) -> DriftReport:
        """Count what the model in use has said, by week, in all and by site or device.

        Raises:
            ModelRefused: No model is in use.
        """
        require(user.role, Act.SEE_MODELS)
        model = self._registry.active()
        photos = [*self._seen(model.sha256, grouping)]
        groups = sorted({photo.group for photo in photos})
        return DriftReport(
            model=model.name,
            grouping=grouping,
            photographs=len(photos),
            reference=REFERENCE,
            measured=sum(photo.distance is not None for photo in photos),
            alarms=tuple(_told(alarm) for alarm in alarms_of(photos)),
            all=GroupWeeks("", _weeks(photos)),
            groups=tuple(
                GroupWeeks(group, _weeks([photo for photo in photos if photo.group == group]))
                for group in groups
            ),
        )

    def _seen(self, sha256: str, grouping: Grouping) -> Iterator[SeenPhoto]:
        verdicts = Verdicts.read(self._store.committee)
        group_of = self._grouped(grouping)
        distances = self._store.ward.distances()
        for steps in sorted(self._store.ward.photos(), key=lambda one: one.taken_at):
            if steps.assessment is not None and steps.assessment.assessment.model.sha256 == sha256:
                counting = verdicts.verdict(steps.photo.photo_id)
                verdict = None if counting is None else counting.answer
                said = _seen(steps, steps.assessment.assessment, verdict, group_of(steps))
                yield replace(said, distance=distances.get(steps.photo.photo_id))

    def _grouped(self, grouping: Grouping) -> Callable[[PhotoSteps], str]:
        if grouping is Grouping.DEVICE:
            return lambda steps: self._device(steps.photo.photo_id)
        sites: Mapping[str, str] = {one.patient: one.site for one in self._store.ward.patients()}
        return lambda steps: sites[steps.photo.patient]

    def _device(self, photo_id: str) -> str:
        if photo_id not in self._devices:
            try:
                found = device_of(self._store.ward.photo_bytes(photo_id))
            except PhotosErased:
                found = None
            self._devices[photo_id] = found or "unknown"
        return self._devices[photo_id]


def _seen(steps: PhotoSteps, said: Assessment, verdict: Answer | None, group: str) -> SeenPhoto:
    return SeenPhoto(
        at=steps.taken_at,
        group=group,
        score=said.score,
        is_doubtful=any(reason.code is ReasonCode.DOUBTFUL_EXTENT for reason in said.reasons),
        verdict=None if verdict is None else verdict.score,
    )


def _weeks(photos: list[SeenPhoto]) -> tuple[WeekFigures, ...]:
    return tuple(
        week if week.compared >= FEWEST_VERDICTS else replace(week, alike=0) for week in weeks_of(photos)
    )


def _told(alarm: Alarm) -> Alarm:
    """Keep back how many verdicts differ where they are few."""
    is_few = alarm.flag is Flag.DIFFERS and alarm.of < FEWEST_VERDICTS
    return replace(alarm, raised=0, of=0) if is_few else alarm
