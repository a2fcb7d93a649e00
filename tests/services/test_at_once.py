"""What several people do at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Lock

from argon2 import PasswordHasher

from mottling.errors import Conflict, SignInRefused
from mottling.services.accounts import Accounts
from mottling.services.darkroom import Darkroom
from mottling.services.passwords import Passwords
from mottling.services.views import Answer
from mottling.settings import SignInLimits
from mottling.store.store import Store
from tests.house import DAY1, NINA, RAVI, RITA, ROSA, take


def at_once(count, act):
    """Let `count` threads begin together; gives what each came to."""
    start = Barrier(count)

    def run(number):
        start.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_a_photograph_sent_four_times_at_once_is_stored_once(house):
    assert len(set(at_once(4, lambda _: take(house, key="same")))) == 1


def test_of_two_own_scores_sent_at_once_one_stands(house):
    photo_id = take(house)
    locked = []

    def lock(score):
        with suppress(Conflict):
            house.ward.lock_own_score(NINA, photo_id, Answer.scored(score), at=DAY1)
            locked.append(score)

    at_once(2, lock)
    assert len(locked) == 1
    assert house.ward.photo(NINA, photo_id).own == Answer.scored(locked[0])


def test_three_readers_who_ask_at_once_share_two_places(confirmed):
    readers = (RITA, RAVI, ROSA)
    given = at_once(3, lambda number: confirmed.committee.next_photo(readers[number], at=DAY1))
    assert sum(one is not None for one in given) == 2


def test_guesses_sent_side_by_side_are_counted_as_if_one_came_after_the_other(tmp_path):
    with Store.open(tmp_path) as store:
        passwords = _Counting(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        accounts = Accounts(store.users, None, SignInLimits(tries=3), passwords)

        def guess(number):
            with suppress(SignInRefused):
                accounts.sign_in("nina", f"a long guess {number}", at=DAY1)

        at_once(8, guess)
    assert passwords.asked == 3


def test_guesses_sent_to_several_servers_are_counted_together(tmp_path):
    with Store.open(tmp_path) as one, Store.open(tmp_path) as other:
        passwords = _Counting(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        servers = [
            Accounts(store.users, None, SignInLimits(tries=3), passwords, turn=store.sign_in_turn.taken)
            for store in (one, other)
        ]

        def guess(number):
            with suppress(SignInRefused):
                servers[number % 2].sign_in("nina", f"a long guess {number}", at=DAY1)

        at_once(8, guess)
    assert passwords.asked == 3


class _Counting(Passwords):
    """Counts how many passwords were looked at."""

    asked = 0

    def fits(self, password, kept):
        self.asked += 1
        return super().fits(password, kept)


def test_no_more_than_two_photographs_are_open_at_a_time():
    darkroom = Darkroom()
    inside, most, lock = set(), [], Lock()
    # Passed by two that are inside together; a third that came in too would be counted.
    together = Barrier(2)

    def decode(number):
        with lock:
            inside.add(number)
            most.append(len(inside))
        with suppress(BrokenBarrierError):
            together.wait(timeout=10)
        with lock:
            inside.discard(number)

    at_once(6, lambda number: darkroom.work(lambda: decode(number)))
    assert max(most) == 2
