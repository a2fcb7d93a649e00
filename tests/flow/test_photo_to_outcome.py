"""One photograph all the way: from the tablet's bytes to the statistician's table and the training set."""

import csv
import hashlib
import io
from contextlib import closing
from datetime import timedelta

import pytest

from mottling.scale import Status, Zone
from mottling.services.opening import open_services
from mottling.services.views import Answer, Shot
from mottling.store.store import Store
from mottling.training_set import read_training_set
from tests.house import (
    DAY1,
    MINUTE,
    NINA,
    OLGA,
    PATIENT,
    RAVI,
    RITA,
    ROSA,
    house_settings,
    open_house,
    read,
)
from tests.tiny_model import a_jpeg

PHOTO = a_jpeg([Zone.COIN, Zone.KNEE, Zone.LOWER_THIGH])
LATER = DAY1 + timedelta(days=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The nurse says 2, the model 3, the nurse then 3; two readers say 3 and 2, the third one 3."""
    home = tmp_path_factory.mktemp("flow")
    with closing(open_house(home)) as services:
        ward = services.ward
        photo_id = ward.take_photo(NINA, Shot(PATIENT, "day1", PHOTO, "key"), at=DAY1).photo_id
        ward.lock_own_score(NINA, photo_id, Answer.scored(2), at=DAY1 + MINUTE)
        proposal = ward.proposal(NINA, photo_id, at=DAY1 + 2 * MINUTE)
        assert (proposal.assessment.status, proposal.assessment.score) == (Status.SCORED, 3)
        ward.change(NINA, photo_id, Answer.scored(3), because="The thigh too", at=DAY1 + 3 * MINUTE)
        for reader, score in ((RITA, 3), (RAVI, 2), (ROSA, 3)):
            read(services, reader, Answer.scored(score))
    return home


@pytest.fixture
def services(folder):
    with closing(open_services(house_settings(folder), at=LATER)) as opened:
        yield opened


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_the_outcome_is_the_third_reader_s_score_beside_everything_before_it(services):
    table = rows(services.office.outcome_csv(OLGA, at=LATER))
    row = next(one for one in table if (one["patient"], one["visit"]) == (PATIENT, "day1"))
    assert {name: row[name] for name in row if name.endswith("_score")} == {
        "outcome_score": "3",
        "own_score": "2",
        "final_score": "3",
        "verdict_score": "3",
        "model_score": "3",
    }
    assert (row["readings"], row["photo_sha256"]) == ("3", hashlib.sha256(PHOTO).hexdigest())


def test_the_verdict_is_a_reading_that_a_person_gave(services):
    accepted = [one for one in rows(services.office.readings_csv(OLGA, at=LATER)) if one["accepted"] == "yes"]
    assert [(one["kind"], one["by"], one["score"]) for one in accepted] == [("committee", "rosa", "3")]


def test_own_score_reveal_and_final_record_follow_each_other_in_the_audit_trail(services):
    acts = [one["act"] for one in rows(services.office.audit_csv(OLGA, at=LATER))]
    ward = ["photo_stored", "own_score_locked", "photo_assessed", "proposal_revealed", "bedside_confirmed"]
    positions = [acts.index(act) for act in ward]
    assert positions == sorted(positions)


def test_the_photograph_becomes_one_of_the_training_set(services, tmp_path):
    assert services.office.freeze(OLGA, tmp_path / "set", at=LATER) == 1
    (photo,) = read_training_set(tmp_path / "set").photos
    assert (photo.status, photo.score) == (Status.SCORED, 3)
    assert PATIENT not in photo.patient


def test_everything_that_was_stored_is_what_was_written(folder):
    with Store.open(folder / "data") as store:
        assert store.verify().clean


def test_the_bytes_that_the_tablet_sent_come_back_and_stand_nowhere_unsealed(folder):
    with Store.open(folder / "data") as store:
        (steps,) = store.ward.photos()
        assert store.ward.photo_bytes(steps.photo.photo_id) == PHOTO
    files = [path for path in (folder / "data").rglob("*") if path.is_file()]
    assert not any(PHOTO[:100] in path.read_bytes() for path in files)
