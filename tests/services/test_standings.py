"""Where each visit stands: what was kept of an earlier look says the same as a look of somebody new."""

from datetime import timedelta
from functools import partial

import pytest

from mottling.services.office_views import Look, Standing
from mottling.services.standings import Standings, completeness_of, lines_of
from mottling.shipped import shipped
from mottling.store.board import VisitBoard
from mottling.store.store import Store
from mottling.trial.charter import read_charter
from mottling.trial.records import Answer
from tests.store import acts
from tests.store.change_acts import (
    correct_enrolment,
    correct_number,
    take_back_withdrawal,
    transfer,
    withdraw,
)
from tests.store.model_acts import NOW

CHARTER = read_charter(shipped("configs") / "trials" / "i-micro.toml").charter
TWO, THREE = Answer.scored(2), Answer.scored(3)
DAY1 = NOW + timedelta(hours=24)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "data") as opened:
        yield opened


def day1(store) -> str:
    return store.ward.photos()[-1].photo.photo_id


def score(store) -> None:
    store.ward.lock_own_score(acts.own(day1(store)))


def confirm(store) -> None:
    store.ward.confirm(acts.final(day1(store)))


def read(reader, answer, store) -> None:
    acts.read(store, reader, answer, photo_id=day1(store))


def miss_baseline(store) -> None:
    store.ward.add_not_done(acts.not_done())


ACTS = (
    acts.enrol,
    acts.take,
    score,
    lambda store: acts.take(store, data=b"another"),
    score,
    confirm,
    miss_baseline,
    lambda store: acts.enrol(store, "01-002", "02-001"),
    partial(read, "rita", TWO),
    partial(read, "remi", THREE),
    partial(read, "rosa", THREE),
    correct_enrolment,
    transfer,
    withdraw,
    take_back_withdrawal,
    lambda store: withdraw(store, "02-001"),
    correct_number,
)


def test_after_each_record_what_was_kept_says_what_a_new_look_says(store):
    kept = Standings(CHARTER)
    for act in ACTS:
        act(store)
        board, fresh = store.board.look(), VisitBoard(store._ledger).look()
        assert board == fresh
        for at in (NOW, DAY1, DAY1 + timedelta(days=9)):
            anew = Standings(CHARTER).of(fresh, at=at)
            assert kept.of(board, at=at) == anew
            assert completeness_of(kept.of(board, at=at), CHARTER) == completeness_of(anew, CHARTER)


def test_a_record_is_looked_at_once_and_a_visit_without_one_by_the_clock(store):
    for act in ACTS[:4]:
        act(store)
    kept = Standings(CHARTER)
    (baseline, scored), (later_baseline, again) = (
        kept.of(store.board.look(), at=at) for at in (NOW, DAY1 + timedelta(days=9))
    )
    assert (baseline.standing, later_baseline.standing) == (Standing.DUE, Standing.OVERDUE)
    assert again is scored


def test_many_lines_are_counted_and_the_first_ones_given(store):
    acts.enrol(store, "01-001", "01-002", "02-001")
    standings = Standings(CHARTER).of(store.board.look(), at=DAY1 + timedelta(days=9))
    seen = lines_of(standings, Look("01", Standing.OVERDUE), CHARTER, most=3)
    assert [one.patient for one in seen.lines] == ["01-001", "01-001", "01-002"]
    assert (seen.count, seen.counts, seen.sites) == (
        4,
        {Standing.ALL: 4, Standing.OVERDUE: 4},
        ("01", "02"),
    )
    nobody = lines_of(standings, Look("01", Standing.DUE), CHARTER, most=3)
    assert (nobody.lines, nobody.count) == ((), 0)
