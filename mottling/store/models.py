"""The book of models: what is proposed for release and what came of it, and what was retired."""

from __future__ import annotations

from collections.abc import Callable

from mottling.errors import Conflict
from mottling.store.ledger import Ledger, Page
from mottling.store.schema import KINDS
from mottling.trial.model_records import ModelRetirement, ProposalAnswered, ReleaseProposal
from mottling.trial.office_records import ModelRelease

__all__ = ["ModelBook"]

_ANSWERS = KINDS[ProposalAnswered].table


class ModelBook:
    """What people do with models before they are in use."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def proposal(self) -> ReleaseProposal | None:
        """Give the proposal that waits for another person; None when none does."""
        with self._ledger.reading() as page:
            return _waiting(page)

    def propose(self, proposal: ReleaseProposal) -> None:
        """Record a proposal.

        Raises:
            Conflict: Another one waits.
        """
        with self._ledger.writing() as pen:
            waiting = _waiting(pen)
            if waiting is not None:
                raise Conflict(
                    f"{waiting.name} is proposed already, by {waiting.by}",
                    remedy="Confirm or decline that proposal first",
                )
            pen.add(proposal)

    def answer(
        self, answered: ProposalAnswered, release: ModelRelease | None = None, *, act: Callable[[], object]
    ) -> None:
        """End a proposal, and record the release if it was confirmed; all of it, or nothing.

        Args:
            answered: How it ends.
            release: The model that comes into use by it.
            act: Brings the model into use; what it refuses leaves no record.

        Raises:
            Conflict: It waits no more.
        """
        with self._ledger.writing() as pen:
            waiting = _waiting(pen)
            if waiting is None or waiting.proposal != answered.proposal:
                raise Conflict("This proposal waits no more", remedy="Load the page again")
            pen.add(answered)
            if release is not None:
                pen.add(release)
            act()

    def retire(self, retirement: ModelRetirement, *, act: Callable[[], object]) -> None:
        """Record that a model's weights are dropped; what `act` refuses leaves no record.

        Raises:
            Conflict: It is proposed for release.
        """
        with self._ledger.writing() as pen:
            waiting = _waiting(pen)
            if waiting is not None and waiting.name == retirement.name:
                raise Conflict(
                    f"{waiting.name} is proposed for release, by {waiting.by}",
                    remedy="Decline that proposal first",
                )
            pen.add(retirement)
            act()


def _waiting(page: Page) -> ReleaseProposal | None:
    last = page.last(ReleaseProposal)
    if last is None or page.last(ProposalAnswered, _ANSWERS.c.proposal == last.proposal) is not None:
        return None
    return last
