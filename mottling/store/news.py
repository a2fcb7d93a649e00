"""What was added to the records since somebody looked last: kinds of which nothing came are not asked for.

The committee's board follows two dozen kinds of records and looks again after each answer. The chain says
in one question of which kinds there is anything; most often it is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import bindparam, func, select

from mottling.store.ledger import Page
from mottling.store.schema import AUDIT, KINDS
from mottling.trial.records import Record

__all__ = ["News", "end_of_chain"]

Kept = TypeVar("Kept", bound=Record)

# Made once: whoever looks, looks often.
_END = select(func.max(AUDIT.c.number))
_ACTS = select(AUDIT.c.act).where(AUDIT.c.number > bindparam("after")).distinct()


class News:
    """The records that came after a number of the chain."""

    def __init__(self, page: Page, *, after: int) -> None:
        """Ask the chain of which kinds there are any.

        Args:
            page: What is read.
            after: The number of the link up to which everything is known; 0 where nothing is.
        """
        self.page = page
        self.after = after
        acts = page.connection.execute(_ACTS, {"after": after}).scalars() if after else ()
        self._acts = frozenset(acts)

    def has(self, *kinds: type[Record]) -> bool:
        """Say whether there may be records of one of these kinds; at the first look, of every kind."""
        return not self.after or any(KINDS[kind].act in self._acts for kind in kinds)

    def is_only(self, *kinds: type[Record]) -> bool:
        """Say whether nothing came but records of these kinds; at the first look anything may have."""
        return bool(self.after) and self._acts <= {KINDS[kind].act for kind in kinds}

    def all(self, kind: type[Kept]) -> tuple[Kept, ...]:
        """List the new records of a kind, in the order in which they were added."""
        return self.page.added(kind, after=self.after) if self.has(kind) else ()

    def in_order(self, kinds: Sequence[type[Record]]) -> Iterator[Record]:
        """Give the new records of several kinds, in the order in which they were added."""
        return self.page.in_order([kind for kind in kinds if self.has(kind)], after=self.after)


def end_of_chain(page: Page) -> int:
    """Give the number of the last link; 0 where there is none."""
    return page.connection.execute(_END).scalar() or 0
