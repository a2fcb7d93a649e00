"""What people do with models in these tests: a release by two, a challenger, consent, a retirement."""

from __future__ import annotations

from datetime import UTC, datetime

from mottling.assessment import Assessment, ModelName, Timing
from mottling.scale import Status
from mottling.store.store import Store
from mottling.trial.consents import Choice, RetrainingConsent
from mottling.trial.model_records import (
    ModelRetirement,
    PhotoDistance,
    ProposalAnswer,
    ProposalAnswered,
    ReleaseProposal,
    ShadowAct,
    ShadowAssessment,
    ShadowRun,
)
from mottling.trial.office_records import ModelRelease, ReleaseKind

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SHA = "a" * 64


def assessment() -> Assessment:
    return Assessment(
        file="photo",
        sha256=SHA,
        status=Status.SCORED,
        score=1,
        probabilities=(0.1, 0.7, 0.1, 0.05, 0.05, 0.0),
        prediction_set=(0, 1),
        visible_up_to=4,
        legs=(),
        reasons=(),
        model=ModelName(name="m", sha256=SHA),
        timing_ms=Timing(decode=1.0, network=2.0, total=3.0),
    )


def work_on_models(store: Store, photo_id: str) -> None:
    """Release a model, let a challenger score a photograph, and let the patient consent to training."""
    release_by_two(store)
    score_silently(store, photo_id)
    measure(store, photo_id)
    consent(store)
    store.models.retire(
        ModelRetirement(name="old", sha256=SHA, because="Too large", by="eva", at=NOW), act=lambda: None
    )


def measure(store: Store, photo_id: str, distance=0.75) -> None:
    """Note how far a photograph looks from those of the calibration."""
    store.ward.note_distance(PhotoDistance(photo_id=photo_id, distance=distance, by="server", at=NOW))


def consent(store: Store, patient="01-001", choice=Choice.GIVEN, because: str | None = "By the daughter"):
    store.consents.note(
        [RetrainingConsent(patient=patient, choice=choice, because=because, by="olga", at=NOW)]
    )


def release_by_two(store: Store) -> None:
    """Propose a model, and let another person confirm it."""
    said = {"proposal": "p", "name": "m", "because": "Better", "at": NOW}
    store.models.propose(ReleaseProposal(**said, sha256=SHA, by="emma"))
    store.models.answer(
        ProposalAnswered(**said, answer=ProposalAnswer.CONFIRMED, by="eva"),
        ModelRelease(name="m", sha256=SHA, kind=ReleaseKind.RELEASED, by="eva", at=NOW),
        act=lambda: None,
    )


def shadow_run(kind: ShadowAct = ShadowAct.STARTED, *, sha256=SHA) -> ShadowRun:
    return ShadowRun(kind=kind, name="m", sha256=sha256, because="To see", by="emma", at=NOW)


def shadow_said(photo_id: str, *, sha256=SHA) -> ShadowAssessment:
    return ShadowAssessment(
        photo_id=photo_id, model_sha256=sha256, assessment=assessment(), by="server", at=NOW
    )


def score_silently(store: Store, photo_id: str) -> None:
    """Let a challenger score a photograph."""
    store.shadows.note(shadow_run())
    store.shadows.add(shadow_said(photo_id))
