"""Snapshots of the outcome: append-only, hashed, superseded with a reason; every change is explained."""

import hashlib
from contextlib import closing
from datetime import timedelta

import pytest

from mottling.errors import Conflict, ExportRefused, NotAllowed, RecordRefused
from mottling.exports.outcome_changes import Part
from mottling.services.opening import open_services
from mottling.services.views import Answer
from tests.house import DAY1, EMMA, NINA, OLGA, RAVI, RITA, house_settings, read, take

AT = DAY1 + timedelta(hours=12)
LATER = AT + timedelta(hours=12)


def decide(house, answer):
    for reader in (RITA, RAVI):
        read(house, reader, answer)


def test_a_snapshot_holds_the_very_bytes_of_the_csv_file_and_their_hash(confirmed):
    snapshot = confirmed.results.freeze(OLGA, because=None, at=AT).snapshot
    data = confirmed.results.outcome_csv(OLGA, at=AT)
    assert (snapshot.table.encode(), snapshot.sha256) == (data, hashlib.sha256(data).hexdigest())
    assert (snapshot.snapshot, snapshot.rows, snapshot.by, snapshot.supersedes) == (1, 3, "olga", None)


def test_the_head_that_comes_with_a_snapshot_is_signed_and_holds_it(confirmed):
    frozen = confirmed.results.freeze(OLGA, because=None, at=AT)
    assert frozen.head.is_as_signed()
    assert frozen.head.rows == frozen.snapshot.upto + 1


def test_a_later_snapshot_needs_a_reason_and_the_earlier_one_stays(confirmed):
    first = confirmed.results.freeze(OLGA, because=None, at=AT).snapshot
    decide(confirmed, Answer.scored(3))
    with pytest.raises(RecordRefused, match="Snapshot 1 stands already"):
        confirmed.results.freeze(OLGA, because=None, at=LATER)
    second = confirmed.results.freeze(OLGA, because="The committee has read", at=LATER).snapshot
    assert (second.snapshot, second.supersedes, second.because) == (2, 1, "The committee has read")
    assert confirmed.results.snapshots(OLGA) == (first, second)


def test_a_first_snapshot_supersedes_nothing(confirmed):
    with pytest.raises(RecordRefused, match="no snapshot that this one would supersede"):
        confirmed.results.freeze(OLGA, because="Why not", at=AT)


def test_of_nobody_nothing_is_frozen(tmp_path):
    with closing(open_services(house_settings(tmp_path), at=AT)) as nobody:
        with pytest.raises(ExportRefused, match="Nobody is enrolled"):
            nobody.results.freeze(OLGA, because=None, at=AT)
        assert nobody.results.snapshots(OLGA) == ()


def test_what_has_not_changed_is_not_frozen_again(confirmed):
    confirmed.results.freeze(OLGA, because=None, at=AT)
    with pytest.raises(ExportRefused, match="Nothing differs from snapshot 1"):
        confirmed.results.freeze(OLGA, because="Again", at=AT)


def test_what_was_recorded_meanwhile_stops_a_freeze(confirmed, monkeypatch):
    outcome = confirmed.results._outcome

    def slow(*, at):
        rows = outcome(at=at)
        confirmed.ward.not_done(NINA, "01-002", visit="day1", reason="died", at=at)
        return rows

    monkeypatch.setattr(confirmed.results, "_outcome", slow)
    with pytest.raises(Conflict, match="while the outcome was frozen"):
        confirmed.results.freeze(OLGA, because=None, at=AT)
    assert confirmed.results.snapshots(OLGA) == ()


def test_each_change_is_explained_by_what_was_recorded_in_between(confirmed):
    confirmed.results.freeze(OLGA, because=None, at=AT)
    decide(confirmed, Answer.scored(3))
    confirmed.ward.not_done(NINA, "01-002", visit="day1", reason="died", at=LATER)
    confirmed.results.freeze(OLGA, because="The committee has read", at=LATER)
    diff = confirmed.results.diff(OLGA, 1, 2)
    changes = {one.change.patient: one for one in diff.changes}
    assert changes.keys() == {"01-001", "01-002"}
    value = changes["01-001"]
    assert (value.change.before, value.change.after) == ("with_readers", "3")
    assert value.change.parts == (Part.OUTCOME, Part.ANSWER)
    assert [act.act for act in value.acts] == [
        *("reading_assigned", "reading_locked"),
        *("reading_assigned", "reading_locked", "verdict_formed"),
    ]
    died = changes["01-002"]
    assert (died.change.before, died.change.after) == ("no_record", "died (died)")
    assert [(act.by, act.act) for act in died.acts] == [("nina", "visit_not_done")]


def test_a_line_that_changed_by_time_alone_says_so(confirmed):
    confirmed.results.freeze(OLGA, because=None, at=DAY1)
    confirmed.results.freeze(OLGA, because="The window has closed", at=AT)
    changes = confirmed.results.diff(OLGA, 1, 2).changes
    assert {(one.change.patient, one.change.before, one.change.after) for one in changes} == {
        ("01-002", "due", "no_record"),
        ("02-001", "due", "no_record"),
    }
    assert all(one.acts == () for one in changes)


def test_another_photograph_is_a_change_that_names_it(house):
    first = take(house, key="one")
    house.results.freeze(OLGA, because=None, at=AT)
    take(house, key="two")
    house.results.freeze(OLGA, because="A photograph came again", at=LATER)
    (change,) = house.results.diff(OLGA, 1, 2).changes
    assert Part.PHOTOGRAPH in change.change.parts
    assert [act.act for act in change.acts] == ["photo_stored"]
    assert first not in {act.subject for act in change.acts}


@pytest.mark.parametrize("pair", [(1, 2), (2, 1), (1, 1)])
def test_snapshots_that_are_not_there_or_the_wrong_way_round_are_refused(confirmed, pair):
    confirmed.results.freeze(OLGA, because=None, at=AT)
    with pytest.raises(RecordRefused):
        confirmed.results.diff(OLGA, *pair)


def test_only_the_office_freezes(house):
    with pytest.raises(NotAllowed):
        house.results.freeze(EMMA, because=None, at=AT)
    with pytest.raises(NotAllowed):
        house.results.diff(EMMA, 1, 2)
