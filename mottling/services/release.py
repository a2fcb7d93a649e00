"""Releasing models: which one scores the next photograph."""

from __future__ import annotations

from datetime import datetime

from mottling.errors import Conflict
from mottling.listing import Retired
from mottling.model import Model
from mottling.registry import Registry
from mottling.services.accounts import User
from mottling.services.office_views import ModelLine
from mottling.services.proposals import Proposals
from mottling.services.reasons import reason
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.model_records import ModelRetirement
from mottling.trial.office_records import ModelRelease, ReleaseKind

__all__ = ["Release"]


class Release:
    """What an engineer, or the office, does with models."""

    def __init__(self, registry: Registry, store: Store, proposals: Proposals) -> None:
        """Take the registry, which signs what changes where it is signed, and where releases are recorded."""
        self._registry = registry
        self._store = store
        self._proposals = proposals

    def models(self, user: User) -> tuple[ModelLine, ...]:
        """List the models of the registry, the one in use first."""
        require(user.role, Act.SEE_MODELS)
        return tuple(
            ModelLine(model.name, model.sha256, model.active, model.released_at, model.retired)
            for model in self._registry.models()
        )

    def card(self, user: User, name: str) -> str:
        """Give a model's card, in Markdown.

        Raises:
            ModelRefused: There is no such model.
        """
        require(user.role, Act.SEE_MODELS)
        return self._registry.find(name).card

    def release(self, user: User, name: str, *, at: datetime) -> None:
        """Let a model score from the next photograph on; nothing happens when it does already.

        Raises:
            ModelRefused: There is none, its file is not what the registry says, or nobody measured it.
            NotAllowed: The trial file asks for two people.
        """
        require(user.role, Act.RELEASE_MODEL)
        self._proposals.refuse_alone()
        if not self._registry.find(name).active:
            self._note(self._registry.release(name, at=at), ReleaseKind.RELEASED, by=user.name, at=at)

    def roll_back(self, user: User, *, at: datetime) -> str:
        """Go back to the model that was in use before; gives its name.

        Raises:
            ModelRefused: There was none before.
        """
        require(user.role, Act.RELEASE_MODEL)
        model = self._registry.roll_back(at=at)
        self._note(model, ReleaseKind.ROLLED_BACK, by=user.name, at=at)
        return model.name

    def signed_by(self, user: User) -> str | None:
        """Give the public key of who signed which model is in use; None where nobody did."""
        require(user.role, Act.SEE_MODELS)
        return self._registry.signed_by()

    def sign(self, user: User, *, at: datetime) -> str:
        """Sign which model is in use, with the key of this data folder; gives the public key.

        Raises:
            ModelRefused: No model is in use, its file was altered, or this key is none of release_keys.
        """
        require(user.role, Act.RELEASE_MODEL)
        self._note(self._registry.sign(), ReleaseKind.SIGNED, by=user.name, at=at)
        key = self._registry.signed_by()
        assert key is not None, "it was signed above"
        return key

    def retire(self, user: User, name: str, *, because: str, at: datetime) -> None:
        """Drop a model's weights for good; its name, hash and card stay.

        Raises:
            ModelRefused: There is no such model, it is in use, or it is retired already.
            Conflict: It scores silently, or is proposed for release.
            RecordRefused: There is no reason.
        """
        require(user.role, Act.RELEASE_MODEL)
        model, why = self._registry.find(name), reason(because)
        running = self._store.shadows.running()
        if running is not None and running.name == name:
            raise Conflict(f"{name} scores silently", remedy="Stop it first")
        self._store.models.retire(
            ModelRetirement(by=user.name, at=at, name=name, sha256=model.sha256, because=why),
            act=lambda: self._registry.retire(name, Retired(at=at, by=user.name, because=why)),
        )

    def _note(self, model: Model, kind: ReleaseKind, *, by: str, at: datetime) -> None:
        self._store.office.note_release(
            ModelRelease(by=by, at=at, name=model.name, sha256=model.sha256, kind=kind)
        )
