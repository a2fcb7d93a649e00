from concurrent.futures import ThreadPoolExecutor
from functools import partial

from mottling.errors import Conflict
from mottling.store.store import Store
from mottling.trial.adjudication import settling_reading
from mottling.trial.reading_plan import Lot, plan_of
from mottling.trial.reading_rules import ReadingRules
from mottling.trial.records import Answer, Reading, SignInOutcome
from tests.store.acts import NOW, enrol, own, sign, sign_in, take

THREADS = 6


def _together(act, count=THREADS):
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(act, range(count)))


def test_acts_of_many_threads_make_one_chain_without_gap(store):
    _together(lambda n: store.users.note_sign_in(sign_in(SignInOutcome.REFUSED, name=f"user {n}")), count=24)
    assert [entry.number for entry in store.office.audit()] == list(range(1, 25))
    assert store.verify().clean


def test_a_command_and_a_server_write_one_chain(store, tmp_path):
    with Store.open(tmp_path / "data") as command:
        books = [store.users, command.users]
        _together(lambda n: books[n % 2].note_sign_in(sign_in(SignInOutcome.REFUSED)), count=12)
    found = store.verify()
    assert (found.clean, found.rows) == (True, 12)


def test_the_same_upload_from_many_threads_is_one_photograph(store):
    enrol(store)
    photos = _together(lambda _: take(store))
    assert len({photo.photo_id for photo in photos}) == 1
    assert len(store.ward.photos()) == 1


def test_of_many_own_scores_at_once_one_is_locked(store):
    enrol(store)
    photo_id = take(store).photo_id

    def lock(score):
        try:
            store.ward.lock_own_score(own(photo_id, Answer.scored(score)))
        except Conflict:
            return None
        return score

    locked = [score for score in _together(lock) if score is not None]
    assert len(locked) == 1
    assert store.ward.photo(photo_id).own.answer == Answer.scored(locked[0])


def test_readers_at_once_never_overfill_a_photograph_and_form_one_verdict(store):
    enrol(store)
    photo_id = take(store).photo_id
    choose = partial(_choose, store)
    given = [one for one in _together(lambda n: choose(f"reader {n}")) if one is not None]
    assert len(given) == 2

    def lock(n):
        reading = Reading(
            reading_id=given[n].reading_id,
            photo_id=photo_id,
            answer=Answer.scored(2),
            reading_s=1.0,
            by=given[n].by,
            at=NOW,
        )
        store.committee.lock(reading)
        return next(
            iter(sign(store, given[n].by, settle=partial(settling_reading, rules=ReadingRules()))), None
        )

    assert [verdict is None for verdict in sorted(_together(lock, count=2), key=bool)] == [True, False]
    assert len(store.committee.verdicts()) == 1


def _choose(store, reader):
    return store.committee.assign(
        reader,
        choose=lambda photos, shown: next(
            iter(plan_of(Lot("", reader), photos, shown, rules=ReadingRules())), None
        ),
        at=NOW,
    )
