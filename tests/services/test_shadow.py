"""A challenger scores silently: in records of its own, after the model in use, and stops nobody."""

import shutil
from contextlib import closing

import pytest

from mottling.errors import Conflict, ModelRefused, NotAllowed, RecordRefused
from mottling.imaging.contract import ModelContract
from mottling.imaging.scoring import ScoringRules
from mottling.registry import Registry
from mottling.scale import Zone
from mottling.services.opening import open_services
from mottling.services.results import ExportKind
from mottling.services.views import Answer
from mottling.trial.model_records import ShadowAssessment
from tests.house import DAY1, EMMA, NINA, OLGA, RITA, confirm, house_settings, take
from tests.tiny_model import a_jpeg, measured, tiny_model_bytes

MOTTLED = a_jpeg([Zone.COIN, Zone.KNEE])


@pytest.fixture
def two(made_houses, tmp_path):
    """Beside the model in use there is one that finds no mottling anywhere."""
    shutil.copytree(made_houses / "enrolled", tmp_path, dirs_exist_ok=True)
    veiled = ModelContract(scoring=ScoringRules(biases=(-99.0,) * 5))
    Registry.open(tmp_path / "models").add("veiled", measured("veiled", tiny_model_bytes(veiled)))
    with closing(open_services(house_settings(tmp_path), at=DAY1)) as services:
        yield services


def start(house, name="veiled"):
    house.shadow.start(EMMA, name, because="Before a release", at=DAY1)


def said(house):
    house.shadow.settle()
    with house.shadow._store._ledger.reading() as page:
        return page.all(ShadowAssessment)


def test_a_new_photograph_is_scored_by_both_and_the_ward_sees_one(two):
    start(two)
    photo_id = confirm(two, data=MOTTLED)
    (record,) = said(two)
    assert (record.photo_id, record.by) == (photo_id, "server")
    assert (record.assessment.model.name, record.assessment.score) == ("veiled", 0)
    assert record.model_sha256 == record.assessment.model.sha256 != two.release.models(EMMA)[0].sha256
    shown = two.ward.proposal(NINA, photo_id, at=DAY1).assessment
    assert (shown.model.name, shown.score) == ("tiny", 2)


def test_how_alike_they_score_is_told_in_all_and_by_site(two):
    start(two)
    for patient, data in (("01-001", MOTTLED), ("01-002", a_jpeg()), ("02-001", a_jpeg())):
        confirm(two, patient, data=data)
        two.shadow.settle()
    found = two.shadow.agreement(OLGA)
    assert (found.name, found.all.photographs, found.all.scored_by_both) == ("veiled", 3, 3)
    assert found.all.exact.value == pytest.approx(2 / 3)
    assert found.all.difference.value == pytest.approx(-2 / 3)
    assert [(one.site, one.exact.value) for one in found.by_site] == [("01", 0.5), ("02", 1.0)]


def test_no_challenger_is_asked_where_none_was_started(two):
    confirm(two)
    assert said(two) == ()
    assert two.shadow.agreement(EMMA) is None
    assert two.shadow.state(EMMA) is None


def test_a_challenger_that_is_stopped_sees_no_further_photograph(two):
    start(two)
    confirm(two)
    assert len(said(two)) == 1
    assert two.shadow.stop(OLGA, because="Seen enough", at=DAY1) == "veiled"
    confirm(two, "01-002")
    assert len(said(two)) == 1


def test_an_altered_challenger_stops_no_ward_and_what_it_missed_is_seen_later(two, tmp_path):
    start(two)
    path = tmp_path / "models" / "veiled" / "model.onnx"
    data = path.read_bytes()
    path.write_bytes(b"altered")
    confirm(two)
    assert said(two) == ()
    assert two.shadow.state(EMMA).waiting == 1
    path.write_bytes(data)
    assert two.shadow.catch_up(EMMA, at=DAY1) == 1
    assert two.shadow.state(EMMA).waiting == 0


def test_what_a_challenger_missed_is_seen_when_the_server_starts(two, tmp_path):
    start(two)
    two.shadow.close()
    confirm(two)
    two.close()
    with closing(open_services(house_settings(tmp_path), at=DAY1, serving=True)) as again:
        assert len(said(again)) == 1


def test_a_challenger_that_came_into_use_scores_silently_no_more(two):
    start(two)
    two.release.release(EMMA, "veiled", at=DAY1)
    confirm(two)
    assert said(two) == ()


def test_another_file_under_the_same_name_is_not_asked(two):
    start(two)
    two.shadow._registry.replace("veiled", tiny_model_bytes())
    confirm(two)
    assert said(two) == ()


class Stumbling:
    """A challenger that fails on one photograph, and counts how often it was asked."""

    def __init__(self, inner, on):
        self.model, self._inner, self._on, self.asked = inner.model, inner, on, []

    def assess(self, data, *, file):
        self.asked.append(file)
        if file == self._on:
            raise ArithmeticError
        return self._inner.assess(data, file=file)


def test_a_photograph_on_which_it_fails_keeps_no_other_waiting_and_is_not_asked_for_again(two, monkeypatch):
    start(two)
    first = take(two)
    challenger = Stumbling(two.shadow._challenger(two.shadow._store.shadows.running()), first)
    monkeypatch.setattr(two.shadow, "_challenger", lambda _run: challenger)
    two.ward.lock_own_score(NINA, first, Answer.scored(0), at=DAY1)
    two.shadow.settle()
    second = confirm(two, "01-002")
    assert [one.photo_id for one in said(two)] == [second]
    assert challenger.asked == [first, second]
    assert two.shadow.state(EMMA).waiting == 1


def test_neither_ward_nor_reader_nor_any_export_hears_of_it(two):
    start(two)
    photo_id = confirm(two, data=MOTTLED)
    assert len(said(two)) == 1
    given = two.committee.next_photo(RITA, at=DAY1)
    seen = [
        repr(two.ward.today(NINA, at=DAY1)),
        repr(two.ward.photo(NINA, photo_id)),
        repr(two.ward.proposal(NINA, photo_id, at=DAY1)),
        repr(given),
        two.office.outcome_csv(OLGA, at=DAY1).decode(),
        two.office.readings_csv(OLGA, at=DAY1).decode(),
        *(file.data.decode() for kind in ExportKind for file in two.results.export(OLGA, kind, at=DAY1)),
    ]
    assert [one for one in seen if "veiled" in one] == []


@pytest.mark.parametrize(
    ("name", "error"), [("tiny", Conflict), ("nobody", ModelRefused)], ids=["in_use", "unknown"]
)
def test_only_a_challenger_scores_silently(two, name, error):
    with pytest.raises(error):
        start(two, name)


def test_it_is_started_and_stopped_with_a_reason_by_who_may_release(two):
    with pytest.raises(RecordRefused, match="The reason has 0"):
        two.shadow.start(EMMA, "veiled", because=" ", at=DAY1)
    with pytest.raises(Conflict, match="No model scores silently"):
        two.shadow.stop(EMMA, because="Enough", at=DAY1)
    for user in (NINA, RITA):
        for act in (
            lambda user=user: two.shadow.start(user, "veiled", because="x", at=DAY1),
            lambda user=user: two.shadow.stop(user, because="x", at=DAY1),
            lambda user=user: two.shadow.agreement(user),
            lambda user=user: two.shadow.state(user),
            lambda user=user: two.shadow.catch_up(user, at=DAY1),
        ):
            with pytest.raises(NotAllowed):
                act()
