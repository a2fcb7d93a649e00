"""The demo, made whole: through the services, with a past, and found again the next time."""

import json
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from mottling.demo.notice import notice
from mottling.demo.opening import prepare_demo
from mottling.demo.people import NURSES, OFFICE, READERS
from mottling.demo.plan import Stage, plan
from mottling.errors import ModelRefused, SettingsRefused
from mottling.scale import Zone
from mottling.services.opening import open_services
from mottling.services.views import VisitState
from mottling.store.store import Store
from tests.house import house_settings
from tests.tiny_model import a_jpeg

NOW = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
UP_TO = (Zone.COIN, Zone.KNEE, Zone.LOWER_THIGH)


@pytest.fixture(scope="module")
def album(tmp_path_factory):
    """Four drawn photographs in the format of the shipped ones."""
    folder = tmp_path_factory.mktemp("album")
    for score in range(4):
        (folder / f"{score}.jpg").write_bytes(a_jpeg(UP_TO[:score]))
    entries = [{"file": f"{score}.jpg", "score": score, "tone": score + 1} for score in range(4)]
    (folder / "manifest.json").write_text(json.dumps(entries))
    return folder


@pytest.fixture(scope="module")
def made(album, tmp_path_factory):
    """The settings and the users of a demo that was made once, after an earlier try had been stopped."""
    settings = house_settings(tmp_path_factory.mktemp("demo"))
    half_made = settings.data.with_name("data.partial")
    half_made.mkdir()
    (half_made / "mottling.sqlite").write_bytes(b"stopped here")
    return settings, prepare_demo(settings, album, at=NOW)


@pytest.fixture(scope="module")
def demo(made):
    settings, _ = made
    with closing(open_services(settings, at=NOW)) as services:
        yield services


def test_each_patient_stands_where_the_plan_says(demo):
    day1 = {one.patient: one for one in demo.office.outcome(OFFICE, at=NOW) if one.visit == "day1"}
    states = {
        Stage.JUST_ENROLLED: VisitState.NOT_YET,
        Stage.BASELINE_DONE: VisitState.NOT_YET,
        Stage.DAY1_DUE: VisitState.DUE,
        Stage.DAY1_OVERDUE: VisitState.OVERDUE,
        Stage.DAY1_NOT_DONE: VisitState.NOT_DONE,
        Stage.TO_SCORE: VisitState.TO_SCORE,
        Stage.TO_CONFIRM: VisitState.TO_CONFIRM,
    }
    for patient in plan():
        assert day1[patient.number].state is states.get(patient.stage, VisitState.DONE), patient


def test_verdicts_stand_where_the_readers_agreed_and_nowhere_else(demo):
    with_verdict = {one.patient for one in demo.office.outcome(OFFICE, at=NOW) if one.verdict}
    day1 = {one.patient for one in demo.office.outcome(OFFICE, at=NOW) if one.verdict and one.visit == "day1"}
    agreed = {one.number for one in plan() if one.stage is Stage.AGREED}
    differ = {one.number for one in plan() if one.stage is Stage.DIFFER}
    assert day1 == agreed
    assert with_verdict == agreed | differ


def test_the_first_reader_finds_everything_still_to_read(demo):
    progress = demo.committee.progress(READERS[0])
    assert progress.read == 0
    done = [one for one in demo.office.outcome(OFFICE, at=NOW) if one.state is VisitState.DONE]
    first_readings = len([one for one in done if one.verdict is None])
    # Some of them come back, so that the report can say how alike a reader is to himself.
    assert first_readings <= progress.to_read <= 1.35 * first_readings


def test_the_nurse_s_list_begins_with_what_is_overdue(demo):
    today = demo.ward.today(NURSES["01"], at=NOW)
    assert len(today) == 10
    assert VisitState.OVERDUE in {visit.state for visit in today[0].visits}


def test_every_act_lies_in_the_past_and_every_record_is_whole(made):
    settings, _ = made
    with Store.open(settings.data) as store:
        audit = store.office.audit()
        assert store.verify().clean
    assert all(NOW - timedelta(days=8) < one.at <= NOW for one in audit)


def test_somebody_changed_her_mind_after_the_proposal(demo):
    text = demo.office.readings_csv(OFFICE, at=NOW).decode()
    assert "The overlay shows" in text


def test_seven_users_sign_in_with_the_passwords_that_are_shown(made):
    settings, users = made
    assert Counter(one.name for one in users) == Counter(
        ["nina", "rita", "ravi", "olga", "cora", "mona", "adam"]
    )
    with closing(open_services(settings, at=NOW)) as services:
        assert all(services.accounts.sign_in(one.name, one.password, at=NOW) for one in users)


def test_the_second_time_the_same_demo_is_found(made, album):
    settings, users = made
    assert prepare_demo(settings, album, at=NOW + timedelta(days=1)) == users


def test_a_demo_that_cannot_be_made_leaves_no_folder_that_looks_like_one(tmp_path):
    settings = house_settings(tmp_path)
    with pytest.raises(SettingsRefused, match="cannot be read"):
        prepare_demo(settings, tmp_path / "no album", at=NOW)
    assert not settings.data.exists()


def test_a_demo_without_a_model_is_not_begun(album, tmp_path):
    settings = house_settings(tmp_path).model_copy(update={"models": tmp_path / "nothing"})
    with pytest.raises(ModelRefused):
        prepare_demo(settings, album, at=NOW)
    assert not settings.data.with_name("data.partial").exists()


def test_a_folder_that_is_no_demo_is_left_alone(album, tmp_path):
    settings = house_settings(tmp_path)
    settings.data.mkdir()
    (settings.data / "thesis.txt").write_text("mine")
    with pytest.raises(SettingsRefused, match="is not empty and holds no demo"):
        prepare_demo(settings, album, at=NOW)
    assert (settings.data / "thesis.txt").read_text() == "mine"


def test_the_terminal_names_everybody_with_password_and_says_where_to_begin(made, tmp_path):
    _, users = made
    text = notice(users, address="http://127.0.0.1:7860", folder=tmp_path)
    assert all(f"{one.name}" in text and one.password in text for one in users)
    assert "open http://127.0.0.1:7860 and sign in as nina first" in text
