"""Coming back to a shared tablet: by PIN, on that tablet only, not for long and not by guessing."""

from datetime import UTC, datetime, timedelta

import pytest

from mottling.errors import RecordRefused, SignInRefused
from mottling.services.accounts import User
from mottling.store.store import Store
from mottling.trial.access import Role
from tests.services.cheap_accounts import accounts_of

AT = datetime(2026, 4, 1, 12, tzinfo=UTC)
NINA = User("nina", Role.WARD, "01")
PASSWORD = "a long password"
MINUTE = timedelta(minutes=1)
TABLET, ANOTHER = "the tablet of the ward", "another tablet"


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def accounts(store):
    """Nina came in by password and chose a PIN on the ward's tablet."""
    made = accounts_of(store)
    made.add_user(NINA, PASSWORD, by="command", at=AT)
    choose(made, "4715")
    return made


def choose(accounts, pin="4715", *, at=AT) -> None:
    """Come in by password on the ward's tablet and choose a PIN."""
    session = accounts.sign_in("nina", PASSWORD, device=TABLET, at=at)
    accounts.choose_pin(session, pin, device=TABLET, at=at)


def refusal(accounts, pin="4715", *, device=TABLET, at=AT + MINUTE) -> str:
    with pytest.raises(SignInRefused) as refused:
        accounts.come_back("nina", pin, device=device, at=at)
    return refused.value.message


def test_a_pin_brings_its_owner_back_until_the_day_of_the_password_is_over(accounts):
    session = accounts.come_back("nina", "4715", device=TABLET, at=AT + timedelta(hours=2))
    assert session.user == NINA
    assert session.expires_at == AT + timedelta(hours=12)
    assert refusal(accounts, at=AT + timedelta(hours=12)) == "No PIN opens this now"


def test_a_password_on_the_tablet_begins_another_day_of_the_pin_and_one_elsewhere_does_not(accounts):
    tomorrow = AT + timedelta(days=1)
    accounts.sign_in("nina", PASSWORD, device=ANOTHER, at=tomorrow)
    assert accounts.may_come_back(TABLET, at=tomorrow) == ()
    accounts.sign_in("nina", PASSWORD, device=TABLET, at=tomorrow)
    assert accounts.come_back("nina", "4715", device=TABLET, at=tomorrow + MINUTE)


def test_coming_back_does_not_lengthen_the_day(accounts):
    accounts.come_back("nina", "4715", device=TABLET, at=AT + timedelta(hours=11))
    assert refusal(accounts, at=AT + timedelta(hours=12)) == "No PIN opens this now"


def test_a_clock_that_was_set_back_ends_a_pin_no_less(accounts):
    accounts.sign_out_everywhere(NINA, at=AT - timedelta(hours=1))
    assert accounts.may_come_back(TABLET, at=AT) == ()


def test_a_pin_opens_nothing_on_another_tablet(accounts):
    assert accounts.may_come_back(TABLET, at=AT) == ("nina",)
    assert accounts.may_come_back(ANOTHER, at=AT) == ()
    assert refusal(accounts, device=ANOTHER) == "No PIN opens this now"


def test_after_five_wrong_ones_the_right_one_is_refused_too(accounts):
    said = [refusal(accounts, "5174") for _ in range(5)]
    assert said[0] == "This is not the PIN; tries left: 4"
    assert said[-1] == "This is not the PIN; tries left: 0"
    assert refusal(accounts) == "No PIN opens this now"
    choose(accounts, at=AT + 2 * MINUTE)
    assert accounts.come_back("nina", "4715", device=TABLET, at=AT + 3 * MINUTE)


def test_the_right_one_makes_earlier_slips_forgotten(accounts):
    for round_no in range(1, 3):
        for _ in range(4):
            refusal(accounts, "5174", at=AT + round_no * MINUTE)
        assert accounts.come_back("nina", "4715", device=TABLET, at=AT + round_no * MINUTE)


@pytest.mark.parametrize("pin", ["", "123", "12a4", "123456789", "１２３４"])
def test_what_is_no_pin_is_refused(accounts, pin):
    with pytest.raises(RecordRefused, match="no PIN"):
        choose(accounts, pin)


@pytest.mark.parametrize("pin", ["0000", "1234", "9876", "777777", "1212", "45454545", "2580"])
def test_a_pin_that_anybody_would_try_first_is_refused(accounts, pin):
    with pytest.raises(RecordRefused, match="easily guessed"):
        choose(accounts, pin)


def test_signing_out_everywhere_ends_sessions_and_pins(accounts):
    tokens = [accounts.sign_in("nina", PASSWORD, at=AT).token for _ in range(2)]
    accounts.sign_out_everywhere(NINA, at=AT + MINUTE)
    assert [accounts.session(token, at=AT + MINUTE) for token in tokens] == [None, None]
    assert refusal(accounts, at=AT + 2 * MINUTE) == "No PIN opens this now"


def test_a_new_password_ends_pins(accounts):
    accounts.reset_password("nina", "another long password", by="command", at=AT + MINUTE)
    assert accounts.may_come_back(TABLET, at=AT + MINUTE) == ()


def test_a_user_who_is_disabled_does_not_come_back(accounts):
    accounts.disable_user("nina", by="command", at=AT + MINUTE)
    assert refusal(accounts, at=AT + 2 * MINUTE) == "No PIN opens this now"


def test_the_store_does_not_see_which_tablet_it_was(accounts, store, tmp_path):
    store.close()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*.sqlite*"))
    assert TABLET.encode() not in kept


def test_a_restart_forgets_neither_a_session_nor_how_long_nobody_used_it(accounts, store):
    token = accounts.sign_in("nina", PASSWORD, at=AT).token
    assert accounts.session(token, at=AT + 14 * MINUTE)
    again = accounts_of(store)
    assert again.session(token, at=AT + 28 * MINUTE)
    assert accounts_of(store).session(token, at=AT + 44 * MINUTE) is None


def test_a_use_is_noted_from_time_to_time_and_not_at_each_request(accounts, store):
    token = accounts.sign_in("nina", PASSWORD, at=AT).token
    before = len(store.office.audit())
    for second in range(0, 600, 20):
        assert accounts.session(token, at=AT + timedelta(seconds=second))
    assert len(store.office.audit()) - before == 3
