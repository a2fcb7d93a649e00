"""Tokens of programs: what goes together, for how long one opens, and that nobody else ever sees it."""

from datetime import UTC, datetime, timedelta

import pytest

from mottling.errors import Conflict, RecordRefused
from mottling.services.programs import Program, Programs
from mottling.shipped import shipped
from mottling.store.store import Store
from mottling.trial.charter import read_charter
from mottling.trial.programs import Scope

AT = datetime(2026, 4, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
STATUS = frozenset({Scope.STATUS})
SPONSOR = Program("sponsor", STATUS, None)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def programs(store):
    return Programs(store.tokens, read_charter(shipped("configs") / "trials" / "i-micro.toml").charter)


def test_a_token_says_whose_it_is_until_it_expires(programs):
    token = programs.let_in(SPONSOR, days=30, by="command", at=AT)
    assert programs.program(token, at=AT + 29 * DAY) == SPONSOR
    assert programs.program(token, at=AT + 30 * DAY) is None


def test_a_token_that_was_never_given_is_nobodys(programs):
    programs.let_in(SPONSOR, days=30, by="command", at=AT)
    assert programs.program("mottling_made-up", at=AT) is None


def test_a_revoked_token_is_nobodys_and_the_list_says_why(programs):
    token = programs.let_in(SPONSOR, days=30, by="command", at=AT)
    programs.revoke("sponsor", because="Lost with a laptop", by="command", at=AT + DAY)
    assert programs.program(token, at=AT + DAY) is None
    (known,) = programs.known()
    assert known.revoked_because == "Lost with a laptop"
    assert not known.is_let_in(at=AT + DAY)


def test_the_store_never_sees_the_token(programs, store, tmp_path):
    token = programs.let_in(SPONSOR, days=30, by="command", at=AT)
    store.close()
    assert all(token.encode() not in path.read_bytes() for path in (tmp_path / "data").rglob("*.sqlite*"))


@pytest.mark.parametrize(
    ("program", "days", "said"),
    [
        (Program("sponsor", frozenset(), None), 30, "has no scope"),
        (Program("icu", frozenset({Scope.PHOTOS}), None), 30, "belongs to one site"),
        (Program("icu", frozenset({Scope.PHOTOS, Scope.OUTCOMES}), "01"), 30, "may not read outcomes"),
        (Program("icu", STATUS, "99"), 30, "99"),
        (Program("token:icu", STATUS, None), 30, "is no name of a token"),
        (SPONSOR, 0, "would open for 0 days"),
        (SPONSOR, 367, "would open for 367 days"),
    ],
)
def test_what_does_not_go_together_is_given_no_token(programs, program, days, said):
    with pytest.raises(RecordRefused, match=said):
        programs.let_in(program, days=days, by="command", at=AT)
    assert programs.known() == ()


def test_a_name_is_given_once(programs):
    programs.let_in(SPONSOR, days=1, by="command", at=AT)
    with pytest.raises(Conflict, match="is taken"):
        programs.let_in(SPONSOR, days=1, by="command", at=AT + 9 * DAY)


def test_a_token_is_not_revoked_without_a_reason(programs):
    programs.let_in(SPONSOR, days=1, by="command", at=AT)
    with pytest.raises(RecordRefused, match="The reason has 0 characters"):
        programs.revoke("sponsor", because="  ", by="command", at=AT)
