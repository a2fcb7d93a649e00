"""A challenger that scores silently: each new photograph, in the background, after the model in use has.

What it says is a record of its own that no ward, reader or export shows. Whatever stops it stops nobody:
a photograph that it has not seen is looked at with the next one.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock

from mottling.errors import Conflict, PhotosErased
from mottling.imaging.assessor import Assessor
from mottling.registry import Registry
from mottling.services.accounts import User
from mottling.services.darkroom import Darkroom
from mottling.services.reasons import reason
from mottling.services.shadow_agreement import ShadowAgreement, agreement_of
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.model_records import ShadowAct, ShadowAssessment, ShadowRun
from mottling.trial.no_persons import NoPerson

__all__ = ["Shadow", "ShadowState"]

_LOG = logging.getLogger(__name__)
# The ward's photographs come first: a challenger has time.
_THREADS = 1


@dataclass(frozen=True)
class ShadowState:
    """The challenger that scores silently."""

    name: str
    sha256: str
    by: str
    at: datetime
    because: str
    waiting: int
    """Photographs of this run that it has not seen yet."""


class Shadow:
    """Lets a challenger score silently, for an engineer or the office, and tells how alike it scores."""

    def __init__(self, store: Store, registry: Registry, darkroom: Darkroom) -> None:
        self._store = store
        self._registry = registry
        self._darkroom = darkroom
        self._worker: ThreadPoolExecutor | None = None
        self._turn: Future[None] | None = None
        self._lock = Lock()
        self._closing = Event()
        self._loaded: Assessor | None = None
        self._failed: set[str] = set()

    def state(self, user: User) -> ShadowState | None:
        """Say which challenger scores silently."""
        require(user.role, Act.SEE_MODELS)
        run = self._store.shadows.running()
        if run is None:
            return None
        waiting = len(self._store.shadows.waiting(run))
        return ShadowState(run.name, run.sha256, run.by, run.at, run.because, waiting)

    def start(self, user: User, name: str, *, because: str, at: datetime) -> None:
        """Let a challenger score each photograph from the next one on, silently.

        Raises:
            ModelRefused: There is no such model, or its file is not what the registry says.
            Conflict: It is in use, or another challenger scores silently.
            RecordRefused: There is no reason.
        """
        require(user.role, Act.RELEASE_MODEL)
        model = self._registry.find(name)
        if model.active:
            raise Conflict(f"{name} is in use already", remedy="Name a challenger")
        model.load()
        self._note(user, ShadowAct.STARTED, name, model.sha256, because=because, at=at)

    def stop(self, user: User, *, because: str, at: datetime) -> str:
        """Let the challenger score no more; gives its name. What it said stays.

        Raises:
            Conflict: None scores silently.
            RecordRefused: There is no reason.
        """
        require(user.role, Act.RELEASE_MODEL)
        run = self._store.shadows.running()
        if run is None:
            raise Conflict("No model scores silently", remedy="Nothing is to be done")
        self._note(user, ShadowAct.STOPPED, run.name, run.sha256, because=because, at=at)
        return run.name

    def _note(
        self, user: User, kind: ShadowAct, name: str, sha256: str, *, because: str, at: datetime
    ) -> None:
        self._store.shadows.note(
            ShadowRun(by=user.name, at=at, kind=kind, name=name, sha256=sha256, because=reason(because))
        )

    def agreement(self, user: User, name: str | None = None) -> ShadowAgreement | None:
        """Say how alike a challenger and the model in use have scored, in all and by site.

        Args:
            user: Who asks.
            name: Of a challenger; None for the one that was started last.
        """
        require(user.role, Act.SEE_MODELS)
        runs = [run for run in self._store.shadows.runs() if name is None or run.name == name]
        if not runs:
            return None
        return agreement_of(runs[-1].name, self._store.shadows.pairs(runs[-1].sha256))

    def follow(self, *, at: datetime) -> None:
        """A photograph was assessed: let the challenger see it too, in its own time. Never raises."""
        try:
            if self._store.shadows.running() is None:
                return
            with self._lock:
                if self._closing.is_set() or (self._turn is not None and not self._turn.done()):
                    return
                self._worker = self._worker or ThreadPoolExecutor(1, "shadow")
                self._turn = self._worker.submit(self._look, at)
        except Exception:  # noqa: BLE001 # a photograph is worth more than any challenger
            _LOG.exception("no challenger could be asked")

    def catch_up(self, user: User, *, at: datetime) -> int:
        """Let the challenger see what it has not seen; gives how many photographs it saw."""
        require(user.role, Act.RELEASE_MODEL)
        return self._see(at)

    def settle(self) -> None:
        """Wait until the challenger has seen what it is looking at."""
        turn = self._turn
        if turn is not None:
            turn.result()

    def close(self) -> None:
        """Look at no further photograph; what is left waits for the next start."""
        self._closing.set()
        if self._worker is not None:
            self._worker.shutdown(wait=True, cancel_futures=True)

    def _look(self, at: datetime) -> None:
        try:
            # What came while it looked is seen in the same turn.
            while self._see(at):
                pass
        except Exception:  # noqa: BLE001 # nobody waits for what a challenger says
            _LOG.exception("the challenger could not look")

    def _see(self, at: datetime) -> int:
        run = self._store.shadows.running()
        if run is None or self._registry.active().name == run.name:
            return 0
        assessor = self._challenger(run)
        seen = 0
        for photo_id in self._store.shadows.waiting(run):
            if self._closing.is_set():
                break
            if photo_id not in self._failed:
                seen += self._see_one(assessor, photo_id, at)
        return seen

    def _see_one(self, assessor: Assessor, photo_id: str, at: datetime) -> int:
        try:
            data = self._store.ward.photo_bytes(photo_id)
            said = self._darkroom.work(lambda: assessor.assess(data, file=photo_id)).assessment
            self._store.shadows.add(
                ShadowAssessment(
                    by=NoPerson.SERVER,
                    at=at,
                    photo_id=photo_id,
                    model_sha256=assessor.model.sha256,
                    assessment=said,
                )
            )
        except PhotosErased:
            return 0
        except Exception:  # noqa: BLE001 # one photograph must not keep the others waiting
            self._failed.add(photo_id)
            _LOG.exception("the challenger could not read photograph %s", photo_id)
            return 0
        return 1

    def _challenger(self, run: ShadowRun) -> Assessor:
        loaded = self._loaded
        if loaded is None or loaded.model.sha256 != run.sha256:
            model = self._registry.find(run.name)
            loaded = Assessor.load(model.load(), name=model.name, threads=_THREADS)
            if loaded.model.sha256 != run.sha256:
                raise Conflict(
                    f"The model {run.name} is another one than when it began to score silently",
                    remedy="Stop it, and start it again",
                )
            self._loaded = loaded
        return loaded
