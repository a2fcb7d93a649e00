"""Says how much of the legs a picture shows, while the patient is still uncovered."""

from __future__ import annotations

from mottling.assessment import Assessment, ReasonCode
from mottling.scale import Zone
from mottling.services.views import Framing

__all__ = ["framing_of"]


def framing_of(assessment: Assessment) -> Framing:
    """Read the framing off an assessment: from the zones in view alone, never from what is mottled."""
    codes = {reason.code for reason in assessment.reasons}
    if ReasonCode.NO_LEG in codes:
        return Framing.NO_LEG
    if ReasonCode.LEG_TOO_SMALL in codes:
        return Framing.FAR
    return Framing.GOOD if assessment.visible_up_to >= Zone.UPPER_THIGH else Framing.ENDS_LOW
