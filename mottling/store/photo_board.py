"""What is known of photographs before anybody reads them: whose, which counts of a visit, who withdrew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from mottling.store.changes import CHANGED, changes_of
from mottling.store.news import News
from mottling.store.schema import KINDS
from mottling.trial.changes import Changes
from mottling.trial.office_records import Erasure
from mottling.trial.records import FinalRecord, Patient, Photo, WaitedPhoto

__all__ = ["PhotoBoard"]


class PhotoBoard:
    """Keeps it. A part of the committee's board, which says when there is something new."""

    def __init__(self) -> None:
        self.confirmed: dict[str, datetime] = {}
        """By photo: when its ward confirmed the score; the answer itself is nobody's here."""
        self._changes = Changes()
        self._enrolled: dict[str, Patient] = {}
        self._visits: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._patients: dict[str, str] = {}
        self._taken_at: dict[str, datetime] = {}
        self._erased: set[str] = set()

    def catch_up(self, news: News) -> None:
        """Read what was added."""
        if news.has(*CHANGED):
            self._changes = changes_of(news.page)
        self._enrolled.update((one.patient, one) for one in news.all(Patient))
        for photo in news.all(Photo):
            self._visits[photo.patient, photo.visit].append(photo.photo_id)
            self._patients[photo.photo_id] = photo.patient
            self._taken_at[photo.photo_id] = photo.at
        self._taken_at.update((one.photo_id, one.taken_at) for one in news.all(WaitedPhoto))
        if news.has(FinalRecord):
            self.confirmed.update(_confirmed(news))
        self._erased.update(one.patient for one in news.all(Erasure))

    def standing(self) -> Iterator[str]:
        """Name the photograph that counts of each visit, of who let it be read."""
        for (patient, _), photo_ids in self._visits.items():
            if not self._is_let_be_read(patient):
                continue
            for photo_id in reversed(photo_ids):
                if not self._changes.is_after_withdrawal(patient, self._taken_at[photo_id]):
                    yield photo_id
                    break

    def site(self, photo_id: str) -> str:
        """Name the site where the patient was when the photograph was taken."""
        return self._changes.site_at(self._enrolled[self._patients[photo_id]], self._taken_at[photo_id])

    def may_be_looked_at(self, photo_id: str) -> bool:
        """Say whether photographs of its patient may be looked at: not erased, nor to be erased."""
        return self._is_let_be_read(self._patients[photo_id])

    def is_left_out(self, photo_id: str) -> bool:
        """Say whether what was read of a photograph is shown nowhere, because it was erased."""
        return self._changes.is_left_out(self._patients[photo_id])

    def is_withdrawn(self, photo_id: str) -> bool:
        """Say whether a photograph may be looked at no more, because of what its patient withdrew from."""
        patient, taken_at = self._patients[photo_id], self._taken_at[photo_id]
        asked = patient in self._changes.to_erase() and patient not in self._erased
        return asked or self._changes.is_after_withdrawal(patient, taken_at)

    def _is_let_be_read(self, patient: str) -> bool:
        withdrawal = self._changes.withdrawals.get(patient)
        return patient not in self._erased and not (withdrawal is not None and withdrawal.extent.erases)


def _confirmed(news: News) -> Iterator[tuple[str, datetime]]:
    """Give which photographs their wards have confirmed, and when."""
    table = KINDS[FinalRecord].table
    query = select(table.c.photo_id, table.c.at).where(table.c.number > news.after)
    for photo_id, at in news.page.connection.execute(query):
        yield photo_id, datetime.fromisoformat(at)
