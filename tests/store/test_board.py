"""The board says what the records say, however many of them came since the last look."""

from mottling.store.store import Store
from mottling.trial.records import Answer
from tests.store.acts import enrol, final, not_done, own, read, take

TWO, THREE = Answer.scored(2), Answer.scored(3)


def test_a_look_at_an_empty_store_sees_nobody(store):
    board = store.board.look()
    assert (board.patients, board.photos, board.not_done) == ((), {}, {})


def test_each_look_sees_what_was_added_since_the_one_before(store):
    enrol(store, "01-002", "01-001")
    assert [one.patient for one in store.board.look().patients] == ["01-001", "01-002"]
    photo_id = take(store).photo_id
    store.ward.add_not_done(not_done())
    board = store.board.look()
    assert board.photos["01-001", "day1"].own is None
    assert board.not_done == {("01-001", "baseline"): "died"}
    store.ward.lock_own_score(own(photo_id, TWO))
    assert store.board.look().photos["01-001", "day1"].own == TWO
    store.ward.confirm(final(photo_id))
    assert store.board.look().photos["01-001", "day1"].final == Answer.at_least(3)
    read(store, "rita", THREE, photo_id=photo_id)
    seen = store.board.look().photos["01-001", "day1"]
    assert (seen.readers, seen.verdict) == ({"rita"}, None)
    read(store, "remi", THREE, photo_id=photo_id)
    assert store.board.look().photos["01-001", "day1"].verdict == THREE


def test_a_look_that_was_taken_does_not_change_any_more(store):
    enrol(store)
    before = store.board.look()
    take(store)
    assert before.photos == {}


def test_the_visit_s_photograph_is_the_last_one(store):
    enrol(store)
    first = take(store, data=b"one").photo_id
    store.ward.lock_own_score(own(first))
    store.board.look()
    take(store, data=b"two")
    assert store.board.look().photos["01-001", "day1"].own is None


def test_what_another_process_added_is_seen_and_a_fresh_board_says_the_same(store, tmp_path):
    enrol(store)
    store.board.look()
    with Store.open(tmp_path / "data") as other:
        photo_id = take(other).photo_id
        other.ward.lock_own_score(own(photo_id))
        for reader, answer in (("rita", TWO), ("remi", THREE), ("rosa", THREE)):
            read(other, reader, answer, photo_id=photo_id)
        assert store.board.look() == other.board.look()
