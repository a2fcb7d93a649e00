"""Which answer is the outcome of a visit. What is missing stays missing: nothing is imputed."""

from __future__ import annotations

from mottling.trial.charter import Endpoint
from mottling.trial.records import Answer

__all__ = ["outcome_of"]


def outcome_of(
    endpoint: Endpoint, *, own: Answer | None, final: Answer | None, verdict: Answer | None
) -> Answer | None:
    """Give the answer that the trial file names as the endpoint; None where nobody gave it."""
    match endpoint:
        case Endpoint.VERDICT:
            return verdict
        case Endpoint.FINAL:
            return final
        case Endpoint.OWN:
            return own
