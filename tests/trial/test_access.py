import pytest

from mottling.errors import NotAllowed
from mottling.trial.access import Act, Role, belongs_to_a_site, may, require

ALLOWED = {
    (Role.WARD, Act.WORK_ON_WARD),
    (Role.READER, Act.READ_BLINDED),
    (Role.OFFICE, Act.ENROL),
    (Role.OFFICE, Act.SEE_OUTCOME),
    (Role.OFFICE, Act.EXPORT),
    (Role.OFFICE, Act.ERASE),
    (Role.OFFICE, Act.ASK_SITE),
    (Role.OFFICE, Act.CLOSE_QUERY),
    (Role.OFFICE, Act.CLOSE_READOUT),
    (Role.OFFICE, Act.SEE_AGREEMENT),
    (Role.OFFICE, Act.SEE_MODELS),
    (Role.OFFICE, Act.RELEASE_MODEL),
    (Role.ENGINEER, Act.SEE_MODELS),
    (Role.ENGINEER, Act.RELEASE_MODEL),
    (Role.ADMINISTRATOR, Act.MANAGE_USERS),
    (Role.COORDINATOR, Act.SEE_READOUT),
    (Role.COORDINATOR, Act.RUN_READOUT),
    (Role.COORDINATOR, Act.CLOSE_READOUT),
    (Role.MONITOR, Act.MONITOR),
    (Role.MONITOR, Act.SEE_READOUT),
    (Role.MONITOR, Act.ASK_SITE),
}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_is_listed_and_nothing_else(role, act):
    assert may(role, act) == ((role, act) in ALLOWED)


def test_what_a_role_may_do_passes():
    require(Role.WARD, Act.WORK_ON_WARD)


def test_what_a_role_may_not_do_is_refused_with_its_name():
    with pytest.raises(NotAllowed, match="'reader' may not see completeness and outcome"):
        require(Role.READER, Act.SEE_OUTCOME)


def test_only_the_ward_belongs_to_a_site():
    assert [role for role in Role if belongs_to_a_site(role)] == [Role.WARD]
