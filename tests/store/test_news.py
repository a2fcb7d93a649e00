"""The committee's board asks only for kinds that came, and knows what one that asks all does."""

from contextlib import contextmanager
from itertools import chain

from sqlalchemy import event

from mottling.store.news import News
from mottling.store.reading_board import ReadingBoard
from mottling.store.schema import KINDS
from mottling.trial.adjudication import settling_reading
from mottling.trial.reading_plan import Planned
from mottling.trial.reading_rules import ReadingRules
from mottling.trial.records import Answer, Reading, UserDisabled
from tests.store import change_acts
from tests.store.acts import (
    NOW,
    add_user,
    assessment,
    enrol,
    erasure,
    final,
    look_again,
    mark,
    own,
    read,
    read_again,
    say_anew,
    see_model,
    sign,
    take,
    take_back,
)


def _readings(store):
    """Acts of wards and readers of every kind that the board follows, one after the other."""
    enrol(store, "01-001", "01-002")
    photo = take(store).photo_id
    other = take(store, "01-002").photo_id
    yield "photographs"
    for photo_id in (photo, other):
        store.ward.lock_own_score(own(photo_id))
        store.ward.add_assessment(photo_id, assessment(), overlay=None, by="server", at=NOW)
        store.ward.confirm(final(photo_id))
    yield "confirmed"
    take_back(store, "remo", photo_id=photo)
    yield "taken back"
    read(store, "rita", Answer.scored(2), photo_id=photo)
    yield "read and signed"
    read(store, "remi", Answer.scored(2), photo_id=photo)
    yield "verdict"
    look_again(store, "rosa", photo_id=photo)
    yield "second look"
    read_again(store, "rita", Answer.scored(3), photo_id=photo)
    yield "repeat"
    say_anew(store, "rita", Answer.scored(1))
    yield "changed"
    mark(store, "rita", Answer.scored(2))
    yield "marked"
    see_model(store, "rita", Answer.scored(2))
    yield "model shown"
    sign(store, "rita", settle=lambda readings: settling_reading(readings, rules=ReadingRules()))
    yield "signed"


def _changes(store):
    """Then acts of the trial office."""
    for act in (change_acts.transfer, change_acts.withdraw, change_acts.take_back_withdrawal):
        act(store)
        yield act.__name__
    change_acts.correct_number(store)
    yield "number"
    change_acts.correct_enrolment(store, "01-002", site="01")
    yield "enrolment"
    add_user(store, "rita")
    store.users.disable(UserDisabled(name="rita", by="root", at=NOW))
    yield "gone"
    store.vault.erase(erasure("01-010"))
    yield "erased"


def _known(board):
    known = {
        name: value
        for name, value in vars(board).items()
        if name not in ("_lock", "_photos", "_verdicts", "_to_read")
    }
    # A list that was asked for and is empty is no knowledge.
    known |= vars(board._photos) | vars(board._verdicts) | {"to read": board.to_read()}
    return {name: _filled(value) for name, value in known.items()}


def _filled(value):
    return {key: one for key, one in value.items() if one != []} if isinstance(value, dict) else value


def test_a_board_that_looked_after_each_act_knows_what_one_that_looks_first_reads(store):
    for step in chain(_readings(store), _changes(store)):
        with store.committee._ledger.reading() as page, ReadingBoard().looked_at(page) as fresh:
            expected = _known(fresh)
        with store.committee.looking() as board:
            assert _known(board) == expected, step


def test_each_kind_of_record_has_a_name_of_its_own_in_the_chain():
    acts = [kind.act for kind in KINDS.values()]
    assert len(set(acts)) == len(acts)


@contextmanager
def _questions(store):
    """What is asked of the database meanwhile."""
    asked = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    engine = store.committee._ledger.database.reading
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_what_one_reading_adds_is_read_in_a_few_questions(store):
    enrol(store)
    photo_id = take(store).photo_id
    with store.committee.looking():
        pass
    read(store, "rita", Answer.scored(2), photo_id=photo_id)
    with _questions(store) as asked, store.committee.looking() as board:
        assert [one.by for one in board.readings_of(photo_id)] == ["rita"]
    reading = KINDS[Reading].table.name
    assert any(reading in one for one in asked)
    assert len([one for one in asked if one.startswith("SELECT")]) <= 9


def test_after_a_reading_only_its_photograph_is_worked_out_anew(store):
    enrol(store, "01-001", "01-002")
    photo_id, other = take(store).photo_id, take(store, "01-002").photo_id
    before = {one.photo_id: one for one in store.committee.photos_to_read()}
    store.committee.assign("rita", choose=lambda photos, _: Planned(photos[0].photo_id), at=NOW)
    after = {one.photo_id: one for one in store.committee.photos_to_read()}
    assert after[photo_id].readers == {"rita"}
    assert after[other] is before[other]
    add_user(store)
    store.users.disable(UserDisabled(name="nina", by="root", at=NOW))
    assert store.committee.photos_to_read()[1] is not before[other]


def test_of_a_kind_of_which_nothing_came_nothing_is_listed(store):
    enrol(store)
    end = len(store.office.audit())
    take(store)
    with store.committee._ledger.reading() as page:
        news = News(page, after=end)
        assert not news.has(Reading)
        assert news.all(Reading) == ()
        assert News(page, after=0).has(Reading)
