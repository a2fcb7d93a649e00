"""The reading room where the trial file shows the model: nothing of it before the lock, then both answers."""

from contextlib import closing

import pytest

from mottling.scale import Zone
from mottling.web.pages import committee
from tests.house import RANDOMISED_AT, RAVI, RITA, charter_text, confirm, open_house
from tests.page_visits import Visit
from tests.tiny_model import a_jpeg

AFTER_LOCK = charter_text('model = "silent"', 'model = "after_lock"\nmodel_shown_counts = "before"')
PASSWORD = "the password of rita"


@pytest.fixture
def services(tmp_path):
    """Two photographs, which the model scores 1."""
    with closing(open_house(tmp_path, charter=AFTER_LOCK)) as made:
        made.accounts.add_user(RITA, PASSWORD, by="setup", at=RANDOMISED_AT)
        for patient in ("01-001", "01-002"):
            confirm(made, patient, data=a_jpeg([Zone.COIN]))
        yield made


@pytest.fixture
def rita(services):
    return Visit(committee.build, services, RITA)


def reading_id(body: str) -> str:
    return body.partition('name="reading_id" value="')[2].partition('"')[0]


def lock(visit, score="4", **more) -> str:
    form = {"reading_id": reading_id(visit.see()), "reading_s": "7", "answer": {"score": score}, **more}
    return visit.see("lock", **form)


def test_the_model_is_shown_after_the_lock_and_its_name_never(rita):
    before = rita.see()
    assert "The model says" not in before
    assert "/overlay" not in before
    after = lock(rita)
    assert "<dd>4</dd>" in after
    assert "<dd>1</dd>" in after
    assert f"/committee/readings/{reading_id(after)}/overlay" in after
    assert "tiny" not in after


def test_a_page_that_was_loaded_again_shows_it_again_and_nothing_else_can_be_read(rita):
    after = lock(rita)
    assert reading_id(rita.see()) == reading_id(after)
    assert "What the model says" in rita.see("go_on")


def test_the_answer_is_kept_or_another_one_given_with_its_reason(rita):
    kept = reading_id(lock(rita))
    assert "Photograph 2 of 2" in rita.see("keep_after", reading_id=kept)
    said = {"reading_id": reading_id(lock(rita)), "answer": {"score": "1"}}
    assert "0 characters" in rita.refused("say_after", because="", **said)
    batch = rita.see("say_after", because="The coin only", **said)
    assert "4; after the model: 1" in batch
    assert 'data-do="again"' not in batch, "what was said before stays"
    assert "you may change one" not in batch
    assert "have read every photograph" in rita.see("sign", readings="2", password=PASSWORD)


def test_nobody_else_sees_it(services, rita):
    shown = reading_id(lock(rita))
    ravi = Visit(committee.build, services, RAVI)
    assert "Nothing is shown under this address" in ravi.refused("keep_after", reading_id=shown)


def test_a_remark_comes_back_when_the_reading_is_looked_at_again(tmp_path):
    with closing(open_house(tmp_path)) as plain:
        confirm(plain)
        rita = Visit(committee.build, plain, RITA)
        batch = lock(rita, remark=" The light is yellow ")
        assert "The light is yellow" in batch
        (one,) = plain.committee.batch(RITA)
        assert ">The light is yellow</textarea>" in rita.see("again", reading_id=one.reading_id)
