"""What is known of verdicts: which there are, what the model said, and what is looked at once more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from mottling.scale import Status
from mottling.store.news import News
from mottling.store.schema import KINDS
from mottling.trial.committee_records import ConsensusReading, ConsensusVerdict, SecondLook
from mottling.trial.records import Answer, AssessmentRecord

__all__ = ["VerdictBoard"]

_ASSESSMENTS = KINDS[AssessmentRecord].table


class VerdictBoard:
    """Keeps them. A part of the committee's board, which says when there is something new."""

    def __init__(self) -> None:
        self.met: dict[str, ConsensusReading] = {}
        """By photo: what the committee said together."""
        self.second_looks: dict[str, SecondLook] = {}
        """By the id of the reading that was asked for."""
        self._verdicts: dict[str, tuple[str, Answer]] = {}
        self._proposed: dict[str, Answer] = {}
        self._assessed: set[str] = set()

    def catch_up(self, news: News) -> None:
        """Read what was added; verdicts of one reader come by `settle`."""
        for together in news.all(ConsensusReading):
            self.met[together.photo_id] = together
        for formed in news.all(ConsensusVerdict):
            self.settle(formed.photo_id, formed.reading_id, self.met[formed.photo_id].answer)
        for asked in news.all(SecondLook):
            self.second_looks[asked.reading_id] = asked
        for photo_id, status, score in _proposals(news) if news.has(AssessmentRecord) else ():
            self._assessed.add(photo_id)
            if score is not None:
                self._proposed[photo_id] = Answer(status, score)

    def settle(self, photo_id: str, reading_id: str, answer: Answer) -> None:
        """Note the verdict of a photograph."""
        self._verdicts[photo_id] = (reading_id, answer)

    def settled(self) -> frozenset[str]:
        """Name the photographs that have a verdict."""
        return frozenset(self._verdicts)

    def verdict(self, photo_id: str) -> Answer | None:
        """Give the verdict of a photograph."""
        found = self._verdicts.get(photo_id)
        return None if found is None else found[1]

    def verdict_id(self, photo_id: str) -> str | None:
        """Name the reading that is the verdict of a photograph."""
        found = self._verdicts.get(photo_id)
        return None if found is None else found[0]

    def members(self, photo_id: str) -> frozenset[str]:
        """Name who sat at the meeting about a photograph."""
        return frozenset(self.met[photo_id].members() if photo_id in self.met else ())

    def proposed(self, photo_id: str) -> Answer | None:
        """Give the score that the model gave a photograph, if it gave one."""
        return self._proposed.get(photo_id)

    def is_assessed(self, photo_id: str) -> bool:
        """Say whether the model said anything of a photograph, if only that it cannot judge it."""
        return photo_id in self._assessed

    def is_looked_at_again(self, readings: Sequence[str]) -> bool:
        """Say whether one of the readings of a photograph was asked for as a second look."""
        return any(one in self.second_looks for one in readings)


def _proposals(news: News) -> Iterator[tuple[str, Status, int | None]]:
    """Give what the model said, without a whole assessment, which is dear; not what it could not read."""
    query = select(_ASSESSMENTS.c.photo_id, _ASSESSMENTS.c.assessment)
    for photo_id, text in news.page.connection.execute(query.where(_ASSESSMENTS.c.number > news.after)):
        said = json.loads(text)
        status = Status(said["status"])
        if status is not Status.ERROR:
            yield photo_id, status, None if said["score"] is None else int(said["score"])
