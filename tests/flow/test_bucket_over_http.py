"""Wards at work while the bucket of the photographs fails, is slow or is away: the real app, over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import pytest

from mottling.store import bucket
from mottling.store.bucket import Bucket, Patience
from mottling.store.store import Store
from tests.house import NINA, NOAH
from tests.s3_server import BUCKET, S3, credentials, s3_server
from tests.tiny_model import a_jpeg
from tests.web_house import WebHouse, send_photo, shown, web_house

# It gives up soon when it is refused, and waits long for an answer: machines that run tests are busy.
PATIENCE = Patience(retries=2, first_pause_s=0.001, longest_pause_s=0.01, answer_s=120, altogether_s=120)
IMPATIENCE = Patience(retries=1, first_pause_s=0.001, answer_s=0.05, altogether_s=0.2)
JPEG = a_jpeg()
OF_A_SEED = 40


@dataclass
class Hospital:
    """A server whose photographs are in a bucket, and what it has acknowledged."""

    house: WebHouse
    s3: S3
    url: str
    numbers: count = field(default_factory=lambda: count(1))
    acknowledged: dict[int, str] = field(default_factory=dict)

    def send(self, user, number, *, language="en"):
        """Send a photograph, as often as one likes: its key says which it is."""
        patient = "02-001" if user is NOAH else f"01-00{1 + number % 2}"
        headers = {
            "Mottling_Patient": patient,
            "Idempotency_Key": f"key {number}",
            "Accept_Language": language,
        }
        answer = send_photo(self.house.enter(user), picture(number), **headers)
        if answer.status_code == 201:
            self.acknowledged.setdefault(number, answer.json()["photo_id"])
            assert self.acknowledged[number] == answer.json()["photo_id"]
        return answer

    def look(self):
        """Look that what was acknowledged is there, once and whole, and nothing else is on record."""
        store = self.house.services.watch._store
        there = {steps.photo.photo_id: steps.photo.key for steps in store.ward.photos()}
        assert there == {photo_id: f"key {number}" for number, photo_id in self.acknowledged.items()}
        for number, photo_id in self.acknowledged.items():
            assert store.ward.photo_bytes(photo_id) == picture(number)
        found = store.verify()
        assert found.clean
        assert found.orphans == ()
        assert len(list(Bucket(self.url).shelf("photos").places())) == len(self.acknowledged)


def picture(number):
    """Give a photograph's bytes: the same picture with a number behind it."""
    return JPEG + b"%d" % number


@pytest.fixture(scope="module")
def hospital(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hospital")
    with pytest.MonkeyPatch.context() as patch, s3_server() as s3:
        credentials(patch, s3)
        patch.setattr(bucket, "_PATIENCE", PATIENCE)
        Store.open(folder / "data", photos=BUCKET).close()
        with web_house(folder) as house:
            for user in (NINA, NOAH):
                house.enter(user)
            yield Hospital(house, s3, BUCKET)


@contextmanager
def answers_500(hospital):
    hospital.s3.fails = 1000
    try:
        yield
    finally:
        hospital.s3.fails = 0


@contextmanager
def does_not_answer(hospital):
    hospital.s3.goes_on.clear()
    try:
        yield
    finally:
        hospital.s3.goes_on.set()


@contextmanager
def does_not_answer_in_time(hospital):
    album = hospital.house.services.watch._store._photos
    patient, album._shelf = album._shelf, Bucket(hospital.url, IMPATIENCE).shelf("photos")
    try:
        with does_not_answer(hospital):
            yield
    finally:
        album._shelf = patient


@contextmanager
def is_away(hospital):
    hospital.s3.leave()
    try:
        yield
    finally:
        hospital.s3.come()


@pytest.mark.parametrize("fault", [answers_500, does_not_answer_in_time, is_away])
def test_a_ward_is_told_what_fails_and_its_photograph_is_stored_later_once(hospital, fault):
    number = next(hospital.numbers)
    with fault(hospital):
        refused = hospital.send(NINA, number)
    assert refused.status_code == 500
    assert refused.json()["message"].startswith("The photograph could not be stored: the bucket ")
    assert refused.json()["remedy"] == "Nothing was stored: send it again in a while"
    assert [hospital.send(NINA, number).status_code for _ in range(2)] == [201, 201]
    hospital.look()


def test_a_french_ward_is_told_in_french(hospital):
    number = next(hospital.numbers)
    with answers_500(hospital):
        refused = hospital.send(NINA, number, language="fr").json()
    assert "le stockage répond 500" in refused["message"]
    assert refused["remedy"].endswith("renvoyez-la dans un moment")


def test_an_answer_that_was_lost_between_bucket_and_server_makes_no_second_photograph(hospital):
    hospital.s3.fails_after = 1
    assert hospital.send(NINA, next(hospital.numbers)).status_code == 201
    assert hospital.s3.fails_after == 0
    hospital.look()


def test_while_the_bucket_does_not_answer_the_list_opens_and_what_waits_is_stored_when_it_does(hospital):
    nina, s3 = hospital.house.enter(NINA), hospital.s3
    s3.asked.clear()
    with ThreadPoolExecutor(2) as wards:
        with does_not_answer(hospital):
            waiting = [wards.submit(hospital.send, user, next(hospital.numbers)) for user in (NINA, NOAH)]
            s3.wait_until_asked(len(waiting))
            assert nina.get("/healthy").text == "healthy"
            assert shown(nina, "/ward/en/")["problem"] is None
        assert [each.result().status_code for each in waiting] == [201, 201]
    hospital.look()


def test_a_photograph_that_the_bucket_does_not_give_is_said_and_not_called_lost(hospital):
    nina, number = hospital.house.enter(NINA), next(hospital.numbers)
    hospital.send(NINA, number)
    path = f"/ward/photos/{hospital.acknowledged[number]}/picture"
    with answers_500(hospital):
        refused = nina.get(path, headers={"Accept-Language": "en"})
    assert refused.status_code == 500
    assert refused.json()["remedy"] == "Run `mottling doctor`; nothing is lost, try again in a while"
    assert nina.get(path).status_code == 200


def test_what_is_sent_until_it_is_answered_is_there_once_however_the_bucket_fails(hospital):
    rng, s3, refused = np.random.default_rng(6), hospital.s3, 0
    for _ in range(OF_A_SEED):
        user, number = (NINA, NOAH)[int(rng.integers(2))], next(hospital.numbers)
        s3.fails, s3.fails_after = (int(rng.choice([0, 0, 1, 2, 9])) for _ in range(2))
        while (answer := hospital.send(user, number)).status_code != 201:
            assert answer.status_code == 500
            refused += 1
            s3.fails, s3.fails_after = (int(rng.choice([0, 1, 4])) for _ in range(2))
    s3.fails = s3.fails_after = 0
    assert refused > OF_A_SEED / 8
    hospital.look()
