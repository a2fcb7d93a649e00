"""Two people for a release, where the trial file asks for them: one proposes, another one confirms."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from mottling.errors import Conflict, ModelRefused, NotAllowed
from mottling.registry import Model, Registry
from mottling.services.accounts import User
from mottling.services.reasons import reason
from mottling.store.models import ModelBook
from mottling.trial.access import Act, require
from mottling.trial.model_records import ProposalAnswer, ProposalAnswered, ReleaseProposal
from mottling.trial.model_rules import ModelRules, Releasing
from mottling.trial.office_records import ModelRelease, ReleaseKind

__all__ = ["Proposals", "Proposed"]

_ID_BYTES = 8


@dataclass(frozen=True)
class Proposed:
    """A proposal that waits, as one person sees it."""

    name: str
    sha256: str
    by: str
    at: datetime
    because: str
    is_own: bool
    """Whether it is this person's, who can withdraw it and not confirm it."""


class Proposals:
    """What two people do, one after the other, before a model is in use."""

    def __init__(self, registry: Registry, book: ModelBook, rules: ModelRules) -> None:
        self._registry = registry
        self._book = book
        self._rules = rules

    def are_needed(self) -> bool:
        """Say whether the trial file asks for two people."""
        return self._rules.release is Releasing.TWO_PEOPLE

    def refuse_alone(self) -> None:
        """Refuse a release by one person where the trial file asks for two.

        Raises:
            NotAllowed: It does.
        """
        if self.are_needed():
            raise NotAllowed(
                "The trial file asks for two people: one who proposes a model, and another one who confirms",
                remedy="Propose it with a reason",
            )

    def waiting(self, user: User) -> Proposed | None:
        """Give the proposal that waits for another person."""
        require(user.role, Act.SEE_MODELS)
        one = self._book.proposal()
        if one is None:
            return None
        return Proposed(one.name, one.sha256, one.by, one.at, one.because, is_own=one.by == user.name)

    def propose(self, user: User, name: str, *, because: str, at: datetime) -> None:
        """Propose a model for release.

        Raises:
            ModelRefused: There is none, its file is not what the registry says, or nobody measured it.
            Conflict: It is in use already, another proposal waits, or one person releases here.
            RecordRefused: There is no reason.
        """
        require(user.role, Act.RELEASE_MODEL)
        if not self.are_needed():
            raise Conflict(
                "The trial file asks for one person, who needs no proposal", remedy="Release the model"
            )
        model = self._checked(name)
        model.check_measured()
        self._book.propose(
            ReleaseProposal(
                by=user.name,
                at=at,
                proposal=secrets.token_hex(_ID_BYTES),
                name=model.name,
                sha256=model.sha256,
                because=reason(because),
            )
        )

    def confirm(self, user: User, name: str, *, because: str, at: datetime) -> None:
        """Confirm what another person proposed: the model scores from the next photograph on.

        Raises:
            NotAllowed: It is the own proposal.
            Conflict: This model is not the one that waits.
            ModelRefused: Its file is not the one that was proposed, or nobody measured it.
            RecordRefused: There is no reason.
        """
        require(user.role, Act.RELEASE_MODEL)
        waiting = self._waiting_for(name)
        if waiting.by == user.name:
            raise NotAllowed("This is your own proposal", remedy="Another person confirms it")
        model = self._checked(name)
        if model.sha256 != waiting.sha256:
            raise ModelRefused(
                f"The file of the model {name} is not the one that was proposed: its sha256 is "
                f"{model.sha256[:12]}…, proposed was {waiting.sha256[:12]}…",
                remedy="Decline the proposal, and propose the model anew",
            )
        release = ModelRelease(by=user.name, at=at, name=name, sha256=model.sha256, kind=ReleaseKind.RELEASED)
        answered = _answered(waiting, ProposalAnswer.CONFIRMED, because, by=user.name, at=at)
        self._book.answer(answered, release, act=lambda: self._registry.release(name, at=at))

    def decline(self, user: User, name: str, *, because: str, at: datetime) -> None:
        """Decline what another person proposed, or withdraw the own proposal.

        Raises:
            Conflict: This model is not the one that waits.
            RecordRefused: There is no reason.
        """
        require(user.role, Act.RELEASE_MODEL)
        waiting = self._waiting_for(name)
        answered = _answered(waiting, ProposalAnswer.DECLINED, because, by=user.name, at=at)
        self._book.answer(answered, act=lambda: None)

    def _waiting_for(self, name: str) -> ReleaseProposal:
        waiting = self._book.proposal()
        if waiting is None or waiting.name != name:
            raise Conflict(f"{name} is not proposed", remedy="Propose it with a reason")
        return waiting

    def _checked(self, name: str) -> Model:
        model = self._registry.find(name)
        if model.active:
            raise Conflict(f"{name} is in use already", remedy="Nothing is to be done")
        model.load()
        return model


def _answered(
    proposal: ReleaseProposal, answer: ProposalAnswer, because: str, *, by: str, at: datetime
) -> ProposalAnswered:
    return ProposalAnswered(
        by=by,
        at=at,
        proposal=proposal.proposal,
        name=proposal.name,
        answer=answer,
        because=reason(because),
    )
