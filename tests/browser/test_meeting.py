"""The committee's meeting in a browser: looked at as every page is, and signed by whoever writes it down."""

from contextlib import closing

import pytest
from playwright.sync_api import expect

from mottling.services.views import Answer
from tests.browser.conftest import PASSWORD, entering
from tests.browser.looks import Looks
from tests.browser.rooms import listening, look
from tests.house import RAVI, RITA, charter_text, confirm, open_house, read

MEETING = charter_text('third_reader = "decides"', 'third_reader = "meeting"')


@pytest.fixture
def house(tmp_path):
    """Two readers differ."""
    with closing(open_house(tmp_path, charter=MEETING)) as services:
        confirm(services)
        for reader, score in ((RITA, 4), (RAVI, 1)):
            read(services, reader, Answer.scored(score))
        yield services


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_committee_meets_over_a_photograph_and_signs_what_it_says(house, tmp_path, chromium, language):
    looks = Looks(language)
    with (
        listening(house, tmp_path, RITA, RAVI) as address,
        entering(address, chromium) as come_in,
    ):
        page = come_in(RITA, language=language, size="tablet")
        page.locator("[data-do=meeting]").click()
        expect(page.locator(".viewer.is-loaded")).to_be_visible()
        looks.at(page, "meeting")
        look(page, f"meeting-{language}")
        page.locator(".meeting-sat .chip", has_text=RAVI.name).click()
        page.locator("form[data-do=met] [type=password]").fill(PASSWORD.format(RITA.name))
        page.locator("form[data-do=met] [name='answer.score'][value='3']").check(force=True)
        page.locator("form[data-do=met] .answer-lock").click()
        expect(page.locator(".said-notice")).to_be_visible()
        looks.at(page, "no more to meet over")
    assert looks.wrong == []
    (said,) = house.office._store.committee.consensus()
    assert (said.answer, said.members()) == (Answer.scored(3), ("ravi", "rita"))
