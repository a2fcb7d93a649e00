"""What a tablet says of the framing of a photograph, before the patient is covered again."""

import pytest
from msgspec import structs

from benchmarks.agreement_coverage import said_by_model
from mottling.assessment import Reason, ReasonCode
from mottling.scale import Zone
from mottling.services.framing import framing_of
from mottling.services.views import Framing

NO_LEG, TOO_SMALL = ReasonCode.NO_LEG, ReasonCode.LEG_TOO_SMALL


@pytest.mark.parametrize(
    ("codes", "up_to", "framing"),
    [
        ((), Zone.UPPER_THIGH, Framing.GOOD),
        ((), Zone.LOWER_THIGH, Framing.ENDS_LOW),
        ((ReasonCode.FAINT,), Zone.BEYOND_GROIN, Framing.GOOD),
        ((TOO_SMALL,), Zone.BEYOND_GROIN, Framing.FAR),
        ((NO_LEG,), Zone.BEYOND_GROIN, Framing.NO_LEG),
        ((TOO_SMALL, NO_LEG), Zone.BEYOND_GROIN, Framing.NO_LEG),
    ],
)
def test_that_no_leg_is_there_comes_before_too_far_and_that_before_too_low(codes, up_to, framing):
    reasons = tuple(Reason(code=code, message="") for code in codes)
    assert framing_of(structs.replace(said_by_model(2), reasons=reasons, visible_up_to=up_to)) is framing
