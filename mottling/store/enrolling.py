"""What comes with patients who are enrolled, or later: skin tones, and what was said of eligibility items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mottling.errors import Conflict
from mottling.store.ledger import Page, Pen
from mottling.trial.eligibility import EligibilityValue
from mottling.trial.office_records import SkinTone

__all__ = ["Values", "add_tones", "add_values", "last_values", "tones_in"]

Values = Mapping[tuple[str, str], EligibilityValue]
"""The last version of each item, by patient and item."""


def add_tones(pen: Pen, tones: Iterable[SkinTone]) -> None:
    """Add the skin tone of patients; of who has that one already, nothing."""
    known = tones_in(pen)
    for one in tones:
        if known.get(one.patient) != one.tone:
            pen.add(one)


def tones_in(page: Page) -> Mapping[str, int]:
    """Give the skin tone of the patients of whom somebody recorded it, by number."""
    return {one.patient: one.tone for one in page.all(SkinTone)}


def add_values(pen: Pen, values: Sequence[EligibilityValue]) -> None:
    """Add what was said of eligibility items.

    Raises:
        Conflict: Something was recorded of the item that this value does not supersede.
    """
    if not values:
        return
    last = dict(last_values(pen))
    for one in values:
        before = last.get((one.patient, one.item))
        if one.version != (1 if before is None else before.version + 1):
            raise Conflict(
                f"Something else was recorded of {one.item} of patient {one.patient} meanwhile",
                remedy="Look at what is recorded now, then say it again",
            )
        pen.add(one)
        last[one.patient, one.item] = one


def last_values(page: Page) -> Values:
    """Give what counts of each item, by patient and item."""
    return {(one.patient, one.item): one for one in page.all(EligibilityValue)}
