"""Photographs that come back: nothing tells them from others, and they count for no verdict."""

import re
from datetime import timedelta

import pytest

from mottling.services.accounts import User
from mottling.services.committee import Committee, CommitteeRooms
from mottling.services.darkroom import Darkroom
from mottling.services.statistician import reading_rows
from mottling.services.training_cases import TrainingCases
from mottling.services.verdicts import Verdicts
from mottling.shipped import shipped
from mottling.store.signing import Signer
from mottling.store.store import Store
from mottling.trial.access import Role
from mottling.trial.charter import read_charter
from mottling.trial.reading_rules import ReadingRules
from mottling.trial.records import Answer
from tests.store.acts import NOW, enrol, final, own, take

AT = NOW + timedelta(hours=1)
RITA, RAVI = (User(name, Role.READER, None) for name in ("rita", "ravi"))
OFTEN = ReadingRules(repeats_share=0.5, repeat_after=2)
PHOTOGRAPHS = 18
"""Of twelve none came back once in 600 runs: whose ids are random draws lots, too."""


@pytest.fixture
def committee(tmp_path):
    """Photographs to read, half of which come back after two to four others."""
    with Store.open(tmp_path) as store:
        patients = [f"01-{number:03d}" for number in range(PHOTOGRAPHS)]
        enrol(store, *patients)
        for patient in patients:
            photo_id = take(store, patient, data=patient.encode()).photo_id
            store.ward.lock_own_score(own(photo_id))
            store.ward.confirm(final(photo_id))
        yield at_work(store)


def at_work(store):
    charter = read_charter(shipped("configs") / "trials" / "i-micro.toml").charter
    training = TrainingCases(store.committee, None, {})
    charter = charter.model_copy(update={"reading": OFTEN})
    return Committee(CommitteeRooms(store, charter, Darkroom(), accounts=None, training=training))


def read_all(committee, reader):
    """Read to the end; gives what was shown, and the progress before each."""
    shown, progress = [], []
    while given := committee.next_photo(reader, at=AT):
        progress.append(committee.progress(reader))
        shown.append((given.reading_id, committee._own(reader, given.reading_id).photo_id))
        committee.lock_reading(reader, given.reading_id, Answer.scored(1), reading_s=1, at=AT)
    return shown, progress


def sign(committee, reader):
    signer = Signer(reader.name, "I have read these", len(committee.batch(reader)), AT)
    committee._book.sign(signer, settle=committee._settle)


def test_some_come_back_and_nothing_tells_them_from_others(committee):
    shown, progress = read_all(committee, RITA)
    photos = [photo_id for _, photo_id in shown]
    assert len(set(photos)) == PHOTOGRAPHS
    assert len(photos) > PHOTOGRAPHS
    assert len({reading_id for reading_id, _ in shown}) == len(shown)
    assert all(re.fullmatch("[0-9a-f]{32}", reading_id) for reading_id, _ in shown)
    # Repeats are in the count from the beginning.
    assert [one.read + one.to_read for one in progress] == [len(shown)] * len(shown)
    assert [one.read for one in progress] == list(range(len(shown)))


def test_a_repeat_counts_for_no_verdict(committee):
    read_all(committee, RITA)
    sign(committee, RITA)
    assert committee._book.verdicts() == ()
    read_all(committee, RAVI)
    sign(committee, RAVI)
    assert len(committee._book.verdicts()) == PHOTOGRAPHS


def test_the_table_of_readings_has_each_repeat_beside_the_first_reading(committee):
    read_all(committee, RITA)
    sign(committee, RITA)
    store = committee._store
    verdicts = Verdicts.read(store.committee)
    rows = reading_rows(store, store.ward.patients(), verdicts, trial="T")
    again = [one for one in rows if one.kind == "repeat"]
    assert len(again) == len(store.committee.repeats()) > 0
    first = {(one.by, one.patient) for one in rows if one.kind == "committee"}
    assert {(one.by, one.patient) for one in again} <= first
    assert [one.accepted for one in again] == [False] * len(again)
    assert all(one.reading_s == 1 for one in again)


def test_a_server_that_was_started_again_goes_on_in_the_same_order(committee):
    again = at_work(committee._store)
    photos = committee._book.photos_to_read()
    plan = committee._list.plan(RITA, photos, ())
    assert again._list.plan(RITA, photos, ()) == plan
    assert again._list.plan(RAVI, photos, ()) != plan
