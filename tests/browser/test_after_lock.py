"""What the model says after a reader's lock, in a browser: looked at as every page is, and kept."""

from contextlib import closing

import pytest
from playwright.sync_api import expect

from mottling.scale import Zone
from tests.browser.conftest import entering
from tests.browser.looks import Looks
from tests.browser.rooms import listening, look, press
from tests.house import RITA, charter_text, confirm, open_house
from tests.tiny_model import a_jpeg

AFTER_LOCK = charter_text('model = "silent"', 'model = "after_lock"\nmodel_shown_counts = "before"')


@pytest.fixture
def house(tmp_path):
    """Two photographs, which the model scores 1."""
    with closing(open_house(tmp_path, charter=AFTER_LOCK)) as services:
        for patient in ("01-001", "01-002"):
            confirm(services, patient, data=a_jpeg([Zone.COIN]))
        yield services


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_model_is_shown_after_the_lock_and_the_answer_kept(house, tmp_path, chromium, language):
    looks = Looks(language)
    with (
        listening(house, tmp_path, RITA) as address,
        entering(address, chromium) as come_in,
    ):
        page = come_in(RITA, language=language, size="tablet")
        press(page, "2")
        page.keyboard.press("Enter")
        expect(page.locator("[data-do=keep_after]")).to_be_visible()
        expect(page.locator(".viewer.is-loaded")).to_be_visible()
        looks.at(page, "after the lock")
        look(page, f"after-lock-{language}")
        page.locator("[data-do=keep_after]").click()
        expect(page.locator("[data-do=keep_after]")).to_have_count(0)
        expect(page.locator(".viewer.is-loaded")).to_be_visible()
    assert looks.wrong == []
    assert house.committee.after_lock.waiting(RITA) == ()
