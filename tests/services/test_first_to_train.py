"""What training would learn most from: listed when the read-out is closed, and never before, for nobody."""

import csv
import io
import itertools
from contextlib import closing
from types import SimpleNamespace

import pytest

from mottling.assessment import Assessment, ModelName, Timing
from mottling.errors import ExportRefused, NotAllowed
from mottling.scale import Status, Zone
from mottling.services.darkroom import Darkroom
from mottling.services.first_to_train import FirstToTrain
from mottling.services.office import OfficeRooms
from mottling.services.reading_list import ReadingList
from mottling.services.views import Answer
from mottling.store.committee import CommitteeBook
from mottling.training_set import read_training_set
from mottling.trial.committee_records import ReadoutAct, ReadoutChange
from mottling.trial.consents import Choice
from tests.house import DAY1, NINA, NOAH, OLGA, RAVI, RITA, ROSA, charter_text, open_house, read, take
from tests.tiny_model import a_jpeg

PATIENTS = ("01-001", "01-002", "02-001")
PLAIN = charter_text("repeats_share = 0.1", "repeats_share = 0.0")
# So that each photograph has a name of its own in the set.
KNEES = [a_jpeg([zone]) for zone in (Zone.COIN, Zone.KNEE, Zone.LOWER_THIGH)]


def store_of(house):
    return house.office._store


def said(score, sure):
    rest = (1 - sure) / 5
    return Assessment(
        file="photo",
        sha256="a" * 64,
        status=Status.SCORED,
        score=score,
        probabilities=tuple(sure if k == score else rest for k in range(6)),
        prediction_set=(score,),
        visible_up_to=5,
        legs=(),
        reasons=(),
        model=ModelName(name="drawn", sha256="b" * 64),
        timing_ms=Timing(decode=1.0, network=1.0, total=2.0),
    )


def photograph(house, sure):
    """Take a photograph of each patient; of each the model says a 2, as surely as told."""
    for patient, knees, share in zip(PATIENTS, KNEES, sure, strict=True):
        nurse = NINA if patient.startswith("01") else NOAH
        photo_id = take(house, patient, data=knees)
        store_of(house).ward.add_assessment(photo_id, said(2, share), overlay=None, by="server", at=DAY1)
        house.ward.lock_own_score(nurse, photo_id, Answer.scored(2), at=DAY1)
        house.ward.proposal(nurse, photo_id, at=DAY1)
        house.ward.keep(nurse, photo_id, at=DAY1)


def change(house, kind):
    store_of(house).office.change_readout(ReadoutChange(by="cora", at=DAY1, kind=kind, meaning="All is read"))


def listing_of(house):
    rooms = OfficeRooms(store_of(house), house.charter, Darkroom(), house.office._pseudonyms, house.consents)
    return FirstToTrain(rooms)


def rows_of(house):
    return list(csv.DictReader(io.StringIO(listing_of(house).listed(OLGA, at=DAY1).decode())))


@pytest.fixture
def closed(tmp_path):
    """Three photographs, all read as 2; of the last one the model was unsure."""
    with closing(open_house(tmp_path, charter=PLAIN)) as house:
        photograph(house, (0.9, 0.9, 0.4))
        for _, reader in itertools.product(PATIENTS, (RITA, RAVI)):
            read(house, reader, Answer.scored(2))
        change(house, ReadoutAct.CLOSED)
        yield house


def test_the_most_useful_comes_first_with_its_reasons_and_no_number_of_the_trial(closed):
    rows = rows_of(closed)
    assert [row["place"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["patient"] == closed.office._pseudonyms.of("02-001")
    assert rows[0]["reasons"] == "doubt 0.60"
    assert "02-001" not in str(rows)


def test_photographs_are_named_as_the_training_set_names_them(closed, tmp_path):
    closed.office.freeze(OLGA, tmp_path / "set", at=DAY1)
    frozen = {(photo.file, photo.patient) for photo in read_training_set(tmp_path / "set").photos}
    assert {(row["file"], row["patient"]) for row in rows_of(closed)} == frozen


def test_that_it_left_is_on_record(closed):
    rows_of(closed)
    last = store_of(closed).office.audit()[-1]
    assert (last.act, last.subject, last.by) == ("exported", "first_to_train.csv", "olga")


def test_who_refuses_retraining_is_not_listed(closed):
    closed.consents.record(OLGA, ["02-001"], Choice.REFUSED, at=DAY1)
    assert len(rows_of(closed)) == 2
    closed.consents.record(OLGA, PATIENTS, Choice.REFUSED, at=DAY1)
    with pytest.raises(ExportRefused, match="No photograph has a verdict and consent"):
        rows_of(closed)


def test_a_readout_that_is_opened_again_closes_the_list(closed):
    change(closed, ReadoutAct.REOPENED)
    with pytest.raises(ExportRefused, match="The read-out is open"):
        rows_of(closed)


def test_only_the_office_is_given_it(closed):
    with pytest.raises(NotAllowed):
        listing_of(closed).listed(ROSA, at=DAY1)


def planned_and_refused(folder, monkeypatch, sure):
    """Open a store that draws what every other one draws; gives each reader's plan, and what is refused."""
    drawn = itertools.count()
    ids = SimpleNamespace(token_hex=lambda size: f"{next(drawn):0{2 * size}x}")
    monkeypatch.setattr("mottling.store.ward.secrets", ids)
    monkeypatch.setattr(CommitteeBook, "seed", lambda _book: "seed")
    with closing(open_house(folder, charter=PLAIN)) as house:
        photograph(house, sure)
        book = store_of(house).committee
        with book.looking() as board:
            lists = ReadingList(book, house.charter.reading)
            plans = [lists.plan(one, board.to_read(), board.shown(one.name)) for one in (RITA, RAVI, ROSA)]
        with pytest.raises(ExportRefused) as refused:
            listing_of(house).listed(OLGA, at=DAY1)
    return plans, str(refused.value)


def test_while_it_is_open_no_plan_and_no_sentence_depends_on_what_the_model_doubts(tmp_path, monkeypatch):
    (tmp_path / "sure").mkdir()
    (tmp_path / "unsure").mkdir()
    sure = planned_and_refused(tmp_path / "sure", monkeypatch, (0.99, 0.99, 0.99))
    unsure = planned_and_refused(tmp_path / "unsure", monkeypatch, (0.9, 0.2, 0.3))
    assert sure == unsure
    assert [len(plan) for plan in sure[0]] == [3, 3, 3]
